"""Segments over GraphQL: saved, read, narrowed, named by each other, deleted; on each store."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from graphql_schema.context import AT_ONCE
from service.store.customers import Customers
from tests.graphql.asking import Graph
from tests.graphql.segmenting import SAVE, put, refused, saved
from tests.graphql.stored import document, store

BIRTHDAYS: dict[str, Any] = {
    "birthDate": {"birthday": {"next": {"days": 7}}, "age": {"gte": 18}},
    "not": {"lastLogin": {"last": {"months": 6}}},
    "canEmail": {"eq": True},
}
READ = """
query Read($id: ID!, $customerId: ID!) {
  segment(id: $id) {
    id name problems { code message } count(upTo: 100000) contains(customerId: $customerId)
    members(orderBy: [{ lastName: ASC }], first: 20) {
      nodes { id lastName } pageInfo { hasNextPage endCursor }
    }
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
MEMBERS = """
query($id: ID!, $where: CustomerWhere, $search: String, $orderBy: [CustomerOrder!], $first: Int,
      $after: String) {
  segment(id: $id) {
    members(where: $where, search: $search, orderBy: $orderBy, first: $first, after: $after) {
      totalCount nodes { id } edges { cursor } pageInfo { hasNextPage endCursor }
    }
  }
}"""
GIVEN = {"A": "Oulu", "B": "Oulu", "C": "Oulu", "D": "Espoo"}


async def ids_of(graph: Graph, **given: object) -> list[str]:
    found = (await graph.data(MEMBERS, **given))["segment"]["members"]
    return [node["id"] for node in found["nodes"]]


async def some(graph: Graph) -> dict[str, str]:
    """Customers by external id, three of them in Oulu."""
    ids = await graph.upload(
        *({"external_id": name, "city": city, "last_name": name} for name, city in GIVEN.items())
    )
    return dict(zip(GIVEN, ids, strict=True))


async def count(graph: Graph, segment_id: str) -> int:
    found = await graph.data("query($id: ID!) { segment(id: $id) { count } }", id=segment_id)
    return int(found["segment"]["count"])


async def test_a_segment_builder_saves_and_reads_a_segment(graph: Graph) -> None:
    now = datetime.now(UTC)
    birth_date = f"{now.year - 40}-{now:%m-%d}"
    ann, *_ = await graph.upload(
        {"external_id": "A", "birth_date": birth_date, "can_email": True, "last_name": "Ann"},
        {"external_id": "B", "birth_date": birth_date, "can_email": False},
        {"external_id": "C", "birth_date": birth_date, "can_email": True,
         "last_login": now.isoformat()},
    )  # fmt: skip

    segment_id = await saved(graph, "Birthdays this week, lapsed", BIRTHDAYS)
    found = (await graph.data(READ, id=segment_id, customerId=ann))["segment"]

    members = found.pop("members")
    assert [{"id": ann, "lastName": "Ann"}] == members["nodes"]
    assert {
        "id": segment_id, "name": "Birthdays this week, lapsed", "problems": [], "count": 1,
        "contains": True,
    } == found  # fmt: skip


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


async def test_a_segment_shows_who_meets_it_now(graph: Graph) -> None:
    customers = await some(graph)
    segment_id = await saved(graph, "Oulu", {"city": {"eq": "Oulu"}})
    before = await ids_of(graph, id=segment_id, orderBy={"lastName": "ASC"})

    await graph.upload({"external_id": "A", "city": "Ely"}, {"external_id": "D", "city": "Oulu"})

    assert [customers[name] for name in "ABC"] == before
    assert [customers[name] for name in "BCD"] == await ids_of(
        graph, id=segment_id, orderBy={"lastName": "ASC"}
    )
    assert 3 == await count(graph, segment_id)


async def test_members_are_narrowed_by_conditions_and_a_search(graph: Graph) -> None:
    customers = await some(graph)
    segment_id = await saved(graph, "Oulu", {"city": {"eq": "Oulu"}})

    narrowed = await ids_of(graph, id=segment_id, where={"lastName": {"in": ["B", "D"]}})
    searched = await ids_of(graph, id=segment_id, search="c")
    neither = await ids_of(graph, id=segment_id, where={"lastName": {"eq": "B"}}, search="c")

    assert ([customers["B"]], [customers["C"]], []) == (narrowed, searched, neither)


async def test_members_are_paged_and_their_cursors_belong_to_the_segment(graph: Graph) -> None:
    customers = await some(graph)
    where = {"createdAt": {"last": {"days": 40000}}, "city": {"eq": "Oulu"}}
    one, other = await saved(graph, "One", where), await saved(graph, "Other", where)
    first = (await graph.data(MEMBERS, id=one, first=2))["segment"]["members"]
    cursor = first["pageInfo"]["endCursor"]

    rest = await ids_of(graph, id=one, first=2, after=cursor)
    error = await graph.error(MEMBERS, id=other, first=2, after=cursor)

    assert [customers["C"], customers["B"], customers["A"]] == [
        *(node["id"] for node in first["nodes"]),
        *rest,
    ]
    assert 3 == first["totalCount"]
    assert "INVALID_CURSOR" == error["extensions"]["code"]


async def test_customers_are_asked_for_by_their_segments(graph: Graph) -> None:
    customers = await some(graph)
    oulu = await saved(graph, "Oulu", {"city": {"eq": "Oulu"}})
    first = await saved(graph, "First", {"lastName": {"exists": True}, "city": {"ne": "Espoo"}})
    others = await saved(graph, "Others", {"segment": {"notIn": [oulu]}})
    query = """query($where: CustomerWhere) { customers(where: $where, orderBy: {lastName: ASC}) {
      nodes { id } } }"""

    async def asked(where: object) -> str:
        nodes = (await graph.data(query, where=where))["customers"]["nodes"]
        return "".join(sorted(name for name in GIVEN if {"id": customers[name]} in nodes))

    assert "ABC" == await asked({"segment": {"in": [oulu]}})
    assert "ABCD" == await asked({"segment": {"in": [first, others]}})
    assert "D" == await asked({"segment": {"in": others, "notIn": oulu}})
    assert "B" == await asked({"segment": {"in": oulu}, "lastName": {"eq": "B"}})


async def test_only_who_is_listed_is_contained(graph: Graph) -> None:
    everyone = await saved(graph, "Everyone", {})
    forgotten = await saved(graph, "Forgotten", {"isForgotten": {"eq": True}})
    oulu = await saved(graph, "Oulu", {"city": {"eq": "Oulu"}})
    await store(
        graph.customers,
        [
            document(1, city="Oulu"),
            document(2, city="Espoo"),
            document(3, state="forgotten"),
            document(4, state="deleted", city="Oulu"),
        ],
    )
    asked = "query($id: ID!, $who: ID!) { segment(id: $id) { contains(customerId: $who) } }"
    whom = ["c.0001", "c.0002", "c.0003", "c.0004", "none", "", "\0", everyone]

    async def contained(segment_id: str) -> list[bool]:
        found = [await graph.data(asked, id=segment_id, who=who) for who in whom]
        return [one["segment"]["contains"] for one in found]

    assert [True, True, True, *[False] * 5] == await contained(everyone)
    assert [False, False, True, *[False] * 5] == await contained(forgotten)
    assert [True, *[False] * 7] == await contained(oulu)


async def test_a_count_goes_no_further_than_it_is_told(graph: Graph) -> None:
    await some(graph)
    segment_id = await saved(graph, "Oulu", {"city": {"eq": "Oulu"}})
    query = "query($id: ID!, $n: Int) { segment(id: $id) { count(upTo: $n) } }"

    counted = [(await graph.data(query, id=segment_id, n=n))["segment"]["count"] for n in (2, 9)]
    error = await graph.error(query, id=segment_id, n=0)

    assert [2, 3] == counted
    assert ("INVALID_ARGUMENT", "upTo") == (
        error["extensions"]["code"],
        error["extensions"]["argument"],
    )


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


async def test_a_deleted_segment_leaves_its_customers_and_a_problem(graph: Graph) -> None:
    await some(graph)
    one = await saved(graph, "One", {"city": {"eq": "Oulu"}})
    other = await saved(graph, "Other", {"segment": {"in": [one]}})

    dropped = (await graph.data(DROP, id=one))["deleteSegment"]
    again = (await graph.data(DROP, id=one))["deleteSegment"]
    answer = await graph.answer(
        """query($one: ID!, $other: ID!) { customers { totalCount } gone: segment(id: $one) { id }
        segment(id: $other) { name problems { code field } count } }""",
        one=one,
        other=other,
    )

    assert {"deletedSegmentId": one, "errors": []} == dropped
    assert {"deletedSegmentId": None, "errors": [{"code": "NOT_FOUND", "field": "id"}]} == again
    assert {
        "customers": {"totalCount": 4},
        "gone": None,
        "segment": {
            "name": "Other",
            "problems": [{"code": "INVALID_ARGUMENT", "field": "where.segment.in.0"}],
            "count": None,
        },
    } == answer["data"]


PROBLEMS: dict[str, tuple[Any, list[tuple[str, str]]]] = {
    "a field that is gone": (
        {"city": {"eq": "Oulu"}, "shoeSize": {"eq": 42}, "and": [{"hatSize": {}}]},
        [("INVALID_ARGUMENT", "where.and.0"), ("INVALID_ARGUMENT", "where")],
    ),
    "an operator that is gone": (
        {"not": {"city": {"soundsLike": "Oulu"}}},
        [("INVALID_ARGUMENT", "where.not.city")],
    ),
    "a value of another type": ({"city": {"eq": 3}}, [("INVALID_ARGUMENT", "where.city.eq")]),
    "an enum's value that is gone": (
        {"companyFields": [{"name": "A__b", "kind": ["SHOE"]}]},
        [("INVALID_ARGUMENT", "where.companyFields.0.kind.0")],
    ),
    "a value that can't be read": (
        {"country": {"eq": "XX"}},
        [("INVALID_ARGUMENT", "where.country.eq")],
    ),
    "null": ({"city": {"eq": None}}, [("INVALID_ARGUMENT", "where.city.eq")]),
    "several units": (
        {"lastLogin": {"last": {"days": 1, "weeks": 1}}},
        [("INVALID_ARGUMENT", "where.lastLogin.last")],
    ),
    "no object": ([], [("INVALID_ARGUMENT", "where")]),
    "itself": ({"segment": {"in": ["s.bad"]}}, [("SEGMENT_CYCLE", "where")]),
}


@pytest.mark.parametrize(("where", "problems"), PROBLEMS.values(), ids=PROBLEMS.keys())
async def test_conditions_that_are_no_longer_allowed_say_so(
    quick: Graph, where: Any, problems: list[tuple[str, str]]
) -> None:
    """They are listed, and whoever they mean is an error."""
    await put(quick, "s.bad", where)

    answer = await quick.answer(
        """{ segments { nodes { name problems { code field message } count
        contains(customerId: "c.1") members { totalCount } } } }"""
    )

    (found,) = answer["data"]["segments"]["nodes"]
    told = found.pop("problems")
    assert sorted(problems) == sorted((one["code"], one["field"]) for one in told)
    assert {"name": "s.bad", "count": None, "contains": None, "members": None} == found
    assert {"SEGMENT_INVALID"} == {error["extensions"]["code"] for error in answer["errors"]}
    assert "Oulu" not in str(answer)


async def test_conditions_that_are_no_longer_allowed_are_mended_or_deleted(quick: Graph) -> None:
    await put(quick, "s.one", {"shoeSize": {"eq": 42}})
    await put(quick, "s.two", {"shoeSize": {"eq": 42}})

    await saved(quick, "One", {"city": {"eq": "Oulu"}}, id="s.one")
    await quick.data(DROP, id="s.two")

    assert 0 == await count(quick, "s.one")
    assert 1 == (await quick.data(NAMES))["segments"]["totalCount"]


async def test_who_names_a_segment_that_is_no_longer_allowed_is_told_which(quick: Graph) -> None:
    await put(quick, "s.bad", {"shoeSize": {"eq": 42}})
    await put(quick, "s.other", {"or": [{}, {"segment": {"notIn": ["s.bad"]}}]})

    found = await quick.data('{ segment(id: "s.other") { problems { code field } } }')
    error = await quick.error('{ customers(where: {segment: {in: "s.bad"}}) { totalCount } }')

    place = "where.or.1.segment.notIn.0"
    assert [{"code": "SEGMENT_INVALID", "field": place}] == found["segment"]["problems"]
    assert {"code": "SEGMENT_INVALID", "argument": "where.segment.in.0"} == error["extensions"]


async def test_segments_are_listed_by_name_page_by_page(graph: Graph) -> None:
    names = ["ärger", "Beta", "alpha", "beta 2", "Zulu", "Älg", "100% off", "a.b"]
    for name in names:
        await saved(graph, name, {})
    seen: list[str] = []
    page: dict[str, Any] = {"pageInfo": {"hasNextPage": True, "endCursor": None}}
    while page["pageInfo"]["hasNextPage"]:
        after = page["pageInfo"]["endCursor"]
        page = (await graph.data(NAMES, first=3, after=after))["segments"]
        seen += [node["name"] for node in page["nodes"]]
        assert page["nodes"] == [edge["node"] for edge in page["edges"]]
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        assert 8 == page["totalCount"]

    assert ["100% off", "a.b", "alpha", "Beta", "beta 2", "Zulu", "Älg", "ärger"] == seen


async def test_segments_are_searched_by_a_part_of_their_name_letter_case_aside(
    graph: Graph,
) -> None:
    for name in ["Straße", "STRASSEN", "a.b", "axb", "Ärger"]:
        await saved(graph, name, {})

    async def found(search: str) -> list[str]:
        page = (await graph.data(NAMES, search=search))["segments"]
        assert len(page["nodes"]) == page["totalCount"]
        return [node["name"] for node in page["nodes"]]

    assert ["Straße", "STRASSEN"] == await found("ASSE")
    assert ["a.b"] == await found("A.B")
    assert ["Ärger"] == await found("är")
    assert [] == await found("^a")


@pytest.mark.parametrize(
    ("given", "code", "argument"),
    [
        ({"first": 0}, "INVALID_ARGUMENT", "first"),
        ({"first": 1001}, "INVALID_ARGUMENT", "first"),
        ({"search": ""}, "INVALID_ARGUMENT", "search"),
        ({"search": "\0"}, "INVALID_ARGUMENT", "search"),
        ({"after": "none"}, "INVALID_CURSOR", "after"),
    ],
)
async def test_a_list_of_segments_that_can_not_be_is_refused(
    quick: Graph, given: dict[str, object], code: str, argument: str
) -> None:
    error = await quick.error(NAMES, **given)

    assert {"code": code, "argument": argument} == error["extensions"]


async def test_a_cursor_of_another_search_is_refused(quick: Graph) -> None:
    for name in ("a", "ab"):
        await saved(quick, name, {})
    page = (await quick.data(NAMES, first=1, search="a"))["segments"]

    error = await quick.error(NAMES, search="b", after=page["pageInfo"]["endCursor"])

    assert "INVALID_CURSOR" == error["extensions"]["code"]


async def test_segments_are_nodes(quick: Graph) -> None:
    (ann,) = await quick.upload({"external_id": "A"})
    segment_id = await saved(quick, "One", {})
    query = """query($ids: [ID!]!, $id: ID!) {
      nodes(ids: $ids) { __typename id ... on Segment { name count } }
      node(id: $id) { ... on Segment { members { nodes { externalId } } } } }"""

    found = await quick.data(query, ids=[segment_id, ann, "s.none"], id=segment_id)

    assert [
        {"__typename": "Segment", "id": segment_id, "name": "One", "count": 1},
        {"__typename": "Customer", "id": ann},
        None,
    ] == found["nodes"]
    assert {"members": {"nodes": [{"externalId": "A"}]}} == found["node"]


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


async def test_a_field_whose_declared_type_does_not_take_the_value_any_more_is_a_problem(
    graph: Graph,
) -> None:
    await graph.upload({"external_id": "A", "A__b": 3})
    segment_id = await saved(graph, "Three", {"companyFields": {"name": "A__b", "eq": "three"}})
    declared = await graph.data(
        """mutation { declareCompanyField(name: "A__b", declaration: {type: NUMBER}) {
        errors { code } } }"""
    )
    assert [] == declared["declareCompanyField"]["errors"]
    await graph.services.registry.fields.known(age=0)

    found = await graph.data(
        "query($id: ID!) { segment(id: $id) { problems { field message } } }", id=segment_id
    )

    (problem,) = found["segment"]["problems"]
    assert "where.companyFields.0.eq" == problem["field"]
    assert "three" not in problem["message"]


async def test_a_list_of_segments_asks_the_store_for_a_few_at_a_time(
    quick: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, most = 0, 0

    async def counted(*_: object, **__: object) -> int:
        nonlocal asked, most
        asked += 1
        most = max(most, asked)
        await asyncio.sleep(0)
        asked -= 1
        return 0

    monkeypatch.setattr(Customers, "count", counted)
    for number in range(12):
        await put(quick, f"s.{number}", {})

    await quick.data("{ segments { nodes { a: count b: count } } }")

    assert AT_ONCE == most
