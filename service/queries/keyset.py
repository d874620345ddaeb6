"""Pages by keyset: what stands beyond a position in an order, as filters to be read one after
another.

The database compares values of one type alone, and absent ones with none. So what is beyond is read
compartment by compartment: first the rest of those with the same value, then greater values, then
those without one, each with the limit that remains.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cached_property
from typing import Any, NamedTuple

from service.queries.ordering import NEWEST, Key, Order
from service.queries.terms import Filter


class Position(NamedTuple):
    """Where a customer stands: a value for each column, None for none, the last of them its id.

    `few`: it was seen that few others before it have its first value, a page at most, so that it
    costs little to look at all of those who have it.
    """

    values: tuple[Any, ...]
    few: bool = False


Document = Mapping[str, Any]

ASCENDING, DESCENDING = 1, -1
"""Directions, as MongoDB takes them."""


class Absence(Enum):
    """Where those without a value stand."""

    NEVER = auto()
    FIRST = auto()
    LAST = auto()


_TURNED = {
    Absence.NEVER: Absence.NEVER,
    Absence.FIRST: Absence.LAST,
    Absence.LAST: Absence.FIRST,
}


@dataclass(frozen=True, slots=True)
class Column:
    """What is sorted by: a field, or one that is computed. `least` as in `Key`."""

    path: str
    descending: bool = False
    absence: Absence = Absence.NEVER
    least: Any = None

    @property
    def sorts_absence(self) -> bool:
        """Whether the database itself has those without a value where they belong."""
        native = Absence.LAST if self.descending else Absence.FIRST
        return self.absence in (Absence.NEVER, native)

    @property
    def turned(self) -> "Column":
        return replace(self, descending=not self.descending, absence=_TURNED[self.absence])

    @property
    def direction(self) -> int:
        return DESCENDING if self.descending else ASCENDING

    def beyond(self, value: Any, *, inclusive: bool = False) -> Iterator[Filter]:
        """Compartments past the value, in order."""
        if value is None:
            if self.absence is Absence.FIRST:
                yield self._present()
            return
        operator = ("$lt" if self.descending else "$gt") + ("e" if inclusive else "")
        yield {self.path: {operator: value}}
        if self.absence is Absence.LAST:
            yield {self.path: None}

    def everything(self) -> Iterator[Filter]:
        if self.sorts_absence:
            yield {}
        elif self.absence is Absence.LAST:
            yield self._present()
            yield {self.path: None}
        else:
            yield {self.path: None}
            yield self._present()

    def _present(self) -> Filter:
        return {self.path: {"$gte": self.least}}


@dataclass(frozen=True)
class Layout:
    """An order as the database sorts. `computed`: fields of the aggregation that some columns are
    of; with none, the customers themselves can be sorted."""

    columns: tuple[Column, ...]
    computed: Mapping[str, Any]

    @cached_property
    def paths(self) -> tuple[str, ...]:
        return tuple(column.path for column in self.columns)

    @cached_property
    def turned(self) -> "Layout":
        return Layout(tuple(column.turned for column in self.columns), self.computed)

    @cached_property
    def sort(self) -> list[tuple[str, int]]:
        return [(column.path, column.direction) for column in self.columns]

    def position(self, document: Document, page: Sequence[Document] = ()) -> Position:
        """`page`: where the document stands; its ends tell whether the value's run is short."""
        values = tuple([document.get(column.path) for column in self.columns])
        ends = [one.get(self.columns[0].path) for one in (*page[:1], *page[-1:])]
        return Position(values, any(end != values[0] for end in ends))

    def beyond(self, position: Position | None, *, inclusive: bool = False) -> Iterator[Filter]:
        """What follows the position, in order; from the start without one. `inclusive`: with the
        customer at the position."""
        if position is None:
            return self.columns[0].everything()
        parts = self._parts(position.values, inclusive)
        if position.few and position.values[0] is not None and not inclusive:
            return self._at_once(position.values[0], parts)
        return parts

    def _parts(self, values: tuple[Any, ...], inclusive: bool) -> Iterator[Filter]:
        for depth in range(len(self.columns) - 1, -1, -1):
            same = dict(zip(self.paths[:depth], values, strict=False))
            is_id = depth == len(self.columns) - 1
            for past in self.columns[depth].beyond(values[depth], inclusive=inclusive and is_id):
                yield {**same, **past}

    def _at_once(self, value: Any, parts: Iterator[Filter]) -> Iterator[Filter]:
        """All that have a first value in one read, which an index bounds by that value."""
        first = self.columns[0]
        bound = next(first.beyond(value, inclusive=True))
        several = list(parts)
        absent = [part for part in several if part == {first.path: None}]
        yield {**bound, "$or": [part for part in several if part not in absent]}
        yield from absent


def layout_of(order: Order) -> Layout:
    """`_id` ends it, in the direction of the last key."""
    keys = list(order)
    tail = Column("_id", descending=keys[-1].descending)
    if all(_is_sorted(key, first=key is keys[0]) for key in keys):
        return Layout((*map(_column, keys), tail), {})
    columns: list[Column] = []
    computed: dict[str, Any] = {}
    for place, key in enumerate(keys):
        if _is_sorted(key):
            columns.append(_column(key))
        else:
            columns += _computed_columns(key, place, computed)
    return Layout((*columns, tail), computed)


def _is_sorted(key: Key, *, first: bool = False) -> bool:
    """Whether the database sorts by it as it stands; the first may be read in two parts."""
    return key.least is not None and (first or _column(key).sorts_absence)


def _column(key: Key) -> Column:
    absence = Absence.LAST if key.absent_last else Absence.FIRST
    return Column(key.path, key.descending, Absence.NEVER if key.always else absence, key.least)


def _computed_columns(key: Key, place: int, computed: dict[str, Any]) -> list[Column]:
    """Its rank among types, always there, and the value: of one type, or none, in each rank."""
    rank, value, stored = f"rank_{place}", f"value_{place}", f"${key.path}"
    tests = _tests(key, stored)
    absent = len(tests) + 1 if key.absent_last else 0
    computed[rank] = _switch(((test, number) for number, test in enumerate(tests, start=1)), absent)
    computed[value] = _switch(((test, stored) for test in tests), None)
    return [Column(rank), Column(value, key.descending)]


def _tests(key: Key, stored: str) -> list[Filter]:
    """Expressions that tell in what rank a value is, in the order of the ranks."""
    if key.least is not None:
        return [{"$gt": [stored, None]}]
    tests: list[Filter] = [{"$in": [{"$type": stored}, list(names)]} for names in _TYPES]
    return tests[::-1] if key.descending else tests


def _switch(branches: Iterable[tuple[Filter, Any]], default: Any) -> Filter:
    cases = [{"case": test, "then": then} for test, then in branches]
    return {"$switch": {"branches": cases, "default": default}}


_TYPES = (("int", "long", "double", "decimal"), ("string",), ("bool",))
"""Of what a company field may hold, in their order."""

NEWEST_FIRST = layout_of(NEWEST)
