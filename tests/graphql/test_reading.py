"""A request reads what it selects and nothing else."""

import gc
import inspect
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
import pytest_asyncio
from graphql import GraphQLList

from graphql_schema.documents import MOST_DOCUMENTS
from graphql_schema.projections import INTERNAL
from service.store.customers import Customers
from tests.graphql.asking import Graph, graph_on
from tests.graphql.stored import SOUND, store


class Recording:
    """Customers, and what was asked of them: the method and, if it takes one, the projection."""

    def __init__(self, customers: Customers) -> None:
        self._customers = customers
        self.asked: list[tuple[str, Mapping[str, int] | None]] = []

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._customers, name)
        signature = inspect.signature(method)

        def recorded(*args: Any, **kwargs: Any) -> Any:
            given = signature.bind(*args, **kwargs).arguments
            projection = given.get("projection")
            self.asked.append((name, projection and dict(projection)))
            return method(*args, **kwargs)

        return recorded


@pytest.fixture
def recording(in_memory: Customers) -> Recording:
    return Recording(in_memory)


@pytest_asyncio.fixture
async def watched(recording: Recording, in_memory: Customers) -> AsyncIterator[Graph]:
    await store(in_memory, SOUND)
    async with graph_on(recording) as graph:
        yield graph


def only(*names: str) -> dict[str, int]:
    named = dict.fromkeys(names, 1)
    return named if "_id" in names else {**named, "_id": 0}


SELECTED: dict[str, tuple[str, list[tuple[str, Mapping[str, int] | None]]]] = {
    "some fields": (
        "{ customers { nodes { id firstName canEmail smsPermission } } }",
        [("page", only("_id", "first_name", "can_email", "can_sms"))],
    ),
    "under edges, aliases and fragments": (
        "{ c: customers { edges { n: node { ...A ... on Node { id } } } } }"
        " fragment A on Profile { a: city ... on Customer { updatedAt } }",
        [("page", only("_id", "city", "updated_at"))],
    ),
    "a state": ("{ customers { nodes { isForgotten isDeleted } } }", [("page", only("state"))]),
    "cursors": (
        "{ customers { nodes { tags } pageInfo { endCursor } } }",
        [("page", only("_id", "tags", "created_at"))],
    ),
    "one company field": (
        '{ customers { nodes { companyField(name: "ACME__level") } } }',
        [("page", only("ACME__level"))],
    ),
    "some company fields": (
        '{ customers { nodes { companyFields(names: ["ACME__a", "ACME__b"]) } } }',
        [("page", only("ACME__a", "ACME__b"))],
    ),
    "a count alone": ("{ customers { totalCount } }", [("count", None)]),
    "a count and a page": (
        "{ customers { totalCount nodes { id } } }",
        [("page", only("_id")), ("count", None)],
    ),
    "the type's name alone": ("{ customers { __typename } }", []),
    "fields left out by directives": (
        "{ customers { nodes { id city @skip(if: true) tags @include(if: false) } } }",
        [("page", only("_id"))],
    ),
    "one by an identifier": (
        '{ customer(by: {externalId: "X1"}) { city } }',
        [("by_identifier", only("_id", "city"))],
    ),
    "a person": (
        '{ person(canonicalId: "P1") { firstName } }',
        [("by_canonical_id", only("_id", "created_at", "first_name", "updated_at"))],
    ),
    "a person's customers": (
        '{ person(canonicalId: "P1") { customers { nodes { city } } } }',
        [
            ("by_canonical_id", only("_id", "canonical_id", "created_at", "updated_at")),
            ("page", only("city")),
        ],
    ),
    "nodes": (
        '{ nodes(ids: ["c.0001", "c.0002"]) { id ... on Customer { city } '
        "... on Person { gender } } }",
        [("by_ids", only("_id", "city"))],
    ),
    "the service": ("{ service { version } }", []),
}


@pytest.mark.parametrize(("query", "expected"), SELECTED.values(), ids=SELECTED.keys())
async def test_what_is_selected_is_what_is_read(
    watched: Graph,
    recording: Recording,
    query: str,
    expected: list[tuple[str, Mapping[str, int] | None]],
) -> None:
    await watched.data(query)

    assert expected == recording.asked


async def test_each_value_of_a_variable_reads_what_it_selects(
    watched: Graph, recording: Recording
) -> None:
    query = "query($yes: Boolean!, $name: String!) { customers { nodes {"
    query += " id city @include(if: $yes) companyField(name: $name) } } }"

    for yes, name in ((True, "ACME__a"), (False, "ACME__a"), (True, "ACME__b")):
        await watched.data(query, yes=yes, name=name)

    assert [
        ("page", only("_id", "ACME__a", "city")),
        ("page", only("_id", "ACME__a")),
        ("page", only("_id", "ACME__b", "city")),
    ] == recording.asked


async def test_with_every_company_field_the_rest_is_left_out(
    watched: Graph, recording: Recording
) -> None:
    """Nobody knows their names, so what is not needed is named."""
    await watched.data("{ customers { nodes { id city companyFields } } }")

    ((_, projection),) = recording.asked
    assert projection is not None
    assert {0} == set(projection.values())
    assert projection.keys() >= {"email", "state", *INTERNAL}
    assert not projection.keys() & {"city", "_id"}


async def test_a_person_is_loaded_once_for_all_customers_of_a_page(
    watched: Graph, recording: Recording
) -> None:
    await watched.data("{ customers { nodes { person { firstName } } } }")

    assert ["page", "by_canonical_id", "by_canonical_id"] == [name for name, _ in recording.asked]


async def test_an_upload_reads_customers_only_to_show_them(
    watched: Graph, recording: Recording
) -> None:
    query = 'mutation { uploadCustomers(customers: [{externalId: "X1", city: "Ely"}]) { %s } }'

    await watched.data(query % "counts { updated } results { customerIds status }")
    assert "by_ids" not in [name for name, _ in recording.asked]

    await watched.data(query % "results { customer { city } customers { tags } }")
    assert ("by_ids", only("_id", "city", "tags")) == recording.asked[-1]


async def test_what_was_compiled_is_kept_whatever_is_uploaded(
    watched: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plans rest on the variables below a field; its own arguments, rows here, choose nothing."""
    query = "mutation($rows: [CustomerInput!]!) { uploadCustomers(customers: $rows) {"
    query += " results { customer { city } } } }"
    await watched.data(query, rows=[{"externalId": "X1"}])
    made: list[object] = []
    monkeypatch.setattr("graphql_schema.selection.shape_of", lambda *given: made.append(given))

    await watched.data(query, rows=[{"externalId": "X2", "city": "Ely"}])

    assert [] == made


async def test_types_that_documents_write_go_with_them(in_memory: Customers) -> None:
    """Each document's lists of input objects are types of its own."""
    query = "query($by: [CustomerOrder!]!) { %s: customers(orderBy: $by) { nodes { id } } }"
    async with graph_on(in_memory) as graph:

        async def lists_after(several: range) -> int:
            for number in several:
                await graph.data(query % f"a{number}", by=[{"lastName": "ASC"}])
            gc.collect()
            return sum(type(one) is GraphQLList for one in gc.get_objects())

        before = await lists_after(range(MOST_DOCUMENTS + 10))

        assert before == await lists_after(range(1000, 1020))
