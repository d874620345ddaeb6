"""Calendar intervals: what the database groups moments and dates by, and where each lies.

A moment's interval is told by how it is written in the service's time zone, which no change of
clocks makes doubtful; where it begins and ends is worked out here. Dates are stored as text, and
are in no zone.
"""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

Expression = Any
"""As MongoDB evaluates it on a document."""


class Interval(StrEnum):
    HOUR = "HOUR"
    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"
    DECADE = "DECADE"


EARLIEST = datetime(1000, 1, 3, tzinfo=UTC)
LATEST = datetime(9999, 12, 29, tzinfo=UTC)
"""Moments before the one or after the other are in no interval: not every store can write them."""

EARLIEST_DATE, PAST_DATES = "1000", ":"
"""The same for dates: texts that stand before and behind all of them."""

_FORMATS = {
    Interval.HOUR: "%Y-%m-%dT%H%z",
    Interval.DAY: "%Y-%m-%d",
    Interval.WEEK: "%G-%V",
    Interval.MONTH: "%Y-%m",
    Interval.YEAR: "%Y",
}
_LENGTHS = {
    Interval.DAY: 10,
    Interval.WEEK: 7,
    Interval.MONTH: 7,
    Interval.QUARTER: 6,
    Interval.YEAR: 4,
    Interval.DECADE: 3,
}
"""Of keys."""

_MONTHS = {Interval.MONTH: 1, Interval.QUARTER: 3, Interval.YEAR: 12, Interval.DECADE: 120}
_DAYS = {Interval.DAY: 1, Interval.WEEK: 7}


def moment_key(interval: Interval, moment: Expression, zone: ZoneInfo) -> Expression:
    """A text for each interval; those of one kind are ordered as their intervals are, but for an
    hour that comes twice."""
    if interval is Interval.DECADE:
        return _first(3, _written("%Y", moment, zone))
    if interval is Interval.QUARTER:
        month = _written("%m", moment, zone)
        return {"$concat": [_written("%Y-", moment, zone), _quarter(month)]}
    return _written(_FORMATS[interval], moment, zone)


def date_key(interval: Interval, text: Expression) -> Expression:
    """The same texts, of a date that is stored as one."""
    if interval is Interval.WEEK:
        day = {"$convert": {"input": text, "to": "date", "onError": None}}
        return _written(_FORMATS[interval], day, None)
    if interval is Interval.QUARTER:
        return {"$concat": [_first(5, text), _quarter({"$substrBytes": [text, 5, 2]})]}
    return text if interval is Interval.DAY else _first(_LENGTHS[interval], text)


def moments_of(
    interval: Interval, key: str, zone: ZoneInfo
) -> tuple[datetime, datetime | None] | None:
    """Where the interval of a key begins, and where it ends: None after the last year there is.
    None at all for what is no key."""
    try:
        if interval is Interval.HOUR:
            begin = _hour(key, zone)
            return begin, begin + timedelta(hours=1)
        first = _first_day(interval, key)
    except ValueError:
        return None
    after = _day_after(interval, first)
    return _midnight(first, zone), None if after is None else _midnight(after, zone)


def dates_of(interval: Interval, key: str) -> tuple[str, str | None] | None:
    """The same in dates."""
    try:
        first = _first_day(interval, key)
    except ValueError:
        return None
    after = _day_after(interval, first)
    return first.isoformat(), None if after is None else after.isoformat()


def _written(form: str, moment: Expression, zone: ZoneInfo | None) -> Expression:
    where = {} if zone is None or zone.key == "UTC" else {"timezone": zone.key}
    return {"$dateToString": {"date": moment, "format": form, **where}}


def _first(length: int, text: Expression) -> Expression:
    return {"$substrBytes": [text, 0, length]}


def _quarter(month: Expression) -> Expression:
    ends = (("03", "1"), ("06", "2"), ("09", "3"))
    branches = [{"case": {"$lte": [month, last]}, "then": quarter} for last, quarter in ends]
    return {"$switch": {"branches": branches, "default": "4"}}


def _hour(key: str, zone: ZoneInfo) -> datetime:
    """Of an hour that comes twice, the one with the offset that the key has."""
    local = datetime.strptime(key[:13], "%Y-%m-%dT%H").replace(tzinfo=zone)
    twice = (local, local.replace(fold=1))
    fitting = [one for one in twice if f"{one:%z}"[:5] == key[13:]]
    return (fitting or [local])[0].astimezone(UTC)


def _first_day(interval: Interval, key: str) -> date:
    """Raises ValueError for what is no key: the begin of a text that is no date."""
    if len(key) != _LENGTHS[interval]:
        raise ValueError
    if interval is Interval.DECADE:
        return date(int(key) * 10, 1, 1)
    if interval is Interval.YEAR:
        return date(int(key), 1, 1)
    if interval is Interval.DAY:
        return date.fromisoformat(key)
    year, number = map(int, key.split("-"))
    if interval is Interval.WEEK:
        return date.fromisocalendar(year, number, 1)
    return date(year, (number - 1) * _MONTHS[interval] + 1, 1)


def _day_after(interval: Interval, first: date) -> date | None:
    try:
        if interval in _DAYS:
            return first + timedelta(days=_DAYS[interval])
        months = first.year * 12 + first.month - 1 + _MONTHS[interval]
        return date(months // 12, months % 12 + 1, 1)
    except (OverflowError, ValueError):
        return None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
