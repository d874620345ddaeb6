"""What can't be asked of a facet or a group is refused at its place."""

from dataclasses import replace
from typing import Any

import pytest

from service.customers.declared import CompanyType
from service.errors import InvalidArgument
from service.queries.dimensions import read_facets, read_grouping
from service.queries.facets import without_own_condition
from service.queries.terms import Terms
from tests.queries.reading import TERMS, declaring


def company(**asked: Any) -> dict[str, Any]:
    return {"companyField": {"name": "A__x", **asked}}


DECLARED = declaring(A__x=CompanyType.TEXT)
DATES = declaring(A__x=CompanyType.DATE)
KNOWN = replace(TERMS, company_names=frozenset({"A__level"}))

REFUSED: dict[str, tuple[dict[str, Any], Terms, str]] = {
    "no bucket": ({"country": {"size": 0}}, TERMS, "of.0.country.size"),
    "too many buckets": ({"country": {"size": 1001}}, TERMS, "of.0.country.size"),
    "too many intervals": ({"lastLogin": {"size": 1001}}, TERMS, "of.0.lastLogin.size"),
    "hours of a date": ({"birthDate": {"interval": "HOUR"}}, TERMS, "of.0.birthDate.interval"),
    "no range": ({"lastLogin": {"ranges": []}}, TERMS, "of.0.lastLogin.ranges"),
    "a range of everything": ({"lastLogin": {"ranges": [{}]}}, TERMS, "of.0.lastLogin.ranges.0"),
    "too many ranges": (company(ranges=[{"from": 1}] * 101), TERMS, "of.0.companyField.ranges"),
    "a range that holds nothing": (
        company(ranges=[{"from": 1}, {"from": 2, "to": 2}]),
        TERMS,
        "of.0.companyField.ranges.1.to",
    ),
    "no moment": (
        {"lastLogin": {"ranges": [{"from": "yesterday"}]}},
        TERMS,
        "of.0.lastLogin.ranges.0.from",
    ),
    "no company field": ({"companyField": {"name": "$x"}}, TERMS, "of.0.companyField.name"),
    "an unknown company field": (
        {"companyField": {"name": "A__levle"}},
        KNOWN,
        "of.0.companyField.name",
    ),
    "no width": (company(width=0), TERMS, "of.0.companyField.width"),
    "a width back": (company(width=-1.5), TERMS, "of.0.companyField.width"),
    "a width without an end": (company(width=1e300), TERMS, "of.0.companyField.width"),
    "a width of texts": (company(width=1), DECLARED, "of.0.companyField.width"),
    "ranges of texts": (company(ranges=[{"from": 1}]), DECLARED, "of.0.companyField.ranges"),
    "intervals of what holds anything": (
        company(interval="DAY"),
        TERMS,
        "of.0.companyField.interval",
    ),
    "hours of a declared date": (company(interval="HOUR"), DATES, "of.0.companyField.interval"),
    "two ways at once": (
        company(width=1, ranges=[{"from": 1}]),
        TERMS,
        "of.0.companyField.ranges",
    ),
}


@pytest.mark.parametrize(("asked", "terms", "place"), REFUSED.values(), ids=REFUSED)
def test_what_has_no_buckets_is_refused_at_its_place(
    asked: dict[str, Any], terms: Terms, place: str
) -> None:
    with pytest.raises(InvalidArgument) as refused:
        read_facets([asked], terms)

    assert place == refused.value.argument


@pytest.mark.parametrize("count", [0, 21])
def test_a_query_has_between_one_and_twenty_facets(count: int) -> None:
    with pytest.raises(InvalidArgument) as refused:
        read_facets([{"country": {}}] * count, TERMS)

    assert "of" == refused.value.argument


UNGROUPED: dict[str, tuple[list[dict[str, Any]], str]] = {
    "by nothing": ([], "by"),
    "by three fields": ([{"country": {"size": 1}}, {"city": {}}, {"tags": {}}], "by"),
    "too many": ([{"country": {"size": 11}}, {"city": {"size": 91}}], "by"),
    "by one field twice": ([{"country": {}}, {"country": {}}], "by.1"),
    "without a condition": (
        [{"city": {}}, {"country": {"ignoreOwnFilter": True}}],
        "by.1.country.ignoreOwnFilter",
    ),
}


@pytest.mark.parametrize(("by", "place"), UNGROUPED.values(), ids=UNGROUPED)
def test_what_groups_cannot_be_made_by_is_refused(by: list[dict[str, Any]], place: str) -> None:
    with pytest.raises(InvalidArgument) as refused:
        read_grouping(by, TERMS)

    assert place == refused.value.argument


def test_as_many_groups_as_allowed_are_taken() -> None:
    assert 2 == len(read_grouping([{"country": {"size": 10}}, {"city": {"size": 100}}], TERMS))


def test_null_is_as_if_it_were_not_given() -> None:
    (plain,) = read_facets([company()], TERMS)
    (nulls,) = read_facets([company(width=None, ranges=None, size=None)], TERMS)

    assert plain == nulls


WHERE = {
    "country": {"eq": "GB"},
    "and": [{"country": {"eq": "FI"}}],
    "companyFields": [{"name": "A__x", "eq": 1}, {"name": "A__y", "eq": 2}],
}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"country": {}}, {name: WHERE[name] for name in ("and", "companyFields")}),
        (company(), {**WHERE, "companyFields": [{"name": "A__y", "eq": 2}]}),
        ({"city": {}}, WHERE),
        ({"companyField": {"name": "A__z"}}, WHERE),
    ],
    ids=["a field", "a company field", "another field", "another company field"],
)
def test_the_condition_at_the_top_on_the_same_field_is_left_out(
    asked: dict[str, Any], expected: Any
) -> None:
    (dimension,) = read_facets([asked], TERMS)

    assert expected == without_own_condition(WHERE, dimension)


def test_a_condition_that_stands_alone_leaves_nothing() -> None:
    (dimension,) = read_facets([company()], TERMS)

    assert {} == without_own_condition({"companyFields": {"name": "A__x", "eq": 1}}, dimension)
