"""Options of an upload as HTTP requests give them."""

from typing import Any

import pytest
from starlette.datastructures import Headers, QueryParams
from starlette.requests import Request
from starlette.testclient import TestClient

from service.customers.policies import ErrorPolicy, MultipleMatches
from service.errors import IdempotencyKeyInUse, InvalidArgument
from service.uploads.options import DEFAULT_OPTIONS, UploadOptions
from service.web.options import read_options
from tests.uploads.memory import MemoryStore
from tests.web.uploading import PATH, client_on

ROW = [{"external_id": "X1", "date_joined": "2015-08-28"}]


def request(query: str = "", *keys: str) -> Request:
    headers = Headers(raw=[(b"idempotency-key", key.encode()) for key in keys])
    query_string = str(QueryParams(query)).encode()
    return Request({"type": "http", "headers": headers.raw, "query_string": query_string})


@pytest.mark.parametrize(
    ("query", "keys", "options"),
    [
        ("", [], DEFAULT_OPTIONS),
        ("error_policy=IGNORE_FAILED", [], UploadOptions(ErrorPolicy.IGNORE_FAILED)),
        ("error_policy=reject_Everything", [], UploadOptions(ErrorPolicy.REJECT_EVERYTHING)),
        (
            "on_multiple_matches=reject",
            [],
            UploadOptions(on_multiple_matches=MultipleMatches.REJECT),
        ),
        ("dry_run=True", [], UploadOptions(dry_run=True)),
        ("dry_run=false", ["k"], UploadOptions(idempotency_key="k")),
    ],
)
def test_options_are_read(query: str, keys: list[str], options: UploadOptions) -> None:
    assert options == read_options(request(query, *keys))


@pytest.mark.parametrize(
    ("query", "keys", "argument", "told"),
    [
        ("error_policy=all", [], "error_policy", "reject_failed_rows, reject_everything or"),
        ("on_multiple_matches=", [], "on_multiple_matches", "expected update_all or reject"),
        ("dry_run", [], "dry_run", "expected true or false"),
        ("dry_run=1", [], "dry_run", "expected true or false"),
        ("dry_run=true&dry_run=false", [], "dry_run", "given more than once"),
        ("dryRun=true", [], "dryRun", "the nearest is dry_run"),
        ("x=1", [], "x", "error_policy, on_multiple_matches or dry_run"),
        ("ann@example.org=1", [], "…", "there is no such parameter"),
        ("", ["a", "b"], "Idempotency-Key", "given more than once"),
    ],
)
def test_what_is_not_understood_is_refused(
    query: str, keys: list[str], argument: str, told: str
) -> None:
    with pytest.raises(InvalidArgument, match=told) as caught:
        read_options(request(query, *keys))

    assert argument == caught.value.argument


def test_a_refusal_names_its_parameter_and_applies_nothing(
    client: TestClient, store: MemoryStore
) -> None:
    answer = client.post(f"{PATH}?dry=true", json=ROW)

    (error,) = answer.json()["errors"]
    assert (400, "INVALID_ARGUMENT", "dry") == (answer.status_code, error["code"], error["field"])
    assert {} == store.records


def test_a_dry_run_tells_what_would_change_as_json(client: TestClient, store: MemoryStore) -> None:
    answer = client.post(f"{PATH}?dry_run=true", json=ROW).json()

    assert answer["dry_run"]
    assert answer["upload_id"] is None
    assert [
        {"customer_id": None, "field": "external_id", "before": None, "after": "X1"},
        {
            "customer_id": None, "field": "date_joined", "before": None,
            "after": "2015-08-28T00:00:00Z",
        },
    ] == answer["results"][0]["changes"]  # fmt: skip
    assert {} == store.records


def test_an_upload_has_no_changes(client: TestClient) -> None:
    assert "changes" not in client.post(PATH, json=ROW).json()["results"][0]


def test_a_key_replays_the_answer(client: TestClient) -> None:
    answers = [sent(client, ROW), sent(client, ROW)]

    assert [200, 200] == [answer.status_code for answer in answers]
    assert {**answers[0].json(), "replayed": True} == answers[1].json()


@pytest.mark.parametrize(
    ("key", "rows", "status", "code"),
    [
        ("k", [{"external_id": "X2"}], 422, "IDEMPOTENCY_KEY_REUSED"),
        ("x" * 256, ROW, 400, "IDEMPOTENCY_KEY_INVALID"),
        ("", ROW, 400, "IDEMPOTENCY_KEY_INVALID"),
    ],
)
def test_what_is_wrong_with_a_key_is_told(
    client: TestClient, key: str, rows: Any, status: int, code: str
) -> None:
    sent(client, ROW)

    answer = sent(client, rows, key)

    assert (status, code) == (answer.status_code, answer.json()["errors"][0]["code"])


def sent(client: TestClient, rows: Any, key: str = "k") -> Any:
    return client.post(PATH, json=rows, headers={"Idempotency-Key": key})


def test_a_report_is_read_by_its_id(client: TestClient) -> None:
    answer = client.post(PATH, json=ROW).json()

    for end in ("", "/"):
        stored = client.get(f"{PATH}{answer['upload_id']}{end}")
        assert {**answer, "replayed": True} == stored.json()


def test_an_upload_that_is_not_known_is_not_found(client: TestClient) -> None:
    answer = client.get(f"{PATH}u.1/")

    assert (404, "NOT_FOUND") == (answer.status_code, answer.json()["errors"][0]["code"])


def test_a_key_in_use_is_told_with_when_to_come_back() -> None:
    class Busy(MemoryStore):
        async def candidates(self, *_: object, **__: object) -> Any:
            raise IdempotencyKeyInUse

    answer = sent(client_on(Busy()), ROW)

    assert (409, "IDEMPOTENCY_KEY_IN_USE") == (
        answer.status_code, answer.json()["errors"][0]["code"]
    )  # fmt: skip
    assert int(answer.headers["retry-after"]) > 0


def test_a_key_tells_files_with_unreadable_lines_apart(client: TestClient) -> None:
    def send(body: str) -> Any:
        headers = {"Idempotency-Key": "k", "Content-Type": "application/x-ndjson"}
        return client.post(PATH, content=body, headers=headers)

    first = send('{"external_id": "X1"}\n{"external')

    again = send('{"external_id": "X1"}\n{"external')
    other = send('{"external_id": "X1"}\n{"external_id": "X2"}')

    assert {**first.json(), "replayed": True} == again.json()
    assert 422 == other.status_code
