"""Rows that are taken as they came, and those that are not, end as stock coercion has them."""

import json
from operator import is_
from typing import Any

import pytest
import strawberry
from graphql import GraphQLError, OperationDefinitionNode, parse
from graphql.execution.values import VariableValues, get_variable_values
from hypothesis import given, settings
from hypothesis import strategies as st
from strawberry.types.arguments import convert_argument

from graphql_schema.coercing import hold, holdings
from graphql_schema.inputs import CustomerInput, raw_rows
from graphql_schema.schema import core_schema, schema
from service.customers.fields import CATALOGUE, TEXT_SETS, is_company_field
from service.store.customers import Customers
from service.store.database import Database
from tests.customers.strategies import JSON, TEXTS
from tests.graphql.asking import graph_on, services_on, stock_answer
from tests.graphql.uploading import TYPED
from tests.mock import mock_client
from tests.uploads.making import DIGESTER

NAMES = [field.camel_name for field in CATALOGUE]
MAPS = ["companyFields", "companyFieldsAdd", "companyFieldsRemove"]
SETS = ["tagsAdd", "tagsRemove", "mailingListsAdd", "mailingListsRemove"]
TYPES = ["[CustomerInput!]!", "[CustomerInput!]", "[CustomerInput]", "[CustomerInput]!"]
OTHER_TYPES = [
    "CustomerInput", "CustomerInput!", "[[CustomerInput!]!]", "[JSONObject!]!", "[String!]", "Int",
    "[CustomerBy!]", "[CustomerDocument!]!",
]  # fmt: skip

SOUND = st.dictionaries(st.sampled_from([*NAMES, *SETS]), JSON, max_size=6) | st.fixed_dictionaries(
    {"externalId": TEXTS},
    optional={name: st.none() | st.dictionaries(TEXTS, JSON, max_size=3) for name in MAPS},
)
UNKNOWN = st.sampled_from(["first_name", "tagAdd", "companyfields", "ID", "", "a.b"]) | TEXTS
SPOILT = st.one_of(
    st.builds(dict.__or__, SOUND, st.dictionaries(UNKNOWN, JSON, min_size=1, max_size=2)),
    st.builds(dict.__or__, SOUND, st.dictionaries(st.sampled_from(MAPS), JSON, min_size=1)),
)
NO_ROW = st.one_of(st.none(), TEXTS, st.lists(SOUND, max_size=2), JSON)
ROWS = st.one_of(
    st.lists(SOUND, max_size=4),
    *(
        st.builds(list.__add__, st.lists(SOUND, max_size=3), wrong.map(lambda row: [row]))
        for wrong in (SPOILT, SPOILT, NO_ROW)
    ),
    SOUND | SPOILT | NO_ROW,
)


def operation(text: str) -> OperationDefinitionNode:
    (definition,) = parse(text).definitions
    assert isinstance(definition, OperationDefinitionNode)
    return definition


def outcome(values: VariableValues | list[GraphQLError]) -> Any:
    """What was coerced and what it was coerced from, or the errors written out."""
    if isinstance(values, list):
        return [str(error) for error in values]
    return values.coerced, {name: source.value for name, source in values.sources.items()}


def coerced(operation: OperationDefinitionNode, given: dict[str, Any]) -> Any:
    return get_variable_values(core_schema, operation.variable_definitions or (), given, 50)


def coerced_by_us(operation: OperationDefinitionNode, given: dict[str, Any]) -> Any:
    held = hold(holdings(operation, core_schema), given)
    values = coerced(operation, held.others)
    if isinstance(values, VariableValues):
        held.put_into(values)
    return values


def instances(rows: list[Any]) -> list[Any]:
    """Rows as Strawberry converts them: an instance of the input type of each."""
    registry = schema.schema_converter.scalar_registry
    return [convert_argument(row, CustomerInput, registry, schema.config) for row in rows]


def raw_row_of(instance: Any) -> dict[str, Any]:
    """By its attributes, without the table that our rows go by."""
    row: dict[str, Any] = {}
    for name, value in vars(instance).items():
        base, _, change = name.rpartition("_")
        suffix = f".{change}" if base in (*TEXT_SETS, "company_fields") else ""
        if value is None or value is strawberry.UNSET:
            continue
        if not name.startswith("company_fields"):
            row[base + suffix if suffix else name] = value
        else:
            told = f"company__.companyFields{change.capitalize() if suffix else ''}."
            row |= {
                key + suffix if is_company_field(key) else told + key: member
                for key, member in value.items()
            }
    return row


@settings(max_examples=300, deadline=None)
@given(
    rows=ROWS,
    type_=st.sampled_from([*TYPES, *TYPES, *OTHER_TYPES]),
    default=st.sampled_from(["", "", " = []", ' = [{externalId: "X"}]', " = {tags: [3]}"]),
    others=st.dictionaries(st.sampled_from(["n", "more", "rows2"]), JSON, max_size=2),
)
def test_coercion_gives_the_same_values_or_the_same_errors(
    rows: Any, type_: str, default: str, others: dict[str, Any]
) -> None:
    head = f"$n: Int, $rows: {type_}{default}, $more: [CustomerInput!], $rows2: CustomerInput!"
    asked = operation(f"query({head}) {{ a }}")
    given = {"rows2": {}, "more": [{"city": "Ely"}], **others, "rows": rows}

    assert outcome(coerced(asked, given)) == outcome(coerced_by_us(asked, given))


@given(rows=st.lists(SOUND, max_size=4))
def test_rows_are_those_that_strawberry_would_make(rows: list[Any]) -> None:
    values = coerced_by_us(operation("query($rows: [CustomerInput!]!) { a }"), {"rows": rows})

    assert [*map(raw_row_of, instances(rows))] == raw_rows(values.coerced["rows"])


@pytest.mark.parametrize("type_", TYPES)
def test_sound_rows_are_taken_as_they_came(type_: str) -> None:
    rows = [{"externalId": "X", "companyFields": {"A__x": 1}}, {"email": None, "tagsAdd": 3}]

    values = coerced_by_us(operation(f"query($rows: {type_}) {{ a }}"), {"rows": rows})

    assert all(map(is_, rows, values.coerced["rows"]))


def test_variables_may_be_missing() -> None:
    asked = operation("query($rows: [CustomerInput!]!) { a }")

    assert outcome(coerced(asked, {})) == outcome(coerced_by_us(asked, {}))
    assert not hold(holdings(None, core_schema), {"rows": [{}]}).values
    assert {} == hold(holdings(asked, core_schema), None).others


BOTH = """mutation($rows: [CustomerInput!]!) {
  one: uploadCustomers(customers: $rows) { results { status errors { code field } } }
  two: uploadCustomers(customers: $rows) { results { status customerIds } }
  three: uploadCustomers(
    customers: [{externalId: "Z", companyFields: {A__rows: $rows, A__x: [$rows]}}]
  ) { results { status customer { companyFields } } }
}"""
ONE = TYPED.replace("uploadId", "")
QUERIES = {"one use": ONE, "several uses, some inside JSON": BOTH}
SENT: dict[str, Any] = {
    "sound rows": [{"tags": ["a"], "externalId": "X"}, {"externalId": "", "city": 3}],
    "no rows": [],
    "one row without its list": {"externalId": "X", "companyFields": {"A__x": [None]}},
    "an unknown name": [{"externalId": "X"}, {"externalId": "Y", "emial": "y@example.org"}],
    "many unknown names": [{f"emial{n}": n for n in range(60)}],
    "a list where a map stands": [{"externalId": "X"}, {"companyFields": []}],
    "null for a row": [{"externalId": "X"}, None],
    "text for a row": ["externalId"],
    "a list for a row": [[{"externalId": "X"}]],
    "null": None,
    "a number": 10**30,
    "text": "externalId",
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
@pytest.mark.parametrize("rows", SENT.values(), ids=SENT.keys())
async def test_answers_are_those_of_stock_execution(query: str, rows: Any) -> None:
    ours, stock = (
        Customers(Database(mock_client(), "coercing", timeout=10), DIGESTER) for _ in range(2)
    )
    async with graph_on(ours) as graph:
        response = await graph.raw(json.dumps({"query": query, "variables": {"rows": rows}}))

    expected = await stock_answer(services_on(stock), query, rows=rows)
    assert json.loads(expected) == response.json()
