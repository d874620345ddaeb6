"""Payloads of uploads come out as stock execution makes them, to the byte."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.store.customers import Customers
from service.store.database import Database
from tests.graphql.asking import graph_on, services_on, stock_answer
from tests.graphql.stored import SOUND, WRONG, store
from tests.mock import mock_client
from tests.uploads.making import DIGESTER

pytestmark = pytest.mark.usefixtures("one_error_id")

ROWS: list[dict[str, object]] = [
    {"externalId": "X1", "city": "Ely"},
    {"externalId": "new", "email": "new@example.org", "canonicalId": "P1"},
    {"email": "shared@example.org", "canSms": True},
    {"email": "shared@example.org", "isDeleted": True},
    {"externalId": "X4", "isDeleted": True},
    {"externalId": "X8", "isForgotten": True},
    {"externalId": "X8", "city": "Ely"},
    {"externalId": "X11"},
    {"externalId": "X12"},
    {"city": "Ely", "country": "XX"},
    {"externalId": "X1", "tags": 3, "companyFields": {"$a": 1}},
]
HEAD = (
    "mutation($rows: [CustomerInput!]!, $only: [UploadStatus!], $yes: Boolean!)"
    " { __typename up: uploadCustomers(customers: $rows) "
)
PAYLOADS: dict[str, str] = {
    "all but its id": "{ __typename dryRun replayed counts { rows created updated unchanged ignored"
    " rejected __typename } errors { code message } results { __typename index status matchedBy"
    " customerIds errors { __typename code field message suggestion } } }",
    "results that are asked for": "{ results(only: $only) { index status @include(if: $yes) }"
    " none: results(only: []) { index } all: results { index } }",
    "customers": "{ results { customer { ...C } customers { ...C } } }"
    " %s fragment C on Customer { id externalId isDeleted isForgotten tags canSms }",
    "customers and persons": "{ results { index customer { id person { id city customers {"
    " totalCount nodes { id } } } } } }",
    "wrong values": "{ results { index customers { canEmail dateJoined birthDate } } }",
    "a fault of an argument": '{ results { index customers { companyField(name: "bad") } } }',
    "counts alone": "{ counts { rows } }",
}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS.keys())
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(st.sampled_from(ROWS), min_size=1, max_size=8),
    only=st.none() | st.lists(st.sampled_from(["CREATED", "UPDATED", "REJECTED", "IGNORED"])),
    yes=st.booleans(),
)
async def test_an_upload_answers_alike(
    one_error_id: None,
    payload: str,
    rows: list[dict[str, object]],
    only: list[str] | None,
    yes: bool,
) -> None:
    """Each on a store of its own, the two of which are equal."""
    stores = [Customers(Database(mock_client(), "twin", timeout=10), DIGESTER) for _ in range(2)]
    for customers in stores:
        await store(customers, [*SOUND, *WRONG])
    selection, _, fragments = payload.partition(" %s ")
    query = f"{HEAD}{selection} }} {fragments}"
    given = {"rows": rows, "only": only, "yes": yes}
    used = {name: value for name, value in given.items() if f"${name}" in payload or name == "rows"}
    for name, head in (("only", ", $only: [UploadStatus!]"), ("yes", ", $yes: Boolean!")):
        query = query if name in used else query.replace(head, "")

    stock = await stock_answer(services_on(stores[0]), query, **used)
    async with graph_on(stores[1]) as graph:
        response = await graph.send(query=query, variables=used)

    assert b'"QUERY_INVALID"' not in stock
    assert stock == response.content
