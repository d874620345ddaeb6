"""Persons as one view of several records, and anything by its id, on each store."""

import json
from typing import Any

import pytest

from service.settings import Settings
from service.store.customers import Customers
from tests.graphql.asking import Graph, graph_on

OLD = {
    "external_id": "X1", "canonical_id": "P 1", "first_name": "Ann", "city": "Ely",
    "can_email": True, "can_sms": True, "tags": ["a", "b"], "ACME__level": 1, "ACME__old": "o",
}  # fmt: skip
NEW = {
    "external_id": "X2", "canonical_id": "P 1", "first_name": "Anna", "email": "a@example.org",
    "can_email": True, "can_sms": False, "tags": ["b", "c"], "ACME__level": 2,
}  # fmt: skip


async def person_of_two(graph: Graph) -> list[str]:
    """The ids of the records, the newest first."""
    (old,) = await graph.upload(OLD)
    await graph.upload({"external_id": "between"})
    await graph.upload({"external_id": "them"})
    (new,) = await graph.upload(NEW)
    return [new, old]


async def test_a_person_is_the_merged_view_of_its_records(graph: Graph) -> None:
    ids = await person_of_two(graph)

    found = await graph.data("""{ person(canonicalId: "P 1") {
      canonicalId externalId firstName city email lastName canEmail canSms canPost emailPermission
      smsPermission postPermission tags companyFields level: companyField(name: "ACME__level")
      customers { totalCount nodes { id person { canonicalId } } }
    } }""")

    same = {"canonicalId": "P 1"}
    assert {
        "canonicalId": "P 1",
        "externalId": "X2",
        "firstName": "Anna",
        "city": "Ely",
        "email": "a@example.org",
        "lastName": None,
        "canEmail": True,
        "canSms": False,
        "canPost": False,
        "emailPermission": "GRANTED",
        "smsPermission": "DENIED",
        "postPermission": "UNKNOWN",
        "tags": ["a", "b", "c"],
        "companyFields": {"ACME__level": 2, "ACME__old": "o"},
        "level": 2,
        "customers": {
            "totalCount": 2,
            "nodes": [{"id": customer, "person": same} for customer in ids],
        },
    } == found["person"]


async def test_a_persons_customers_are_paged_as_any_list(graph: Graph) -> None:
    ids = await person_of_two(graph)
    query = """query($after: String) { person(canonicalId: "P 1") {
      customers(first: 1, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } } }"""

    first = (await graph.data(query))["person"]["customers"]
    second = (await graph.data(query, after=first["pageInfo"]["endCursor"]))["person"]["customers"]

    assert ids == [first["nodes"][0]["id"], second["nodes"][0]["id"]]
    assert [True, False] == [found["pageInfo"]["hasNextPage"] for found in (first, second)]


@pytest.mark.parametrize("flag", ["is_forgotten", "is_deleted"])
async def test_an_erased_record_is_no_part_of_a_person(graph: Graph, flag: str) -> None:
    ids = await person_of_two(graph)
    await graph.upload({"external_id": "X2", flag: True})

    found = await graph.data("""{ person(canonicalId: "P 1") {
      firstName email customers { totalCount nodes { id } } } }""")

    assert {
        "firstName": "Ann",
        "email": None,
        "customers": {"totalCount": 1, "nodes": [{"id": ids[1]}]},
    } == found["person"]


@pytest.mark.parametrize("canonical_id", ["none", "", "p 1", "$ne", '{"$ne": 1}'])
async def test_a_person_whom_no_record_names_is_null(graph: Graph, canonical_id: str) -> None:
    await person_of_two(graph)

    query = "query($id: String!) { person(canonicalId: $id) { id } }"

    assert {"person": None} == await graph.data(query, id=canonical_id)


async def test_a_customer_without_canonical_id_has_no_person(quick: Graph) -> None:
    await quick.upload({"external_id": "X1"})

    assert {"nodes": [{"person": None}]} == (
        await quick.data("{ customers { nodes { person { id } } } }")
    )["customers"]


async def person_id(graph: Graph) -> str:
    found = await graph.data('{ person(canonicalId: "P 1") { id } }')
    return str(found["person"]["id"])


NODES = """query($ids: [ID!]!) { nodes(ids: $ids) {
  __typename id ... on Profile { firstName } ... on Person { canonicalId } } }"""


async def test_nodes_come_in_the_order_asked(graph: Graph) -> None:
    new, old = await person_of_two(graph)
    person = await person_id(graph)
    ids = [old, "none", person, new, "", old, "p.none", f"p.{person}", "x" * 5000]

    found = await graph.data(NODES, ids=ids)

    an_old = {"__typename": "Customer", "id": old, "firstName": "Ann"}
    assert [
        an_old,
        None,
        {"__typename": "Person", "id": person, "firstName": "Anna", "canonicalId": "P 1"},
        {"__typename": "Customer", "id": new, "firstName": "Anna"},
        None,
        an_old,
        None,
        None,
        None,
    ] == found["nodes"]


@pytest.mark.parametrize("deleted", ["X1", "X2"])
async def test_the_deleted_are_no_nodes(graph: Graph, deleted: str) -> None:
    new, old = await person_of_two(graph)
    await graph.upload({"external_id": deleted, "is_deleted": True})

    found = (await graph.data(NODES, ids=[old, new]))["nodes"]

    assert [deleted == "X1", deleted == "X2"] == [node is None for node in found]


async def test_a_persons_id_is_stable_and_tells_nothing(quick: Graph) -> None:
    await person_of_two(quick)
    before = await person_id(quick)
    await quick.upload({"external_id": "X2", "canonical_id": "P 2"})

    assert before == await person_id(quick)
    assert "P 1" not in before
    node = "query($id: ID!) { node(id: $id) { id __typename } }"
    assert {"node": {"id": before, "__typename": "Person"}} == await quick.data(node, id=before)


async def test_a_person_that_is_gone_is_no_node(quick: Graph) -> None:
    await person_of_two(quick)
    gone = await person_id(quick)
    for external_id in ("X1", "X2"):
        await quick.upload({"external_id": external_id, "canonical_id": ""})

    assert {"nodes": [None]} == await quick.data(NODES, ids=[gone])


@pytest.mark.parametrize("text", ["\ud800", "p.\ud800", "c.\0"], ids=ascii)
async def test_a_text_that_no_store_holds_is_nobodys(graph: Graph, text: str) -> None:
    query = """query($id: ID!, $person: String!) {
      customer(by: {id: $id}) { id } node(id: $id) { id } nodes(ids: [$id]) { id }
      person(canonicalId: $person) { id }
    }"""
    body = {"query": query, "variables": {"id": text, "person": text}}

    answer = await graph.raw(json.dumps(body))

    nobody = {"customer": None, "node": None, "nodes": [None], "person": None}
    assert {"data": nobody} == answer.json()


async def test_more_ids_than_a_page_holds_are_refused(in_memory: Customers) -> None:
    async with graph_on(in_memory, Settings(max_page_size=3)) as graph:
        assert 3 == len((await graph.data(NODES, ids=["a", "b", "c"]))["nodes"])

        error = await graph.error(NODES, ids=["a", "b", "c", "d"])

    assert {"code": "INVALID_ARGUMENT", "argument": "ids"} == error["extensions"]


async def test_no_ids_are_no_nodes(quick: Graph) -> None:
    assert {"nodes": []} == await quick.data(NODES, ids=[])


@pytest.mark.parametrize("wrong", [[None], None, [{"a": 1}], [["x"]], [1.5], [True]])
async def test_ids_that_are_none_refuse_the_request(quick: Graph, wrong: Any) -> None:
    error = await quick.error(NODES, ids=wrong)

    assert {"code": "QUERY_INVALID"} == error["extensions"]
