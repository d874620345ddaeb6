"""The order of a list: a list of `CustomerOrder`, as JSON, to keys of sorting.

An order is total: `_id`, which each order ends with, breaks ties.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from service.customers.declared import CompanyType, TypeState
from service.customers.fields import CATALOGUE, Kind
from service.errors import InvalidArgument, NotSortable
from service.queries.terms import Given, Terms, check_company_name

MAX_KEYS = 8
"""Of one order: past that, nobody sees a difference."""


@dataclass(frozen=True, slots=True)
class Key:
    """One field that decides.

    `least`: no value of it is less, and all are of one type; None: it may hold anything, of which
    numbers come first, then texts, then booleans, and all else counts as absent. `always`: no
    customer is without it.
    """

    path: str
    least: Any
    descending: bool = False
    absent_last: bool = False
    always: bool = False


Order = tuple[Key, ...]

_LEAST_TEXT = ""
_LEAST_MOMENT = datetime.min.replace(tzinfo=UTC)
_LEAST_NUMBER = float("-inf")

NEWEST: Order = (Key("created_at", _LEAST_MOMENT, descending=True, absent_last=True, always=True),)
"""The order of lists for which none is given."""

_LEAST: dict[Kind, Any] = {
    Kind.EXTERNAL_ID: _LEAST_TEXT,
    Kind.EMAIL: _LEAST_TEXT,
    Kind.PHONE_NUMBER: _LEAST_TEXT,
    Kind.PERMISSION: False,
    Kind.TEXT: _LEAST_TEXT,
    Kind.DATE: _LEAST_TEXT,
    Kind.DATE_TIME: _LEAST_MOMENT,
    Kind.COUNTRY: _LEAST_TEXT,
    Kind.LANGUAGE: _LEAST_TEXT,
}
"""Flags and sets have no order."""

SORTABLE: Mapping[str, Key] = {
    **{
        field.camel_name: Key(field.name, _LEAST[field.kind])
        for field in CATALOGUE
        if field.kind in _LEAST
    },
    "createdAt": Key("created_at", _LEAST_MOMENT, always=True),
    "updatedAt": Key("updated_at", _LEAST_MOMENT, always=True),
}
"""By GraphQL's name."""

_LEAST_DECLARED: dict[CompanyType, Any] = {
    CompanyType.TEXT: _LEAST_TEXT,
    CompanyType.NUMBER: _LEAST_NUMBER,
    CompanyType.BOOLEAN: False,
    CompanyType.DATE: _LEAST_TEXT,
    CompanyType.DATE_TIME: _LEAST_MOMENT,
}


def read_order(given: Sequence[Given] | None, terms: Terms, at: str = "orderBy") -> Order:
    """Raises InvalidArgument and NotSortable, which name the place."""
    if not given:
        return NEWEST
    keys: dict[str, Key] = {}
    for place, one in enumerate(given):
        key = _key(one, f"{at}.{place}", terms)
        keys.setdefault(key.path, key)
    if len(keys) > MAX_KEYS:
        raise InvalidArgument(at, f"expected at most {MAX_KEYS} keys")
    return tuple(keys.values())


def where_always(order: Order, paths: Collection[str]) -> Order:
    """The same for customers who all have a value of the paths."""
    return tuple([replace(key, always=True) if key.path in paths else key for key in order])


def _key(given: Given, at: str, terms: Terms) -> Key:
    ((name, asked),) = given.items()
    if name != "companyField":
        return _directed(SORTABLE[name], asked)
    return _directed(_company_key(asked, f"{at}.companyField", terms), asked.get("direction"))


def _company_key(given: Given, at: str, terms: Terms) -> Key:
    """Only what all stored values are of orders as it stands."""
    name = given["name"]
    check_company_name(name, f"{at}.name", terms)
    declared = terms.declared.get(name)
    if declared is None:
        return Key(name, None)
    is_enforced = declared.type_state is TypeState.ENFORCED
    if declared.type in (CompanyType.LIST, CompanyType.OBJECT):
        raise NotSortable(f"{at}.name")
    return Key(name, _LEAST_DECLARED.get(declared.type) if is_enforced else None)


def _directed(key: Key, direction: Any) -> Key:
    text = str(direction or "ASC")
    descending = text.startswith("DESC")
    last = descending if key.always or "_NULLS_" not in text else text.endswith("LAST")
    return replace(key, descending=descending, absent_last=last)
