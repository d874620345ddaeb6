"""Lists page by page, forwards and backwards, on each store."""

from collections.abc import Callable
from typing import Any

import pytest

from service.store.customers import Customers
from tests.graphql.asking import Graph, graph_on
from tests.graphql.stored import document, store

PAGE = """
query($first: Int, $after: String, $last: Int, $before: String) {
  customers(first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { id } }
    nodes { id }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""
NUMBER = 11


async def filled(graph: Graph) -> list[str]:
    """The ids of customers of whom some are of one moment, in the order of lists."""
    made = [(await graph.upload({"external_id": f"X{number}"}))[0] for number in range(NUMBER)]
    return made[::-1]


async def page(graph: Graph, **given: object) -> Any:
    found = (await graph.data(PAGE, **given))["customers"]
    assert [edge["node"] for edge in found["edges"]] == found["nodes"]
    cursors = [edge["cursor"] for edge in found["edges"]] or [None]
    assert (cursors[0], cursors[-1]) == (
        found["pageInfo"]["startCursor"],
        found["pageInfo"]["endCursor"],
    )
    return found


def ids(found: Any) -> list[str]:
    return [node["id"] for node in found["nodes"]]


async def forwards(graph: Graph, size: int, meanwhile: Callable[[], Any] | None = None) -> Any:
    """The pages from the first to the last; `meanwhile` is done after each."""
    pages: list[list[str]] = []
    after = None
    while True:
        found = await page(graph, first=size, after=after)
        pages.append(ids(found))
        assert found["pageInfo"]["hasPreviousPage"] is (after is not None)
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            return pages
        if meanwhile:
            await meanwhile()


async def backwards(graph: Graph, size: int) -> list[list[str]]:
    """The pages from the last to the first, each in order."""
    pages: list[list[str]] = []
    before = None
    while True:
        found = await page(graph, last=size, before=before)
        pages.insert(0, ids(found))
        assert found["pageInfo"]["hasNextPage"] is (before is not None)
        before = found["pageInfo"]["startCursor"]
        if not found["pageInfo"]["hasPreviousPage"]:
            return pages


@pytest.mark.parametrize("size", [1, 3, NUMBER, NUMBER + 1])
async def test_pages_hold_everybody_once_in_either_direction(graph: Graph, size: int) -> None:
    everybody = await filled(graph)

    ahead, back = await forwards(graph, size), await backwards(graph, size)

    assert everybody == [customer for found in ahead for customer in found]
    assert everybody == [customer for found in back for customer in found]
    assert {size} >= {len(found) for found in ahead[:-1]} | {len(found) for found in back[1:]}


async def test_a_list_without_size_is_of_fifty(in_memory: Customers) -> None:
    await store(in_memory, [document(number) for number in range(60)])

    async with graph_on(in_memory) as graph:
        assert 50 == len((await page(graph))["nodes"])


async def test_who_comes_and_goes_moves_nobody_else(graph: Graph) -> None:
    """New customers stand before the first page; one that is deleted leaves a gap."""
    everybody = await filled(graph)
    leaving = iter([3, 8])  # the last of a page, and one of a page to come
    new: list[str] = []

    async def meanwhile() -> None:
        new.extend(await graph.upload({"external_id": f"N{len(new)}"}))
        if (place := next(leaving, None)) is not None:
            await graph.upload({"external_id": f"X{NUMBER - 1 - place}", "is_deleted": True})

    left = [customer for customer in everybody if customer != everybody[8]]
    pages = await forwards(graph, 4, meanwhile)

    assert left == [customer for found in pages for customer in found]


async def test_a_cursor_leads_on_when_its_customer_is_gone(graph: Graph) -> None:
    everybody = await filled(graph)
    found = await page(graph, first=4)
    await graph.upload({"external_id": f"X{NUMBER - 4}", "is_deleted": True})

    after = found["pageInfo"]["endCursor"]
    before = found["pageInfo"]["endCursor"]

    assert everybody[4:7] == ids(await page(graph, first=3, after=after))
    assert everybody[1:3] == ids(await page(graph, last=2, before=before))


async def test_the_forgotten_keep_a_place_and_the_deleted_none(graph: Graph) -> None:
    everybody = await filled(graph)
    await graph.upload({"external_id": "X3", "is_forgotten": True})
    await graph.upload({"external_id": "X5", "is_deleted": True})

    found = await forwards(graph, 4)

    listed = [customer for shown in found for customer in shown]
    assert sorted({*everybody} - {everybody[NUMBER - 1 - 5]}) == sorted(listed)


async def test_an_empty_list_has_no_cursors(graph: Graph) -> None:
    found = await page(graph)

    assert {
        "hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None
    } == found["pageInfo"]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "argument"),
    [
        ({"first": 0}, "first"),
        ({"first": -1}, "first"),
        ({"first": 1001}, "first"),
        ({"last": 0}, "last"),
        ({"last": 1001}, "last"),
        ({"first": 1, "last": 1}, "last"),
        ({"before": "x"}, "before"),
        ({"first": 1, "before": "x"}, "before"),
        ({"last": 1, "after": "x"}, "after"),
    ],
    ids=str,
)
async def test_arguments_that_cannot_be_are_told_by_name(
    quick: Graph, given: dict[str, object], argument: str
) -> None:
    for query in (
        PAGE,
        PAGE.replace(" customers(", ' person(canonicalId: "P") { customers(') + "}",
    ):
        await quick.upload({"external_id": "X", "canonical_id": "P"})

        error = await quick.error(query, **given)

        assert {"code": "INVALID_ARGUMENT", "argument": argument} == error["extensions"]


async def test_the_largest_page_is_what_is_set(quick: Graph) -> None:
    assert {"nodes": []} == (await quick.data("{ customers(first: 1000) { nodes { id } } }"))[
        "customers"
    ]


async def cursors(graph: Graph) -> tuple[str, str]:
    """Of the first on the list of all, and on a person's."""
    await graph.upload(
        {"external_id": "A", "canonical_id": "P"}, {"external_id": "B", "canonical_id": "P"}
    )
    found = await graph.data("""{
      customers { pageInfo { startCursor } }
      person(canonicalId: "P") { customers { pageInfo { startCursor } } }
    }""")
    of_all = found["customers"]["pageInfo"]["startCursor"]
    return of_all, found["person"]["customers"]["pageInfo"]["startCursor"]


async def test_a_cursor_that_was_changed_or_belongs_elsewhere_is_refused(quick: Graph) -> None:
    of_all, of_person = await cursors(quick)
    turned = of_all[:-2] + ("AA" if of_all[-2:] != "AA" else "BB")
    wrong = [turned, of_all[1:], of_all + "A", "", "é", "c.0001", "=" * 9, of_person, of_all[::-1]]

    for cursor in wrong:
        for argument, size in (("after", "first"), ("before", "last")):
            error = await quick.error(PAGE, **{argument: cursor, size: 1})

            assert {"code": "INVALID_CURSOR", "argument": argument} == error["extensions"]


async def test_a_cursor_of_all_is_none_of_a_person_nor_of_another(quick: Graph) -> None:
    of_all, of_person = await cursors(quick)
    await quick.upload({"external_id": "C", "canonical_id": "Q"})
    query = """query($person: String!, $after: String!) {
      person(canonicalId: $person) { customers(after: $after) { nodes { id } } } }"""

    assert (await quick.data(query, person="P", after=of_person))["person"]
    for person, cursor in (("P", of_all), ("Q", of_person)):
        error = await quick.error(query, person=person, after=cursor)

        assert {"code": "INVALID_CURSOR", "argument": "after"} == error["extensions"]


async def test_a_cursor_tells_nothing_of_its_customer(quick: Graph) -> None:
    of_all, of_person = await cursors(quick)

    assert len(of_all) == len(of_person)
    assert "n.0" not in of_all


async def test_counts_go_no_further_than_they_are_asked_to(graph: Graph) -> None:
    await filled(graph)
    await graph.upload({"external_id": "X1", "is_forgotten": True})
    await graph.upload({"external_id": "X2", "is_deleted": True})

    found = await graph.data("""{ customers(first: 2) {
      all: totalCount three: totalCount(upTo: 3) most: totalCount(upTo: 99)
      exact: totalCount(upTo: null) } }""")

    assert {"all": NUMBER - 1, "three": 3, "most": NUMBER - 1, "exact": NUMBER - 1} == found[
        "customers"
    ]


@pytest.mark.parametrize("up_to", [0, -1])
async def test_a_count_that_cannot_be_leaves_the_page(quick: Graph, up_to: int) -> None:
    await filled(quick)

    answer = await quick.answer(f"{{ customers {{ totalCount(upTo: {up_to}) nodes {{ id }} }} }}")

    assert {"code": "INVALID_ARGUMENT", "argument": "upTo"} == answer["errors"][0]["extensions"]
    assert (None, NUMBER) == (
        answer["data"]["customers"]["totalCount"],
        len(answer["data"]["customers"]["nodes"]),
    )
