"""Groups of customers: those in one bucket of each of up to two fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from service.queries.aggregates import Cut, Figures
from service.queries.buckets import MISSING, Bucket
from service.queries.conditions import all_of
from service.queries.facets import Dimension, Facet
from service.queries.terms import Filter


class GroupKey(NamedTuple):
    """What the group has in common in one field; all None for customers without it."""

    field: str
    value: Any = None
    from_: Any = None
    to: Any = None


@dataclass(frozen=True, slots=True)
class Group:
    keys: list[GroupKey]
    count: int
    aggregate: Figures


def cuts(by: Sequence[Dimension], facets: Sequence[Facet]) -> list[Cut]:
    """Groups are made of the buckets that a facet of each field shows."""
    return [
        Cut(dimension, tuple(bucket.key for bucket in facet.buckets))
        for dimension, facet in zip(by, facets, strict=True)
    ]


def within(by: Sequence[Dimension], facets: Sequence[Facet]) -> Filter:
    """Who can be in any of the groups."""
    filters = (dimension.filter(facet.buckets) for dimension, facet in zip(by, facets, strict=True))
    return all_of(filters)


def groups_of(facets: Sequence[Facet], figures: Mapping[tuple[Any, ...], Figures]) -> list[Group]:
    """The largest first; as large ones as their buckets stand, customers without a field last."""
    known = [_known(facet) for facet in facets]
    found = []
    for keys, told in figures.items():
        ones = [one[_same(key)] for one, key in zip(known, keys, strict=True)]
        order = (-told.count, [place for place, _ in ones])
        found.append((order, Group([key for _, key in ones], told.count, told)))
    return [group for _, group in sorted(found, key=lambda one: one[0])]


def groups_of_facet(facet: Facet) -> list[Group]:
    """Of one field, where nothing is asked but how many there are."""
    figures = {(bucket.key,): Figures(bucket.count) for bucket in facet.buckets if bucket.count}
    if facet.missing:
        figures[MISSING,] = Figures(facet.missing)
    return groups_of([facet], figures)


def _known(facet: Facet) -> dict[Any, tuple[int, GroupKey]]:
    """By the key of each bucket: where it stands, and what it is called."""
    known = {
        _same(bucket.key): (place, _named(facet.field, bucket))
        for place, bucket in enumerate(facet.buckets)
    }
    return {**known, _same(MISSING): (len(known), GroupKey(facet.field))}


def _same(key: Any) -> tuple[bool, Any]:
    """True is not 1."""
    return isinstance(key, bool), key


def _named(field: str, bucket: Bucket) -> GroupKey:
    return GroupKey(field, bucket.value, bucket.from_, bucket.to)
