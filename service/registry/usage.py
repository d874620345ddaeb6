"""How company fields are used, in a sample of the customers that serves many who ask."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from service.store.company_fields import CompanyFields
from service.store.company_values import CompanyValues, Sample
from service.store.sharing import Shared

SAMPLE = 10_000
"""Customers looked at, where nobody says how many."""

MOST = 100_000
"""Customers that may be asked for."""

KEPT = 10.0
"""Seconds for which a sample is used again."""

_MOST_SAMPLES = 8


@dataclass(slots=True)
class Usage:
    """Raises StoreUnavailable, and QueryTooSlow."""

    values: CompanyValues
    fields: CompanyFields
    clock: Callable[[], float] = time.monotonic
    _kept: OrderedDict[int, tuple[float, Sample]] = field(default_factory=OrderedDict)
    _looking: dict[int, Shared[Sample]] = field(default_factory=dict)

    async def sample(self, size: int = SAMPLE) -> Sample:
        """As it was `KEPT` seconds ago at most, and since then nobody uploaded a new name here."""
        looked, sample = self._kept.get(size, (0.0, None))
        if sample is not None and not self._is_stale(looked):
            return sample
        looking = self._looking.setdefault(size, Shared())
        try:
            return await looking.once(lambda: self._look(size))
        finally:
            self._looking.pop(size, None)

    async def _look(self, size: int) -> Sample:
        looked, sample = self.clock(), await self.values.sample(size)
        self._kept[size] = looked, sample
        if len(self._kept) > _MOST_SAMPLES:
            self._kept.popitem(last=False)
        return sample

    def _is_stale(self, looked: float) -> bool:
        return self.clock() - looked > KEPT or self.fields.noted_at >= looked
