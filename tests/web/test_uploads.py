"""The upload route: its bodies, its refusals, its answers."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.errors import StoreUnavailable
from tests.uploads.memory import MemoryStore
from tests.web.uploading import PATH, client_on


@pytest.mark.parametrize(
    "body",
    [{"customers": [{"external_id": "X1"}]}, [{"external_id": "X1"}]],
    ids=["the reference's body", "a bare list"],
)
def test_rows_go_in(client: TestClient, body: object) -> None:
    answer = client.post(PATH, json=body).json()

    assert answer.pop("upload_id")
    assert {
        "dry_run": False,
        "replayed": False,
        "counts": {
            "rows": 1, "created": 1, "updated": 0, "unchanged": 0, "ignored": 0, "rejected": 0
        },
        "results": [
            {
                "index": 0,
                "status": "CREATED",
                "matched_by": None,
                "customer_ids": ["c.0001"],
                "errors": [],
            }
        ],
        "errors": [],
    } == answer  # fmt: skip


def test_a_refused_row_says_what_is_wrong_and_the_others_go_in(
    client: TestClient, store: MemoryStore
) -> None:
    answer = client.post(PATH, json=[{"external_id": "X1"}, {"external_id": "X2", "fist_name": 1}])

    assert 200 == answer.status_code
    assert [
        {
            "code": "UNKNOWN_FIELD",
            "field": "fist_name",
            "message": "There is no such field.",
            "suggestion": "first_name",
        }
    ] == answer.json()["results"][1]["errors"]
    assert 1 == len(store.records)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (b'{"external_id": "X", "A__n": 18446744073709551616}', "NUMBER_OUT_OF_RANGE"),
        (b'{"external_id": "X", "A__n": 1e400}', "NUMBER_OUT_OF_RANGE"),
        (b'{"external_id": "X", "first_name": "\\ud800"}', "INVALID_TEXT"),
        (b'{"external_id": "X", "A__t": "\\ud800"}', "INVALID_TEXT"),
        (b'{"external_id": "X", "tags": 3}', "WRONG_TYPE"),
        (b'{"external_id": "X", "A__o": {"$set": 1}}', "INVALID_COMPANY_FIELD"),
        (b'{"external_id": "X", "A__a.b": 1}', "INVALID_COMPANY_FIELD"),
        (b'{"external_id": "X", "A__\\u0000": 1}', "INVALID_COMPANY_FIELD"),
        (b'{"external_id": "X", "birth_date": "1991-02-30"}', "INVALID_DATE"),
        (b'{"external_id": "no good"}', "INVALID_EXTERNAL_ID"),
        (b'{"email": "nobody"}', "INVALID_EMAIL"),
        (b'{"phone_number": "0401234567"}', "INVALID_PHONE_NUMBER"),
        (b'{"first_name": "Ann"}', "MISSING_IDENTIFIER"),
        (b"7", "WRONG_TYPE"),
        (b'{"external_id": "X", "external_id": "X"}', "ROW_INVALID"),
        (b'{"external_id": "X", "A__o": {"a": 1, "a": 1}}', "ROW_INVALID"),
    ],
)
def test_a_bad_value_refuses_its_row_alone(
    client: TestClient, store: MemoryStore, row: bytes, code: str
) -> None:
    body = b'[{"external_id": "good"}, ' + row + b"]"

    answer = client.post(PATH, content=body, headers={"content-type": "application/json"})

    results = answer.json()["results"]
    assert ["CREATED", "REJECTED"] == [result["status"] for result in results]
    assert code in [error["code"] for error in results[1]["errors"]]
    assert 1 == len(store.records)


@pytest.mark.parametrize(
    ("content", "media_type", "status", "code"),
    [
        (b"not json", "application/json", 400, "BODY_INVALID"),
        (b"", "application/json", 400, "BODY_INVALID"),
        (b"\xff[]", "application/json", 400, "BODY_INVALID"),
        (b'{"customers": 3}', "application/json", 400, "BODY_INVALID"),
        (b'{"customer": []}', "application/json", 400, "BODY_INVALID"),
        (b'{"customers": [], "more": 1}', "application/json", 400, "BODY_INVALID"),
        (b"3", "application/json", 400, "BODY_INVALID"),
        (b"null", "application/json", 400, "BODY_INVALID"),
        (b'"x"', "application/json", 400, "BODY_INVALID"),
        (b"{}", "application/json", 400, "BODY_INVALID"),
        (b"[NaN]", "application/json", 400, "BODY_INVALID"),
        (b'{"customers": [], "customers": []}', "application/json", 400, "BODY_INVALID"),
        ("[]".encode("utf-16"), "application/json", 400, "BODY_INVALID"),
        (b'["\xc0\xaf"]', "application/json", 400, "BODY_INVALID"),
        (b"[]", "application/json; charset=utf-16", 415, "BODY_INVALID"),
        (b"[]", "application/json, text/plain", 415, "BODY_INVALID"),
        (b"[]", "application/x-www-form-urlencoded", 415, "BODY_INVALID"),
        (b"[]", "multipart/form-data; boundary=x", 415, "BODY_INVALID"),
        (b"{}", "application/x-ndjson; charset=latin1", 415, "BODY_INVALID"),
        (b"[" * 1900, "application/json", 400, "BODY_INVALID"),
        (b"[]", "text/plain", 415, "BODY_INVALID"),
        (b" " * 2001, "application/json", 413, "BODY_TOO_LARGE"),
        (json.dumps([{}] * 4).encode(), "application/json", 413, "TOO_MANY_ROWS"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_as_a_whole(
    client: TestClient,
    store: MemoryStore,
    content: bytes,
    media_type: str,
    status: int,
    code: str,
) -> None:
    answer = client.post(PATH, content=content, headers={"content-type": media_type})

    assert (status, [code]) == (
        answer.status_code, [error["code"] for error in answer.json()["errors"]]
    )  # fmt: skip
    assert {} == store.records


def test_a_store_that_is_down_is_said_with_when_to_come_back() -> None:
    class Down(MemoryStore):
        async def candidates(self, digests: object) -> Any:
            raise StoreUnavailable

    answer = client_on(Down()).post(PATH, json=[{"external_id": "X1"}])

    assert 503 == answer.status_code
    assert int(answer.headers["retry-after"]) > 0
    assert "STORE_UNAVAILABLE" == answer.json()["errors"][0]["code"]


def test_the_type_of_a_body_may_be_written_in_any_case(client: TestClient) -> None:
    headers = {"content-type": "Application/JSON; charset=utf-8"}

    assert 200 == client.post(PATH, content=b"[]", headers=headers).status_code


def test_nothing_but_post_is_taken(client: TestClient) -> None:
    assert 405 == client.get(PATH).status_code


@pytest.mark.parametrize("content", [b"[]", b"3"], ids=["a report", "a refusal"])
def test_nobody_on_the_way_keeps_an_answer(client: TestClient, content: bytes) -> None:
    answer = client.post(PATH, content=content, headers={"content-type": "application/json"})

    assert ("no-store", "nosniff") == (
        answer.headers["cache-control"], answer.headers["x-content-type-options"]
    )  # fmt: skip
