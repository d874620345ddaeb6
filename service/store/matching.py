"""Filters as stages of an aggregation, so that an index serves them wherever one can.

The embedded store uses an index for a filter that the index holds whole, and else looks through
everyone. What an index finds by itself, identifiers' digests or a token of a search, is therefore a
stage of its own, and the next leaves of those who meet the rest. MongoDB makes one condition of
both.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import inf, nextafter
from typing import Any

from service.queries.conditions import all_of
from service.queries.keyset import Layout
from service.queries.listed import listed
from service.queries.terms import Filter

Stage = Mapping[str, Any]

_EXACT = 2**53
"""Up to here a whole number is a float, too; beyond, no float stands between two of them."""
_GREATEST = 2**63 - 1
_TICK = timedelta(milliseconds=1)
_FOUND_ALONE = (("state", "search"), ("keys",))
"""Paths of a filter that an index holds, the first found best."""

_EVER: Filter = {"created_at": {"$gte": datetime.min.replace(tzinfo=UTC)}}
"""Says nothing. Of everybody without it, the embedded store would follow some index, which takes it
several times as long as to look through them."""


def matching(where: Filter) -> list[Stage]:
    """Stages that leave those who meet the filter, one or two. It says of what state."""
    for paths in _FOUND_ALONE:
        if paths[-1] in where:
            alone = {path: where[path] for path in paths}
            return both(alone, {path: one for path, one in where.items() if path not in paths})
    return [{"$match": {path: _ranged(one) for path, one in where.items()}}]


def _ranged(operand: Any) -> Any:
    """Below the next value rather than up to this one: through an index the embedded store leaves
    those out who have this very value."""
    if type(operand) is not dict or "$lte" not in operand or "$lt" in operand:
        return operand
    most = operand["$lte"]
    rest = {name: one for name, one in operand.items() if name != "$lte"}
    if isinstance(most, bool):
        return operand if "$in" in rest else {**rest, "$in": [False, True] if most else [False]}
    after = _next(most)
    return operand if after is None else {**rest, "$lt": after}


def _next(value: Any) -> Any:
    """The least value above it that can be stored, None if it can't be told. No boolean."""
    if isinstance(value, str):
        return value + "\0"
    if isinstance(value, datetime):
        return value + _TICK if value.replace(tzinfo=None) <= datetime.max - _TICK else None
    if isinstance(value, float) or abs(value) < _EXACT:
        return nextafter(value, inf)
    return value + 1 if value < _GREATEST else None


def both(alone: Filter, rest: Filter) -> list[Stage]:
    return [{"$match": alone}, {"$match": rest}] if rest else [{"$match": alone}]


def ordered(where: Filter, bounds: Filter, layout: Layout) -> list[Stage]:
    """Those who meet the filter and stand within the bounds of the layout, sorted by it."""
    if not where and not bounds:
        where = _EVER
    if layout.computed:
        beyond: list[Stage] = [{"$addFields": layout.computed}, {"$match": bounds}]
        return [*matching(listed(where)), *beyond, {"$sort": dict(layout.sort)}]
    return [*matching(listed(all_of([where, bounds]))), {"$sort": dict(layout.sort)}]
