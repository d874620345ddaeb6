"""The upload route, in other formats than JSON: rows are told by their lines."""

import gzip
import json

import pytest
from starlette.testclient import TestClient

from tests.uploads.memory import MemoryStore, values
from tests.web.uploading import PATH

CSV = "external_id;tags;can_sms;city\nX1;vip|gold;true;\nX2;a;;Oulu;more\n\nX3;;yes;\n"
LINES = '{"external_id": "X1", "tags": ["vip", "gold"], "can_sms": true}\n{\n\n{"city": "Oulu"}\n'


@pytest.mark.parametrize(
    ("body", "media_type", "told"),
    [
        (CSV, "text/csv", [(2, "CREATED", []), (3, "REJECTED", ["ROW_INVALID"]),
                           (5, "REJECTED", ["WRONG_TYPE"])]),
        (LINES, "application/x-ndjson", [(1, "CREATED", []), (2, "REJECTED", ["ROW_INVALID"]),
                                         (4, "REJECTED", ["MISSING_IDENTIFIER"])]),
    ],
)  # fmt: skip
def test_a_bad_line_is_told_by_its_number_and_the_others_go_in(
    client: TestClient,
    store: MemoryStore,
    body: str,
    media_type: str,
    told: list[tuple[int, str, list[str]]],
) -> None:
    answer = client.post(PATH, content=body, headers={"content-type": media_type})

    assert 200 == answer.status_code
    results = answer.json()["results"]
    assert [0, 1, 2] == [result["index"] for result in results]
    assert told == [
        (result["line"], result["status"], [error["code"] for error in result["errors"]])
        for result in results
    ]
    assert [{"external_id": "X1", "tags": ("vip", "gold"), "can_sms": True}] == [
        {key: tuple(value) if key == "tags" else value for key, value in held.items()}  # type: ignore[arg-type]
        for held in values(store)
    ]


def test_rows_of_json_have_no_line(client: TestClient) -> None:
    """Beside `index` it would say nothing."""
    (result,) = client.post(PATH, json=[{"external_id": "X1"}]).json()["results"]

    assert "line" not in result


def test_an_empty_cell_keeps_the_field_unless_it_is_declared_to_remove_it(
    client: TestClient, store: MemoryStore
) -> None:
    client.post(PATH, json=[{"external_id": "X1", "city": "Turku"}])

    for parameter, held in (("", {"city": "Turku"}), ("; empty=remove", {})):
        client.post(
            PATH,
            content="external_id,city\nX1,\n",
            headers={"content-type": f"text/csv{parameter}"},
        )

        assert [{"external_id": "X1"} | held] == values(store)


@pytest.mark.parametrize(
    ("headers", "named"),
    [
        ({"content-type": "text/plain"}, ("accept", "text/csv")),
        ({"content-type": "application/json", "content-encoding": "br"},
         ("accept-encoding", "gzip")),
    ],
)  # fmt: skip
def test_415_says_what_is_taken(
    client: TestClient, headers: dict[str, str], named: tuple[str, str]
) -> None:
    answer = client.post(PATH, content="[]", headers=headers)

    assert (415, ["BODY_INVALID"]) == (
        answer.status_code, [error["code"] for error in answer.json()["errors"]]
    )  # fmt: skip
    assert named[1] in answer.headers[named[0]]


def test_a_packed_body_is_taken(client: TestClient) -> None:
    answer = client.post(
        PATH,
        content=gzip.compress(json.dumps([{"external_id": "X1"}]).encode()),
        headers={"content-type": "application/json", "content-encoding": "gzip"},
    )

    assert 1 == answer.json()["counts"]["created"]


def test_rule_13_a_bomb_is_refused(client: TestClient) -> None:
    answer = client.post(
        PATH,
        content=gzip.compress(bytes(10_000_000))[:1900],
        headers={"content-type": "text/csv", "content-encoding": "gzip"},
    )

    assert (413, "BODY_TOO_LARGE") == (
        answer.status_code, answer.json()["errors"][0]["code"]
    )  # fmt: skip
