"""What an operation costs is known before it runs, and too much of it is refused."""

import json
from typing import Any

import pytest
from graphql import get_named_type, is_composite_type, is_list_type, parse, validate
from graphql.type import get_nullable_type
from hypothesis import given, settings
from hypothesis import strategies as st

from graphql_schema.cost_kinds import KINDS, READ, ROWS, SCAN
from graphql_schema.costs import costs_of
from graphql_schema.introspection import usual_cost
from graphql_schema.schema import core_schema
from service.customers.fields import STORED
from service.settings import Settings
from service.store.customers import Customers
from tests.graphql.asking import Graph, graph_on
from tests.graphql.selections import VARIABLES, operations

MOST = 1000
SHORT = {
    "UserError", "CompanyFieldKindCount", "FieldChange", "UploadResult.customers",
}  # fmt: skip
"""Types and fields of lists that nobody makes long."""


def cost(query: str, **variables: Any) -> int:
    document = parse(query)
    assert [] == validate(core_schema, document)
    (found,) = costs_of(document, core_schema, MOST).values()
    return found.of(variables)


COSTS: dict[str, tuple[int, str, dict[str, Any]]] = {
    "a field": (2, "{ service { version } }", {}),
    "names of types": (3, "{ __typename service { __typename } }", {}),
    "a page by default": (READ + 1 + 50 * 2, "{ customers { nodes { id } } }", {}),
    "a page of a size": (READ + 1 + 7 * 3, "{ customers(last: 7) { nodes { id city } } }", {}),
    "a page's count": (READ + 1 + SCAN + 1, "{ customers(first: 7) { totalCount } }", {}),
    "a page of a size that is given": (
        READ + 1 + 9 * 2, "query($a: Int) { customers(first: $a) { nodes { id } } }", {"a": 9},
    ),
    "a page of a size that has a default": (
        READ + 1 + 8 * 2, "query($a: Int = 8) { customers(first: $a) { nodes { id } } }", {},
    ),
    "a page of a size that is not given": (
        READ + 1 + 50 * 2, "query($a: Int) { customers(first: $a) { nodes { id } } }", {},
    ),
    "a page that is larger than any": (
        READ + 1 + MOST * 2, "{ customers(first: 5000) { nodes { id } } }", {},
    ),
    "a page of no size": (
        READ + 1 + 50 * 2, "query($a: Int) { customers(first: $a) { nodes { id } } }",
        {"a": "many"},
    ),
    "pages in a page": (
        READ + 1 + 3 * (1 + READ + 1 + READ + 1 + 4 * (1 + 1 + 1)),
        "query($a: Int, $b: Int) { customers(first: $a) { nodes { person {"
        " customers(first: $b) { edges { node { id } } } } } } }",
        {"a": 3, "b": 4},
    ),
    "the same page twice": (
        2 * (READ + 1 + 9 * 2),
        "query($a: Int) { ...Page b: customers(first: $a) { ...Ids } }"
        " fragment Page on Query { customers(first: $a) { ...Ids } }"
        " fragment Ids on CustomerConnection { ... { nodes { id } } }",
        {"a": 9},
    ),
    "ids": (READ + 2 * 2, '{ nodes(ids: ["a", "b"]) { id } }', {}),
    "ids that are given": (
        READ + 3 * 2, "query($a: [ID!]!) { nodes(ids: $a) { id } }", {"a": ["a", "b", "c"]},
    ),
    "an id in a list": (READ + 2, "query($a: ID!) { nodes(ids: [$a]) { id } }", {"a": "a"}),
    "facets": (
        READ + 1 + 2 * (SCAN + 1 + 30 * 2),
        "{ customers { facets(of: [{city: {size: 30}}, {tags: {size: 5}}])"
        " { missing buckets { count } } } }",
        {},
    ),
    "facets by ranges": (
        READ + 1 + SCAN + 2 * 2,
        "query($of: [CustomerBuckets!]!) { customers { facets(of: $of) { buckets { count } } } }",
        {"of": {"dateJoined": {"ranges": [{"from": "2020-01-01"}, {"to": "2020-01-01"}]}}},
    ),
    "groups": (
        READ + 1 + SCAN + 3 * 4 * (1 + 1 + 2 * 2),
        "{ customers { groups(by: [{city: {size: 3}}, {country: {size: 4}}])"
        " { count keys { value } } } }",
        {},
    ),
    "an upload's rows": (
        READ + 1 + 1 + 1 + 1,
        "mutation($r: [CustomerInput!]!) { uploadCustomers(customers: $r)"
        " { uploadId results { status } } }",
        {"r": [{"externalId": "X"}] * 500},
    ),
    "an upload's report": (
        READ + 1 + ROWS * 2, '{ upload(id: "u") { results { status } } }', {},
    ),
    "what is left out by a directive": (
        READ + 1 + 50 * 2, "{ customers @skip(if: true) { nodes { id } } }", {},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("expected", "query", "variables"), COSTS.values(), ids=COSTS.keys())
def test_a_cost_is_what_can_be_answered_and_what_is_read(
    expected: int, query: str, variables: dict[str, Any]
) -> None:
    assert expected == cost(query, **variables)


WRONG: list[Any] = [
    None, True, "x", -3, 0, 2.5, 1e300, float("inf"), float("nan"), 10**400, [], [[]], {},
    [{}, 3, None, [1]], {"size": {}}, {"city": 3}, [{"city": {"size": "x", "ranges": 3}}],
]  # fmt: skip


@pytest.mark.parametrize("argument", ["customers(first: $a)", "nodes(ids: $a)", "facets", "groups"])
def test_whatever_a_variable_holds_the_cost_is_a_number(argument: str) -> None:
    """That it is wrong is told later."""
    inside = {"customers(first: $a)": "{ nodes { id } }", "nodes(ids: $a)": "{ id }"}
    query = f"{argument} {inside.get(argument)}"
    if argument in ("facets", "groups"):
        of = "of" if argument == "facets" else "by"
        query = f"customers {{ {argument}({of}: $a) {{ __typename }} }}"
    document = parse(f"query($a: ID) {{ {query} }}")
    (found,) = costs_of(document, core_schema, MOST).values()

    costs = [found.of({"a": wrong}) for wrong in WRONG]

    assert [] == [one for one in costs if not 1 <= one <= 10**6]


@settings(max_examples=40)
@given(operations(), VARIABLES, st.sampled_from([1, 5, 1000]))
def test_variables_cost_what_the_same_values_cost_in_their_place(
    query: str, variables: dict[str, Any], size: int
) -> None:
    values = {**variables, "size": size}
    _, _, body = query.partition("{")
    written = body
    for name, value in values.items():
        written = written.replace(f"${name}", json.dumps(value))

    (given_,) = costs_of(parse(query), core_schema, MOST).values()
    (literal,) = costs_of(parse(f"query Q {{{written}"), core_schema, MOST).values()

    assert literal.of({}) == given_.of(values)


def test_every_list_of_the_schema_counts_by_its_length() -> None:
    lists = {
        f"{type_.name}.{name}": get_named_type(field.type).name
        for type_ in core_schema.type_map.values()
        if is_composite_type(type_) and not type_.name.startswith("__")
        for name, field in getattr(type_, "fields", {}).items()
        if is_list_type(get_nullable_type(field.type))
        and is_composite_type(get_named_type(field.type))
        or "first" in field.args
    }

    sized = {name for name, kind in KINDS.items() if kind.many or kind.below or kind.listed}
    assert set() == {name for name, of in lists.items() if not SHORT & {name, of}} - sized


def test_every_field_that_is_counted_is_in_the_schema() -> None:
    fields = {
        f"{type_.name}.{name}"
        for type_ in core_schema.type_map.values()
        for name in getattr(type_, "fields", ())
    }

    assert set() == KINDS.keys() - fields


async def refused(graph: Graph, query: str, **variables: Any) -> Any:
    found = await graph.send(query=query, variables=variables)
    return found.status_code, found.json()["errors"][0]["extensions"]


async def test_an_operation_that_costs_too_much_is_refused_before_it_runs(
    in_memory: Customers,
) -> None:
    query = "query($a: Int) { customers(first: $a) { nodes { id } } }"
    async with graph_on(in_memory, Settings(max_query_cost=100)) as graph:
        allowed = await graph.data(query, a=44)
        found = await refused(graph, query, a=45)

    assert {"customers": {"nodes": []}} == allowed
    assert (400, {"code": "QUERY_TOO_COMPLEX", "measure": "cost", "limit": 100}) == found


async def test_of_several_operations_the_one_that_runs_is_counted(in_memory: Customers) -> None:
    query = "query A { customers { nodes { id } } } query B { service { version } }"
    async with graph_on(in_memory, Settings(max_query_cost=100)) as graph:
        found = [await graph.send(query=query, operationName=name) for name in ("A", "B")]

    assert [400, 200] == [one.status_code for one in found]


async def test_the_largest_page_of_twenty_fields_is_within_the_default(quick: Graph) -> None:
    fields = " ".join(field.camel_name for field in STORED[:20])

    assert await quick.data(f"{{ customers(first: 1000) {{ totalCount nodes {{ {fields} }} }} }}")


@pytest.mark.parametrize(
    "query",
    [
        "{ " + " ".join(f"a{n}: __schema {{ types {{ ...A }} }}" for n in range(14)) + " }"
        " fragment A on __Type { fields { name isDeprecated args { name description type "
        "{ name kind ofType { name kind ofType { name kind } } } } type { name kind } } }",
        '{ __type(name: "Query") { fields { args { type { inputFields { type { kind name '
        "ofType { name kind ofType { name } } } } } } } } }",
    ],
)  # fmt: skip
async def test_introspection_of_much_more_than_the_schema_is_refused(
    quick: Graph, query: str
) -> None:
    _, told = await refused(quick, query)

    assert {"measure": "introspection", "limit": 2 * usual_cost()}.items() <= told.items()


async def test_circles_of_introspection_are_refused(quick: Graph) -> None:
    circle = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"

    assert "QUERY_INVALID" == (await refused(quick, circle))[1]["code"]


async def test_beside_other_fields_little_can_be_asked_of_the_schema(quick: Graph) -> None:
    little = '{ __type(name: "Customer") { name } customers { nodes { id } } }'
    much = "{ __schema { types { fields { name type { name } } } } customers { nodes { id } } }"

    assert {"name": "Customer"} == (await quick.data(little))["__type"]
    assert "introspection" == (await refused(quick, much))[1]["measure"]
