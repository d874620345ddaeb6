"""Which media type is answered in, and the status that goes with it."""

from typing import Any

import pytest

from graphql_schema.negotiation import GRAPHQL, JSON, AnswerType, answer_type
from tests.graphql.asking import Graph

NEW, OLD = GRAPHQL.name, JSON.name

WELL_FORMED: dict[str, dict[str, Any]] = {
    "not parsed": {"query": "{"},
    "not valid": {"query": "{ nothing }"},
    "no operation of the name": {"query": "query A { __typename }", "operationName": "B"},
    "variable of another type": {
        "query": "query($id: ID!) { node(id: $id) { id } }",
        "variables": {"id": None},
    },
}


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("Application/JSON ; charset=UTF-8", JSON),
        ("application/json, text/plain, */*", JSON),
        ("text/html, application/xhtml+xml, */*;q=0.1", JSON),
        (NEW, GRAPHQL),
        (f"{NEW}; charset=utf-8", GRAPHQL),
        (f'{NEW};charset="utf-8"', GRAPHQL),
        (f"{NEW}, {OLD}", GRAPHQL),
        (f"{OLD}, {NEW}", JSON),
        (f"{NEW}; charset=utf-8, {OLD}; charset=utf-8", GRAPHQL),
        (f"{OLD};q=0.9, {NEW}", GRAPHQL),
        (f"{NEW};q=0.5, {OLD};q=0.8", JSON),
        (f"{NEW}, {OLD};q=0.9, */*;q=0.1", GRAPHQL),
        (f"*/*;q=0.5, {NEW};q=0.4", JSON),
        (f"{OLD};q=0, */*", GRAPHQL),
        (f"{OLD}; charset=utf-16, {NEW}", GRAPHQL),
        (f"{OLD};q=much, {NEW};q=0.1", GRAPHQL),
        (f"{OLD};q=nan, {NEW};q=0.1", GRAPHQL),
        ("text/html", None),
        ("application/xml, text/*", None),
        (f"{OLD};q=0", None),
        (f"{OLD};q=0, {NEW};q=0", None),
        ("application/json; charset=iso-8859-1", None),
        ("json", None),
        (",;,", None),
        (f"{NEW}, " + "text/x, " * 100, GRAPHQL),
    ],
)  # fmt: skip
def test_the_type_that_is_liked_best_is_answered_in(
    accept: str | None, kind: AnswerType | None
) -> None:
    headers = [] if accept is None else [(b"accept", accept.encode())]

    assert kind == answer_type({"headers": headers})


def test_several_headers_are_one() -> None:
    headers = [(b"accept", b"text/html"), (b"accept", NEW.encode())]

    assert GRAPHQL == answer_type({"headers": headers})


@pytest.mark.parametrize("kind", [GRAPHQL, JSON], ids=["graphql-response", "json"])
async def test_an_answer_says_its_type_and_charset(quick: Graph, kind: AnswerType) -> None:
    found = await quick.raw('{"query": "{ __typename }"}', accept=kind.name)

    assert (200, f"{kind.name}; charset=utf-8") == (
        found.status_code, found.headers["content-type"]
    )  # fmt: skip


@pytest.mark.parametrize("case", WELL_FORMED)
@pytest.mark.parametrize(("accept", "status"), [(NEW, 400), (OLD, 200)])
async def test_what_graphql_refuses_has_a_status_of_failure_where_that_can_be_told(
    quick: Graph, case: str, accept: str, status: int
) -> None:
    found = await quick.http.post("/graphql", json=WELL_FORMED[case], headers={"accept": accept})

    assert (status, ["errors"]) == (found.status_code, [*found.json()])


@pytest.mark.parametrize("accept", [NEW, OLD])
@pytest.mark.parametrize("body", ["", "nonsense", "3", "{}", '{"query": "{a}", "variables": [7]}'])
async def test_what_is_not_well_formed_is_refused_in_either_type(
    quick: Graph, accept: str, body: str
) -> None:
    found = await quick.raw(body, accept=accept)

    assert (400, f"{accept}; charset=utf-8", ["errors"]) == (
        found.status_code, found.headers["content-type"], [*found.json()]
    )  # fmt: skip


@pytest.mark.parametrize(("accept", "status"), [(NEW, 294), (OLD, 200)])
async def test_where_a_field_failed_the_status_is_partial_success_where_that_can_be_told(
    quick: Graph, accept: str, status: int
) -> None:
    query = "{ service { version } customers(first: -1) { nodes { id } } }"

    found = await quick.http.post("/graphql", json={"query": query}, headers={"accept": accept})

    assert (status, {"data", "errors"}) == (found.status_code, {*found.json()})


async def test_who_takes_neither_is_told_so(quick: Graph) -> None:
    found = await quick.raw('{"query": "{ __typename }"}', accept="text/html")

    assert (406, "QUERY_INVALID") == (
        found.status_code, found.json()["errors"][0]["extensions"]["code"]
    )  # fmt: skip
