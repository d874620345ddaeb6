"""What schemathesis must know of the schema: values of its scalars, and which answers are failures.

Its own check takes every error with a path for one of the server's; here those are answers, and the
code says whose fault it is.
"""

import json
from typing import Any

import schemathesis
from graphql import NameNode, ObjectFieldNode
from hypothesis import strategies as st
from schemathesis.graphql import nodes, scalar

UNFORESEEN = {"INTERNAL_ERROR", "STORE_UNAVAILABLE"}
"""Codes of errors that no request may bring about."""

TEXTS = st.text(max_size=40).map(nodes.String)
FLAGS = st.booleans().map(nodes.Boolean)
NUMBERS = st.integers(-(2**70), 2**70).map(nodes.Int) | st.floats(allow_nan=False).map(nodes.Float)
DATES = st.dates().map(lambda day: nodes.String(day.isoformat()))
MOMENTS = st.datetimes().map(lambda moment: nodes.String(f"{moment.isoformat()}Z"))
NAMES = st.from_regex(r"A__[a-z]{1,5}|[a-z_]{1,12}", fullmatch=True)
LEAVES = TEXTS | FLAGS | NUMBERS | DATES | MOMENTS


def _objects(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    fields = st.dictionaries(NAMES, values, max_size=4)
    return fields.map(lambda given: nodes.Object([_field(*one) for one in given.items()]))


def _field(name: str, value: Any) -> ObjectFieldNode:
    return ObjectFieldNode(name=NameNode(value=name), value=value)


def _lists(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(values, max_size=4).map(nodes.List)


JSON = st.recursive(LEAVES, lambda inner: _lists(inner) | _objects(inner), max_leaves=8)
SCALARS = {
    "BooleanValue": FLAGS | TEXTS,
    "CustomerDocument": _objects(JSON),
    "Date": DATES | TEXTS,
    "DateTime": MOMENTS | DATES | TEXTS,
    "DateTimeValue": MOMENTS | DATES | TEXTS,
    "DateValue": DATES | TEXTS,
    "JSON": JSON,
    "JSONObject": _objects(JSON),
    "TextSetValue": _lists(TEXTS) | TEXTS,
    "TextValue": TEXTS | NUMBERS,
}
for name, strategy in SCALARS.items():
    scalar(name, strategy)


@schemathesis.check
def is_foreseen(_: Any, response: Any, case: Any) -> None:
    is_answered_as_foreseen(response)


def is_answered_as_foreseen(response: Any) -> None:
    """Data, or what is wrong with the request; always as GraphQL answers."""
    answer = json.loads(response.content)
    codes = {error["extensions"]["code"] for error in answer.get("errors", ())}

    assert response.status_code < 500, response.status_code
    assert not codes & UNFORESEEN, codes
    assert "data" in answer or codes
