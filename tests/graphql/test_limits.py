"""What is larger than allowed is refused before anything else looks at it, and told by what."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from graphql import get_introspection_query

from graphql_schema.limits import INTROSPECTION_DEPTH
from service.settings import Settings
from service.store.customers import Customers
from tests.graphql.asking import Graph, graph_on

PAGE = Path(__file__).parents[2] / "graphql_schema" / "graphiql"
EXAMPLES = {path.stem: path.read_text() for path in sorted(PAGE.glob("examples/*.graphql"))}

SMALL = Settings(
    max_document_bytes=2000,
    max_query_tokens=200,
    max_query_depth=5,
    max_root_fields=4,
    max_query_fields=30,
    max_query_aliases=6,
    max_query_directives=3,
)


def nested(levels: int) -> str:
    """Fields so many levels deep."""
    return "{ " + " { ".join(f"a{level}" for level in range(levels)) + " }" * levels


def several(number: int, what: str) -> str:
    return " ".join(what.replace("#", str(place)) for place in range(number))


DOUBLED = " ".join(
    f"fragment F{place} on Query {{ ...F{place + 1} ...F{place + 1} }}" for place in range(15)
)

TOO_MUCH: dict[str, tuple[str, Callable[[int], str]]] = {
    "bytes": ("bytes", lambda most: "{ a(b: \"" + "x" * most + '") }'),
    "bytes of letters that take two": ("bytes", lambda most: "{ a } #" + "é" * (most // 2)),
    "tokens": ("tokens", lambda most: "{ a(b: [" + "1 " * most + "]) }"),
    "comments": ("tokens", lambda most: "{ a }" + "#\n" * (most + 1)),
    "nested fields": ("depth", lambda most: nested(most + 1)),
    "fields nested by fragments": (
        "depth",
        lambda most: "{ ...A } fragment A on Query { a { ...B } } fragment B on Query "
        + nested(most),
    ),
    "fields nested in an operation that is not asked for": (
        "depth", lambda most: "query A { a } query B " + nested(most + 1),
    ),
    "aliases": ("aliases", lambda most: "{ a { " + several(most + 1, "a#: b") + " } }"),
    "aliases of fragments": (
        "aliases",
        lambda most: "{ a { " + several(most // 2 + 1, "...A") + " } } fragment A on Query "
        "{ a: a b: b }",
    ),
    "directives": ("directives", lambda most: "{ a " + "@include(if: true) " * (most + 1) + "}"),
    "directives of fragments": (
        "directives",
        lambda most: "{ a { ... @a { ...A @b ...A @b } } } fragment A on Query { b @c }",
    ),
    "directives of a variable": (
        "directives", lambda most: "query($a: Int " + "@a " * (most + 1) + ") { a }",
    ),
    "root fields": ("root fields", lambda most: "{ " + several(most + 1, "a") + " }"),
    "root fields of fragments": (
        "root fields", lambda most: "{ a ...A ...A } fragment A on Query { a ... { a } }",
    ),
    "fields": ("fields and fragments", lambda most: "{ a { " + several(most, "b") + " } }"),
    "empty fragments": (
        "fields and fragments",
        lambda most: "{ a { " + several(most, "...A") + " } } fragment A on Query { }",
    ),
    "fragments that double": (
        "fields and fragments", lambda _: "{ a { ...F0 } } fragment F15 on Query { a }" + DOUBLED,
    ),
    "fragments that nobody spreads": (
        "fields and fragments",
        lambda most: "{ a } "
        + several(2, "fragment A# on Query { b { " + "a " * (most // 2) + "} }"),
    ),
    "several operations": (
        "fields and fragments",
        lambda most: several(2, "query A# { b { " + "a " * (most // 2) + "} }"),
    ),
}  # fmt: skip

LIMITS = {
    "bytes": SMALL.max_document_bytes,
    "tokens": SMALL.max_query_tokens,
    "depth": SMALL.max_query_depth,
    "aliases": SMALL.max_query_aliases,
    "directives": SMALL.max_query_directives,
    "root fields": SMALL.max_root_fields,
    "fields and fragments": SMALL.max_query_fields,
}


async def refusal(graph: Graph, query: str) -> Any:
    found = await graph.send(query=query)
    ((error),) = found.json()["errors"]
    return found.status_code, error["extensions"]


@pytest.mark.parametrize(("measure", "write"), TOO_MUCH.values(), ids=TOO_MUCH.keys())
async def test_a_document_that_is_too_large_is_told_by_what(
    in_memory: Customers, measure: str, write: Callable[[int], str]
) -> None:
    limit = LIMITS[measure]
    async with graph_on(in_memory, SMALL) as graph:
        found = await refusal(graph, write(limit))
        again = await refusal(graph, write(limit))

    told = (400, {"code": "QUERY_TOO_COMPLEX", "measure": measure, "limit": limit})
    assert [told, told] == [found, again]


JUST_ALLOWED = {
    "bytes": '{ a(b: "' + "x" * 1988 + '") }',
    "tokens": "{ a(b: [" + "1 " * 191 + "]) }",
    "depth": nested(5),
    "aliases": "{ a { " + several(6, "a#: b") + " } }",
    "directives": "{ a @a @b @c }",
    "root fields": "{ a b c d }",
    "fields and fragments": "{ a { " + several(29, "b") + " } }",
}


@pytest.mark.parametrize("query", JUST_ALLOWED.values(), ids=JUST_ALLOWED.keys())
async def test_a_document_of_just_the_size_allowed_is_looked_at(
    in_memory: Customers, query: str
) -> None:
    async with graph_on(in_memory, SMALL) as graph:
        errors = await graph.errors(query)

    assert {"QUERY_INVALID"} == {error["extensions"]["code"] for error in errors}


async def test_a_circle_of_fragments_is_told_as_such(quick: Graph) -> None:
    errors = await quick.errors(
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"
    )

    assert "within itself" in errors[0]["message"]


@pytest.mark.parametrize("options", [{}, {"specified_by_url": True, "schema_description": True}])
async def test_what_tools_ask_of_the_schema_is_answered(
    in_memory: Customers, options: dict[str, bool]
) -> None:
    """However deep fields may nest elsewhere."""
    async with graph_on(in_memory, Settings(max_query_depth=1)) as graph:
        data = await graph.data(get_introspection_query(**options))

    assert data["__schema"]["types"]


async def test_introspection_has_a_bound_of_its_own(in_memory: Customers) -> None:
    types = "ofType { " * (INTROSPECTION_DEPTH - 1)
    query = '{ __type(name: "Customer") { ' + types + "name" + " }" * (INTROSPECTION_DEPTH + 1)
    async with graph_on(in_memory, Settings(max_query_depth=1)) as graph:
        _, told = await refusal(graph, query)

    assert {
        "measure": "depth of introspection",
        "limit": INTROSPECTION_DEPTH,
    }.items() <= told.items()


@pytest.mark.parametrize("name", EXAMPLES)
async def test_the_pages_examples_are_far_from_any_limit(in_memory: Customers, name: str) -> None:
    quarter = Settings(
        max_query_tokens=500, max_query_depth=6, max_root_fields=5, max_query_fields=100,
        max_query_aliases=25, max_query_directives=7,
    )  # fmt: skip
    async with graph_on(in_memory, quarter) as graph:
        answer = (await graph.send(query=EXAMPLES[name])).json()

    codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
    assert "QUERY_TOO_COMPLEX" not in codes
