"""Facets of customers at random are what counting by hand gives."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from service.customers.declared import CompanyType, Declaration, TypeState
from service.queries.dimensions import read_facets
from service.queries.terms import Terms
from service.store.customers import Customers
from service.store.figures import facets
from tests.graphql.stored import document, store
from tests.queries import dividing
from tests.queries.dividing import HELSINKI, Document, Told
from tests.queries.reading import TERMS
from tests.store.divided import CUTS_NO_TEXTS, TRUE_IS_1, filled

IN_HELSINKI = replace(TERMS, rules=replace(TERMS.rules, zone=HELSINKI))
Oracle = Callable[[list[Document]], tuple[list[Told], int, int]]


def moment(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


CASES: dict[str, tuple[dict[str, Any], Oracle]] = {
    "values": ({"country": {}}, lambda of: dividing.by_value(of, "country", 10)),
    "the largest values": (
        {"country": {"size": 2}},
        lambda of: dividing.by_value(of, "country", 2),
    ),
    "permissions": ({"canEmail": {}}, lambda of: dividing.by_value(of, "can_email", 10)),
    "nothing": ({"city": {}}, lambda of: ([], len(of), 0)),
    "members of sets": ({"tags": {}}, lambda of: dividing.by_value(of, "tags", 10)),
    "the largest members": ({"tags": {"size": 1}}, lambda of: dividing.by_value(of, "tags", 1)),
    "mixed values": (
        {"companyField": {"name": "A__mixed", "size": 100}},
        lambda of: dividing.by_value(of, "A__mixed", 100),
    ),
    "the largest mixed values": (
        {"companyField": {"name": "A__mixed", "size": 3}},
        lambda of: dividing.by_value(of, "A__mixed", 3),
    ),
    "widths": (
        {"companyField": {"name": "A__number", "width": 100.0}},
        lambda of: dividing.by_width(of, "A__number", 100, 10),
    ),
    "widths of a fraction": (
        {"companyField": {"name": "A__number", "width": 0.1, "size": 5}},
        lambda of: dividing.by_width(of, "A__number", 0.1, 5),
    ),
    "widths of what holds anything": (
        {"companyField": {"name": "A__mixed", "width": 2}},
        lambda of: dividing.by_width(of, "A__mixed", 2, 10),
    ),
    "ranges of numbers that overlap": (
        {
            "companyField": {
                "name": "A__number",
                "ranges": [{"from": 0, "to": 100}, {"from": 50.0}, {"to": 1}, {"from": 9e9}],
            }
        },
        lambda of: dividing.by_ranges(
            of, "A__number", [(0, 100), (50, None), (None, 1), (9e9, None)], int | float
        ),
    ),
}

MOMENTS: dict[str, tuple[dict[str, Any], Oracle]] = {
    "ranges of moments": (
        {
            "dateJoined": {
                "ranges": [
                    {"from": "2026-03-28T22:00Z", "to": "2026-11-01T00:00Z"},
                    {"to": "2026-03-29T01:00:00Z"},
                ]
            }
        },
        lambda of: _with_texts(
            dividing.by_ranges(
                of,
                "date_joined",
                [
                    (moment(2026, 3, 28, 22), moment(2026, 11, 1)),
                    (None, moment(2026, 3, 29, 1)),
                ],
                datetime,
            )
        ),
    ),
    "ranges of dates": (
        {"birthDate": {"ranges": [{"from": "1991-06-14", "to": "2000-01-01"}, {"to": "1991"}]}}
        | {"birthDate": {"ranges": [{"from": "1991-06-14", "to": "2000-01-01T12:00:00"}]}},
        lambda of: dividing.by_ranges(of, "birth_date", [("1991-06-14", "2000-01-02")], str),
    ),
}


def _with_texts(told: tuple[list[Told], int, int]) -> tuple[list[Told], int, int]:
    def text(end: Any) -> Any:
        return end and f"{end:%Y-%m-%dT%H:%M:%SZ}"

    return [(value, text(low), text(high), n) for value, low, high, n in told[0]], *told[1:]


async def told(customers: Customers, asked: dict[str, Any], terms: Terms) -> Any:
    (dimension,) = read_facets([asked], terms)
    (facet,) = await facets(customers, [({}, dimension)])
    buckets = [(one.value, one.from_, one.to, one.count) for one in facet.buckets]
    return buckets, facet.missing, facet.other


def typed(told: tuple[list[Told], int, int]) -> Any:
    """True is not 1, and 3.0 is 3."""
    return [(type(one[0]) is bool, one) for one in told[0]], told[1:]


@pytest.mark.parametrize("name", [*CASES, *MOMENTS])
async def test_a_facet_counts_as_one_does_by_hand(
    customers: Customers, store_name: str, name: str
) -> None:
    asked, oracle = {**CASES, **MOMENTS}[name]
    if store_name == "mock" and "A__mixed" in str(asked):
        pytest.skip(TRUE_IS_1)
    of = await filled(customers, 1)

    assert typed(oracle(of)) == typed(await told(customers, asked, TERMS))


PATHS = {"dateJoined": "date_joined", "lastLogin": "last_login", "birthDate": "birth_date"}
INTERVALS = ["HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR", "DECADE"]
OF_DATES = [
    (name, one) for name in PATHS for one in INTERVALS if (name, one) != ("birthDate", "HOUR")
]


DECLARED = replace(
    IN_HELSINKI,
    declared={
        "A__born": Declaration("A__born", CompanyType.DATE),
        "A__seen": Declaration("A__seen", CompanyType.DATE_TIME),
        "A__mixed": Declaration("A__mixed", CompanyType.DATE, type_state=TypeState.CONVERTING),
        "A__number": Declaration(
            "A__number", CompanyType.DATE_TIME, type_state=TypeState.CONVERTING
        ),
    },
)


@pytest.mark.parametrize(
    ("name", "interval"),
    [("A__born", one) for one in INTERVALS[1:]] + [("A__seen", one) for one in INTERVALS],
)
async def test_company_fields_that_are_declared_as_dates_follow_the_calendar(
    customers: Customers, store_name: str, name: str, interval: str
) -> None:
    if store_name == "mock":
        pytest.skip(CUTS_NO_TEXTS)
    of = await filled(customers, 6)

    found = await told(customers, {"companyField": {"name": name, "interval": interval}}, DECLARED)
    assert dividing.by_calendar(of, name, interval, HELSINKI, 10) == found


@pytest.mark.parametrize("interval", INTERVALS[1:])
@pytest.mark.parametrize("name", ["A__mixed", "A__number"])
async def test_what_is_not_yet_of_its_declared_type_lies_in_no_interval(
    customers: Customers, store_name: str, name: str, interval: str
) -> None:
    """While stored values are converted, anything may stand there."""
    if store_name == "mock":
        pytest.skip(CUTS_NO_TEXTS)
    of = await filled(customers, 7)

    buckets, missing, _ = await told(
        customers, {"companyField": {"name": name, "interval": interval}}, DECLARED
    )
    assert [] == buckets
    assert sum(name not in one for one in of) == missing


async def test_a_moment_that_is_declared_is_a_value_as_text(
    customers: Customers, store_name: str
) -> None:
    if store_name == "mock":
        pytest.skip(CUTS_NO_TEXTS)
    of = await filled(customers, 8)
    (buckets, *_) = await told(customers, {"companyField": {"name": "A__seen"}}, DECLARED)

    texts = {f"{one['A__seen']:%Y-%m-%dT%H:%M:%SZ}" for one in of if "A__seen" in one}
    assert {value for value, *_ in buckets} <= texts


async def test_twenty_facets_are_read_in_the_order_asked_for(customers: Customers) -> None:
    await filled(customers, 9)
    dimensions = read_facets([{"country": {"size": size}} for size in range(1, 21)], TERMS)
    found = await facets(customers, [({}, one) for one in dimensions])

    assert [1, 2, 3, *[4] * 17] == [len(one.buckets) for one in found]


def mock_can(name: str, interval: str, zone: str) -> bool:
    needs_a_part = interval == "DECADE" or (name == "birthDate" and interval != "DAY")
    return not needs_a_part and (zone == "utc" or name == "birthDate")


@pytest.mark.parametrize(("name", "interval"), OF_DATES)
@pytest.mark.parametrize("zone", ["utc", "helsinki"])
async def test_intervals_follow_the_calendar_of_the_time_zone(
    customers: Customers, store_name: str, name: str, interval: str, zone: str
) -> None:
    if store_name == "mock" and not mock_can(name, interval, zone):
        pytest.skip(CUTS_NO_TEXTS)
    of = await filled(customers, 2)
    terms = TERMS if zone == "utc" else IN_HELSINKI

    found = await told(customers, {name: {"interval": interval, "size": 12}}, terms)
    assert dividing.by_calendar(of, PATHS[name], interval, terms.rules.zone, 12) == found


async def test_a_number_lies_between_the_ends_that_are_told(customers: Customers) -> None:
    """Whatever division makes of it."""
    number = -19.700000000000003
    await store(customers, [document(1, A__x=number)])

    buckets, *_ = await told(customers, {"companyField": {"name": "A__x", "width": 0.1}}, TERMS)
    ((_, low, high, count),) = buckets
    assert 1 == count
    assert low <= number < high


async def test_the_latest_of_an_hour_that_comes_twice_is_the_second(
    customers: Customers, store_name: str
) -> None:
    if store_name == "mock":
        pytest.skip(CUTS_NO_TEXTS)
    twice = [moment(2026, 10, 25, 0, 30), moment(2026, 10, 25, 1, 30)]
    await store(customers, [document(n, last_login=one) for n, one in enumerate(twice)])
    asked = {"lastLogin": {"interval": "HOUR", "size": 1}}

    hour = (None, "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z", 1)
    assert ([hour], 0, 1) == await told(customers, asked, IN_HELSINKI)
