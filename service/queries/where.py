"""Conditions on customers: a `CustomerWhere`, as JSON, to a filter.

Values are read as on upload. What nothing can meet is an error at its place, never an empty page.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from service.customers.fields import CATALOGUE, Field, Kind
from service.customers.records import State
from service.customers.texts import is_storable
from service.errors import InvalidArgument, SegmentInvalid
from service.queries.company_where import read_company_field
from service.queries.conditions import (
    Operators,
    all_of,
    any_of,
    begins_as,
    begins_with,
    comparisons,
    equals_as,
    existence,
    fragment,
    has_within,
    members,
    none_of,
    on,
    sought,
)
from service.queries.periods import birth_conditions, moment_conditions
from service.queries.segments import check_named
from service.queries.terms import Filter, Given, Terms, listed, refuse_nulls, value_of


class _TooDeep(InvalidArgument):
    """No fault of the conditions at the place: of those around them."""


_NUMBER_PUNCTUATION = str.maketrans("", "", " .()-[]")


def read_where(given: Given, terms: Terms, at: str = "where") -> Filter:
    """Raises InvalidArgument, which names the place, such as `where.and.0.country.eq`."""
    refuse_nulls(given, at)
    check_named(given, terms.segments, at)
    return _read(given, terms, at, depth=1)


def _read(given: Given, terms: Terms, at: str, depth: int) -> Filter:
    if depth > terms.max_depth:
        raise _TooDeep(at, f"conditions nest at most {terms.max_depth} levels deep")
    return all_of(
        _condition(name, operand, terms, f"{at}.{name}", depth) for name, operand in given.items()
    )


def _condition(name: str, given: Any, terms: Terms, at: str, depth: int) -> Filter:
    if name in ("and", "or"):
        return _several(name, given, terms, at, depth)
    if name == "not":
        if not given:
            raise InvalidArgument(at, "an empty condition holds for everyone, so nobody is left")
        return none_of(_read(given, terms, at, depth + 1))
    if name == "companyFields":
        return all_of(
            read_company_field(one, f"{at}.{place}", terms)
            for place, one in enumerate(listed(given, at))
        )
    if not given:
        raise InvalidArgument(at, "expected a condition")
    if name == "segment":
        return _segments(given, at, terms, depth)
    return _of_field(name, given, at, terms)


def _several(name: str, given: Any, terms: Terms, at: str, depth: int) -> Filter:
    filters = [
        _read(one, terms, f"{at}.{place}", depth + 1) for place, one in enumerate(listed(given, at))
    ]
    return any_of(filters) if name == "or" else all_of(filters)


def _segments(given: Given, at: str, terms: Terms, depth: int) -> Filter:
    """Their conditions in the place of each."""

    def of(segment_id: str, place: str) -> Filter:
        if segment_id not in terms.segments:
            raise InvalidArgument(place, "no segment has this id")
        where = terms.segments[segment_id]
        if where is None:
            raise SegmentInvalid(place)
        terms.check_saved(where)
        try:
            return _read(where, terms.of_saved, place, depth + 1)
        except _TooDeep:
            raise
        except InvalidArgument:
            raise SegmentInvalid(place) from None

    filters = []
    if "in" in given:
        inside = members(given["in"], f"{at}.in", lambda raw, place: of(str(raw), place))
        filters.append(any_of(inside))
    if "notIn" in given:
        outside = members(given["notIn"], f"{at}.notIn", lambda raw, place: of(str(raw), place))
        filters.append({"$nor": outside})
    return all_of(filters)


def _of_field(name: str, given: Given, at: str, terms: Terms) -> Filter:
    if name == "id":
        return all_of({"_id": one} for one in comparisons(given, at, _id))
    if name == "isForgotten":
        return {"state": State.FORGOTTEN.value if given["eq"] else State.LIVE.value}
    if name in _MOMENTS:
        if given.get("exists") is False:
            raise InvalidArgument(f"{at}.exists", "every customer has it")
        return all_of({_MOMENTS[name]: one} for one in moment_conditions(given, at, terms))
    field = _FIELDS[name]
    found = _CONDITIONS[field.kind](_Asked(field.kind, given, at, terms))
    filters = [on(field.name, one) for one in found]
    return all_of([*filters, *_keyed(field, given, at, terms)])


def _id(raw: object, at: str) -> str:
    text = str(raw)
    if not is_storable(text):
        raise InvalidArgument(at, "not an id")
    return text


def _keyed(field: Field, given: Given, at: str, terms: Terms) -> list[Filter]:
    """For `eq` and `in` of identifiers: digests, which an index finds."""
    if terms.digest is None or field.kind not in _DIGESTED:
        return []
    digest = terms.digest
    found: list[Filter] = []
    if "eq" in given:
        found.append({"keys": digest(field.name, value_of(field.kind, given["eq"], at, terms))})
    elif "in" in given:
        values = [value_of(field.kind, raw, at, terms) for raw in listed(given["in"], at)]
        found.append({"keys": {"$in": [digest(field.name, value) for value in values]}})
    return found


class _Asked(NamedTuple):
    """What is asked of one field."""

    kind: Kind
    given: Given
    at: str
    terms: Terms

    def read(self, raw: object, at: str) -> Any:
        return value_of(self.kind, raw, at, self.terms)


def _text(asked: _Asked) -> list[Operators]:
    given, at = asked.given, asked.at
    if given.get("ignoreCase"):
        return _text_ignoring_case(asked)
    found = comparisons(given, at, asked.read)
    if "startsWith" in given:
        found.append(begins_with(fragment(given["startsWith"], f"{at}.startsWith")))
    if "contains" in given:
        text = fragment(given["contains"], f"{at}.contains")
        found.append(has_within(sought(text, f"{at}.contains")))
    return _some([*found, *existence(given, at)], at)


def _text_ignoring_case(asked: _Asked) -> list[Operators]:
    """Ranges have no meaning without case."""
    given, at = asked.given, asked.at

    def read(raw: object, place: str) -> str:
        return sought(asked.read(raw, place), place)

    for name in ("lt", "lte", "gt", "gte"):
        if name in given:
            raise InvalidArgument(f"{at}.{name}", "ranges do not go with ignoreCase")
    found: list[Operators] = []
    for name in ("eq", "ne"):
        if name in given:
            same = equals_as(read(given[name], f"{at}.{name}"))
            found.append(same if name == "eq" else {"$not": same})
    for name in ("in", "notIn"):
        if name in given:
            any_ = equals_as(*members(given[name], f"{at}.{name}", read))
            found.append(any_ if name == "in" else {"$not": any_})
    if "startsWith" in given:
        text = fragment(given["startsWith"], f"{at}.startsWith")
        found.append(begins_as(sought(text, f"{at}.startsWith")))
    if "contains" in given:
        text = fragment(given["contains"], f"{at}.contains")
        found.append(has_within(sought(text, f"{at}.contains"), ignore_case=True))
    return _some([*found, *existence(given, at)], at)


def _email(asked: _Asked) -> list[Operators]:
    given, at = asked.given, asked.at
    found = comparisons(given, at, asked.read)
    if "startsWith" in given:
        text = fragment(given["startsWith"], f"{at}.startsWith").strip().lower()
        found.append(begins_with(_not_empty(text, f"{at}.startsWith")))
    if "contains" in given:
        text = fragment(given["contains"], f"{at}.contains").lower()
        found.append(has_within(sought(text, f"{at}.contains")))
    if "domain" in given:
        found.append(_domain(given["domain"], f"{at}.domain", asked.terms))
    return _some([*found, *existence(given, at)], at)


def _domain(raw: str, at: str, terms: Terms) -> Operators:
    try:
        address = value_of(Kind.EMAIL, f"a@{raw.strip().removeprefix('@')}", at, terms)
    except InvalidArgument:
        raise InvalidArgument(at, "expected a domain, such as example.org") from None
    pattern: str = has_within(address.removeprefix("a"))["$regex"]
    return {"$regex": f"{pattern}$"}


def _phone_number(asked: _Asked) -> list[Operators]:
    given, at = asked.given, asked.at
    found = comparisons(given, at, asked.read)
    if "startsWith" in given:
        digits = _digits(given["startsWith"], f"{at}.startsWith")
        found.append(begins_with(f"+{digits}"))
    if "contains" in given:
        found.append(has_within(_digits(given["contains"], f"{at}.contains")))
    return _some([*found, *existence(given, at)], at)


def _digits(raw: str, at: str) -> str:
    """Of a part of a number, in any usual writing."""
    digits = raw.translate(_NUMBER_PUNCTUATION).removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 15):
        raise InvalidArgument(at, "expected some digits of a phone number, such as +358")
    return digits


def _code(asked: _Asked) -> list[Operators]:
    return _some(
        [*comparisons(asked.given, asked.at, asked.read), *existence(asked.given, asked.at)],
        asked.at,
    )


def _permission(asked: _Asked) -> list[Operators]:
    """Absent is false, unless `exists` asks for what was said."""
    given, at = asked.given, asked.at
    wanted, exists = given.get("eq"), given.get("exists")
    if exists is False and wanted is True:
        raise InvalidArgument(f"{at}.exists", "what was never given is not true")
    if exists is False:
        return [{"$eq": None}]
    if exists is True:
        return [{"$in": [False, True]}] if wanted is None else [{"$eq": wanted}]
    return [{"$eq": True}] if wanted else [{"$in": [None, False]}]


def _text_set(asked: _Asked) -> list[Operators]:
    given, at = asked.given, asked.at

    def read(raw: object, place: str) -> Any:
        return value_of(Kind.TEXT_SET, raw, place, asked.terms)[0]

    found: list[Operators] = []
    if "has" in given:
        found.append({"$eq": read(given["has"], f"{at}.has")})
    for name, operator in (("hasAny", "$in"), ("hasAll", "$all"), ("hasNone", "$nin")):
        if name in given:
            found.append({operator: members(given[name], f"{at}.{name}", read)})
    return _some([*found, *_emptiness(given, at)], at)


def _emptiness(given: Given, at: str) -> list[Operators]:
    is_empty, exists = given.get("isEmpty"), given.get("exists")
    holds = {"has", "hasAny", "hasAll"} & set(given)
    if holds and (is_empty is True or exists is False):
        raise InvalidArgument(at, "what has no members meets no condition on one")
    if exists is False and is_empty is False:
        raise InvalidArgument(f"{at}.exists", "what is absent has no members")
    if exists is False:
        return [{"$eq": None}]
    found: list[Operators] = []
    if is_empty is True:
        found.append({"$eq": []} if exists else {"$not": _HAS_MEMBERS})
    elif is_empty is False:
        found.append(_HAS_MEMBERS)
    elif exists is True:
        found.append({"$ne": None})
    return found


def _birth_date(asked: _Asked) -> list[Operators]:
    return _some(birth_conditions(asked.given, asked.at, asked.terms), asked.at)


def _date_time(asked: _Asked) -> list[Operators]:
    return _some(moment_conditions(asked.given, asked.at, asked.terms), asked.at)


def _not_empty(text: str, at: str) -> str:
    if not text:
        raise InvalidArgument(at, "expected some text")
    return text


def _some(found: list[Operators], at: str) -> list[Operators]:
    if not found:
        raise InvalidArgument(at, "expected a condition")
    return found


_HAS_MEMBERS: Operators = {"$gt": ""}
"""A member that is no empty text, which none is."""

_DIGESTED = frozenset({Kind.EXTERNAL_ID, Kind.EMAIL, Kind.PHONE_NUMBER})
_FIELDS = {field.camel_name: field for field in CATALOGUE}
_MOMENTS = {"createdAt": "created_at", "updatedAt": "updated_at"}
_CONDITIONS: dict[Kind, Callable[[_Asked], list[Operators]]] = {
    Kind.EXTERNAL_ID: _text,
    Kind.EMAIL: _email,
    Kind.PHONE_NUMBER: _phone_number,
    Kind.PERMISSION: _permission,
    Kind.TEXT: _text,
    Kind.DATE: _birth_date,
    Kind.DATE_TIME: _date_time,
    Kind.COUNTRY: _code,
    Kind.LANGUAGE: _code,
    Kind.TEXT_SET: _text_set,
}
