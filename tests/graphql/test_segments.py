"""Segments are built and saved over GraphQL, on each store."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.conftest import STORES
from tests.graphql.asking import Graph
from tests.graphql.segmenting import NAMES, SAVE, count, refused, saved, some

BIRTHDAYS: dict[str, Any] = {
    "birthDate": {"birthday": {"next": {"days": 7}}, "age": {"gte": 18}},
    "not": {"lastLogin": {"last": {"months": 6}}},
    "canEmail": {"eq": True},
}


BUILDER = """
query Preview($where: CustomerWhere!) {
  customers(where: $where, first: 5) {
    totalCount
    nodes { id firstName lastName }
    aggregate { filled { email phoneNumber } distinct { country } max { lastLogin }
      average { age companyField(name: "ACME__points") } }
    groups(by: [{ country: { size: 5 } }, { dateJoined: { interval: YEAR, size: 10 } }]) {
      keys { field value from to } count
      aggregate { average { companyField(name: "ACME__points") } }
    }
  }
}
mutation Save($name: String!, $where: CustomerWhere!) {
  saveSegment(name: $name, where: $where) {
    segment { id name where count } errors { code field message }
  }
}
query Read($id: ID!, $customerId: ID!) {
  segment(id: $id) {
    id name problems { code message } count(upTo: 100000) contains(customerId: $customerId)
    members(orderBy: [{ lastName: ASC }], first: 20) {
      nodes { id lastName } pageInfo { hasNextPage endCursor }
    }
  }
}
mutation Drop($id: ID!) {
  deleteSegment(id: $id) { deletedSegmentId errors { code message } }
}"""


@pytest.mark.parametrize("store_name", [name for name in STORES if name != "mock"])
async def test_a_segment_is_built_by_one_document(graph: Graph) -> None:
    """Looked at, saved, read and dropped."""
    now = datetime.now(UTC)
    birth_date = f"{now.year - 40}-{now:%m-%d}"
    ann, *_ = await graph.upload(
        {"external_id": "A", "birth_date": birth_date, "can_email": True, "last_name": "Ann",
         "ACME__points": 3},
        {"external_id": "B", "birth_date": birth_date, "can_email": False},
        {"external_id": "C", "birth_date": birth_date, "can_email": True,
         "last_login": now.isoformat()},
    )  # fmt: skip

    async def run(operation: str, **variables: object) -> Any:
        response = await graph.send(query=BUILDER, operationName=operation, variables=variables)
        (answer,) = response.json()["data"].values()
        return answer

    preview = await run("Preview", where=BIRTHDAYS)
    made = (await run("Save", name="Birthdays this week, lapsed", where=BIRTHDAYS))["segment"]
    found = await run("Read", id=made["id"], customerId=ann)
    dropped = await run("Drop", id=made["id"])

    assert 1 == preview["totalCount"]
    assert {"age": 40, "companyField": 3} == preview["aggregate"]["average"]
    assert {
        "id": made["id"], "name": "Birthdays this week, lapsed", "where": BIRTHDAYS, "count": 1,
    } == made  # fmt: skip
    assert [{"id": ann, "lastName": "Ann"}] == found.pop("members")["nodes"]
    assert {
        "id": made["id"], "name": made["name"], "problems": [], "count": 1, "contains": True,
    } == found  # fmt: skip
    assert {"deletedSegmentId": made["id"], "errors": []} == dropped


async def test_conditions_come_back_as_they_were_given(graph: Graph) -> None:
    """Also those that GraphQL has defaults in, that are given without brackets, or have names of
    enums."""
    await graph.upload({"external_id": "A", "A__b": 1, "A__c": 1})
    given: dict[str, Any] = {
        **BIRTHDAYS,
        "or": [{"city": {"eq": "Oulu"}}, {"city": {"startsWith": "ou", "ignoreCase": True}}],
        "companyFields": [
            {"name": "A__b", "kind": ["NUMBER", "TEXT"]},
            {"name": "A__c", "eq": {"ignoreCase": False, "deep": [1.5, 2**62]}},
        ],
    }

    payload = (await graph.data(SAVE, name="All", where=given))["saveSegment"]

    assert ([], given) == (payload["errors"], payload["segment"]["where"])
    literal = await graph.data(
        'mutation { saveSegment(name: "Literal", where: {companyFields: {name: "A__b", kind: TEXT},'
        ' tags: {hasAny: "vip"}}) { segment { where } } }'
    )
    assert {
        "companyFields": [{"name": "A__b", "kind": ["TEXT"]}],
        "tags": {"hasAny": ["vip"]},
    } == literal["saveSegment"]["segment"]["where"]


async def test_saved_conditions_can_be_passed_on_as_they_are(graph: Graph) -> None:
    await some(graph)
    await graph.upload({"external_id": "D", "A__b": 1})
    where = {"city": {"eq": "Oulu"}, "companyFields": [{"name": "A__b", "exists": False}]}
    payload = (await graph.data(SAVE, name="Oulu", where=where))["saveSegment"]

    found = await graph.data(
        "query($where: CustomerWhere) { customers(where: $where) { totalCount } }",
        where=payload["segment"]["where"],
    )

    assert 3 == found["customers"]["totalCount"]


async def test_what_can_not_be_saved_is_told_in_the_payload(graph: Graph) -> None:
    one = await saved(graph, "One", {})
    other = await saved(graph, "Other", {"segment": {"in": [one]}})

    assert ("NAME_TAKEN", "name") == await refused(graph, name="ONE")
    assert ("INVALID_ARGUMENT", "name") == await refused(graph, name="")
    assert ("NOT_FOUND", "id") == await refused(graph, id="s.none")
    assert ("SEGMENT_CYCLE", "where") == await refused(
        graph, id=one, name="One", where={"segment": {"notIn": [other]}}
    )
    assert ("INVALID_ARGUMENT", "where.city.eq") == await refused(
        graph, where={"city": {"eq": None}}
    )
    assert ("INVALID_ARGUMENT", "where.segment.in.0") == await refused(
        graph, where={"segment": {"in": ["s.none"]}}
    )


async def test_a_variable_that_was_forgotten_widens_no_segment(quick: Graph) -> None:
    found = await quick.data(
        'mutation($c: String) { saveSegment(name: "A", where: {city: {exists: true, eq: $c}}) '
        "{ segment { id } errors { code field message } } }"
    )

    (error,) = found["saveSegment"]["errors"]
    assert ("INVALID_ARGUMENT", "where") == (error["code"], error["field"])
    assert "$c" in error["message"]


async def test_what_is_no_condition_is_refused_before_it_runs(quick: Graph) -> None:
    answer = await quick.answer(SAVE, name="A", where={"email": {"was": "ann@example.org"}})

    assert "data" not in answer
    assert "QUERY_INVALID" == answer["errors"][0]["extensions"]["code"]
    assert "ann@" not in str(answer)


async def test_many_segments_in_a_condition_are_too_many(quick: Graph) -> None:
    """Also for those that double themselves."""
    last = await saved(quick, "0", {})
    for number in range(1, 5):
        last = await saved(quick, str(number), {"segment": {"in": [last, last]}})

    assert ("INVALID_ARGUMENT", "where") == await refused(
        quick, where={"segment": {"in": [last, last]}}
    )


async def test_a_company_field_can_be_saved_as_soon_as_it_was_uploaded(graph: Graph) -> None:
    """And one that nobody has is refused, not saved for nobody."""
    await graph.upload({"external_id": "A", "A__b": 1})
    await refused(graph, where={"companyFields": {"name": "A__c", "eq": 1}})
    await graph.upload({"external_id": "A", "A__c": 1})

    segment_id = await saved(graph, "New", {"companyFields": {"name": "A__c", "eq": 1}})

    assert 1 == await count(graph, segment_id)


async def test_a_segment_is_changed_in_its_place(graph: Graph) -> None:
    segment_id = await saved(graph, "One", {}, description="Why")

    payload = (await graph.data(SAVE, id=segment_id, name="Two", where={"city": {"exists": True}}))[
        "saveSegment"
    ]["segment"]
    again = (await graph.data(SAVE, id=segment_id, name="Two", where={}, description=""))[
        "saveSegment"
    ]["segment"]

    assert (segment_id, "Two", "Why") == (payload["id"], payload["name"], payload["description"])
    assert payload["createdAt"] < payload["updatedAt"]
    assert ({}, None) == (again["where"], again["description"])
    assert ["Two"] == [one["name"] for one in (await graph.data(NAMES))["segments"]["nodes"]]
