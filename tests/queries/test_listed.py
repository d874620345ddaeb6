"""Whom a filter can mean: the forgotten are left out only where it meets none of them."""

from typing import Any

import pytest

from service.queries.listed import always_there, listed
from tests.queries.reading import where

BOTH = {"$in": ["live", "forgotten"]}

STATES: dict[str, tuple[dict[str, Any], Any]] = {
    "everybody": ({}, BOTH),
    "what the forgotten keep": ({"country": {"eq": "FI"}}, BOTH),
    "a permission, which they refuse": ({"canEmail": {"eq": False}}, BOTH),
    "who lacks a value": ({"city": {"exists": False}}, BOTH),
    "who has another value, or none": ({"city": {"ne": "Oulu"}}, BOTH),
    "who has none of some members": ({"tags": {"hasNone": ["a"]}}, BOTH),
    "who may have nothing": ({"or": [{"city": {"eq": "a"}}, {"city": {"exists": False}}]}, BOTH),
    "a company field": ({"companyFields": [{"name": "A__x", "eq": 1}]}, BOTH),
    "a value": ({"city": {"eq": "Oulu"}}, "live"),
    "a value among others": ({"country": {"eq": "FI"}, "city": {"in": ["Oulu"]}}, "live"),
    "a beginning": ({"lastName": {"startsWith": "A"}}, "live"),
    "any value": ({"email": {"exists": True}}, "live"),
    "a member": ({"tags": {"hasAll": ["a"]}}, "live"),
    "the forgotten": ({"isForgotten": {"eq": True}}, "forgotten"),
}


@pytest.mark.parametrize(("given", "state"), STATES.values(), ids=STATES.keys())
def test_states_are_those_whom_the_conditions_can_mean(given: dict[str, Any], state: Any) -> None:
    assert state == listed(where(**given))["state"]


def test_what_all_have_is_told_by_the_conditions() -> None:
    filter_ = where(city={"exists": True}, tags={"has": "a"}, email={"exists": False})

    assert {"city", "tags"} == always_there(filter_)
