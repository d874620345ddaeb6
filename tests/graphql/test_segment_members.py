"""Who is in a segment, over GraphQL, on each store."""

from tests.graphql.asking import Graph
from tests.graphql.segmenting import GIVEN, count, saved, some
from tests.graphql.stored import document, store

MEMBERS = """
query($id: ID!, $where: CustomerWhere, $search: String, $orderBy: [CustomerOrder!], $first: Int,
      $after: String) {
  segment(id: $id) {
    members(where: $where, search: $search, orderBy: $orderBy, first: $first, after: $after) {
      totalCount nodes { id } edges { cursor } pageInfo { hasNextPage endCursor }
    }
  }
}"""


async def ids_of(graph: Graph, **given: object) -> list[str]:
    found = (await graph.data(MEMBERS, **given))["segment"]["members"]
    return [node["id"] for node in found["nodes"]]


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


async def test_a_facet_that_leaves_out_its_own_condition_stays_in_the_segment(
    graph: Graph,
) -> None:
    await some(graph)
    segment_id = await saved(graph, "Others", {"lastName": {"exists": True}, "city": {"ne": "Ely"}})
    await graph.upload({"external_id": "E", "city": "Ely", "last_name": "E"})
    query = """query($id: ID!) { segment(id: $id) { members(where: {city: {eq: "Oulu"}}) {
      totalCount facets(of: {city: {ignoreOwnFilter: true}}) { buckets { value count } } } } }"""

    members = (await graph.data(query, id=segment_id))["segment"]["members"]

    (facet,) = members["facets"]
    counts = {bucket["value"]: bucket["count"] for bucket in facet["buckets"]}
    assert (3, {"Oulu": 3, "Espoo": 1}) == (members["totalCount"], counts)


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
