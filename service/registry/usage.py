"""How company fields are used, in a sample of the customers that serves many who ask."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from service.store.company_fields import CompanyFields
from service.store.company_values import CompanyValues, Sample

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
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def sample(self, size: int = SAMPLE) -> Sample:
        """As it was `KEPT` seconds ago at most, and since then nobody uploaded a new name here."""
        async with self._looking:
            looked, sample = self._kept.get(size, (None, None))
            if sample is None or looked is None or self._is_stale(looked):
                looked, sample = self.clock(), await self.values.sample(size)
                self._kept[size] = looked, sample
                if len(self._kept) > _MOST_SAMPLES:
                    self._kept.popitem(last=False)
            return sample

    def _is_stale(self, looked: float) -> bool:
        return self.clock() - looked > KEPT or self.fields.noted_at >= looked
