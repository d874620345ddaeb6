"""Moments and dates in conditions: periods that count from now, days, birthdays, ages."""

from calendar import isleap, monthrange
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from service.customers.fields import Kind
from service.errors import InvalidArgument
from service.queries.conditions import Operators, comparisons, existence
from service.queries.terms import Terms, value_of

_DAYS_OF_YEAR = 366
_MOST_YEARS = 200
"""Of an age."""

_MONTHS = {
    f"{month:02}-": {f"{month:02}-{day:02}" for day in range(1, monthrange(2024, month)[1] + 1)}
    for month in range(1, 13)
}
"""The days of each. Whole months are named as such: a pattern must not become too long."""

_PLAIN_UNITS = {"minutes": "minutes", "hours": "hours"}


def moment_conditions(given: Mapping[str, Any], at: str, terms: Terms) -> list[Operators]:
    """A `DateTimeFilter`."""

    def read(raw: object, place: str) -> Any:
        return value_of(Kind.DATE_TIME, raw, place, terms)

    return [
        *comparisons(given, at, read),
        *_days(given, at, terms),
        *period_conditions(given, at, terms),
        *existence(given, at),
    ]


def _days(given: Mapping[str, Any], at: str, terms: Terms) -> list[Operators]:
    if "on" not in given:
        return []
    place = f"{at}.on"
    day = date.fromisoformat(value_of(Kind.DATE, given["on"], place, terms))
    try:
        bounds = [_midnight(day, terms), _midnight(day + timedelta(days=1), terms)]
    except OverflowError:
        raise InvalidArgument(place, "too far away") from None
    return [{"$gte": bounds[0]}, {"$lt": bounds[1]}]


def _midnight(day: date, terms: Terms) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=terms.rules.zone).astimezone(UTC)


def period_conditions(
    given: Mapping[str, Any], at: str, terms: Terms, *, as_date: bool = False
) -> list[Operators]:
    """`last`, `next` and `olderThan`; `as_date`: of days, which are stored as text."""
    now = _shown(terms.now, terms, as_date)
    found: list[Operators] = []
    if "last" in given:
        start = moved(given["last"], f"{at}.last", terms, back=True)
        found += [{"$gte": _shown(start, terms, as_date)}, {"$lte": now}]
    if "next" in given:
        end = moved(given["next"], f"{at}.next", terms)
        found += [{"$gte": now}, {"$lte": _shown(end, terms, as_date)}]
    if "olderThan" in given:
        start = moved(given["olderThan"], f"{at}.olderThan", terms, back=True)
        found.append({"$lt": _shown(start, terms, as_date)})
    return found


def _shown(moment: datetime, terms: Terms, as_date: bool) -> datetime | str:
    return moment.astimezone(terms.rules.zone).date().isoformat() if as_date else moment


def moved(period: Mapping[str, int], at: str, terms: Terms, *, back: bool = False) -> datetime:
    """So far from now, in UTC. Days and more are counted on the calendar of the service's time
    zone, at the same time of day; a day that a month lacks is its last."""
    ((unit, count),) = period.items()
    if count < 1:
        raise InvalidArgument(f"{at}.{unit}", "expected a number greater than 0")
    count = -count if back else count
    try:
        if unit in _PLAIN_UNITS:
            return terms.now + timedelta(**{unit: count})
        local = terms.now.astimezone(terms.rules.zone)
        return _on_calendar(local, unit, count).astimezone(UTC)
    except (OverflowError, ValueError):
        raise InvalidArgument(f"{at}.{unit}", "too far away") from None


def _on_calendar(local: datetime, unit: str, count: int) -> datetime:
    if unit in ("days", "weeks"):
        return local + timedelta(**{unit: count})
    months = local.year * 12 + local.month - 1 + count * (12 if unit == "years" else 1)
    year, month = divmod(months, 12)
    last = monthrange(year, month + 1)[1]
    return local.replace(year=year, month=month + 1, day=min(local.day, last))


def birth_conditions(given: Mapping[str, Any], at: str, terms: Terms) -> list[Operators]:
    """A `BirthDateFilter`; dates are stored as text, which orders them."""

    def read(raw: object, place: str) -> Any:
        return value_of(Kind.DATE, raw, place, terms)

    found = comparisons(given, at, read)
    if "birthday" in given:
        found.append(_birthday(given["birthday"], f"{at}.birthday", terms))
    if "age" in given:
        found += _age(given["age"], f"{at}.age", terms)
    return [*found, *existence(given, at)]


def _birthday(given: Mapping[str, Any], at: str, terms: Terms) -> Operators:
    today = terms.today.date()
    if "month" in given:
        if not 1 <= given["month"] <= 12:
            raise InvalidArgument(f"{at}.month", "expected 1 to 12")
        return {"$regex": f"-{given['month']:02}-"}
    if "today" in given:
        pattern = _on_days([today])
        return {"$regex": pattern} if given["today"] else {"$not": {"$regex": pattern}}
    end = moved(given["next"], f"{at}.next", terms).astimezone(terms.rules.zone).date()
    days = min((end - today).days, _DAYS_OF_YEAR)
    return {"$regex": _on_days([today + timedelta(days=number) for number in range(days + 1)])}


def _on_days(days: list[date]) -> str:
    """The end of a date of birth on one of the days. 29 February is 28 February in years without
    one. Nothing else in such a text looks so; to say that it ends there takes the embedded store
    six times as long."""
    texts = {f"{day:%m-%d}" for day in days}
    if any((day.month, day.day) == (2, 28) and not isleap(day.year) for day in days):
        texts.add("02-29")
    for month, whole in _MONTHS.items():
        if whole <= texts:
            texts = {*(texts - whole), month}
    return f"-(?:{'|'.join(sorted(texts))})"


def _age(given: Mapping[str, int], at: str, terms: Terms) -> list[Operators]:
    """Whoever is N today was born on this day N years ago, or before."""
    found: list[Operators] = []
    for name, years in given.items():
        if not 0 <= years <= _MOST_YEARS:
            raise InvalidArgument(f"{at}.{name}", f"expected 0 to {_MOST_YEARS}")
    for name, operator, more in (
        ("lt", "$gt", 0),
        ("lte", "$gt", 1),
        ("gt", "$lte", 1),
        ("gte", "$lte", 0),
    ):
        if name in given:
            found.append({operator: born_by(given[name] + more, terms)})
    low = max([given.get("gte", 0), given.get("gt", -1) + 1])
    high = min([given.get("lte", _MOST_YEARS), given.get("lt", _MOST_YEARS + 1) - 1])
    if low > high:
        raise InvalidArgument(at, "nothing lies between these bounds")
    return found


def born_by(age: int, terms: Terms) -> str:
    """The latest date of birth of those who have this age today, as text."""
    today = terms.today.date()
    year = today.year - age
    if (today.month, today.day) == (2, 28) and not isleap(today.year) and isleap(year):
        return f"{year:04}-02-29"
    return f"{year:04}-{today:%m-%d}"
