"""The search box, as a frontend uses it."""

from typing import Any

import pytest

from tests.graphql.asking import Graph

SEARCH = """
query($search: String, $where: CustomerWhere, $orderBy: [CustomerOrder!], $first: Int,
      $after: String, $last: Int, $before: String) {
  customers(search: $search, where: $where, orderBy: $orderBy, first: $first, after: $after,
            last: $last, before: $before) {
    nodes { externalId }
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""

PEOPLE = [
    {"external_id": "X1", "first_name": "Jamés", "last_name": "O'Carroll",
     "phone_number": "+447757138957", "city": "Epwell"},
    {"external_id": "X2", "first_name": "James", "last_name": "Smith",
     "email": "js@carroll.example.org", "city": "Oulu"},
    {"external_id": "X3", "first_name": "Anna", "last_name": "Jamesson", "city": "Epwell"},
    {"external_id": "james", "first_name": "Zed"},
    {"external_id": "X5", "email": "shared@example.org"},
    {"external_id": "X6", "email": "shared@example.org", "last_name": "Jim"},
    {"external_id": "X7", "email": "not.shared@example.org.example.org"},
]  # fmt: skip


async def search(graph: Graph, text: str | None, **variables: object) -> list[str]:
    """External ids of those who are found."""
    data = await graph.data(SEARCH, search=text, **variables)
    assert data["customers"]["totalCount"] >= len(data["customers"]["nodes"])
    return [node["externalId"] for node in data["customers"]["nodes"]]


async def test_all_words_must_be_found_the_newest_first(graph: Graph) -> None:
    await graph.upload(*PEOPLE)

    assert ["X2", "X1"] == await search(graph, "carr james")
    assert ["X1"] == await search(graph, "carr james 8957")
    assert [] == await search(graph, "carr james 8957 smith")
    assert ["james", "X3", "X2", "X1"] == await search(
        graph, "JÁM", orderBy=[{"createdAt": "DESC"}]
    )


async def test_exact_identifiers_come_first(graph: Graph) -> None:
    await graph.upload(*PEOPLE)

    assert ["james", "X3", "X2", "X1"] == await search(graph, "james")
    assert ["X1"] == await search(graph, "+44 7757 138957")
    assert ["X6", "X5", "X7"] == await search(graph, "Shared@Example.org")


async def test_in_an_order_that_is_given_a_search_is_a_filter(graph: Graph) -> None:
    await graph.upload(*PEOPLE)

    found = await search(graph, "james", orderBy=[{"lastName": "ASC_NULLS_LAST"}])

    assert ["X3", "X1", "X2", "james"] == found
    assert ["X2", "james"] == await search(
        graph, "james", orderBy=[{"lastName": "ASC_NULLS_LAST"}], first=2,
        after=await end_cursor(graph, "james", orderBy=[{"lastName": "ASC_NULLS_LAST"}], first=2),
    )  # fmt: skip


async def end_cursor(graph: Graph, text: str, **variables: object) -> str:
    data = await graph.data(SEARCH, search=text, **variables)
    cursor: str = data["customers"]["pageInfo"]["endCursor"]
    return cursor


async def test_conditions_hold_beside_a_search(graph: Graph) -> None:
    """Of exact identifiers too."""
    await graph.upload(*PEOPLE)

    assert ["X3", "X1"] == await search(graph, "james", where={"city": {"eq": "Epwell"}})
    assert [] == await search(graph, "james", where={"isForgotten": {"eq": True}})


async def test_who_held_an_identifier_once_is_not_found_by_it(graph: Graph) -> None:
    await graph.upload({"external_id": "X1", "email": "old@example.org"})
    await graph.upload({"external_id": "X1", "email": "new@example.org"})

    assert [] == await search(graph, "old@example.org")
    assert ["X1"] == await search(graph, "new@example.org")


async def test_the_forgotten_and_the_deleted_are_found_by_nothing(graph: Graph) -> None:
    await graph.upload(*PEOPLE)
    await graph.upload({"external_id": "X1", "is_forgotten": True})
    await graph.upload({"external_id": "james", "is_deleted": True})

    assert ["X3", "X2"] == await search(graph, "james")
    assert [] == await search(graph, "8957")
    assert [] == await search(graph, "+447757138957")


@pytest.mark.parametrize("size", [1, 2, 3])
async def test_pages_lead_through_exact_and_other_ones(graph: Graph, size: int) -> None:
    """Forwards and backwards."""
    await graph.upload(*PEOPLE)
    everyone = ["james", "X3", "X2", "X1"]
    forwards: list[str] = []
    page: dict[str, Any] = {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        data = await graph.data(SEARCH, search="james", first=size, after=page["endCursor"])
        page = data["customers"]["pageInfo"]
        assert page["hasPreviousPage"] == bool(forwards)
        forwards += [node["externalId"] for node in data["customers"]["nodes"]]
    backwards: list[str] = []
    page = {"hasPreviousPage": True, "startCursor": None}
    while page["hasPreviousPage"]:
        data = await graph.data(SEARCH, search="james", last=size, before=page["startCursor"])
        page = data["customers"]["pageInfo"]
        assert page["hasNextPage"] == bool(backwards)
        backwards = [node["externalId"] for node in data["customers"]["nodes"]] + backwards

    assert everyone == forwards
    assert everyone == backwards


async def test_a_cursor_belongs_to_its_search(graph: Graph) -> None:
    await graph.upload(*PEOPLE)
    cursor = await end_cursor(graph, "james", first=1)

    error = await graph.error(SEARCH, search="anna", after=cursor)

    assert "INVALID_CURSOR" == error["extensions"]["code"]


async def test_what_can_find_nobody_is_an_error(quick: Graph) -> None:
    error = await quick.error(SEARCH, search=" - ")

    assert "INVALID_ARGUMENT" == error["extensions"]["code"]
    assert "search" == error["extensions"]["argument"]


async def test_no_search_finds_everyone(quick: Graph) -> None:
    await quick.upload(*PEOPLE)

    assert len(PEOPLE) == len(await search(quick, None))


async def test_a_search_says_that_it_would_miss_somebody(quick: Graph) -> None:
    quick.customers.searches.is_ready = False

    error = await quick.error(SEARCH, search="james")

    assert "SEARCH_NOT_READY" == error["extensions"]["code"]
