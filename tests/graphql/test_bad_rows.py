"""What is wrong in a row is its row's fault, named as the input names it."""

import json
from typing import Any

import pytest

from tests.graphql.asking import Graph
from tests.graphql.uploading import DOCUMENTS, TYPED, documents, ends, held, typed

X = {"externalId": "X"}
GOOD = {"externalId": "good"}

TYPED_FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"firstName": "Ann"}, "MISSING_IDENTIFIER:None"),
    ({"email": "", "phoneNumber": None}, "MISSING_IDENTIFIER:None"),
    ({"externalId": "no good"}, "INVALID_EXTERNAL_ID:externalId"),
    ({"phoneNumber": "0401234567"}, "INVALID_PHONE_NUMBER:phoneNumber"),
    ({"phoneNumber": "+4477571389570000"}, "INVALID_PHONE_NUMBER:phoneNumber"),
    ({"email": "nobody@"}, "INVALID_EMAIL:email"),
    ({**X, "birthDate": "1991-02-30"}, "INVALID_DATE:birthDate"),
    ({**X, "lastLogin": "yesterday"}, "INVALID_DATE_TIME:lastLogin"),
    ({**X, "canEmail": "yes"}, "WRONG_TYPE:canEmail"),
    ({**X, "canEmail": 1}, "WRONG_TYPE:canEmail"),
    ({**X, "isForgotten": "true"}, "WRONG_TYPE:isForgotten"),
    ({**X, "tags": 3}, "WRONG_TYPE:tags"),
    ({**X, "tagsAdd": [["a"]]}, "WRONG_TYPE:tagsAdd"),
    ({**X, "mailingListsRemove": {"a": "b"}}, "WRONG_TYPE:mailingListsRemove"),
    ({**X, "firstName": ["Ann"]}, "WRONG_TYPE:firstName"),
    ({**X, "houseNumberAddition": True}, "WRONG_TYPE:houseNumberAddition"),
    ({**X, "firstName": "a\nb"}, "INVALID_TEXT:firstName"),
    ({**X, "streetAddress": "a" * 2000}, "TOO_LONG:streetAddress"),
    ({**X, "country": "Finland"}, "INVALID_COUNTRY:country"),
    ({**X, "language": "xx"}, "INVALID_LANGUAGE:language"),
    (
        {**X, "companyFields": {"ACME__o": {"$set": 1}}},
        "INVALID_COMPANY_FIELD:companyFields.ACME__o",
    ),
    ({**X, "companyFields": {"ACME__a.b": 1}}, "INVALID_COMPANY_FIELD:companyFields.ACME__a.b"),
    ({**X, "companyFields": {"$set": 1}}, "INVALID_COMPANY_FIELD:companyFields.$set"),
    ({**X, "companyFields": {"email": "e"}}, "INVALID_COMPANY_FIELD:companyFields.email"),
    ({**X, "companyFields": {"tags.add": "e"}}, "INVALID_COMPANY_FIELD:companyFields.tags.add"),
    ({**X, "companyFields": {"A__\0": 1}}, "INVALID_COMPANY_FIELD:companyFields.A__\\x00"),
    ({**X, "companyFields": {"A__t": "\0"}}, "INVALID_TEXT:companyFields.A__t"),
    ({**X, "companyFieldsAdd": {"A__t": 3}}, "WRONG_TYPE:companyFieldsAdd.A__t"),
    (
        {**X, "companyFieldsRemove": {"nothing": ["a"]}},
        "INVALID_COMPANY_FIELD:companyFieldsRemove.nothing",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("row", "fault"), TYPED_FAULTS, ids=lambda value: str(value)[:60])
async def test_a_bad_value_of_a_typed_row_refuses_that_row(
    quick: Graph, row: dict[str, Any], fault: str
) -> None:
    payload = await typed(quick, row, GOOD)

    assert [f"REJECTED {fault}", "CREATED"] == ends(payload)
    assert ["good"] == [found["externalId"] for found in await held(quick)]


@pytest.mark.parametrize(
    ("key", "suggestion"),
    [("fist_name", "first_name"), ("firstName", "first_name"), ("tags_add", "tags.add"),
     ("zzz", None)],
)  # fmt: skip
async def test_an_unknown_key_of_a_document_is_told_with_the_nearest(
    quick: Graph, key: str, suggestion: str | None
) -> None:
    payload = await documents(quick, {"external_id": "X", key: "secret"}, {"external_id": "Y"})

    ((error),) = payload["results"][0]["errors"]
    assert ("UNKNOWN_FIELD", key, suggestion) == (
        error["code"], error["field"], error["suggestion"]
    )  # fmt: skip
    assert ["REJECTED", "CREATED"] == [result["status"] for result in payload["results"]]


@pytest.mark.parametrize("row", [None, 3, "x", [], [{}], True, 1.5])
async def test_a_document_that_is_no_object_is_refused_alone(quick: Graph, row: object) -> None:
    answer = await quick.answer(DOCUMENTS, rows=[row, {"external_id": "good"}])

    if row is None:  # the list's members are not null
        assert ["QUERY_INVALID"] == [error["extensions"]["code"] for error in answer["errors"]]
    else:
        assert ["REJECTED WRONG_TYPE:None", "CREATED"] == ends(answer["data"]["up"])


@pytest.mark.parametrize(
    ("key", "nearest"),
    [("fistName", "'firstName'"), ("first_name", "'firstName'"), ("emial", "'email'"),
     ("tagAdd", "'tagsAdd'"), ("companyField", "'companyFields'")],
)  # fmt: skip
async def test_an_unknown_key_of_a_typed_row_is_told_with_the_nearest(
    quick: Graph, key: str, nearest: str
) -> None:
    for error in (
        await quick.error(TYPED, rows=[{"externalId": "X", "city": "secret", key: "secret"}]),
        await quick.error(
            f'mutation {{ uploadCustomers(customers: [{{city: "secret", {key}: "secret"}}])'
            " { uploadId } }"
        ),
    ):
        assert f"unknown field '{key}'. Did you mean" in error["message"]
        assert nearest in error["message"]
        assert "secret" not in json.dumps(error)
        assert "QUERY_INVALID" == error["extensions"]["code"]
    assert [] == await held(quick)


BY_TEXT: list[tuple[str, str, str]] = [
    ('"companyFields": {"A__n": %s}', "18446744073709551616", "NUMBER_OUT_OF_RANGE"),
    ('"companyFields": {"A__n": %s}', "-9223372036854775809", "NUMBER_OUT_OF_RANGE"),
    ('"companyFields": {"A__n": [{"a": %s}]}', "18446744073709551616", "NUMBER_OUT_OF_RANGE"),
    ('"companyFields": {"A__n": %s}', "9" * 5000, "NUMBER_OUT_OF_RANGE"),
    ('"companyFields": {"A__n": %s}', '"\\ud800"', "INVALID_TEXT"),
    ('"companyFields": {"A__n": {"a": [%s]}}', '"x\\udfff"', "INVALID_TEXT"),
    ('"companyFields": {"A__n": {%s: 1}}', '"\\ud800"', "INVALID_TEXT"),
    ('"companyFields": {%s: 1}', '"\\ud800"', "INVALID_COMPANY_FIELD"),
    ('"firstName": %s', '"\\ud800"', "INVALID_TEXT"),
    ('"firstName": %s', "9" * 5000, "TOO_LONG"),
    ('"tags": [%s]', '"\\udc00"', "INVALID_TEXT"),
    ('"email": %s', '"\\ud800@example.org"', "INVALID_EMAIL"),
    ('"phoneNumber": %s', '"+44\\ud800"', "INVALID_PHONE_NUMBER"),
    ('"birthDate": %s', '"\\ud800"', "INVALID_DATE"),
    ('"country": %s', '"\\ud800"', "INVALID_COUNTRY"),
]


@pytest.mark.parametrize(("place", "value", "code"), BY_TEXT, ids=lambda text: text[:30])
async def test_what_json_can_hold_and_no_field_is_its_rows_fault(
    quick: Graph, place: str, value: str, code: str
) -> None:
    row = '{"externalId": "X", ' + place.replace("%s", value) + "}"
    body = {"query": TYPED, "variables": {"rows": ["ROW", GOOD]}}

    response = await quick.raw(json.dumps(body).replace('"ROW"', row))

    payload = response.json()["data"]["up"]
    assert ["REJECTED", "CREATED"] == [result["status"] for result in payload["results"]]
    assert [code] == [error["code"] for error in payload["results"][0]["errors"]]


@pytest.mark.parametrize(
    ("literal", "code"),
    [
        ("companyFields: {A__n: 18446744073709551616}", "NUMBER_OUT_OF_RANGE"),
        ("companyFields: {A__n: 1e400}", "NUMBER_OUT_OF_RANGE"),
        (f"companyFields: {{A__n: {'9' * 5000}}}", "NUMBER_OUT_OF_RANGE"),
        ("firstName: 1e400", "NUMBER_OUT_OF_RANGE"),
        (f"firstName: {'9' * 5000}", "NUMBER_OUT_OF_RANGE"),
        ("companyFields: {A__n: [[[[[[[[[1]]]]]]]]]}", "TOO_LONG"),
    ],
    ids=lambda text: text[:40],
)
async def test_a_literal_that_no_field_holds_is_its_rows_fault(
    quick: Graph, literal: str, code: str
) -> None:
    found = await quick.data(f"""mutation {{ uploadCustomers(customers: [
      {{externalId: "X", {literal}}}, {{externalId: "good"}}
    ]) {{ results {{ status errors {{ code }} }} }} }}""")

    assert [
        {"status": "REJECTED", "errors": [{"code": code}]},
        {"status": "CREATED", "errors": []},
    ] == found["uploadCustomers"]["results"]


async def test_no_text_becomes_an_operator_or_a_path(graph: Graph) -> None:
    hostile = ["$set", "$first_name", "{$ne: 1}", "a.b", "$$ROOT", "__proto__"]
    rows = [
        {"externalId": f"X{place}", "firstName": text, "tags": [text], "companyFields": {
            "ACME__t": text, "ACME__l": [text, {"k": text}]}}
        for place, text in enumerate(hostile)
    ]  # fmt: skip
    again = [{**row, "tagsAdd": [f"{row['firstName']}2"]} for row in rows]

    for batch in (rows, again):
        await typed(graph, *batch)

    assert [
        (text, [text, f"{text}2"], {"ACME__t": text, "ACME__l": [text, {"k": text}]})
        for text in hostile
    ] == sorted(
        (
            (found["firstName"], found["tags"], found["companyFields"])
            for found in await held(graph)
        ),
        key=lambda found: hostile.index(found[0]),
    )
