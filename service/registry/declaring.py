"""Declaring a company field: what is asked for is judged, reported on, and put into the registry.

What a declaration makes necessary (stored values converted, an index built) is done in the
background, by whoever tends the registry.
"""

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from service.customers.company import check_name
from service.customers.declared import CompanyType, Declaration, IndexState, TypeState
from service.customers.texts import Unreadable, read_text
from service.errors import ErrorCode, Fault
from service.registry.fitting import Report, report_on
from service.store.company_fields import INDEXES, CompanyFields, Entry, Phase, Work
from service.store.company_values import CompanyValues

_PERSONAL = Fault(
    ErrorCode.INVALID_ARGUMENT,
    "declaration.isPersonal",
    details={
        "reason": "only a field that is declared BOOLEAN can be marked as not personal; texts, "
        "numbers, lists and objects may say who somebody is"
    },
)
_NO_INDEX = Fault(ErrorCode.INDEX_BUDGET_SPENT, "declaration.isIndexed", details={"limit": INDEXES})

ATTEMPTS = 5
"""Of who meets others that declare the same field at the same moment."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to declare; None leaves a part as it is, and an empty description removes it."""

    type: CompanyType | None = None
    description: str | None = None
    is_indexed: bool | None = None
    is_personal: bool | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """`field`: as it is now, None where it was refused and is not known. `report`: where a type was
    asked for."""

    field: Declaration | None
    report: Report | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Declaring:
    """`prefix`: the only one of company fields, None for any. `nudge` tells whoever tends the
    registry that there is something to do."""

    fields: CompanyFields
    values: CompanyValues
    zone: ZoneInfo
    prefix: str | None
    nudge: Callable[[], None]
    pause: Callable[[float], Awaitable[object]] = asyncio.sleep

    async def declare(
        self, name: str, wanted: Wanted, *, convert: bool = False, dry_run: bool = False
    ) -> Declared:
        """Raises StoreUnavailable, and QueryTooSlow."""
        try:
            check_name(name, self.prefix)
        except Unreadable as error:
            return Declared(None, faults=(_fault(error, "name"),))
        try:
            wanted = replace(wanted, description=_description(wanted.description))
        except Unreadable as error:
            fault = _fault(error, "declaration.description")
            return Declared(await self._field(name), faults=(fault,))
        return await self._declare(name, wanted, convert=convert, dry_run=dry_run)

    async def _declare(
        self, name: str, wanted: Wanted, *, convert: bool, dry_run: bool
    ) -> Declared:
        report = await self._report(name, wanted)
        for _ in range(ATTEMPTS):
            entry = await self.fields.entry(name)
            after = _merged(entry.declaration, wanted)
            faults = _faults(after, report, convert=convert)
            if after.is_indexed and not await self._has_index(name):
                faults = (*faults, _NO_INDEX)
            if faults or dry_run:
                return Declared(await self._field(name), report, faults)
            if await self._put(entry, _entry(entry, after, wanted, report)):
                self.nudge()
                return Declared(await self._field(name), report)
        return Declared(await self._field(name), report, (Fault(ErrorCode.CONFLICT),))

    async def _put(self, before: Entry, after: Entry) -> bool:
        """False where others came between. Of those who take the last index at the same moment, at
        least the later ones see so, and put back what was there."""
        if after == replace(before, rev=0):
            return True
        if not await self.fields.change(before, after):
            return False
        if not after.declaration.is_indexed or await self._has_index(before.name):
            return True
        await self.fields.change(replace(after, rev=before.rev + 1), before)
        await self.pause(random.random())  # noqa: S311  # no secret
        return False

    async def _has_index(self, name: str) -> bool:
        """Whether one is left for the field, or is its own."""
        entries = (await self.fields.entries()).values()
        others = [one for one in entries if one.declaration.is_indexed and one.name != name]
        return len(others) < INDEXES

    async def _report(self, name: str, wanted: Wanted) -> Report | None:
        if wanted.type is None:
            return None
        return await report_on(self.values, name, wanted.type, self.zone)

    async def _field(self, name: str) -> Declaration | None:
        known = await self.fields.reread()
        if name in known.declared or name in (known.names or ()):
            return known.declared.get(name) or Declaration(name)
        return None


def _fault(error: Unreadable, field: str) -> Fault:
    return Fault(error.code, field, error.suggestion, error.details)


def _description(given: str | None) -> str | None:
    return given and (read_text(given) if given.strip() else "")


def _merged(before: Declaration, wanted: Wanted) -> Declaration:
    given = {
        "type": wanted.type,
        "description": wanted.description,
        "is_indexed": wanted.is_indexed,
        "is_personal": wanted.is_personal,
    }
    after = replace(before, **{name: one for name, one in given.items() if one is not None})  # type: ignore[arg-type]
    return replace(after, description=after.description or None)


def _faults(after: Declaration, report: Report | None, *, convert: bool) -> tuple[Fault, ...]:
    faults = []
    if not after.is_personal and after.type is not CompanyType.BOOLEAN:
        faults.append(_PERSONAL)
    if report and after.type is not CompanyType.ANY and not report.allows(convert=convert):
        faults.append(Fault(ErrorCode.STORED_VALUES_BREAK_TYPE, "declaration.type"))
    return tuple(faults)


def _entry(before: Entry, after: Declaration, wanted: Wanted, report: Report | None) -> Entry:
    """With the work that the declaration makes necessary, on top of what was to be done before."""
    work = before.work
    was = before.declaration
    asked_again = wanted.type is not None and was.type_state is TypeState.FAILED
    if was.type is not after.type or asked_again or (after.is_personal and not was.is_personal):
        fits_already = report is not None and not report.convertible and before.work is None
        phase = Phase.WAIT if fits_already and was.is_personal else Phase.CONVERT
        work = Work(secrets.token_urlsafe(8), phase)
    state = TypeState.CONVERTING if work else was.type_state
    declared = replace(after, type_state=state, index_state=_index_state(was, after))
    return Entry(declared, work=work)


def _index_state(was: Declaration, after: Declaration) -> IndexState:
    """One that could not be built is tried again whenever something is declared."""
    if not after.is_indexed:
        return IndexState.NONE
    built = was.index_state in (IndexState.BUILDING, IndexState.READY)
    return was.index_state if built else IndexState.BUILDING
