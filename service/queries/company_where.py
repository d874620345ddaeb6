"""Conditions on a company field: a `CompanyFieldFilter`, as JSON, to a filter.

A company field holds anything, and MongoDB looks into lists where it compares: what is asked of a
text or a number says that it is none of a list's members.
"""

from collections.abc import Mapping
from typing import Any

from service.customers.company import read_value
from service.customers.declared import CompanyType, read_as
from service.customers.kinds import ValueKind
from service.customers.texts import Unreadable
from service.errors import InvalidArgument
from service.queries.conditions import (
    Operators,
    all_of,
    any_of,
    begins_as,
    begins_with,
    equals_as,
    fragment,
    has_within,
    none_of,
    ranges,
    sought,
)
from service.queries.periods import period_conditions
from service.queries.terms import Filter, Given, Terms, check_company_name, listed, unreadable

_TYPES: Mapping[ValueKind, tuple[str, ...]] = {
    ValueKind.TEXT: ("string", "date"),
    ValueKind.NUMBER: ("number",),
    ValueKind.BOOLEAN: ("bool",),
    ValueKind.LIST: ("array",),
    ValueKind.OBJECT: ("object",),
}
"""MongoDB's names of the types that values of a kind have; a list's members are none of it."""

_PERIODS = ("last", "next", "olderThan")
_MOMENTS = (CompanyType.DATE, CompanyType.DATE_TIME)
_NO_CONDITIONS = {"name", "ignoreCase"}
_OF_THE_ABSENT = {"exists", "ne", "notIn", "isEmpty"}


def read_company_field(given: Given, at: str, terms: Terms) -> Filter:
    name = given["name"]
    check_company_name(name, f"{at}.name", terms)
    if not set(given) - _NO_CONDITIONS:
        raise InvalidArgument(at, "expected a condition")
    reading = _Reading(name, given, at, terms)
    return all_of(reading.filters())


class _Reading:
    def __init__(self, name: str, given: Given, at: str, terms: Terms) -> None:
        self.name, self.given, self.at, self.terms = name, given, at, terms
        declared = terms.declared.get(name)
        self.type = declared.type if declared else CompanyType.ANY
        self.ignores_case = bool(given.get("ignoreCase"))

    def filters(self) -> list[Filter]:
        return [
            *self._equality(),
            *self._ranges(),
            *self._texts(),
            *self._members(),
            *self._periods(),
            *self._kinds(),
            *self._existence(),
        ]

    def _value(self, raw: object, at: str) -> Any:
        """As a declared type says, or as it came."""
        try:
            return read_as(self.type, raw, self.terms.rules.zone)
        except Unreadable as error:
            raise unreadable(at, error) from None

    def _equality(self) -> list[Filter]:
        filters = []
        for key, negated in (("eq", False), ("ne", True)):
            if key in self.given:
                at = f"{self.at}.{key}"
                one = self._equal(self._value(self.given[key], at), at)
                filters.append(none_of(one) if negated else one)
        for key, negated in (("in", False), ("notIn", True)):
            if key in self.given:
                wanted = [self._equal(value, at) for value, at in self._listed(key)]
                filters.append({"$nor": wanted} if negated else any_of(wanted))
        return filters

    def _listed(self, key: str) -> list[tuple[Any, str]]:
        """Each member with its place."""
        at = f"{self.at}.{key}"
        places = [(raw, f"{at}.{place}") for place, raw in enumerate(listed(self.given[key], at))]
        return [(self._value(raw, place), place) for raw, place in places]

    def _equal(self, value: Any, at: str) -> Filter:
        if isinstance(value, list):
            return {"$expr": {"$eq": [f"${self.name}", {"$literal": value}]}}
        if isinstance(value, str) and self.ignores_case:
            return self._alone(equals_as(sought(value, at)))
        return self._alone({"$eq": value})

    def _alone(self, operators: Operators) -> Filter:
        """Of the value itself. A declared scalar is no list anyway, and an index holds it whole."""
        if not self.type.is_scalar:
            return {self.name: {**operators, "$not": {"$type": "array"}}}
        return {self.name: dict(operators)}

    def _ranges(self) -> list[Filter]:
        return [self._alone(one) for one in ranges(self.given, self.at, self._ordered)]

    def _ordered(self, raw: object, at: str) -> Any:
        value = self._value(raw, at)
        if isinstance(value, bool | list | dict):
            raise InvalidArgument(at, "only numbers, texts and moments have an order")
        return value

    def _texts(self) -> list[Filter]:
        found: list[Operators] = []
        if "startsWith" in self.given:
            at = f"{self.at}.startsWith"
            text = fragment(self.given["startsWith"], at)
            found.append(begins_as(sought(text, at)) if self.ignores_case else begins_with(text))
        if "contains" in self.given:
            at = f"{self.at}.contains"
            text = sought(fragment(self.given["contains"], at), at)
            found.append(has_within(text, ignore_case=self.ignores_case))
        return [self._alone(one) for one in found]

    def _members(self) -> list[Filter]:
        found: list[Operators] = []
        if "has" in self.given:
            found.append({"$eq": self._member(self.given["has"], f"{self.at}.has")})
        if "hasAny" in self.given:
            found.append({"$in": self._several("hasAny")})
        if "hasAll" in self.given:
            found += [{"$eq": value} for value in self._several("hasAll")]
        filters: list[Filter] = [{self.name: {"$elemMatch": one}} for one in found]
        if len(filters) > 1:
            filters = [{"$and": filters}]
        if "isEmpty" in self.given:
            filters.append(self._emptiness())
        return filters

    def _several(self, key: str) -> list[Any]:
        at = f"{self.at}.{key}"
        return [
            self._member(raw, f"{at}.{place}")
            for place, raw in enumerate(listed(self.given[key], at))
        ]

    def _member(self, raw: object, at: str) -> Any:
        try:
            return read_value(raw)
        except Unreadable as error:
            raise unreadable(at, error) from None

    def _emptiness(self) -> Filter:
        if self.given["isEmpty"]:
            return {"$or": [{self.name: {"$exists": False}}, {self.name: {"$size": 0}}]}
        return {
            "$and": [{self.name: {"$type": "array"}}, {self.name: {"$not": {"$size": 0}}}],
        }

    def _periods(self) -> list[Filter]:
        asked = [key for key in _PERIODS if key in self.given]
        if asked and self.type not in _MOMENTS:
            raise InvalidArgument(
                f"{self.at}.{asked[0]}", "the field is not declared as DATE or DATE_TIME"
            )
        as_date = self.type is CompanyType.DATE
        found = period_conditions(self.given, self.at, self.terms, as_date=as_date)
        return [self._alone(one) for one in found]

    def _kinds(self) -> list[Filter]:
        if "kind" not in self.given:
            return []
        kinds = listed(self.given["kind"], f"{self.at}.kind")
        types = [type_ for kind in kinds for type_ in _TYPES[ValueKind(kind)]]
        return [any_of([self._of_type(type_) for type_ in types])]

    def _of_type(self, type_: str) -> Filter:
        if type_ == "array":
            return {self.name: {"$type": type_}}
        return {self.name: {"$type": type_, "$not": {"$type": "array"}}}

    def _existence(self) -> list[Filter]:
        if "exists" not in self.given:
            return []
        if not self.given["exists"] and set(self.given) - _NO_CONDITIONS - _OF_THE_ABSENT:
            raise InvalidArgument(f"{self.at}.exists", "what is absent meets no other condition")
        return [{self.name: {"$exists": bool(self.given["exists"])}}]
