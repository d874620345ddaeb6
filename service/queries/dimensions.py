"""Reading `CustomerBuckets`, as JSON in GraphQL's names, into dimensions."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from math import prod
from typing import Any

from service.customers.declared import CompanyType, TypeState
from service.customers.fields import CATALOGUE, Kind
from service.errors import InvalidArgument
from service.queries.buckets import ByCalendar, ByRanges, ByValue, ByWidth, Range, Way
from service.queries.calendar import Interval
from service.queries.facets import STATE, Dimension, Holds
from service.queries.terms import Given, Terms, check_company_name, value_of

MAX_FACETS = 20
MAX_SIZE = 1000
MAX_RANGES = 100
MAX_GROUPED_BY = 2

COMPANY = "companyField"
_FEW, _MANY = 10, 60
"""Default sizes: of values, and of intervals."""

_WIDEST = 1e15
_PATHS = {
    **{field.camel_name: (field.name, field.kind) for field in CATALOGUE},
    "isForgotten": (STATE, Kind.FLAG),
    "createdAt": ("created_at", Kind.DATE_TIME),
    "updatedAt": ("updated_at", Kind.DATE_TIME),
}
"""Where a field stands in documents, by its name in GraphQL."""

_FIRST_MOMENT = datetime.min.replace(tzinfo=UTC)
_LAST_MOMENT = datetime.max.replace(microsecond=999000, tzinfo=UTC)
_FIRST_DATE, _LAST_DATE = "0", ":"
"""Texts before and behind all dates."""

_SORTS_NUMBERS = {CompanyType.ANY, CompanyType.NUMBER, CompanyType.LIST}
_ONE_OF = ("width", "ranges", "interval")


def read_facets(given: Sequence[Given], terms: Terms, at: str = "of") -> list[Dimension]:
    """Raises InvalidArgument, which names the place, such as `of.0.country.size`."""
    if not 1 <= len(given) <= MAX_FACETS:
        raise InvalidArgument(at, f"expected 1 to {MAX_FACETS} fields")
    return _each(given, terms, at)


def read_grouping(given: Sequence[Given], terms: Terms, at: str = "by") -> list[Dimension]:
    """The same of what customers are grouped by."""
    if not 1 <= len(given) <= MAX_GROUPED_BY:
        raise InvalidArgument(at, "expected one or two fields")
    dimensions = _each(given, terms, at)
    for place, dimension in enumerate(dimensions):
        if dimension.ignores_own_filter:
            (name,) = given[place]
            raise InvalidArgument(f"{at}.{place}.{name}.ignoreOwnFilter", "for facets only")
    if len({dimension.path for dimension in dimensions}) < len(dimensions):
        raise InvalidArgument(f"{at}.1", "expected another field than the first")
    if prod(dimension.way.size for dimension in dimensions) > MAX_SIZE:
        raise InvalidArgument(at, f"the sizes multiplied are more than {MAX_SIZE}")
    return dimensions


def _each(given: Sequence[Given], terms: Terms, at: str) -> list[Dimension]:
    return [_dimension(one, terms, f"{at}.{place}") for place, one in enumerate(given)]


def _dimension(given: Given, terms: Terms, at: str) -> Dimension:
    ((name, sent),) = given.items()
    asked = {key: value for key, value in sent.items() if value is not None}
    at = f"{at}.{name}"
    if name == COMPANY:
        return _company(asked, terms, at)
    path, kind = _PATHS[name]
    way = _WAYS.get(kind, _values)(asked, terms, at)
    holds = Holds.SET if kind is Kind.TEXT_SET else Holds.ONE
    return Dimension(name, path, way, holds, _ignores_own(asked))


def _ignores_own(asked: Given) -> bool:
    return bool(asked.get("ignoreOwnFilter"))


def _size(asked: Given, at: str, default: int) -> int:
    size: int = asked.get("size", default)
    if not 1 <= size <= MAX_SIZE:
        raise InvalidArgument(f"{at}.size", f"expected 1 to {MAX_SIZE}")
    return size


def _values(asked: Given, _: Terms, at: str) -> Way:
    return ByValue(_size(asked, at, _FEW))


def _moments(asked: Given, terms: Terms, at: str) -> Way:
    size = _size(asked, at, _MANY)
    if "ranges" not in asked:
        return ByCalendar(Interval(asked.get("interval", "MONTH")), terms.rules.zone, size)

    def read(raw: object, place: str) -> Any:
        return value_of(Kind.DATE_TIME, raw, place, terms)

    return ByRanges(_ranges(asked, at, read), _FIRST_MOMENT, _LAST_MOMENT)


def _dates(asked: Given, terms: Terms, at: str) -> Way:
    size = _size(asked, at, _MANY)
    if "ranges" not in asked:
        interval = Interval(asked.get("interval", "MONTH"))
        return ByCalendar(_of_days(interval, at), None, size)

    def read(raw: object, place: str) -> str:
        return _first_date(value_of(Kind.DATE_TIME, raw, place, terms), terms, place)

    return ByRanges(_ranges(asked, at, read), _FIRST_DATE, _LAST_DATE)


def _of_days(interval: Interval, at: str) -> Interval:
    if interval is Interval.HOUR:
        raise InvalidArgument(f"{at}.interval", "a date has no hours")
    return interval


def _first_date(moment: datetime, terms: Terms, at: str) -> str:
    """The first that begins at the moment or after it."""
    local = moment.astimezone(terms.rules.zone)
    day = date(local.year, local.month, local.day)
    if (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0):
        return day.isoformat()
    try:
        return (day + timedelta(days=1)).isoformat()
    except OverflowError:
        raise InvalidArgument(at, "too far away") from None


def _company(asked: Given, terms: Terms, at: str) -> Dimension:
    name = asked["name"]
    check_company_name(name, f"{at}.name", terms)
    ways = [way for way in _ONE_OF if way in asked]
    if len(ways) > 1:
        raise InvalidArgument(f"{at}.{ways[1]}", f"does not go with {ways[0]}")
    declared = terms.declared.get(name)
    type_ = CompanyType.ANY if declared is None else declared.type
    is_sure = declared is not None and declared.type_state is TypeState.ENFORCED
    holds = Holds.ONE if type_.is_scalar and is_sure else Holds.ANYTHING
    size = _size(asked, at, _FEW)
    way = _COMPANY_WAYS[ways[0]](asked, type_, terms, at, size) if ways else ByValue(size)
    return Dimension(name, name, way, holds, _ignores_own(asked))


def _by_width(asked: Given, type_: CompanyType, _: Terms, at: str, size: int) -> Way:
    width = asked["width"]
    _check_numbers(type_, f"{at}.width")
    if not 0 < width <= _WIDEST:
        raise InvalidArgument(f"{at}.width", f"expected more than 0, at most {_WIDEST:g}")
    return ByWidth(int(width) if width == int(width) else width, size)


def _by_numbers(asked: Given, type_: CompanyType, _: Terms, at: str, __: int) -> Way:
    _check_numbers(type_, f"{at}.ranges")
    ranges = _ranges(asked, at, lambda raw, _: raw)
    return ByRanges(ranges, float("-inf"), float("inf"))


def _by_calendar(asked: Given, type_: CompanyType, terms: Terms, at: str, size: int) -> Way:
    interval = Interval(asked["interval"])
    if type_ is CompanyType.DATE:
        return ByCalendar(_of_days(interval, at), None, size)
    if type_ is CompanyType.DATE_TIME:
        return ByCalendar(interval, terms.rules.zone, size)
    raise InvalidArgument(f"{at}.interval", "the field is not declared as DATE or DATE_TIME")


_WAYS: Mapping[Kind, Callable[[Given, Terms, str], Way]] = {
    Kind.DATE: _dates,
    Kind.DATE_TIME: _moments,
}

_COMPANY_WAYS: Mapping[str, Callable[[Given, CompanyType, Terms, str, int], Way]] = {
    "width": _by_width,
    "ranges": _by_numbers,
    "interval": _by_calendar,
}


def _check_numbers(type_: CompanyType, at: str) -> None:
    if type_ not in _SORTS_NUMBERS:
        raise InvalidArgument(at, f"the field is declared as {type_}, which holds no numbers")


def _ranges(asked: Given, at: str, read: Callable[[Any, str], Any]) -> tuple[Range, ...]:
    given = asked["ranges"] if isinstance(asked["ranges"], list) else [asked["ranges"]]
    at = f"{at}.ranges"
    if not 1 <= len(given) <= MAX_RANGES:
        raise InvalidArgument(at, f"expected 1 to {MAX_RANGES} ranges")
    return tuple([_range(one, f"{at}.{place}", read) for place, one in enumerate(given)])


def _range(given: Given, at: str, read: Callable[[Any, str], Any]) -> Range:
    ends = [
        None if given.get(end) is None else read(given[end], f"{at}.{end}")
        for end in ("from", "to")
    ]
    low, high = ends
    if low is None and high is None:
        raise InvalidArgument(at, "expected an end, or both")
    if low is not None and high is not None and not low < high:
        raise InvalidArgument(f"{at}.to", "expected more than `from`")
    return Range(low, high)
