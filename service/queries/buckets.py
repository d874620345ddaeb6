"""Ways to sort values into buckets: by themselves, by calendar, by width, by given ranges.

A way says what the database groups by, which of the groups become buckets, and what those are. A
value stands in `$literal`; nothing else that comes from a user gets into an expression.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from service.customers.moments import as_json
from service.queries.calendar import (
    EARLIEST,
    EARLIEST_DATE,
    LATEST,
    PAST_DATES,
    Expression,
    Interval,
    date_key,
    dates_of,
    moment_key,
    moments_of,
)

Row = dict[str, Any]
"""A group as the database gives it: `_id` is its key, `n` how many are in it."""

Stage = dict[str, Any]

MISSING = b""
"""The key of customers without the field, where null means something else: no value is of its
type."""

_EXACT = 2**53
"""Numbers past it are not told apart by a width."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """`key` is what the database groups by; the rest is as JSON has it."""

    key: Any
    count: int
    value: Any = None
    from_: Any = None
    to: Any = None


class Way(Protocol):
    """`size`: at most so many buckets. `overlaps`: a value may lie in several of them; its key is
    then a list of theirs."""

    @property
    def size(self) -> int: ...

    overlaps: ClassVar[bool]

    def key(self, value: Expression, otherwise: Expression, /) -> Expression:
        """Of a value; `otherwise` where it can lie in no bucket."""

    def rows(self) -> list[Stage]:
        """From all groups to the rows that may be buckets."""

    def buckets(self, rows: list[Row]) -> list[Bucket]:
        """As they are shown."""


@dataclass(frozen=True, slots=True)
class ByValue:
    """A bucket for each text, number, boolean or moment, the largest first.

    Objects, and lists inside lists, are in none: databases do not agree which of them are equal.
    """

    size: int
    overlaps: ClassVar = False

    def key(self, value: Expression, _: Expression, /) -> Expression:
        return value

    def rows(self) -> list[Stage]:
        return [
            {"$match": is_one_value("_id")},
            {"$sort": {"n": -1, "_id": 1}},
            {"$limit": self.size},
        ]

    def buckets(self, rows: list[Row]) -> list[Bucket]:
        return [Bucket(row["_id"], row["n"], value=shown(row["_id"])) for row in rows]


@dataclass(frozen=True, slots=True)
class ByCalendar:
    """A bucket for each interval that somebody is in: the latest ones, in order of time.

    `zone` is that of moments, None for dates.
    """

    interval: Interval
    zone: ZoneInfo | None
    size: int
    overlaps: ClassVar = False

    def key(self, value: Expression, otherwise: Expression, /) -> Expression:
        if self.zone is None:
            known = between(value, EARLIEST_DATE, PAST_DATES)
            return {"$cond": [known, date_key(self.interval, value), otherwise]}
        known = between(value, EARLIEST, LATEST)
        return {"$cond": [known, moment_key(self.interval, value, self.zone), otherwise]}

    def rows(self) -> list[Stage]:
        """One more than shown: of an hour that comes twice, the keys are in the wrong order."""
        return [
            {"$match": {"_id": {"$nin": [None, MISSING]}}},
            {"$sort": {"_id": -1}},
            {"$limit": self.size + 1},
        ]

    def buckets(self, rows: list[Row]) -> list[Bucket]:
        found = [bucket for row in rows if (bucket := self._bucket(row))]
        return sorted(found, key=lambda bucket: bucket.from_)[-self.size :]

    def _bucket(self, row: Row) -> Bucket | None:
        key = row["_id"]
        ends: Any = (
            dates_of(self.interval, key)
            if self.zone is None
            else moments_of(self.interval, key, self.zone)
        )
        if ends is None:
            return None
        return Bucket(key, row["n"], from_=shown(ends[0]), to=shown(ends[1]))


@dataclass(frozen=True, slots=True)
class ByWidth:
    """Buckets of numbers, each as wide: the largest ones, in order."""

    width: float
    size: int
    overlaps: ClassVar = False

    def key(self, value: Expression, otherwise: Expression, /) -> Expression:
        """The number of the bucket. Division rounds: a value lies between the ends that are told,
        as the database compares it with them."""
        return {"$cond": [is_number(value), self._number(value), otherwise]}

    def _number(self, value: Expression) -> Expression:
        low = {"$multiply": ["$$n", self.width]}
        high = {"$multiply": [{"$add": ["$$n", 1]}, self.width]}
        more = {"$cond": [{"$gte": [value, high]}, 1, 0]}
        mended = {"$add": ["$$n", {"$cond": [{"$lt": [value, low]}, -1, more]}]}
        divided = {"$floor": {"$divide": [value, self.width]}}
        return {"$let": {"vars": {"n": divided}, "in": mended}}

    def rows(self) -> list[Stage]:
        return [
            {"$match": {"_id": {"$gte": -_EXACT, "$lte": _EXACT}}},
            {"$sort": {"n": -1, "_id": 1}},
            {"$limit": self.size},
        ]

    def buckets(self, rows: list[Row]) -> list[Bucket]:
        return [self._bucket(row) for row in sorted(rows, key=lambda row: row["_id"])]

    def _bucket(self, row: Row) -> Bucket:
        number = int(row["_id"])
        low, high = shown(number * self.width), shown((number + 1) * self.width)
        return Bucket(number, row["n"], from_=low, to=high)


class Range(NamedTuple):
    """None is an open end."""

    low: Any
    high: Any


@dataclass(frozen=True, slots=True)
class ByRanges:
    """Buckets as they were asked for, in that order, empty ones too.

    `least` and `most`: what lies at an open end, or beyond, and is of the type of the values.
    """

    ranges: tuple[Range, ...]
    least: Any
    most: Any
    overlaps: ClassVar = True

    @property
    def size(self) -> int:
        return len(self.ranges)

    def key(self, value: Expression, otherwise: Expression, /) -> Expression:
        inside = [
            {"$cond": [self._within(value, one), [number], []]}
            for number, one in enumerate(self.ranges)
        ]
        known = between(value, self.least, self.most)
        return {"$cond": [known, {"$concatArrays": inside}, otherwise]}

    def _within(self, value: Expression, one: Range) -> Expression:
        tests = [{"$gte": [value, literal(one.low)]}] if one.low is not None else []
        tests += [{"$lt": [value, literal(one.high)]}] if one.high is not None else []
        return {"$and": tests}

    def rows(self) -> list[Stage]:
        return [{"$match": {"_id": {"$gte": 0}}}]

    def buckets(self, rows: list[Row]) -> list[Bucket]:
        counts = {row["_id"]: row["n"] for row in rows}
        return [
            Bucket(number, counts.get(number, 0), from_=shown(one.low), to=shown(one.high))
            for number, one in enumerate(self.ranges)
        ]


def literal(value: Any) -> Expression:
    """Moments stand in UTC without saying so, as those that are read."""
    if isinstance(value, datetime):
        value = value.astimezone(UTC).replace(tzinfo=None)
    return {"$literal": value}


def between(value: Expression, low: Any, high: Any) -> Expression:
    """Also whether it is of their type: of others, all are less or all are greater."""
    return {"$and": [{"$gte": [value, literal(low)]}, {"$lte": [value, literal(high)]}]}


def is_number(value: Expression) -> Expression:
    return between(value, float("-inf"), float("inf"))


def is_one_value(path: str) -> dict[str, Any]:
    """A filter: that there is a value, and it is neither a list nor an object."""
    apart = [{path: {"$type": kind}} for kind in ("object", "array")]
    return {path: {"$nin": [None, MISSING]}, "$nor": apart}


def shown(value: Any) -> Any:
    """As JSON has it: a moment as text, a whole number without a fraction."""
    if isinstance(value, datetime):
        return as_json(value)
    if isinstance(value, float) and value.is_integer() and abs(value) <= _EXACT:
        return int(value)
    return value
