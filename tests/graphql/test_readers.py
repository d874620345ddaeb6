"""What a cursor or an id tells, and to whom: it serves who was given it, for what it is of."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from service.access.callers import ANYBODY, ApiKey, Caller, caller_with
from service.access.scopes import EVERYTHING
from tests.graphql.asking import Graph, Knows, endpoint_on
from tests.graphql.segmenting import NAMES, saved
from tests.uploads.making import NOW

LISTS = {
    "customers": """query($after: String) { customers(first: 1, after: $after) {
      nodes { id } pageInfo { endCursor } } }""",
    "conditions": """query($after: String) {
      customers(where: {city: {eq: "Oulu"}}, first: 1, after: $after) {
      nodes { id } pageInfo { endCursor } } }""",
    "a search": """query($after: String) { customers(search: "oulu", first: 1, after: $after) {
      nodes { id } pageInfo { endCursor } } }""",
    "a person's": """query($after: String) { person(canonicalId: "P") {
      customers(first: 1, after: $after) { nodes { id } pageInfo { endCursor } } } }""",
    "a segment's": """query($id: ID!, $after: String) { segment(id: $id) {
      members(first: 1, after: $after) { nodes { id } pageInfo { endCursor } } } }""",
    "segments": NAMES,
}


def key(public_id: str) -> Caller:
    return caller_with(ApiKey(public_id, "a key", EVERYTHING, None, NOW))


@asynccontextmanager
async def asked_by(caller: Caller, graph: Graph) -> AsyncIterator[Graph]:
    """The same endpoint, to whom the caller is known."""
    async with endpoint_on(graph.services, Knows(caller)) as asked:
        yield asked


def end_cursor(found: Any) -> str | None:
    """Of the one list in it."""
    if isinstance(found, dict):
        cursors = (end_cursor(one) for one in found.values())
        return found.get("endCursor") or next((one for one in cursors if one), None)
    return None


async def filled(graph: Graph) -> dict[str, object]:
    for name in ("A", "B"):
        await graph.upload(
            {"external_id": name, "first_name": "Oulu", "city": "Oulu", "canonical_id": "P"}
        )
        segment_id = await saved(graph, name, {"city": {"eq": "Oulu"}})
    return {"id": segment_id}


@pytest.mark.parametrize("query", LISTS.values(), ids=LISTS.keys())
async def test_a_cursor_leads_on_for_the_key_that_it_was_given_to(quick: Graph, query: str) -> None:
    given = {name: one for name, one in (await filled(quick)).items() if f"${name}:" in query}
    async with asked_by(key("k1"), quick) as graph:
        first = await graph.data(query, **given)
        cursor = end_cursor(first)

        assert cursor
        assert first != await graph.data(query, after=cursor, **given)


@pytest.mark.parametrize("query", LISTS.values(), ids=LISTS.keys())
@pytest.mark.parametrize(
    ("giver", "taker"),
    [(key("k1"), key("k2")), (key("k1"), ANYBODY), (ANYBODY, key("k1"))],
    ids=["another key", "no key", "a key"],
)
async def test_a_cursor_is_none_for_anybody_else(
    quick: Graph, query: str, giver: Caller, taker: Caller
) -> None:
    given = {name: one for name, one in (await filled(quick)).items() if f"${name}:" in query}
    async with asked_by(giver, quick) as graph:
        cursor = end_cursor(await graph.data(query, **given))
    async with asked_by(taker, quick) as graph:
        error = await graph.error(query, after=cursor, **given)

    assert {"code": "INVALID_CURSOR", "argument": "after"} == error["extensions"]


IDS = """query($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }"""


async def ids_of_each_kind(graph: Graph) -> dict[str, str]:
    (customer,) = await graph.upload(
        {"external_id": "A", "canonical_id": "ACME__x", "city": "Oulu", "ACME__x": 1}
    )
    segment = await saved(graph, "Segment", {"city": {"eq": "Oulu"}})
    found = await graph.data(
        '{ person(canonicalId: "ACME__x") { id } companyField(name: "ACME__x") { id } }'
    )
    cursor = end_cursor(await graph.data("{ customers { pageInfo { endCursor } } }"))
    return {
        "Customer": customer,
        "Segment": segment,
        "Person": found["person"]["id"],
        "CompanyField": found["companyField"]["id"],
        "cursor": f"x.{cursor}",
    }


async def test_an_id_of_one_kind_is_none_of_another(quick: Graph) -> None:
    """Though a person and a company field are here of one name; nor is a cursor an id."""
    ids = await ids_of_each_kind(quick)
    found = (await quick.data(IDS, ids=list(ids.values())))["nodes"]
    prefixes = {one.partition(".")[0] for one in ids.values()}
    wrong = {
        f"{prefix}.{one.partition('.')[2]}" for prefix in prefixes for one in ids.values()
    }.difference(ids.values())

    assert len(ids) == len({one.partition(".")[2] for one in ids.values()})
    assert [*ids][:4] == [one["__typename"] for one in found if one]
    assert [None] * len(wrong) == (await quick.data(IDS, ids=sorted(wrong)))["nodes"]


async def test_ids_of_one_kind_serve_no_other_field(quick: Graph) -> None:
    ids = await ids_of_each_kind(quick)
    query = """query($id: ID!, $text: String!) {
      customer(by: {id: $id}) { id } segment(id: $id) { id } companyField(name: $text) { id }
      person(canonicalId: $text) { id } }"""
    own = {"Customer": {"customer"}, "Segment": {"segment"}}

    for kind, one in ids.items():
        found = await quick.data(query, id=one, text=one)

        assert own.get(kind, set()) == {name for name in found if found[name]}


async def test_the_deleted_are_told_from_nobody_by_no_query(quick: Graph) -> None:
    """By its id, its identifiers, its person, or a segment that holds everybody."""
    (gone,) = await quick.upload({"external_id": "A", "email": "a@example.org", "city": "Oulu"})
    await quick.upload({"external_id": "A", "is_deleted": True})
    segment = await saved(quick, "Everybody", {"createdAt": {"gte": "2000-01-01"}})
    query = """query($id: ID!, $segment: ID!, $externalId: String!, $email: String!) {
      one: customer(by: {id: $id}) { id } two: customer(by: {externalId: $externalId}) { id }
      three: customer(by: {email: $email}) { id } node(id: $id) { id } nodes(ids: [$id]) { id }
      segment(id: $segment) { contains(customerId: $id) }
      a: customers(where: {id: {eq: $id}}) { totalCount nodes { id } }
      b: customers(where: {email: {eq: $email}}) { totalCount nodes { id } }
      c: customers(search: $externalId) { totalCount nodes { id } } }"""

    of_the_deleted, of_nobody = [
        await quick.answer(query, segment=segment, **given)
        for given in (
            {"id": gone, "externalId": "A", "email": "a@example.org"},
            {"id": "c.m6qcSHDlOskbtQUuFJ6JLQ", "externalId": "B", "email": "b@example.org"},
        )
    ]

    assert "errors" not in of_nobody
    assert of_nobody == of_the_deleted
