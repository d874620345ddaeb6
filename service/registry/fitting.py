"""How stored values fit a type that is to be declared."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from service.customers.changes import ABSENT, Value
from service.customers.declared import CompanyType, Declaration, fits, read_as
from service.customers.kinds import Kinds, kind_of
from service.customers.records import State
from service.customers.texts import Unreadable
from service.store.company_values import CompanyValues, Held

MOST_IDS = 100
"""Ids of customers that a report names."""


@dataclass(slots=True)
class Report:
    """Customers by their value: of the type; not, but converting; neither. Of the last, the kinds
    of their values and some ids."""

    fitting: int = 0
    convertible: int = 0
    breaking: int = 0
    kinds: Kinds = field(default_factory=Counter)
    ids: list[str] = field(default_factory=list)

    def allows(self, *, convert: bool) -> bool:
        """Whether the type may be declared."""
        return not self.breaking and (convert or not self.convertible)

    def take(self, declared: CompanyType, held: Held, zone: ZoneInfo) -> None:
        if fits(declared, held.value):
            self.fitting += 1
        elif held.state is not State.LIVE:
            return  # it will be erased
        elif converts(declared, held.value, zone):
            self.convertible += 1
        else:
            self.breaking += 1
            self.kinds[kind_of(held.value)] += 1
            if len(self.ids) < MOST_IDS:
                self.ids.append(held.id)


def converts(declared: CompanyType, value: Value, zone: ZoneInfo) -> bool:
    try:
        read_as(declared, value, zone)
    except Unreadable:
        return False
    return True


async def report_on(
    values: CompanyValues, name: str, declared: CompanyType, zone: ZoneInfo
) -> Report:
    """Of every stored value of the field, however many customers there are."""
    report = Report()
    for within in await values.ranges():
        for held in await values.held(name, within):
            report.take(declared, held, zone)
    return report


def brought_to(
    declaration: Declaration, found: Iterable[Held], zone: ZoneInfo
) -> list[tuple[Held, Value]]:
    """What is to be written, so that all is as it is declared. Raises `Unreadable` for a value that
    does not convert.

    Of the forgotten, nothing is kept that is personal.
    """
    changes: list[tuple[Held, Value]] = []
    for held in found:
        if held.state is not State.LIVE and declaration.is_personal:
            changes.append((held, ABSENT))
        elif not fits(declaration.type, held.value):
            changes.append((held, read_as(declaration.type, held.value, zone)))
    return changes
