"""What a key must be allowed to for the upload route, and that nothing goes in without it."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from service.access.callers import Caller
from service.access.scopes import EVERYTHING, Scope
from tests.graphql.asking import Knows
from tests.uploads.memory import MemoryStore
from tests.web.uploading import PATH, client_on

KEY = {"authorization": "Bearer key"}
ROW: dict[str, object] = {"external_id": "1"}
ALL_BUT_ERASE = EVERYTHING - {Scope.CUSTOMERS_ERASE}


def client_with(
    store: MemoryStore, scopes: frozenset[Scope], fields: frozenset[str] | None = None
) -> TestClient:
    return client_on(store, authenticator=Knows(Caller(None, scopes, fields)))


def told(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["code"]


def test_an_upload_needs_the_right_to_write(store: MemoryStore) -> None:
    client = client_with(store, EVERYTHING - {Scope.CUSTOMERS_WRITE})

    refused = client.post(PATH, json=[ROW], headers=KEY)

    assert (403, "FORBIDDEN") == told(refused)
    assert {} == store.records


def test_so_does_the_report_of_one(store: MemoryStore) -> None:
    uploaded = client_with(store, EVERYTHING).post(PATH, json=[ROW], headers=KEY).json()
    client = client_with(store, EVERYTHING - {Scope.CUSTOMERS_WRITE})

    refused = client.get(f"{PATH}{uploaded['upload_id']}/", headers=KEY)

    assert (403, "FORBIDDEN") == told(refused)


@pytest.mark.parametrize("flag", ["is_forgotten", "is_deleted"])
@pytest.mark.parametrize("form", ["json", "lines", "csv"])
def test_erasing_needs_its_own_right_whatever_the_rows_are_written_in(
    store: MemoryStore, flag: str, form: str
) -> None:
    """And the rows beside it do not go in either."""
    body, media_type = {
        "json": (f'[{{"external_id": "2"}}, {{"external_id": "1", "{flag}": true}}]', "json"),
        "lines": (f'{{"external_id": "2"}}\n{{"external_id": "1", "{flag}": true}}', "x-ndjson"),
        "csv": (f"external_id,{flag}\n2,\n1,true", "csv"),
    }[form]
    kind = "text" if media_type == "csv" else "application"
    headers = KEY | {"content-type": f"{kind}/{media_type}"}

    refused = client_with(store, ALL_BUT_ERASE).post(PATH, content=body, headers=headers)

    assert (403, "FORBIDDEN") == told(refused)
    assert {} == store.records
    allowed = client_with(store, EVERYTHING).post(PATH, content=body, headers=headers)
    assert 200 == allowed.status_code


@pytest.mark.parametrize(
    ("scopes", "fields"),
    [(EVERYTHING - {Scope.CUSTOMERS_READ}, None), (EVERYTHING, frozenset({"country"}))],
    ids=["reads nothing", "reads some"],
)
def test_a_dry_run_shows_nothing_to_whoever_may_not_read_all(
    store: MemoryStore, scopes: frozenset[Scope], fields: frozenset[str] | None
) -> None:
    client = client_with(store, scopes, fields)

    refused = client.post(f"{PATH}?dry_run=true", json=[ROW], headers=KEY)

    assert (403, "FORBIDDEN") == told(refused)
