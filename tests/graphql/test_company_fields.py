"""The registry of company fields by GraphQL, on each store."""

from dataclasses import replace
from typing import Any

import pytest

from graphql_schema.company_fields import company_field_id
from graphql_schema.context import Context
from service.errors import QueryTooSlow
from service.store.company_values import CompanyValues
from service.store.customers import Customers
from service.store.database import Database
from tests.graphql.asking import Graph, graph_on, stock_answer

LEVEL = "ACME__level"
REGISTRY = """{ companyFields { sampledCustomers indexesUsed indexesAllowed
  fields { id name isDeclared type typeState description isPersonal indexState
    usage(sample: 5000) { customers sampledCustomers isExact kinds { kind customers } } } } }"""
DECLARE = """
mutation($name: String!, $declaration: CompanyFieldDeclaration!, $convert: Boolean!) {
  declareCompanyField(name: $name, declaration: $declaration, convert: $convert) {
    companyField { id type typeState indexState description isPersonal isDeclared }
    report { fitting convertible breaking breakingKinds { kind customers }
      breakingCustomerIds(first: 5) }
    errors { code field message } } }"""
NAMES = "query($only: CompanyFieldSet!) { companyFields { fields(only: $only) { name } } }"
ONE = "query($name: String!) { companyField(name: $name) { id name type } }"


async def declare(graph: Graph, convert: bool = False, name: str = LEVEL, **given: Any) -> Any:
    answer = await graph.data(DECLARE, name=name, declaration=given, convert=convert)
    return answer["declareCompanyField"]


async def tend(graph: Graph) -> None:
    """As the service does in the background, without waiting for other replicas."""
    keeper = graph.services.registry.keeper

    async def at_once() -> None: ...

    keeper.converter = replace(keeper.converter, settle=at_once)
    await keeper.tend()
    await keeper.settled()


def rows(*values: object) -> list[dict[str, object]]:
    return [{"external_id": f"X{place}", LEVEL: value} for place, value in enumerate(values)]


async def test_what_is_in_use_and_what_is_declared_is_listed(graph: Graph) -> None:
    await graph.upload(*rows(1, "gold", 2), {"external_id": "Y", "ACME__tags": ["a"]})
    await declare(graph, name="ACME__vip", type="BOOLEAN", isPersonal=False, description="Very")
    registry = (await graph.data(REGISTRY))["companyFields"]
    level, tags, vip = registry.pop("fields")

    assert {"sampledCustomers": 4, "indexesUsed": 0, "indexesAllowed": 20} == registry
    assert {
        "id": level["id"], "name": LEVEL, "isDeclared": False, "type": "ANY",
        "typeState": "ENFORCED", "description": None, "isPersonal": True, "indexState": "NONE",
        "usage": {
            "customers": 3, "sampledCustomers": 4, "isExact": True,
            "kinds": [{"kind": "NUMBER", "customers": 2}, {"kind": "TEXT", "customers": 1}],
        },
    } == level  # fmt: skip
    assert ("ACME__tags", 1) == (tags["name"], tags["usage"]["customers"])
    assert ("ACME__vip", True, "BOOLEAN", "CONVERTING", "Very", False, 0) == (
        vip["name"], vip["isDeclared"], vip["type"], vip["typeState"], vip["description"],
        vip["isPersonal"], vip["usage"]["customers"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("only", "expected"),
    [("ALL", [LEVEL, "ACME__x"]), ("DECLARED", ["ACME__x"]), ("UNDECLARED", [LEVEL])],
)
async def test_a_choice_of_fields_is_listed(graph: Graph, only: str, expected: list[str]) -> None:
    await graph.upload(*rows(1))
    await declare(graph, name="ACME__x", description="Something")
    found = (await graph.data(NAMES, only=only))["companyFields"]["fields"]

    assert expected == [field["name"] for field in found]


async def test_fields_are_found_by_a_part_of_their_name(graph: Graph) -> None:
    await graph.upload({"external_id": "X", "ACME__aB": 1, "ACME__bC": 1, "ACME__c": 1})
    found = await graph.data('{ companyFields { fields(search: "b", first: 1) { name } } }')

    assert {"companyFields": {"fields": [{"name": "ACME__aB"}]}} == found


async def test_a_field_that_nobody_holds_any_more_is_not_in_use(graph: Graph) -> None:
    await graph.upload(*rows(1))
    await graph.upload(*rows(""))

    assert [] == (await graph.data(NAMES, only="ALL"))["companyFields"]["fields"]


async def test_a_field_can_be_declared_and_its_values_converted(graph: Graph) -> None:
    await graph.upload(*rows(1, "2"))
    refused = await declare(graph, type="NUMBER")
    taken = await declare(graph, convert=True, type="NUMBER", isIndexed=True)
    await tend(graph)
    found = await graph.data(
        f'{{ companyField(name: "{LEVEL}") {{ typeState indexState }}'
        f' customer(by: {{externalId: "X1"}}) {{ companyField(name: "{LEVEL}") }} }}'
    )

    assert ["STORED_VALUES_BREAK_TYPE"] == [error["code"] for error in refused["errors"]]
    assert (1, 1, 0) == tuple(
        refused["report"][key] for key in ("fitting", "convertible", "breaking")
    )
    assert [] == taken["errors"]
    assert "CONVERTING" == taken["companyField"]["typeState"]
    assert {
        "companyField": {"typeState": "ENFORCED", "indexState": "READY"},
        "customer": {"companyField": 2},
    } == found


async def test_the_report_names_customers_whose_values_break_the_type(graph: Graph) -> None:
    (_, second) = await graph.upload(*rows(1, "gold"))
    report = (await declare(graph, type="NUMBER"))["report"]

    assert [second] == report["breakingCustomerIds"]
    assert [{"kind": "TEXT", "customers": 1}] == report["breakingKinds"]


async def test_null_is_as_if_left_out(graph: Graph) -> None:
    await declare(graph, type="NUMBER", description="Points")
    declared = await declare(graph, type=None, description=None, isIndexed=None, isPersonal=None)

    assert None is declared["report"]
    assert ("NUMBER", "Points") == (
        declared["companyField"]["type"],
        declared["companyField"]["description"],
    )


async def test_a_dry_run_changes_nothing(graph: Graph) -> None:
    await graph.upload(*rows("2"))
    answer = await graph.data(
        f'mutation {{ declareCompanyField(name: "{LEVEL}", declaration: {{type: NUMBER}}, '
        "convert: true, dryRun: true) { companyField { isDeclared } report { convertible } "
        "errors { code } } }"
    )

    assert {
        "companyField": {"isDeclared": False},
        "report": {"convertible": 1},
        "errors": [],
    } == answer["declareCompanyField"]


async def test_a_name_that_is_none_is_told_as_an_error_of_the_declaration(graph: Graph) -> None:
    declared = await declare(graph, name="level", type="NUMBER")

    assert None is declared["companyField"]
    assert [("INVALID_COMPANY_FIELD", "name")] == [
        (error["code"], error["field"]) for error in declared["errors"]
    ]


async def test_what_is_not_personal_is_still_shown_of_the_forgotten(graph: Graph) -> None:
    await declare(graph, name="ACME__vip", type="BOOLEAN", isPersonal=False)
    ids = await graph.upload({"external_id": "X", "ACME__vip": True, LEVEL: True})
    await graph.upload({"external_id": "X", "is_forgotten": True})
    found = await graph.data(
        "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Customer { "
        "isForgotten companyFields } } }",
        ids=ids,
    )

    assert [{"isForgotten": True, "companyFields": {"ACME__vip": True}}] == found["nodes"]


async def test_a_moment_is_shown_as_text(graph: Graph) -> None:
    await declare(graph, type="DATE_TIME")
    await graph.upload({"external_id": "X", "canonical_id": "P", LEVEL: "2015-08-28T17:10+03:00"})
    text = "2015-08-28T14:10:00Z"
    found = await graph.data(
        f'fragment Values on Profile {{ one: companyField(name: "{LEVEL}") companyFields '
        f'named: companyFields(names: ["{LEVEL}"]) }}'
        '{ customer(by: {externalId: "X"}) { ...Values } person(canonicalId: "P") { ...Values } }'
    )

    expected = {"one": text, "companyFields": {LEVEL: text}, "named": {LEVEL: text}}
    assert {"customer": expected, "person": expected} == found


async def test_a_field_is_found_by_its_name_and_by_its_id(graph: Graph) -> None:
    await graph.upload(*rows(1))
    field = (await graph.data(ONE, name=LEVEL))["companyField"]
    node = "query($id: ID!) { node(id: $id) { __typename id ... on CompanyField { name } } }"

    assert {"__typename": "CompanyField", "id": field["id"], "name": LEVEL} == (
        await graph.data(node, id=field["id"])
    )["node"]
    assert LEVEL not in field["id"]


async def test_a_value_is_read_by_name_beside_what_is_declared_of_its_field(graph: Graph) -> None:
    await declare(graph, type="NUMBER", description="How loyal")
    await graph.upload({"external_id": "X", LEVEL: "3", "ACME__points": 7})
    found = await graph.data(
        """query OneField($id: String!, $name: String!) {
          customer(by: { externalId: $id }) {
            value: companyField(name: $name) level: companyField(name: "ACME__none")
            some: companyFields(names: ["ACME__level", "ACME__none"]) all: companyFields }
          companyField(name: $name) { type description } }""",
        id="X",
        name=LEVEL,
    )

    assert {
        "customer": {
            "value": 3, "level": None, "some": {LEVEL: 3}, "all": {LEVEL: 3, "ACME__points": 7}
        },
        "companyField": {"type": "NUMBER", "description": "How loyal"},
    } == found  # fmt: skip


async def test_a_field_that_nobody_knows_is_null(graph: Graph) -> None:
    unknown = company_field_id(Context(graph.services), "ACME__unknown")
    found = await graph.data(
        f'{{ companyField(name: "ACME__unknown") {{ id }} nodes(ids: ["{unknown}", "f.x"]) '
        "{ id } }"
    )

    assert {"companyField": None, "nodes": [None, None]} == found


@pytest.mark.parametrize(
    ("query", "argument"),
    [
        ("{ companyFields { fields { usage(sample: 0) { customers } } } }", "sample"),
        ("{ companyFields { fields { usage(sample: 100001) { customers } } } }", "sample"),
        ("{ companyFields { fields(first: 0) { name } } }", "first"),
    ],
)
async def test_bad_arguments_are_refused_at_their_place(
    graph: Graph, query: str, argument: str
) -> None:
    await graph.upload(*rows(1))
    (error,) = await graph.errors(query)

    assert ("INVALID_ARGUMENT", argument) == (
        error["extensions"]["code"],
        error["extensions"]["argument"],
    )


class Slow(CompanyValues):
    """Looking takes too long."""

    async def sample(self, size: int) -> Any:
        raise QueryTooSlow


async def test_looking_too_long_makes_usage_null_alone(graph: Graph) -> None:
    await graph.upload(*rows(1))
    database = graph.services.registry.fields.database
    graph.services.registry.usage.values = Slow(database)
    answer = await graph.answer(
        "{ companyFields { sampledCustomers fields { name usage { customers } } } }"
    )

    assert ["QUERY_TOO_SLOW"] == [error["extensions"]["code"] for error in answer["errors"]]
    assert {"sampledCustomers": 0, "fields": [{"name": LEVEL, "usage": None}]} == answer["data"][
        "companyFields"
    ]


async def test_a_field_that_another_replica_took_up_can_be_asked_for_at_once(
    graph: Graph, customers: Customers
) -> None:
    where = (
        f'{{ customers(where: {{companyFields: {{name: "{LEVEL}", eq: 1}}}}) {{ totalCount }} }}'
    )
    await graph.errors(where)
    async with graph_on(customers) as other:
        await other.upload(*rows(1))

    assert {"customers": {"totalCount": 1}} == await graph.data(where)


async def test_a_filter_reads_its_value_as_declared(graph: Graph) -> None:
    await declare(graph, type="NUMBER")
    await graph.upload(*rows(1))
    where = (
        f'{{ customers(where: {{companyFields: {{name: "{LEVEL}", eq: "1"}}}}) {{ totalCount }} }}'
    )

    assert {"customers": {"totalCount": 1}} == await graph.data(where)


@pytest.mark.usefixtures("one_error_id")
@pytest.mark.parametrize(
    "query",
    [
        REGISTRY,
        "{ companyFields { fields(only: DECLARED, first: 1) { __typename a: name type } } }",
        "{ companyFields { indexesUsed fields(first: 0) { name } } }",
        f'{{ companyField(name: "{LEVEL}") {{ id name isDeclared type typeState }} }}',
        f'{{ companyField(name: "{LEVEL}") {{ ... on Node {{ id }} description }} }}',
    ],
)
async def test_compiled_selections_answer_as_stock_execution_does(quick: Graph, query: str) -> None:
    await quick.upload(*rows(1, "2"))
    await declare(quick, name="ACME__x", type="TEXT")
    stock = await stock_answer(quick.services, query)

    assert stock == (await quick.send(query=query)).content


async def test_what_is_looked_at_is_looked_at_once_for_all_fields(
    database: Database, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []

    class Counting(CompanyValues):
        async def sample(self, size: int) -> Any:
            looks.append(size)
            return await super().sample(size)

    graph.services.registry.usage.values = Counting(database)
    await graph.upload({"external_id": "X", **{f"ACME__{n}": n for n in range(9)}})
    await graph.data(REGISTRY)

    assert [10_000, 5000] == looks


async def test_a_field_is_listed_once_it_was_uploaded(graph: Graph) -> None:
    """Also where somebody looked just before, and what was seen then is kept."""
    await graph.upload(*rows(1))
    await graph.data(REGISTRY)
    await graph.upload({"external_id": "Y", "ACME__tags": ["a"]})

    fields = (await graph.data(REGISTRY))["companyFields"]["fields"]

    assert [(LEVEL, 1), ("ACME__tags", 1)] == [
        (field["name"], field["usage"]["customers"]) for field in fields
    ]
