"""Conditions: how each is read, and where what is wrong with one is told."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from service.customers.declared import CompanyType
from service.errors import InvalidArgument
from service.queries.conditions import LONGEST_PATTERN
from tests.queries.reading import HELSINKI, TERMS, declaring, where

READ: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "nothing": ({}, {}),
    "an e-mail in any case": (
        {"email": {"eq": "Ann@EXAMPLE.org"}},
        {"email": {"$eq": "ann@example.org"}},
    ),
    "a phone number in a usual writing": (
        {"phoneNumber": {"eq": "+358 (40) 123-4567"}},
        {"phone_number": {"$eq": "+358401234567"}},
    ),
    "a country in any case": ({"country": {"in": ["gb"]}}, {"country": {"$in": ["GB"]}}),
    "a text trimmed": ({"city": {"ne": " Espoo "}}, {"city": {"$ne": "Espoo"}}),
    "a range of texts": (
        {"zipCode": {"gte": "00100", "lt": "00200"}},
        {"zip_code": {"$gte": "00100", "$lt": "00200"}},
    ),
    "a beginning": (
        {"city": {"startsWith": "Hel"}},
        {"city": {"$gte": "Hel", "$lt": "Hem"}},
    ),
    "a part, which is no pattern": (
        {"company": {"contains": "a.b*"}},
        {"company": {"$regex": "a\\.b\\*"}},
    ),
    "a part of a phone number": (
        {"phoneNumber": {"contains": "40 12"}},
        {"phone_number": {"$regex": "4012"}},
    ),
    "a domain": (
        {"email": {"domain": "Example.ORG"}},
        {"email": {"$regex": "@example\\.org$"}},
    ),
    "a permission that was given": ({"canSms": {"eq": True}}, {"can_sms": {"$eq": True}}),
    "a permission refused or never given": (
        {"canSms": {"eq": False}},
        {"can_sms": {"$in": [None, False]}},
    ),
    "a permission refused": (
        {"canSms": {"eq": False, "exists": True}},
        {"can_sms": {"$eq": False}},
    ),
    "a permission never given": ({"canSms": {"exists": False}}, {"can_sms": {"$eq": None}}),
    "the forgotten": ({"isForgotten": {"eq": True}}, {"state": "forgotten"}),
    "members": (
        {"tags": {"hasAny": ["a", "b"], "hasNone": ["c"]}},
        {"tags": {"$in": ["a", "b"], "$nin": ["c"]}},
    ),
    "no members": ({"tags": {"isEmpty": True}}, {"tags": {"$not": {"$gt": ""}}}),
    "conditions side by side": (
        {"city": {"eq": "Oulu"}, "country": {"exists": True}},
        {"city": {"$eq": "Oulu"}, "country": {"$ne": None}},
    ),
    "one of": (
        {"or": [{"city": {"eq": "Oulu"}}, {"city": {"exists": False}}]},
        {"$or": [{"city": {"$eq": "Oulu"}}, {"city": {"$eq": None}}]},
    ),
    "not": ({"not": {"city": {"eq": "Oulu"}}}, {"$nor": [{"city": {"$eq": "Oulu"}}]}),
    "all of, of one field": (
        {"and": [{"tags": {"has": "a"}}, {"tags": {"has": "b"}}]},
        {"tags": {"$eq": "a"}, "$and": [{"tags": {"$eq": "b"}}]},
    ),
    "this month": ({"birthDate": {"birthday": {"month": 6}}}, {"birth_date": {"$regex": "-06-"}}),
    "a company field, none of a list": (
        {"companyFields": [{"name": "A__x", "gte": 3}]},
        {"A__x": {"$gte": 3, "$not": {"$type": "array"}}},
    ),
    "texts, which moments are too": (
        {"companyFields": [{"name": "A__x", "kind": ["TEXT", "LIST"]}]},
        {
            "$or": [
                {"A__x": {"$type": "string", "$not": {"$type": "array"}}},
                {"A__x": {"$type": "date", "$not": {"$type": "array"}}},
                {"A__x": {"$type": "array"}},
            ]
        },
    ),
    "a company field's member": (
        {"companyFields": [{"name": "A__x", "has": "chess"}]},
        {"A__x": {"$elemMatch": {"$eq": "chess"}}},
    ),
}


@pytest.mark.parametrize(("given", "expected"), READ.values(), ids=READ.keys())
def test_conditions_become_a_filter(given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert expected == where(**given)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "null": ({"city": None}, "where.city"),
    "null inside": ({"or": [{"city": {"eq": None}}]}, "where.or.0.city.eq"),
    "null, which is not false": ({"canSms": {"eq": None}}, "where.canSms.eq"),
    "null, which is not absent": ({"city": {"exists": None}}, "where.city.exists"),
    "null, which is not full": ({"tags": {"isEmpty": None}}, "where.tags.isEmpty"),
    "null in a company field": (
        {"companyFields": [{"name": "A__x", "eq": None}]},
        "where.companyFields.0.eq",
    ),
    "no condition": ({"city": {}}, "where.city"),
    "case alone": ({"city": {"ignoreCase": True}}, "where.city"),
    "an empty list": ({"city": {"in": []}}, "where.city.in"),
    "a part that is too long": ({"city": {"contains": "." * 500}}, "where.city.contains"),
    "the same of an address": ({"email": {"contains": "é" * 500}}, "where.email.contains"),
    "a text that is too long": (
        {"city": {"in": ["a", "€" * 400], "ignoreCase": True}},
        "where.city.in.1",
    ),
    "the same in a company field": (
        {"companyFields": [{"name": "A__x", "in": ["a", "." * 500], "ignoreCase": True}]},
        "where.companyFields.0.in.1",
    ),
    "none of nothing": ({"and": []}, "where.and"),
    "not everyone": ({"not": {}}, "where.not"),
    "empty text": ({"city": {"eq": ""}}, "where.city.eq"),
    "no e-mail": ({"email": {"eq": "ann"}}, "where.email.eq"),
    "no phone number": ({"phoneNumber": {"in": ["12"]}}, "where.phoneNumber.in.0"),
    "no digits": ({"phoneNumber": {"startsWith": "abc"}}, "where.phoneNumber.startsWith"),
    "no country": ({"country": {"eq": "XX"}}, "where.country.eq"),
    "no domain": ({"email": {"domain": "a@b"}}, "where.email.domain"),
    "no date": ({"birthDate": {"eq": "2020-02-30"}}, "where.birthDate.eq"),
    "no moment": ({"lastLogin": {"lt": "soon"}}, "where.lastLogin.lt"),
    "nothing between": ({"city": {"gt": "b", "lt": "a"}}, "where.city"),
    "nothing between dates": (
        {"birthDate": {"gt": "2020-01-01", "lt": "2020-01-01"}},
        "where.birthDate",
    ),
    "what everybody has, absent": (
        {"createdAt": {"exists": False}},
        "where.createdAt.exists",
    ),
    "absent and equal": ({"city": {"exists": False, "eq": "a"}}, "where.city.exists"),
    "never given and given": ({"canSms": {"eq": True, "exists": False}}, "where.canSms.exists"),
    "empty with a member": ({"tags": {"isEmpty": True, "has": "a"}}, "where.tags"),
    "no time at all": ({"lastLogin": {"last": {"days": 0}}}, "where.lastLogin.last.days"),
    "too long ago": ({"lastLogin": {"last": {"years": 99999}}}, "where.lastLogin.last.years"),
    "the thirteenth month": (
        {"birthDate": {"birthday": {"month": 13}}},
        "where.birthDate.birthday.month",
    ),
    "no age": ({"birthDate": {"age": {"gte": 40, "lt": 40}}}, "where.birthDate.age"),
    "a name of no company field": (
        {"companyFields": [{"name": "state", "eq": "live"}]},
        "where.companyFields.0.name",
    ),
    "a company field without condition": (
        {"companyFields": [{"name": "A__x"}]},
        "where.companyFields.0",
    ),
    "an order of lists": (
        {"companyFields": [{"name": "A__x", "lt": [1]}]},
        "where.companyFields.0.lt",
    ),
    "a period of no moment": (
        {"companyFields": [{"name": "A__x", "last": {"days": 1}}]},
        "where.companyFields.0.last",
    ),
    "a company value too deep": (
        {"companyFields": [{"name": "A__x", "eq": [[[[[[[[[1]]]]]]]]]}]},
        "where.companyFields.0.eq",
    ),
    "ranges without case": ({"city": {"lt": "a", "ignoreCase": True}}, "where.city.lt"),
    "a long list": ({"city": {"in": ["a"] * 1001}}, "where.city.in"),
    "a long part of combining characters": (
        {"city": {"contains": "e\u0301" * 1100}},
        "where.city.contains",
    ),
}


@pytest.mark.parametrize(("given", "place"), REFUSED.values(), ids=REFUSED.keys())
def test_what_nothing_can_meet_is_told_at_its_place(given: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        where(**given)

    assert place == caught.value.argument


def test_conditions_nest_to_a_bounded_depth() -> None:
    nested: dict[str, Any] = {"city": {"eq": "Oulu"}}
    for _ in range(TERMS.max_depth - 1):
        nested = {"not": nested}
    where(**nested)

    with pytest.raises(InvalidArgument):
        where(**{"not": nested})


def test_an_unknown_company_field_is_told_with_the_nearest() -> None:
    with pytest.raises(InvalidArgument) as caught:
        where(
            replace(TERMS, company_names=frozenset({"A__level"})),
            companyFields=[{"name": "A__levle", "eq": 1}],
        )

    assert "A__level" in caught.value.message


def test_a_declared_type_says_how_a_value_is_read() -> None:
    terms = declaring(A__n=CompanyType.NUMBER)

    assert {"A__n": {"$eq": 3}} == where(terms, companyFields=[{"name": "A__n", "eq": "3"}])


def test_periods_of_days_count_on_the_calendar_of_the_time_zone() -> None:
    """Two clocks' changes lie between: the time of day stays the same there."""
    read = where(HELSINKI, lastLogin={"olderThan": {"months": 6}})

    assert {"last_login": {"$lt": datetime(2026, 5, 25, 11, 30, tzinfo=UTC)}} == read


def test_a_day_is_one_of_the_time_zone() -> None:
    read = where(HELSINKI, lastLogin={"on": "2026-10-25"})  # of twenty-five hours

    assert {
        "last_login": {
            "$gte": datetime(2026, 10, 24, 21, tzinfo=UTC),
            "$lt": datetime(2026, 10, 25, 22, tzinfo=UTC),
        }
    } == read


def _on(day: str) -> Any:
    return replace(TERMS, now=datetime.fromisoformat(f"{day}T12:00:00+00:00"))


@pytest.mark.parametrize(
    ("day", "days"),
    [
        ("2026-02-28", "-(?:02-28|02-29)"),
        ("2024-02-28", "-(?:02-28)"),
        ("2024-02-29", "-(?:02-29)"),
        ("2026-03-01", "-(?:03-01)"),
    ],
)
def test_those_born_on_a_leap_day_have_their_birthday_on_the_28th(day: str, days: str) -> None:
    read = where(_on(day), birthDate={"birthday": {"today": True}})

    assert {"birth_date": {"$regex": days}} == read


def test_birthdays_of_the_next_days_go_over_the_end_of_the_year() -> None:
    read = where(_on("2026-12-30"), birthDate={"birthday": {"next": {"days": 3}}})

    assert {"birth_date": {"$regex": "-(?:01-01|01-02|12-30|12-31)"}} == read


@pytest.mark.parametrize(
    ("day", "age", "born"),
    [
        ("2026-11-25", {"gte": 18}, {"$lte": "2008-11-25"}),
        ("2026-11-25", {"gt": 18}, {"$lte": "2007-11-25"}),
        ("2026-11-25", {"lt": 18}, {"$gt": "2008-11-25"}),
        ("2026-11-25", {"lte": 18}, {"$gt": "2007-11-25"}),
        ("2026-02-28", {"gte": 18}, {"$lte": "2008-02-29"}),
        ("2024-02-29", {"gte": 18}, {"$lte": "2006-02-29"}),
    ],
)
def test_ages_are_full_years(day: str, age: dict[str, int], born: dict[str, str]) -> None:
    assert {"birth_date": born} == where(_on(day), birthDate={"age": age})


def patterns(node: Any) -> list[str]:
    if isinstance(node, list):
        return [one for part in node for one in patterns(part)]
    if not isinstance(node, dict):
        return []
    own = [node["$regex"]] if "$regex" in node else []
    return own + [one for part in node.values() for one in patterns(part)]


@pytest.mark.parametrize(
    "given",
    [
        {"birthDate": {"birthday": {"next": {"days": days}}}}
        for days in (*range(150, 200), 365, 10_000)
    ]
    + [{"city": {name: ["." * 200] * 50, "ignoreCase": True}} for name in ("in", "notIn")]
    + [
        {"city": {name: "€" * 240, "ignoreCase": True}} for name in ("eq", "startsWith", "contains")
    ],
)
def test_no_regular_expression_is_longer_than_the_embedded_store_takes(given: Any) -> None:
    found = patterns(where(**given))

    assert found
    assert LONGEST_PATTERN >= max(len(one.encode()) for one in found)


def test_texts_that_make_several_expressions_are_alternatives_or_all_refused() -> None:
    texts = [str(place) + "x" * 500 for place in range(3)]
    apart = [{"city": {"$regex": rf"(?i)^(?:{re.escape(text)})(?![\s\S])"}} for text in texts]

    assert {"$or": apart} == where(city={"in": texts, "ignoreCase": True})
    assert {"$nor": apart} == where(city={"notIn": texts, "ignoreCase": True})


def test_birthdays_of_whole_months_are_told_by_the_month() -> None:
    read = where(_on("2026-01-31"), birthDate={"birthday": {"next": {"days": 29}}})

    assert {"birth_date": {"$regex": "-(?:01-31|02-|03-01)"}} == read
