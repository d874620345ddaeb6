"""Reading a raw row: a change of a customer and whom it is about, or its faults."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from service.customers import company
from service.customers.changes import (
    Change,
    Edit,
    Members,
    NotAList,
    Put,
    Remove,
    Value,
    add_members,
    compose,
    remove_members,
    replace_members,
)
from service.customers.declared import CompanyType, read_as, read_members_as
from service.customers.fields import ADD, CATALOGUE, FLAGS, IDENTIFIERS, REMOVE, Kind
from service.customers.keys import Meaning, Target, shown, target
from service.customers.policies import ErrorPolicy
from service.customers.texts import Unreadable, is_empty, too_long
from service.customers.values import MAX_SET_MEMBERS, Reader, ReadingRules, read, reader_of
from service.errors import ErrorCode, Fault

__all__ = ["MAX_FAULTS", "MAX_SET_MEMBERS", "Row", "read_row"]

MAX_FAULTS = 20
"""Of one row. One more says that there are others; what follows in the row is not read."""

_REMOVE = Remove()
_PLAIN: dict[Any, tuple[Reader, bool]] = {
    field.name: (reader_of(field.kind), field.kind is Kind.TEXT_SET)
    for field in CATALOGUE
    if field.kind is not Kind.FLAG
}
"""How the value of a field is read, and whether it is a set."""

_new = tuple.__new__
"""Makes a `Put` at half the cost, which every field of every row has."""

_READ_WHEN_ERASING = frozenset({*IDENTIFIERS, *FLAGS})


@dataclass(frozen=True, slots=True)
class Row:
    """What one row says.

    `index`: its place in the upload. `identifiers`: those given with a value, normalised, strongest
    first. `change`: an edit for every sound field that was supplied, identifiers too, flags never;
    of a row that forgets or deletes, identifiers alone. `faults`: any, and the row is refused,
    unless faulty fields are to be ignored and it is `usable` without them.
    """

    index: int
    identifiers: Mapping[str, str]
    change: Change
    forget: bool
    delete: bool
    faults: tuple[Fault, ...]
    usable: bool = False

    def is_refused(self, policy: ErrorPolicy) -> bool:
        """As it was read; what it meets may refuse it yet."""
        return bool(self.faults) and not (self.usable and policy is ErrorPolicy.IGNORE_FAILED)

    def without(self, faults: Iterable[Fault]) -> "Row":
        """Their fields are left out; whom the row means stays as it was."""
        found = tuple(faults)
        fields = {fault.field for fault in found}
        change = {name: edit for name, edit in self.change.items() if name not in fields}
        return replace(self, change=change, faults=(*self.faults, *found))


@dataclass(frozen=True, slots=True)
class Illegible:
    """Stands for a row that whoever split the upload into rows could not read."""

    fault: Fault


def erasure_of(raw: object) -> tuple[bool, bool]:
    """Whether a row, as it came, forgets and whether it deletes: true alone does, whatever else a
    flag may be."""
    if not isinstance(raw, Mapping):
        return False, False
    return raw.get("is_forgotten") is True, raw.get("is_deleted") is True


def read_row(index: int, raw: object, rules: ReadingRules) -> Row:
    """Never raises, whatever JSON holds."""
    if isinstance(raw, Illegible):
        return Row(index, {}, {}, False, False, (raw.fault,))
    if not isinstance(raw, dict):
        fault = Fault(ErrorCode.WRONG_TYPE, details={"expected": "an object for each row"})
        return Row(index, {}, {}, False, False, (fault,))
    forget, delete = erasure_of(raw)
    reading = _Reading(rules, erases=forget or delete)
    reading.take_all(raw)
    change = reading.change()
    identifiers = _identifiers(change)
    if not identifiers and not reading.blames_identifiers():
        reading.faults.insert(0, Fault(ErrorCode.MISSING_IDENTIFIER))
    faults = tuple(reading.faults)
    usable = not faults or (not reading.was_cut and _is_usable(identifiers, faults))
    return Row(index, identifiers, change, forget, delete, faults, usable)


def _is_usable(identifiers: Mapping[str, str], faults: Iterable[Fault]) -> bool:
    """Whether the row means the same customer without what is faulty, and nobody was to be erased.

    A misspelt key counts as the one it is nearest to. Without a sound identifier that is stronger
    than a faulty one, the row could mean somebody else.
    """
    if not identifiers:
        return False
    stronger = IDENTIFIERS[: IDENTIFIERS.index(next(iter(identifiers)))]
    meant = {fault.suggestion or fault.field for fault in faults}
    return meant.isdisjoint({*stronger, *FLAGS})


def _identifiers(change: Change) -> dict[str, str]:
    given = [(name, change[name]) for name in IDENTIFIERS if name in change]
    return {name: edit.value for name, edit in given if isinstance(edit, Put)}


def _after(first: Edit | None, second: Edit) -> Edit:
    """Both edits of one field as one. Raises `Unreadable` where that can't be, or is too large."""
    if first is None:
        return second
    try:
        edit = compose({"": first}, {"": second})[""]
    except NotAList:
        raise Unreadable(ErrorCode.NOT_A_LIST) from None
    if isinstance(edit, Put):
        company.check_size(edit.value)
    return edit


def _may_make(edit: Edit) -> bool:
    return isinstance(edit, Put) or (isinstance(edit, Members) and edit.creates)


@dataclass(slots=True)
class _Reading:
    """One pass over a row. Edits are kept by what they mean, since keys come in any order."""

    rules: ReadingRules
    erases: bool
    plain: dict[str, Edit] = field(default_factory=dict)
    added: dict[str, Edit] = field(default_factory=dict)
    removed: dict[str, Edit] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    was_cut: bool = False

    def take_all(self, raw: Mapping[Any, object]) -> None:
        """Most keys are those of fields, and take the short way."""
        known, plain, rules = {} if self.erases else _PLAIN, self.plain, self.rules
        for key, value in raw.items():
            try:
                if (way := known.get(key)) is None:
                    self._take(key, value)
                elif type(value) is str and (not value or value.isspace()):
                    plain[key] = _REMOVE
                elif value is not None:
                    read_value, is_set = way[0](value, rules), way[1]
                    plain[key] = (
                        replace_members(read_value) if is_set else _new(Put, (read_value, False))
                    )
            except Unreadable as error:
                self._blame(shown(key), error)
                if self.was_cut:
                    return

    def change(self) -> dict[str, Edit]:
        """Plain values first, then what is added, then what is removed."""
        change = self.plain
        for suffix, edits in ((ADD, self.added), (REMOVE, self.removed)):
            for name, edit in edits.items():
                try:
                    change[name] = _after(change.get(name), edit)
                except Unreadable as error:
                    self._blame(name + suffix, error)
        self._count_company_fields(change)
        return change

    def blames_identifiers(self) -> bool:
        """Or may do so, past the place where reading ended."""
        return self.was_cut or any(fault.field in IDENTIFIERS for fault in self.faults)

    def _take(self, key: object, value: object) -> None:
        if not isinstance(key, str):
            raise Unreadable(ErrorCode.UNKNOWN_FIELD)
        named = target(key, self.rules.company)
        if value is None or (self.erases and named.field not in _READ_WHEN_ERASING):
            return
        if named.meaning is Meaning.PLAIN:
            self._take_plain(named, value)
        elif named.meaning is Meaning.ADD:
            self.added[named.field] = add_members(self._members(named, value))
        else:
            self.removed[named.field] = remove_members(self._members(named, value))

    def _take_plain(self, named: Target, value: object) -> None:
        if is_empty(value):
            if named.kind is not Kind.FLAG:
                self.plain[named.field] = _REMOVE
        elif named.kind is None:
            self.plain[named.field] = Put(self._company_value(named.field, value))
        elif named.kind is Kind.FLAG:
            read(named.kind, value, self.rules)
        else:
            reader, is_set = _PLAIN[named.field]
            found = reader(value, self.rules)
            self.plain[named.field] = replace_members(found) if is_set else Put(found)

    def _members(self, named: Target, value: object) -> list[Value]:
        if is_empty(value):
            return []
        if named.kind is None:
            return read_members_as(self._declared(named.field), value, self.rules.zone)
        members: list[Value] = read(named.kind, value, self.rules)
        return members

    def _company_value(self, name: str, value: object) -> Value:
        if name not in self.rules.declared:
            return company.read_value(value)
        return read_as(self._declared(name), value, self.rules.zone)

    def _declared(self, name: str) -> CompanyType:
        known = self.rules.declared.get(name)
        return known.type if known else CompanyType.ANY

    def _count_company_fields(self, change: dict[str, Edit]) -> None:
        limit = self.rules.max_company_fields
        if len(change) <= limit:
            return
        held = [name for name, edit in change.items() if "__" in name and _may_make(edit)]
        for name in held[limit:]:
            del change[name]
            self._blame(name, too_long(limit, "company fields"))

    def _blame(self, key: str | None, error: Unreadable) -> None:
        if self.was_cut:
            return
        if len(self.faults) == MAX_FAULTS:
            self.was_cut, key = True, None
            error = too_long(MAX_FAULTS, "faults of a row are listed, this one has more")
        self.faults.append(Fault(error.code, key, error.suggestion, error.details))
