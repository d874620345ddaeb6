#!/usr/bin/env python
"""What the schema costs rows: 1,000 of them as typed variables, as JSON, and as literals.

    .venv/bin/python scripts/bench/coercion.py

From the bytes of a request to rows for the row reader, in one process; nothing is uploaded.
"""

import gc
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

import orjson
from graphql import OperationDefinitionNode, parse, validate
from graphql.execution.values import VariableValues, get_variable_values
from rich.console import Console
from strawberry.types.arguments import convert_argument
from twenty_fields import person, typed

from graphql_schema.coercing import hold, holdings
from graphql_schema.inputs import CustomerInput, raw_rows
from graphql_schema.schema import core_schema, schema

ROWS, ROUNDS = 1000, 25
Row = dict[str, Any]
(OPERATION,) = parse("mutation($rows: [CustomerInput!]!) { a }").definitions
assert isinstance(OPERATION, OperationDefinitionNode)
REGISTRY = schema.schema_converter.scalar_registry


def coerced(given: dict[str, Any]) -> VariableValues:
    assert isinstance(OPERATION, OperationDefinitionNode)
    values = get_variable_values(core_schema, OPERATION.variable_definitions or (), given)
    assert isinstance(values, VariableValues)
    return values


def ours(body: bytes) -> list[Row]:
    assert isinstance(OPERATION, OperationDefinitionNode)
    held = hold(holdings(OPERATION, core_schema), {"rows": orjson.loads(body)})
    values = coerced(held.others)
    held.put_into(values)
    return raw_rows(values.coerced["rows"])


def stock(body: bytes) -> list[Any]:
    """As graphql-core coerces them and Strawberry makes an instance of each."""
    rows = coerced({"rows": orjson.loads(body)}).coerced["rows"]
    return [convert_argument(row, CustomerInput, REGISTRY, schema.config) for row in rows]


def literal(value: Any) -> str:
    """As it is written in a document."""
    if isinstance(value, dict):
        return "{" + " ".join(f"{name}: {literal(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + " ".join(map(literal, value)) + "]"
    return orjson.dumps(value).decode()


def as_document(text: str) -> None:
    document = parse(text)
    assert not validate(core_schema, document)


def literals() -> float:
    rows = literal([typed(person(number)) for number in range(ROWS)])
    text = f"mutation {{ uploadCustomers(customers: {rows}) {{ uploadId }} }}"
    return median(milliseconds(as_document, text) for _ in range(3))


def milliseconds(work: Callable[[Any], object], given: object) -> float:
    gc.collect()
    begun = time.process_time()
    work(given)
    return (time.process_time() - begun) * 1000


def compare(what: str, rows: Sequence[Row]) -> str:
    """Medians, and the medians of the ratios to decoding the same rows as JSON round by round."""
    as_typed = [typed(row) for row in rows]
    body, typed_body = orjson.dumps(rows), orjson.dumps(as_typed)
    assert ours(typed_body) == [
        {name: value for name, value in row.items() if value is not None} for row in rows
    ]
    ways = [(orjson.loads, body), (ours, typed_body), (stock, typed_body)]
    times = [[milliseconds(*way) for way in ways] for _ in range(ROUNDS)]
    columns = list(zip(*times, strict=True))
    cells = [
        f"{median(column):.2f} ms | {median(one / json for one, json in both):.1f}"
        for column in columns
        for both in [list(zip(column, columns[0], strict=True))]
    ]
    return f"| {what} | {' | '.join(cells)} |"


def sparse(number: int) -> Row:
    """Identifiers and five others, which ones differs from row to row."""
    row = person(number)
    names = list(row)
    others = [names[3 + (number * step) % 17] for step in range(1, 6)]
    return {name: row[name] for name in [*names[:3], *dict.fromkeys(others)]}


def with_nulls(number: int) -> Row:
    absent = ["birth_date", "vat_number", "street_name", "house_number", "province"]
    return person(number) | dict.fromkeys(absent)


def main() -> None:
    console = Console(width=200, highlight=False)
    ways = ["orjson.loads", "", "typed", "", "stock", ""]
    console.print(f"| {ROWS} rows | {' | '.join(ways)} |\n|{'---|' * 7}")
    for what, make in (
        ("20 fields", person),
        ("20 fields, 5 more null", with_nulls),
        ("8 fields, others in each", sparse),
    ):
        console.print(compare(what, [make(number) for number in range(ROWS)]))
    console.print(f"\nAs literals, to parse and validate: {literals():.0f} ms")


main()
