"""Customers at random, and how they divide: told anew, without the service's code."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from math import floor
from random import Random
from statistics import fmean
from typing import Any
from zoneinfo import ZoneInfo

Document = Mapping[str, Any]
Told = tuple[Any, Any, Any, int]
"""Value, from, to, and how many."""

MIXED: list[Any] = [
    3, 3.0, "3", True, False, 0, 1, -7.5, "", "Ääs", "$country", 2**40, [], [1, 1, "3"],
    [True, 1, 0.5], [None, 2], [[3], 3], {"a": 1}, [{"a": 1}, {"a": 1}], ["$x", "a"],
]  # fmt: skip
NUMBERS: list[Any] = [0, 0.1, 0.3, 0.7, 1, 2.5, 99, 100, 100.5, -1, -100, 250, "100", [7, 130, 7]]
COUNTRIES = ["FI", "GB", "DE", "SE"]
TAGS = ["a", "b", "c", "$d"]
DATES = ["1991-06-14", "2004-02-29", "1970-01-01", "1999-12-31", "2000-01-01", "0999-05-05"]
_BEGIN = datetime(2025, 12, 28, 21, tzinfo=UTC)
_CLOCKS = [datetime(2026, 3, 28, 21, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC)]

HELSINKI = ZoneInfo("Europe/Helsinki")


def values(random: Random) -> dict[str, Any]:
    """Of one customer, some of them absent; many moments are near a change of clocks."""
    near = random.choice(_CLOCKS) + timedelta(minutes=random.randrange(600))
    all_ = {
        "country": random.choice(COUNTRIES),
        "can_email": random.random() < 0.5,
        "tags": random.sample(TAGS, random.randint(0, 3)),
        "birth_date": random.choice(DATES),
        "date_joined": random.choice([near, _BEGIN + timedelta(hours=random.randrange(9000))]),
        "last_login": datetime(random.choice([1, 999, 1899, 2026]), 5, 4, 3, tzinfo=UTC),
        "A__mixed": random.choice(MIXED),
        "A__number": random.choice(NUMBERS),
        "A__born": random.choice(DATES),
        "A__seen": near,
        "state": random.choice(["live", "live", "forgotten"]),
    }
    kept = {name: value for name, value in all_.items() if random.random() < 0.8}
    return {"state": "live", **kept}


def by_value(documents: Iterable[Document], path: str, size: int) -> tuple[list[Told], int, int]:
    """Buckets, missing and other."""
    counts: Counter[tuple[str, Any]] = Counter()
    missing = other = 0
    for document in documents:
        members = _members(document, path)
        missing += members is None
        for one in members or ():
            if _rank(one) is None:
                other += 1
            else:
                counts[_rank(one), one] += 1  # type: ignore[index]
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0][0], _bytes(item[0][1])))
    buckets = [(value, None, None, count) for (_, value), count in ordered]
    return buckets[:size], missing, other + sum(one[3] for one in buckets[size:])


def _members(document: Document, path: str) -> list[Any] | None:
    """Different ones, of a list."""
    if path not in document:
        return None
    value = document[path]
    if not isinstance(value, list):
        return [value]
    found: list[Any] = []
    for one in value:
        if not any(type(one) is type(other) and one == other for other in found):
            found.append(one)
    return found


def _rank(value: Any) -> str | None:
    """In which order databases have kinds of values."""
    if isinstance(value, bool):
        return "3"
    return "1" if isinstance(value, int | float) else "2" if isinstance(value, str) else None


def _bytes(value: Any) -> Any:
    return value.encode() if isinstance(value, str) else value


def by_width(
    documents: Sequence[Document], path: str, width: float, size: int
) -> tuple[list[Told], int, int]:
    counts: Counter[int] = Counter()
    missing = other = 0
    for document in documents:
        members = _members(document, path)
        missing += members is None
        for one in members or ():
            if isinstance(one, bool) or not isinstance(one, int | float):
                other += 1
                continue
            number = floor(one / width)
            number -= one < number * width
            number += one >= (number + 1) * width
            counts[number] += 1
    largest = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = [(None, n * width, (n + 1) * width, count) for n, count in sorted(largest[:size])]
    return shown, missing, other + sum(count for _, count in largest[size:])


def by_ranges(
    documents: Iterable[Document], path: str, ranges: Sequence[tuple[Any, Any]], kinds: Any
) -> tuple[list[Told], int, int]:
    counts = [0] * len(ranges)
    missing = other = 0
    for document in documents:
        members = _members(document, path)
        missing += members is None
        for one in members or ():
            fits = isinstance(one, kinds) and not isinstance(one, bool)
            inside = [
                place
                for place, (low, high) in enumerate(ranges)
                if fits and (low is None or low <= one) and (high is None or one < high)
            ]
            other += not inside
            for place in inside:
                counts[place] += 1
    told = [(None, *ends, count) for ends, count in zip(ranges, counts, strict=True)]
    return told, missing, other


def by_calendar(
    documents: Iterable[Document], path: str, interval: str, zone: ZoneInfo, size: int
) -> tuple[list[Told], int, int]:
    counts: Counter[tuple[Any, Any]] = Counter()
    missing = other = 0
    for document in documents:
        value = document.get(path)
        missing += value is None
        if value is None:
            continue
        if str(value) < "1000":
            other += 1
            continue
        counts[_interval(value, interval, zone)] += 1
    ordered = sorted(counts.items())
    shown = [(None, low, high, count) for (low, high), count in ordered[-size:]]
    return shown, missing, other + sum(count for _, count in ordered[:-size])


def _interval(value: Any, interval: str, zone: ZoneInfo) -> tuple[Any, Any]:
    if isinstance(value, str):
        low, high = _days(date.fromisoformat(value), interval)
        return low.isoformat(), high.isoformat()
    if interval == "HOUR":
        begin = value.astimezone(zone).replace(minute=0, second=0).astimezone(UTC)
        return _text(begin), _text(begin + timedelta(hours=1))
    low, high = _days(value.astimezone(zone).date(), interval)
    return _text(_midnight(low, zone)), _text(_midnight(high, zone))


def _days(day: date, interval: str) -> tuple[date, date]:
    if interval == "DAY":
        return day, day + timedelta(days=1)
    if interval == "WEEK":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=7)
    if interval == "MONTH":
        return day.replace(day=1), (day.replace(day=1) + timedelta(days=31)).replace(day=1)
    if interval == "QUARTER":
        begin = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        return begin, (begin + timedelta(days=95)).replace(day=1)
    years = {"YEAR": 1, "DECADE": 10}[interval]
    year = day.year // years * years
    return date(year, 1, 1), date(year + years, 1, 1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _text(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def filled(documents: Iterable[Document], path: str) -> int:
    return sum(path in document for document in documents)


def distinct(documents: Iterable[Document], path: str) -> int:
    return len(by_value(documents, path, 10**9)[0])


def of_type(documents: Iterable[Document], path: str) -> Iterator[Any]:
    """The numbers in a company field; when it holds none, its texts."""
    there = [document[path] for document in documents if path in document]
    numbers = [one for one in there if isinstance(one, int | float) and not isinstance(one, bool)]
    texts: list[Any] = [one for one in there if isinstance(one, str)]
    return iter(numbers or texts)


def average(documents: Iterable[Document], path: str) -> float | None:
    numbers = [one for one in of_type(documents, path) if not isinstance(one, str)]
    return fmean(numbers) if numbers else None


def average_age(documents: Iterable[Document], today: date) -> float | None:
    born = [date.fromisoformat(one["birth_date"]) for one in documents if "birth_date" in one]
    ages = [_age(one, today) for one in born]
    return fmean(ages) if ages else None


def _age(born: date, today: date) -> int:
    """29 February is 28 February in other years."""
    try:
        birthday = born.replace(year=today.year)
    except ValueError:
        birthday = date(today.year, 2, 28)
    return today.year - born.year - (today < birthday)
