"""Facets, figures and groups of a list: under its conditions, beside its page, each by itself."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from service.errors import QueryTooSlow
from service.store.customers import Customers
from tests.graphql.asking import Graph
from tests.graphql.stored import SOUND, document, store

LIST = """
query CustomerList($where: CustomerWhere, $first: Int!, $facets: [CustomerBuckets!]!) {
  customers(where: $where, first: $first) {
    totalCount(upTo: 10000)
    nodes { id level: companyField(name: "ACME__level") }
    facets(of: $facets) { field missing other buckets { value from to count } }
  }
}"""

PREVIEW = """
query Preview($where: CustomerWhere!) {
  customers(where: $where, first: 5) {
    totalCount
    nodes { id }
    aggregate {
      filled { email phoneNumber }
      distinct { country }
      max { lastLogin }
      average { companyField(name: "ACME__points") }
    }
    groups(by: [{ country: { size: 5 } }, { dateJoined: { interval: YEAR, size: 10 } }]) {
      keys { field value from to }
      count
      aggregate { average { companyField(name: "ACME__points") } }
    }
  }
}"""

PEOPLE: Sequence[dict[str, Any]] = [
    {"external_id": "1", "country": "gb", "tags": ["vip", "new"], "email": "a@example.org"},
    {"external_id": "2", "country": "gb", "tags": ["vip"], "phone_number": "+358401234567"},
    {"external_id": "3", "country": "fi", "tags": ["new"], "ACME__points": 120},
    {"external_id": "4", "country": "fi", "ACME__points": "many"},
    {"external_id": "5", "country": "de", "tags": [], "ACME__points": 250},
    {"external_id": "6", "ACME__points": 199.5, "last_login": "2026-03-01T10:00:00Z"},
]
JOINED = {"1": "2020-05-01", "2": "2021-02-03", "3": "2020-12-31", "5": "2020-01-01"}


async def uploaded(graph: Graph) -> list[str]:
    rows = [
        {
            **one,
            **({"date_joined": JOINED[one["external_id"]]} if one["external_id"] in JOINED else {}),
        }
        for one in PEOPLE
    ]
    return await graph.upload(*rows)


def bucket(count: int, value: Any = None, from_: Any = None, to: Any = None) -> dict[str, Any]:
    return {"value": value, "from": from_, "to": to, "count": count}


async def test_a_list_tells_how_its_customers_divide(graph: Graph) -> None:
    """The choices of a field that is filtered stay, if the facet asks for that."""
    await uploaded(graph)
    asked = [
        {"country": {"size": 2, "ignoreOwnFilter": True}},
        {"country": {}},
        {"tags": {}},
        {"companyField": {"name": "ACME__points", "width": 100}},
    ]
    where = {"country": {"in": ["gb", "FI"]}}

    found = (await graph.data(LIST, where=where, first=2, facets=asked))["customers"]

    assert 4 == found["totalCount"]
    assert 2 == len(found["nodes"])
    assert [
        {
            "field": "country",
            "missing": 1,
            "other": 1,
            "buckets": [bucket(2, "FI"), bucket(2, "GB")],
        },
        {
            "field": "country",
            "missing": 0,
            "other": 0,
            "buckets": [bucket(2, "FI"), bucket(2, "GB")],
        },
        {
            "field": "tags",
            "missing": 1,
            "other": 0,
            "buckets": [bucket(2, "new"), bucket(2, "vip")],
        },
        {
            "field": "ACME__points",
            "missing": 2,
            "other": 1,
            "buckets": [bucket(1, None, 100, 200)],
        },
    ] == found["facets"]


async def test_a_segment_is_previewed_with_figures_and_groups(
    graph: Graph, store_name: str
) -> None:
    await uploaded(graph)
    where = {"not": {"country": {"eq": "DE"}}}

    found = (await graph.data(PREVIEW, where=where))["customers"]

    assert 5 == found["totalCount"]
    assert {
        "filled": {"email": 1, "phoneNumber": 1},
        "distinct": {"country": 2},
        "max": {"lastLogin": "2026-03-01T10:00:00Z"},
        "average": {"companyField": 159.75},
    } == found["aggregate"]
    told = [
        (
            group["keys"][0]["value"],
            group["keys"][1]["from"],
            group["count"],
            group["aggregate"]["average"]["companyField"],
        )
        for group in found["groups"]
    ]
    assert [
        ("FI", "2020-01-01T00:00:00Z", 1, 120.0),
        ("FI", None, 1, None),
        ("GB", "2020-01-01T00:00:00Z", 1, None),
        ("GB", "2021-01-01T00:00:00Z", 1, None),
        (None, None, 1, 199.5),
    ] == told


async def test_what_is_read_beside_a_page_is_shaped_with_it(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one step, without stock execution, which would go to each by itself."""
    await uploaded(graph)
    asked: dict[str, Any] = {"where": {"country": {"eq": "GB"}}, "first": 1}
    asked["facets"] = [{"country": {}}]
    before = [await graph.data(LIST, **asked), await graph.data(PREVIEW, where=asked["where"])]

    def refuse(*_: object) -> None:
        raise LookupError

    monkeypatch.setattr("graphql_schema.execution.CompiledExecutor.complete_value", refuse)

    assert before == [
        await graph.data(LIST, **asked),
        await graph.data(PREVIEW, where=asked["where"]),
    ]


@pytest.mark.parametrize(
    ("selection", "argument"),
    [
        ("facets(of: [{city: {}}, {country: {size: 0}}]) { field }", "of.1.country.size"),
        ("groups(by: [{tags: {size: 101}}, {city: {}}]) { count }", "by"),
        (
            'aggregate { filled { companyField(name: "no") } }',
            "name",
        ),
    ],
)
async def test_what_is_wrong_with_an_argument_leaves_the_page(
    quick: Graph, selection: str, argument: str
) -> None:
    await store(quick.customers, SOUND)

    answer = await quick.answer(
        f"{{ customers(first: 1) {{ nodes {{ id }} totalCount {selection} }} }}"
    )

    (error,) = answer["errors"]
    assert ("INVALID_ARGUMENT", argument) == (
        error["extensions"]["code"],
        error["extensions"]["argument"],
    )
    found = answer["data"]["customers"]
    assert [{"id": "c.0008"}] == found["nodes"]
    assert None is found[selection.partition("(")[0].partition(" ")[0]]


class Watched(Customers):
    """Tells what is read; a facet of what is too slow never ends in time."""

    def __init__(self, of: Customers) -> None:
        self.__dict__ = of.__dict__
        self.begun: list[str] = []

    async def page(self, *given: Any) -> Any:
        self.begun.append("page")
        return await super().page(*given)

    async def aggregate(self, where: Any, stages: Any) -> Any:
        self.begun.append(str(stages))
        if "$city" in str(stages):
            raise QueryTooSlow
        return await super().aggregate(where, stages)


@pytest.fixture
def watched(quick: Graph) -> Watched:
    customers = Watched(quick.customers)
    object.__setattr__(quick.services, "customers", customers)
    return customers


SLOW = """
{ customers(first: 1) {
  nodes { id }
  fast: facets(of: [{country: {}}]) { field }
  slow: facets(of: [{country: {}}, {city: {}}]) { field }
  aggregate { distinct { city } }
  groups(by: [{city: {}}]) { count }
} }"""


async def test_what_is_too_slow_fails_by_itself(quick: Graph, watched: Watched) -> None:
    await store(watched, SOUND)

    answer = await quick.answer(SLOW)

    assert {
        "nodes": [{"id": "c.0008"}],
        "fast": [{"field": "country"}],
        "slow": None,
        "aggregate": None,
        "groups": None,
    } == answer["data"]["customers"]
    assert {
        ("QUERY_TOO_SLOW", "slow"),
        ("QUERY_TOO_SLOW", "aggregate"),
        ("QUERY_TOO_SLOW", "groups"),
    } == {(error["extensions"]["code"], error["path"][1]) for error in answer["errors"]}


async def test_facets_alone_read_no_page(quick: Graph, watched: Watched) -> None:
    await quick.data(
        "{ customers { facets(of: [{country: {}}]) { missing } aggregate { count } } }"
    )

    assert 2 == len(watched.begun)
    assert "page" not in watched.begun


async def test_a_page_alone_reads_no_figures(quick: Graph, watched: Watched) -> None:
    await quick.data(
        "{ customers { nodes { id } facets(of: {city: {}}) @skip(if: true) { field } } }"
    )

    assert ["page"] == watched.begun


async def test_only_what_is_selected_is_computed(quick: Graph, watched: Watched) -> None:
    await quick.data("{ customers { aggregate { filled { email } } } }")

    (stages,) = watched.begun
    assert "email" in stages
    assert "country" not in stages


async def test_a_page_and_figures_are_read_side_by_side(quick: Graph, watched: Watched) -> None:
    """The page is not over before the facets begin, and they not before it."""
    both = asyncio.Barrier(2)
    page, aggregate = watched.page, watched.aggregate

    async def with_the_other(read: Any, *given: Any) -> Any:
        await both.wait()
        return await read(*given)

    watched.page = lambda *given: with_the_other(page, *given)  # type: ignore[method-assign]
    watched.aggregate = lambda *given: with_the_other(aggregate, *given)  # type: ignore[method-assign]
    async with asyncio.timeout(10):
        await quick.data("{ customers { nodes { id } facets(of: [{country: {}}]) { field } } }")

    assert not both.broken


async def test_a_page_that_fails_ends_what_was_begun_beside_it(
    quick: Graph, watched: Watched
) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def never(*_: Any) -> Any:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def fails(*_: Any) -> Any:
        await begun.wait()
        raise QueryTooSlow

    watched.aggregate = never  # type: ignore[method-assign, assignment]
    watched.page = fails  # type: ignore[method-assign]
    error = await quick.error(
        "{ customers { nodes { id } facets(of: [{country: {}}]) { field } } }"
    )

    assert "QUERY_TOO_SLOW" == error["extensions"]["code"]
    async with asyncio.timeout(10):
        await ended.wait()


async def test_figures_of_a_list_leave_out_the_deleted(graph: Graph) -> None:
    await store(graph.customers, [document(1, country="GB"), document(2, state="deleted")])

    data = await graph.data(
        "{ customers { aggregate { count } facets(of: {country: {}}) { missing } } }"
    )

    assert {"aggregate": {"count": 1}, "facets": [{"missing": 0}]} == data["customers"]


async def test_a_company_field_that_came_just_now_has_a_facet(graph: Graph) -> None:
    """By way of another service, too."""
    await graph.upload({"external_id": "1", "ACME__old": 1})
    query = '{ customers { facets(of: {companyField: {name: "ACME__%s"}}) { missing other } } }'
    await graph.data(query % "old")

    await store(graph.customers, [document(2, ACME__new={"an": "object"})])
    data = await graph.data(query % "new")

    assert [{"missing": 1, "other": 1}] == data["customers"]["facets"]
