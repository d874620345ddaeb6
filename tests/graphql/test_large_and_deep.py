"""What is too deep or too much gets a clear error, never a failure of the service."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from graphql_schema.documents import MOST_ERRORS
from tests.graphql.asking import Graph
from tests.graphql.uploading import TYPED, ends


def lists(depth: int, inside: str = "") -> str:
    return "[" * depth + inside + "]" * depth


def literal(value: str) -> str:
    return f'mutation {{ uploadCustomers(customers: {{externalId: "X", {value}}}) {{ uploadId }} }}'


def selection(depth: int) -> str:
    return "{ customers { nodes " + "{ person { customers { nodes " * depth + "{ id }" + (
        " } } }" * depth
    ) + " } }"  # fmt: skip


DEEP: dict[str, Callable[[int], str]] = {
    "a list": lambda depth: literal(f"companyFields: {{A__x: {lists(depth)}}}"),
    "an object": lambda depth: literal(
        f"companyFields: {{A__x: {'{a: ' * depth}1{'}' * depth}}}"
    ),
    "a row of a list": lambda depth: literal(f"tags: {lists(depth)}"),
    "a selection": selection,
    "inline fragments": lambda depth: "{ " + "... { " * depth + "__typename" + " }" * (depth + 1),
}  # fmt: skip


DEEP_ERRORS = {"QUERY_INVALID": "nest", "QUERY_TOO_COMPLEX": "larger than allowed in its "}


@pytest.mark.parametrize("depth", [200, 900, 50_000])
@pytest.mark.parametrize("what", DEEP)
async def test_a_document_that_nests_too_deep_is_told_so(
    quick: Graph, what: str, depth: int
) -> None:
    ((error),) = (await quick.send(query=DEEP[what](depth))).json()["errors"]

    assert DEEP_ERRORS[error["extensions"]["code"]] in error["message"]


async def test_fragments_that_nest_too_deep_are_told_so(quick: Graph) -> None:
    number = 240
    fragments = " ".join(
        f"fragment F{place} on Query {{ ...F{place + 1} }}" for place in range(number)
    )
    query = f"{{ ...F0 }} {fragments} fragment F{number} on Query {{ a: node }}"

    ((error),) = (await quick.send(query=query)).json()["errors"]

    assert DEEP_ERRORS[error["extensions"]["code"]] in error["message"]


@pytest.mark.parametrize("depth", [9, 60, 90])
@pytest.mark.parametrize(
    ("field", "fault"),
    [
        ('"companyFields": {"A__x": %s}', "TOO_LONG:companyFields.A__x"),
        ('"companyFieldsAdd": {"A__x": %s}', "TOO_LONG:companyFieldsAdd.A__x"),
        ('"tags": %s', "WRONG_TYPE:tags"),
        ('"firstName": %s', "WRONG_TYPE:firstName"),
    ],
)
@pytest.mark.parametrize("inside", ["1", "18446744073709551616", '"\\ud800"'])
async def test_a_value_that_nests_too_deep_is_its_rows_fault(
    quick: Graph, depth: int, field: str, fault: str, inside: str
) -> None:
    row = '{"externalId": "X", ' + field.replace("%s", lists(depth, inside)) + "}"
    body = json.dumps({"query": TYPED, "variables": {"rows": ["ROW", {"externalId": "good"}]}})

    answer = (await quick.raw(body.replace('"ROW"', row))).json()

    assert [f"REJECTED {fault}", "CREATED"] == ends(answer["data"]["up"])


@pytest.mark.parametrize("depth", [100, 1100, 50_000])
@pytest.mark.parametrize("opening", ["[", '{"a":'])
async def test_a_body_that_nests_too_deep_is_told_so(
    quick: Graph, depth: int, opening: str
) -> None:
    closing = "]" if opening == "[" else "}"
    value = opening * depth + "1" + closing * depth
    body = f'{{"query": {json.dumps(TYPED)}, "variables": {{"rows": {value}}}}}'

    found = await quick.raw(body)

    assert (400, "BODY_INVALID") == (
        found.status_code, found.json()["errors"][0]["extensions"]["code"]
    )  # fmt: skip
    assert "nest too deep" in found.json()["errors"][0]["message"]


LARGE: dict[str, str] = {
    "aliases": "{ " + " ".join(f"a{number}: __typename" for number in range(20)) + " }",
    "spaces": "{ __typename" + " " * 60_000 + "}",
    "a comment": "{ __typename #" + "x" * 60_000 + "\n}",
    "fragments that double": "{ ...F0 } fragment F3 on Query { __typename } "
    + " ".join(
        f"fragment F{number} on Query {{ ...F{number + 1} ... {{ ...F{number + 1} }} }}"
        for number in range(3)
    ),
}


@pytest.mark.parametrize("query", LARGE.values(), ids=LARGE.keys())
async def test_a_large_document_is_answered(quick: Graph, query: str) -> None:
    assert {"Query"} == set((await quick.data(query)).values())


@pytest.mark.parametrize(
    "query",
    [
        "{ service { " + " ".join(f"x{number}" for number in range(300)) + " } }",
        "query(" + " ".join(f"$a{number}: Int" for number in range(450)) + ") { __typename }",
        literal(" ".join(f'fist_name{number}: "a"' for number in range(300))),
    ],
)
async def test_errors_without_end_are_cut(quick: Graph, query: str) -> None:
    errors = await quick.errors(query)

    assert len(errors) <= MOST_ERRORS + 1


@pytest.mark.parametrize("rows", [[{f"fist{n}": 1} for n in range(3000)], [{}] * 3 + [3] * 3000])
async def test_errors_of_variables_are_cut(quick: Graph, rows: Any) -> None:
    errors = await quick.errors(TYPED, rows=rows)

    assert len(errors) <= 101


@pytest.mark.parametrize("argument", ['customer(by: {email: "%s"})', 'person(canonicalId: "%s")'])
async def test_a_huge_text_finds_nobody(quick: Graph, argument: str) -> None:
    found = await quick.answer("{ found: " + argument.replace("%s", "a" * 60_000) + " { id } }")

    assert {"found": None} == found["data"]
    assert "aaa" not in json.dumps(found)
