"""What one row does to everybody, told anew from the design and as plainly as can be.

Nothing here is the service's own code: no digests, claims, rounds or stores. One row is applied at
one moment to customers that stand still.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

Row = Mapping[str, Any]
Identifier = tuple[str, str]

IDENTIFIERS = ("external_id", "email", "phone_number")
PERMISSIONS = ("can_email", "can_post", "can_profile", "can_push", "can_sms")
SETS = ("tags", "mailing_lists")
NOT_VALUES = ("is_forgotten", "is_deleted")


@dataclass(frozen=True, slots=True)
class Person:
    """One customer. `values` are sorted by name, lists in them are tuples; `held` is every
    identifier that it ever had or was erased under, `marks` those it was erased under."""

    id: str
    state: str = "live"
    values: tuple[tuple[str, Any], ...] = ()
    held: frozenset[Identifier] = frozenset()
    marks: frozenset[Identifier] = frozenset()

    def get(self, name: str) -> Any:
        return dict(self.values).get(name)

    def identifiers(self) -> frozenset[Identifier]:
        return frozenset((name, value) for name, value in self.values if name in IDENTIFIERS)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a row ends, and whom it met, as it leaves them."""

    status: str
    matched_by: str | None = None
    met: tuple[Person, ...] = ()
    faults: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """`ignores`: faulty fields are left out. `one_only`: no row updates several customers."""

    max_holders: int
    ignores: bool = False
    one_only: bool = False


def apply(row: Row, everybody: Iterable[Person], new_id: str, choices: Choices) -> Outcome:
    people = list(everybody)
    given = {name: row[name] for name in IDENTIFIERS if row.get(name)}
    if not given:
        return Outcome("REJECTED", faults=(("MISSING_IDENTIFIER", None),))
    erases = row.get("is_forgotten") is True or row.get("is_deleted") is True
    found_by, meant, mark = _meant(given, people, erases)
    if mark:
        return Outcome("IGNORED", found_by, faults=((mark.upper(), found_by),))
    if erases:
        return _erase(row, given, found_by, meant, new_id)
    if len(meant) > 1 and choices.one_only:
        return Outcome("REJECTED", found_by, tuple(meant), (("AMBIGUOUS_IDENTITY", found_by),))
    update = _update_of_the_rest if choices.ignores else _update
    return update(row, people, found_by, meant, new_id, choices.max_holders)


def _meant(
    given: dict[str, str], people: list[Person], erases: bool
) -> tuple[str | None, list[Person], str | None]:
    """By which identifier, who, and how they were erased who are no more."""
    stronger: list[str] = []
    for name, value in given.items():
        holders = [
            person
            for person in people
            if person.state == "live"
            and person.get(name) == value
            and all(person.get(other) in (None, given[other]) for other in stronger)
        ]
        if holders and (len(holders) == 1 or not stronger or erases):
            return name, holders, None
        if not holders and (mark := _mark((name, value), people)):
            return name, [], mark
        stronger.append(name)
    marks = [(name, _mark((name, value), people)) for name, value in given.items()]
    return next(((name, [], mark) for name, mark in marks if mark), (None, [], None))


def _mark(identifier: Identifier, people: list[Person]) -> str | None:
    states = {person.state for person in people if identifier in person.marks}
    return "deleted" if "deleted" in states else next(iter(states), None)


def _erase(
    row: Row, given: dict[str, str], found_by: str | None, meant: list[Person], new_id: str
) -> Outcome:
    if len(meant) > 1:
        return Outcome("REJECTED", found_by, tuple(meant), (("AMBIGUOUS_IDENTITY", found_by),))
    who = meant[0] if meant else Person(new_id)
    forgets = bool(meant) and row.get("is_deleted") is not True
    kept = {"country": who.get("country")} if forgets and who.get("country") else {}
    values = {**kept, **dict.fromkeys(PERMISSIONS, False)} if forgets else {}
    marks = who.identifiers() | frozenset(given.items())
    state = "forgotten" if forgets else "deleted"
    gone = Person(who.id, state, _sorted(values), who.held | marks, marks)
    return Outcome("UPDATED" if meant else "CREATED", found_by, (gone,))


def _update(
    row: Row,
    people: list[Person],
    found_by: str | None,
    meant: list[Person],
    new_id: str,
    max_holders: int,
) -> Outcome:
    before = meant or [Person(new_id)]
    if field := _no_list(row, before):
        return Outcome("REJECTED", found_by, tuple(meant), (("NOT_A_LIST", field),))
    after = [replace(person, values=_edited(row, person)) for person in before]
    pairs = list(zip(before, after, strict=True))
    moved = [pair for pair in pairs if pair[0].identifiers() != pair[1].identifiers()]
    if moved and len(before) > 1:
        return Outcome("REJECTED", found_by, tuple(meant), (("AMBIGUOUS_IDENTITY", found_by),))
    faults = [fault for pair in moved for fault in _refused(*pair, people, max_holders)]
    if faults:
        return Outcome("REJECTED", found_by, tuple(meant), tuple(faults))
    met = tuple(replace(now, held=now.held | now.identifiers()) for now in after)
    if not meant:
        return Outcome("CREATED", None, met)
    changed = any(was.values != now.values for was, now in pairs)
    return Outcome("UPDATED" if changed else "UNCHANGED", found_by, met)


def _update_of_the_rest(
    row: Row,
    people: list[Person],
    found_by: str | None,
    meant: list[Person],
    new_id: str,
    max_holders: int,
) -> Outcome:
    """Without the fields that are at fault."""
    outcome = _update(row, people, found_by, meant, new_id, max_holders)
    faulty = {field for code, field in outcome.faults if code != "AMBIGUOUS_IDENTITY"}
    if not faulty:
        return outcome
    less = {key: row[key] for key in row if key.partition(".")[0] not in faulty}
    rest = _update_of_the_rest(less, people, found_by, meant, new_id, max_holders)
    first, then = (rest, outcome) if rest.status == "REJECTED" else (outcome, rest)
    return replace(rest, faults=(*first.faults, *then.faults))


def _refused(
    was: Person, now: Person, people: list[Person], max_holders: int
) -> Iterable[tuple[str, str]]:
    for name, value in sorted(
        now.identifiers() - was.identifiers(), key=lambda one: IDENTIFIERS.index(one[0])
    ):
        holders = [p for p in people if p.state == "live" and p.get(name) == value]
        if _mark((name, value), people):
            yield "FORGOTTEN_IDENTIFIER", name
        elif name != "external_id" and len(holders) >= max_holders:
            yield "IDENTIFIER_OVERSHARED", name


def _no_list(row: Row, people: list[Person]) -> str | None:
    """The field whose members are edited where no list is."""
    for key in row:
        name, _, verb = key.partition(".")
        if verb and any(not isinstance(person.get(name), tuple | None) for person in people):
            return name
    return None


def _edited(row: Row, person: Person) -> tuple[tuple[str, Any], ...]:
    """Plain values, then what is added, then what is taken out."""
    values = dict(person.values)
    for name, value in row.items():
        if "." not in name and name not in NOT_VALUES and value is not None:
            _put(values, name, value)
    for name, members in _members(row, ".add"):
        if members:
            there = values.get(name, ())
            values[name] = (*there, *(one for one in members if one not in there))
    for name, members in _members(row, ".remove"):
        if name in values:
            values[name] = tuple(one for one in values[name] if one not in members)
    return _sorted(values)


def _put(values: dict[str, Any], name: str, value: Any) -> None:
    if value == "":
        values.pop(name, None)
    elif name in SETS:
        there = values.get(name, ())
        kept = tuple(one for one in there if one in value)
        values[name] = (*kept, *(one for one in value if one not in kept))
    else:
        values[name] = frozen(value)


def _members(row: Row, suffix: str) -> list[tuple[str, list[Any]]]:
    return [(key.removesuffix(suffix), row[key]) for key in row if key.endswith(suffix)]


def frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _sorted(values: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted((name, frozen(value)) for name, value in values.items()))
