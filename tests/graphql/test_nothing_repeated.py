"""Whatever is wrong with a request, its answer and the log repeat no value of it."""

import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from graphql_schema.errors import without_values
from service.errors import MESSAGES, ErrorCode
from tests.graphql.asking import Graph
from tests.graphql.uploading import DOCUMENTS, TYPED

CANARY = "kanarie77"
WRONG: list[Any] = [
    CANARY, [CANARY], {"x": CANARY}, {CANARY: CANARY}, [[CANARY]], 77077, 7.7077, True, [None],
    f"{CANARY}@example.org", {"externalId": CANARY}, [{"firstName": CANARY}, CANARY],
    {"externalId": {"x": [CANARY]}}, {"email": CANARY, "id": CANARY},
]  # fmt: skip

QUERIES = {
    "rows": TYPED,
    "documents": DOCUMENTS,
    "a size": "query($rows: Int!) { customers(first: $rows) { nodes { id } } }",
    "a cursor": "query($rows: String!) { customers(after: $rows) { nodes { id } } }",
    "a directive": "query($rows: Boolean!) { customers { nodes { id @include(if: $rows) } } }",
    "an identifier": "query($rows: CustomerBy!) { customer(by: $rows) { id } }",
    "an e-mail": "query($rows: String!) { customer(by: {email: $rows}) { id } }",
    "a phone number": "query($rows: String!) { customer(by: {phoneNumber: $rows}) { id } }",
    "ids": "query($rows: [ID!]!) { nodes(ids: $rows) { id } }",
    "a status": "mutation($rows: [UploadStatus!]) { uploadCustomers(customers: []) "
    "{ results(only: $rows) { index } } }",
    "a company field": "query($rows: String!) { customers { nodes "
    "{ companyField(name: $rows) } } }",
    "a map": "mutation($rows: JSONObject) { uploadCustomers(customers: {externalId: 1 "
    "companyFields: $rows}) { results { errors { code field message suggestion } } } }",
    "a variable of no use": "query { customers { totalCount } }",
}


def values_of(wrong: Any) -> list[str]:
    """The texts and numbers in it; keys are names, and may be named."""
    if isinstance(wrong, dict):
        return [text for value in wrong.values() for text in values_of(value)]
    if isinstance(wrong, list):
        return [text for value in wrong for text in values_of(value)]
    return [] if isinstance(wrong, bool | None) else [str(wrong)]


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
async def test_a_wrong_variable_is_never_repeated(quick: Graph, query: str) -> None:
    for wrong in WRONG:
        with capture_logs() as logs:
            answer = await quick.answer(query, rows=wrong)

        told = json.dumps([answer, logs])
        keys = json.dumps([*wrong] if isinstance(wrong, dict) else "")
        assert not [value for value in values_of(wrong) if value in told and value not in keys]
        assert {"upload"} >= {entry["event"] for entry in logs}


@pytest.mark.parametrize("place", ["externalId", "tags", "companyFields", "canEmail", "birthDate"])
@pytest.mark.parametrize("key", ["first_name", "companyField", "fist", "tagsAd", CANARY[:4]])
async def test_beside_an_unknown_key_nothing_is_repeated(
    quick: Graph, place: str, key: str
) -> None:
    """However many names are near to the unknown one."""
    for wrong in WRONG:
        answer = await quick.answer(TYPED, rows=[{place: wrong, key: wrong}])

        told = json.dumps(answer)
        assert f"unknown field '{key}'" in told
        assert not [value for value in values_of(wrong) if value in told]


LITERALS = [
    '"%s"', '["%s"]', '[{firstName: "%s"', '[{firstName: "\\q%s"}]', '[{firstName: """%s',
    '[{first_name: "%s"}]', '[{companyFields: "%s"}]', '[{companyFields: ["%s"]}]',
    "[{companyFields: %s}]", '[{firstName: "a" "%s"}]', '[{firstName: "%s",,,)', "[{a: '%s'}]",
    "[{firstName: 1%s}]", "[{firstName: -%s}]", "[{firstName: 1.%s}]", "[{firstName: 0%s}]",
    '[{firstName: "\\u{110000}%s"}]', '[{firstName: "\\ud800%s"}]', '[{"%s": 1}]',
    '[{firstName: "a", firstName: "%s"}]', '[{companyFields: {a: 1, a: "%s"}}]', "[{a: .%s}]",
    '[{firstName: "a"}] other: "%s"', '[{firstName: "%s"}] @b', '"%s" : 1', '[{firstName: "%s\n"}]',
    '[{firstName: "%s"', "[{firstName: 1.0e%s}]", '[{firstName: $a, lastName: "%s"}]',
]  # fmt: skip


@pytest.mark.parametrize("literal", LITERALS)
async def test_a_wrong_literal_is_never_repeated(quick: Graph, literal: str) -> None:
    for canary in (CANARY, "77077x"):
        query = f"mutation {{ uploadCustomers(customers: {literal}) {{ uploadId }} }}"

        with capture_logs() as logs:
            answer = await quick.answer(query.replace("%s", canary))

        assert {"QUERY_INVALID"} == {error["extensions"]["code"] for error in answer["errors"]}
        assert canary not in json.dumps([answer, logs])


ASKED = [
    'customer(by: {email: "%s"}) { id }', 'customer(by: {email: "%s", id: "%s"}) { id }',
    'customer(by: {id: ["%s"]}) { id }', 'customer(by: {id: {a: "%s"}}) { id }',
    'customers(first: "%s") { totalCount }', 'customers(after: "%s") { totalCount }',
    'customers(after: {a: "%s"}) { totalCount }', 'customers { totalCount(upTo: "%s") }',
    'customers { totalCount @skip(if: "%s") }', 'person(canonicalId: ["%s"]) { id }',
    'nodes(ids: [["%s"]]) { id }', 'customer(by: "%s") { id }',
    'customers { nodes { companyField(name: "%s") companyField(name: "%s2") } }',
]  # fmt: skip


@pytest.mark.parametrize("asked", ASKED)
async def test_a_wrong_argument_is_never_repeated(quick: Graph, asked: str) -> None:
    answer = await quick.answer("{ " + asked.replace("%s", CANARY) + " }")

    assert answer["errors"]
    assert CANARY not in json.dumps(answer)


@pytest.mark.parametrize(
    "message",
    [
        "Cannot query field 'x' on type 'Customer'. Did you mean 'id', 'tags', or 'city'?",
        "Unknown argument 'frist' on field 'Query.customers'. Did you mean 'first' or 'last'?",
        "Variable '$a' of type '[Int!]' used in position expecting type 'String!'.",
        "Field 'customers' of type 'CustomerConnection!' must have a selection of subfields. "
        "Did you mean 'customers { ... }'?",
        "Fields 'a' conflict because 'id' and 'city' are different fields. Use different aliases "
        "on the fields to fetch both if this was intentional.",
        "Unknown directive '@live'.",
        "Argument 'Query.customer(by:)' of type 'CustomerBy!' is required, but it was not "
        "provided.",
    ],
)
def test_what_names_things_of_the_document_stays(message: str) -> None:
    assert message == without_values(message)


@pytest.mark.parametrize(
    "message",
    [
        "Something new in the library, found: {'firstName': 'kanarie77'}.",
        "Something new: kanarie77",
        'Something new "kanarie77".',
        "Something new 'kanarie77 of 77'.",
        "Something new kanarie77@example.org.",
    ],
)
def test_a_message_that_nobody_knows_is_replaced(message: str) -> None:
    assert MESSAGES[ErrorCode.QUERY_INVALID] == without_values(message)


def test_a_message_that_nobody_knows_keeps_where_it_was() -> None:
    where = "Variable '$rows' has invalid value at [3].companyFields: "

    assert where + MESSAGES[ErrorCode.QUERY_INVALID] == without_values(f"{where}New: kanarie77")
