"""Ranges of customers' ids: their ids are random, so equal ranges hold about as many of them.

Whatever ids there are, each is in exactly one range. A range of ids is a fair sample of all, and
one that is narrow on both sides is read by the index of `_id` on every store.
"""

from typing import Any, NamedTuple

_DIGITS = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
"""Of base64url, in the order of their bytes."""

_BEGIN = "c."
_PLACES = 3
_BOUNDARIES = len(_DIGITS) ** _PLACES


class IdRange(NamedTuple):
    """From `low`, which is in it, to `high`, which is not; None is no bound."""

    low: str | None
    high: str | None

    @property
    def filter(self) -> dict[str, Any]:
        bounds = {"$gte": self.low, "$lt": self.high}
        found = {operator: bound for operator, bound in bounds.items() if bound is not None}
        return {"_id": found} if found else {}


def id_ranges(count: int) -> list[IdRange]:
    """So many of them, one after the other, which hold all ids together."""
    wanted = max(1, min(count, _BOUNDARIES))
    bounds = [_boundary(place * _BOUNDARIES // wanted) for place in range(1, wanted)]
    return [IdRange(*pair) for pair in zip([None, *bounds], [*bounds, None], strict=True)]


def first_range(part: float) -> IdRange:
    """About so much of all ids, from the least on; all of them for 1 and more."""
    if part >= 1:
        return IdRange(None, None)
    return IdRange(None, _boundary(int(part * _BOUNDARIES)))


def _boundary(place: int) -> str:
    digits = ""
    for _ in range(_PLACES):
        place, digit = divmod(place, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return _BEGIN + digits
