"""Figures over customers, all of them or group by group, as stages and as what comes of them.

What is counted, smallest, largest and average is found in one pass. To count different values takes
a pass for each field: in one, all values of a group would have to be held at once.
"""

from calendar import isleap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from service.customers.fields import TEXT_SETS, is_company_field
from service.queries.buckets import MISSING, Row, Stage, between, is_number, is_one_value, shown
from service.queries.calendar import Expression
from service.queries.facets import Dimension, Holds
from service.queries.terms import Filter, Terms

AGE = "age"
"""Of what is averaged: years today, by `birth_date`."""

_BIRTH = "$birth_date"
_FIRST_MOMENT = datetime.min.replace(tzinfo=UTC)
_LAST_MOMENT = datetime.max.replace(microsecond=999000, tzinfo=UTC)


class Figure(StrEnum):
    """What is told of a field."""

    FILLED = "filled"
    DISTINCT = "distinct"
    MIN = "min"
    MAX = "max"
    AVERAGE = "average"


Wanted = frozenset[tuple[Figure, str]]
"""Figures of fields, each by its key in documents. How many customers there are is told anyway."""


@dataclass(frozen=True, slots=True)
class Figures:
    """`told` holds what was wanted, None where there is nothing to tell."""

    count: int = 0
    told: Mapping[tuple[Figure, str], Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Passes:
    """Stages that find the figures: `first` all but the numbers of different values, which
    `distinct` finds, by field."""

    first: list[Stage]
    distinct: Mapping[str, list[Stage]]


def passes(wanted: Wanted, terms: Terms, by: Sequence["Cut"] = ()) -> Passes:
    """What follows the stage that finds the customers. `by`: what they are grouped by."""
    accumulators: dict[str, Expression] = {"n": {"$sum": 1}}
    for figure, name in sorted(wanted):
        accumulators |= _ACCUMULATORS[figure](_name(figure, name), name, terms)
    split = [stage for place, cut in enumerate(by) for stage in cut.split(place)]
    key = {_key(place): cut.key(place) for place, cut in enumerate(by)}
    kept = _kept(by)
    first = [*split, {"$group": {"_id": key or None, **accumulators}}, *kept]
    names = sorted(name for figure, name in wanted if figure is Figure.DISTINCT)
    return Passes(first, {name: [*split, *_different(name, key), *kept] for name in names})


@dataclass(frozen=True, slots=True)
class Cut:
    """A dimension cut down to some of its buckets, by their keys, and to customers without the
    field."""

    dimension: Dimension
    keys: tuple[Any, ...]

    def split(self, place: int) -> list[Stage]:
        """Before grouping: a document for each member, or for each range."""
        dimension, stages = self.dimension, []
        if dimension.holds is not Holds.ONE:
            stages += _unwound(f"_value{place}", dimension.value)
        if dimension.way.overlaps:
            stages += _unwound(f"_range{place}", dimension.key(self._value(place)))
        return stages

    def key(self, place: int) -> Expression:
        if self.dimension.way.overlaps:
            return f"$_range{place}"
        key = self.dimension.key(self._value(place))
        return {"$ifNull": [key, MISSING]} if self.dimension.is_plain else key

    def _value(self, place: int) -> Expression:
        return self.dimension.value if self.dimension.holds is Holds.ONE else f"$_value{place}"


def read_figures(
    wanted: Wanted, first: Sequence[Row], distinct: Mapping[str, Sequence[Row]]
) -> dict[tuple[Any, ...], Figures]:
    """By the keys of each group; those of nobody are not there."""
    numbers = {
        name: {_keys(row["_id"]): row["n"] for row in rows} for name, rows in distinct.items()
    }
    found: dict[tuple[Any, ...], Figures] = {}
    for row in first:
        keys = _keys(row["_id"])
        told = {
            (figure, name): numbers[name].get(keys, 0)
            if figure is Figure.DISTINCT
            else _told(figure, name, row)
            for figure, name in wanted
        }
        found[keys] = Figures(row["n"], told)
    return found


def figures_of_nobody(wanted: Wanted) -> Figures:
    counts = (Figure.FILLED, Figure.DISTINCT)
    return Figures(0, {one: 0 if one[0] in counts else None for one in wanted})


def _key(place: int) -> str:
    return f"key{place}"


def _keys(id_: Any) -> tuple[Any, ...]:
    return tuple(id_.values()) if isinstance(id_, dict) else ()


def _kept(by: Sequence[Cut]) -> list[Stage]:
    """After grouping: the groups of those buckets alone."""
    if not by:
        return []
    conditions: Filter = {
        f"_id.{_key(place)}": {"$in": [*cut.keys, MISSING]} for place, cut in enumerate(by)
    }
    return [{"$match": conditions}]


def _unwound(name: str, value: Expression) -> list[Stage]:
    return [{"$addFields": {name: value}}, {"$unwind": f"${name}"}]


def _different(name: str, key: Mapping[str, Expression]) -> list[Stage]:
    """Groups of one value of one group first, and then how many of those each group has. Values
    are those that facets have buckets for."""
    value = f"${name}"
    holds_members = name in TEXT_SETS or is_company_field(name)
    again = {part: f"$_id.{part}" for part in key}
    return [
        *([{"$unwind": value}] if holds_members else []),
        {"$group": {"_id": {**key, "value": value}}},
        {"$match": is_one_value("_id.value")},
        {"$group": {"_id": again or None, "n": {"$sum": 1}}},
    ]


def _name(figure: Figure, name: str) -> str:
    return f"{figure}_{name}"


def _filled(as_: str, name: str, _: Terms) -> dict[str, Expression]:
    return {as_: {"$sum": {"$cond": [{"$gt": [f"${name}", None]}, 1, 0]}}}


def _least(as_: str, name: str, _: Terms) -> dict[str, Expression]:
    return dict(_extremes("$min", as_, name))


def _greatest(as_: str, name: str, _: Terms) -> dict[str, Expression]:
    return dict(_extremes("$max", as_, name))


def _extremes(operator: str, as_: str, name: str) -> Iterator[tuple[str, Expression]]:
    """Of a company field one for each type that has an order."""
    value = f"${name}"
    if not is_company_field(name):
        yield as_, {operator: value}
        return
    for type_, is_of_it in _ORDERED.items():
        yield f"{as_}_{type_}", {operator: {"$cond": [is_of_it(value), value, None]}}


def _average(as_: str, name: str, terms: Terms) -> dict[str, Expression]:
    if name == AGE:
        return {as_: {"$avg": {"$cond": [_is_text(_BIRTH), _age(terms.today.date()), None]}}}
    value = f"${name}"
    return {as_: {"$avg": {"$cond": [is_number(value), value, None]}}}


def _age(today: date) -> Expression:
    """Full years. 29 February is 28 February in other years."""
    birthday = f"{today:%m-%d}"
    if birthday == "02-28" and not isleap(today.year):
        birthday = "02-29"
    year = {"$toInt": {"$substrBytes": [_BIRTH, 0, 4]}}
    is_ahead = {"$gt": [{"$substrBytes": [_BIRTH, 5, 5]}, birthday]}
    return {"$subtract": [{"$subtract": [today.year, year]}, {"$cond": [is_ahead, 1, 0]}]}


def _is_text(value: Expression) -> Expression:
    """An object is the least of what is greater than all texts."""
    return {"$and": [{"$gte": [value, ""]}, {"$lt": [value, {"$literal": {}}]}]}


def _is_moment(value: Expression) -> Expression:
    return between(value, _FIRST_MOMENT, _LAST_MOMENT)


_ORDERED = {"number": is_number, "text": _is_text, "moment": _is_moment}

_ACCUMULATORS = {
    Figure.FILLED: _filled,
    Figure.DISTINCT: lambda *_: {},
    Figure.MIN: _least,
    Figure.MAX: _greatest,
    Figure.AVERAGE: _average,
}


def _told(figure: Figure, name: str, row: Row) -> Any:
    as_ = _name(figure, name)
    if figure in (Figure.MIN, Figure.MAX) and is_company_field(name):
        values = (row.get(f"{as_}_{type_}") for type_ in _ORDERED)
        return shown(next((value for value in values if value is not None), None))
    return row.get(as_)
