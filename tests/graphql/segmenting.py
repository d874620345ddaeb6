"""Segments saved and read in tests, over GraphQL."""

from collections.abc import Mapping
from typing import Any

from service.store.segments import SavedSegment, Segments
from tests.graphql.asking import Graph
from tests.uploads.making import NOW

SAVE = """
mutation($id: ID, $name: String!, $where: CustomerWhere!, $description: String) {
  saveSegment(id: $id, name: $name, where: $where, description: $description) {
    segment { id name description where createdAt updatedAt problems { code } }
    errors { code field message }
  }
}"""

DROP = "mutation($id: ID!) { deleteSegment(id: $id) { deletedSegmentId errors { code field } } }"
NAMES = """
query($first: Int, $after: String, $search: String) {
  segments(first: $first, after: $after, search: $search) {
    totalCount nodes { name } edges { cursor node { name } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""
GIVEN = {"A": "Oulu", "B": "Oulu", "C": "Oulu", "D": "Espoo"}


async def saved(graph: Graph, name: str, where: Mapping[str, Any], **others: object) -> str:
    """The id of a segment that goes in."""
    payload = (await graph.data(SAVE, name=name, where=where, **others))["saveSegment"]
    assert [] == payload["errors"]
    return str(payload["segment"]["id"])


async def refused(graph: Graph, **given: object) -> tuple[str, str]:
    """The code and place of the one error of a segment that does not."""
    payload = (await graph.data(SAVE, **{"name": "Refused", "where": {}, **given}))["saveSegment"]
    assert payload["segment"] is None
    (error,) = payload["errors"]
    return error["code"], error["field"]


async def put(graph: Graph, segment_id: str, where: Any) -> str:
    """One as an older service may have left it."""
    made = SavedSegment(segment_id, segment_id, where, NOW, NOW)
    await segments_of(graph).insert(made)
    return segment_id


def segments_of(graph: Graph) -> Segments:
    return graph.services.segments.reader.store


async def some(graph: Graph) -> dict[str, str]:
    """Customers by external id, three of them in Oulu."""
    ids = await graph.upload(
        *({"external_id": name, "city": city, "last_name": name} for name, city in GIVEN.items())
    )
    return dict(zip(GIVEN, ids, strict=True))


async def count(graph: Graph, segment_id: str) -> int:
    found = await graph.data("query($id: ID!) { segment(id: $id) { count } }", id=segment_id)
    return int(found["segment"]["count"])
