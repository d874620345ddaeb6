"""Which format a request is in, and what of its media type is understood."""

import gzip
from typing import Any

import pytest

from service.customers.rows import Illegible
from service.errors import BodyInvalid, BodyTooLarge, TooManyRows, UnsupportedBody
from service.settings import Settings
from service.web.formats.sent import SentRows
from service.web.sent_rows import JSON_LINES, MEDIA_TYPES, read_rows
from tests.web.sending import request

ROWS = [{"external_id": "X1", "city": "Turku"}, {"external_id": "X2", "city": "Oulu"}]
JSON_BODY = b'[{"external_id": "X1", "city": "Turku"}, {"external_id": "X2", "city": "Oulu"}]'
LINES = JSON_BODY[1:-1].replace(b"}, ", b"}\n")
CSV = b"external_id,city\nX1,Turku\nX2,Oulu\n"


async def read(body: bytes, media_type: str, **settings: Any) -> SentRows:
    limits = {"max_upload_rows": 100, **settings}
    return await read_rows(request([body], content_type=media_type), Settings(**limits))


@pytest.mark.parametrize(
    ("body", "media_type", "lines"),
    [
        (JSON_BODY, "application/json", None),
        (JSON_BODY, 'Application/JSON; charset="UTF-8"', None),
        *((LINES, name, [1, 2]) for name in JSON_LINES),
        (LINES, "application/x-ndjson; charset=utf-8", [1, 2]),
        (CSV, "text/csv", [2, 3]),
        (CSV, "text/csv; header=present; charset=UTF-8", [2, 3]),
        (CSV, 'text/csv; delimiter=","', [2, 3]),
        (CSV.replace(b",", b";"), "text/csv; delimiter=semicolon", [2, 3]),
        (CSV.replace(b",", b"\t"), "text/csv; delimiter=tab", [2, 3]),
        (CSV.replace(b",", b"\t"), "text/tab-separated-values", [2, 3]),
    ],
)
async def test_rows_are_read_in_the_format_they_are_said_to_be_in(
    body: bytes, media_type: str, lines: list[int] | None
) -> None:
    sent = await read(body, media_type)

    assert (ROWS, lines) == (sent.rows, sent.lines)


@pytest.mark.parametrize(("parameter", "value"), [("keep", None), ("remove", "")])
async def test_what_an_empty_cell_means_is_declared(parameter: str, value: str | None) -> None:
    sent = await read(b"external_id,city\nX1,\n", f"text/csv; empty={parameter}")

    assert [{"external_id": "X1", "city": value}] == sent.rows


@pytest.mark.parametrize(
    "media_type",
    [
        "", "text/plain", "text/csv2", "application/jsonp", "application/problem+json", "text/*",
        "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "application/json, text/csv", "application/vnd.ms-excel",
    ],
)  # fmt: skip
async def test_another_media_type_is_refused_with_those_that_are_taken(media_type: str) -> None:
    with pytest.raises(UnsupportedBody) as caught:
        await read(JSON_BODY, media_type)

    assert {"Accept": ", ".join(MEDIA_TYPES)} == caught.value.headers
    assert all(name in caught.value.message for name in MEDIA_TYPES)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ("empties=remove", "no parameters of its type but charset, delimiter and empty"),
        ("empty=remove; x=1", "no parameters of its type but charset, delimiter and empty"),
        ("empty=remove; empty=keep", "no parameters of its type but charset, delimiter and empty"),
        ("empty=null", "expected empty to be one of keep remove"),
        ("empty=", "expected empty to be one of keep remove"),
        ("charset=utf-7", "expected charset to be one of utf-8"),
        ("charset=zlib", "expected charset to be one of utf-8"),
        ("delimiter=pipe", "expected delimiter to be one of comma"),
        ("header=absent", "expected a table with a header line"),
    ],
)
async def test_what_is_not_understood_of_a_table_is_refused(parameters: str, reason: str) -> None:
    """It may be what says how the cells are meant."""
    with pytest.raises(UnsupportedBody, match=reason):
        await read(CSV, f"text/csv; {parameters}")


@pytest.mark.parametrize(
    ("body", "media_type"),
    [(JSON_BODY, "application/json"), (LINES, "application/jsonl"), (CSV, "text/csv")],
)
async def test_rule_13_the_limits_hold_in_every_format(body: bytes, media_type: str) -> None:
    with pytest.raises(TooManyRows):
        await read(body, media_type, max_upload_rows=1)
    with pytest.raises(BodyTooLarge):
        await read(body * 100, media_type, max_body_bytes=1024)


@pytest.mark.parametrize("media_type", ["application/x-ndjson", "text/csv"])
async def test_rule_13_what_follows_too_many_rows_is_not_read(media_type: str) -> None:
    """The request fails when it is asked for more than it has."""
    body = LINES if "json" in media_type else CSV
    sent = request([body + b"\n", b""], content_type=media_type)
    with pytest.raises(TooManyRows):
        await read_rows(sent, Settings(max_upload_rows=1))

    assert b"" == (await anext(sent.stream()))


@pytest.mark.parametrize(
    ("body", "media_type"),
    [(JSON_BODY, "application/json"), (LINES, "application/jsonl"), (CSV, "text/csv")],
)
async def test_every_format_may_be_packed(body: bytes, media_type: str) -> None:
    packed = request([gzip.compress(body)], content_type=media_type, content_encoding="gzip")

    assert ROWS == (await read_rows(packed, Settings())).rows


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b'{"email": "ann@example.org"', "application/jsonl"),
        (b'external_id,email\nX1,"ann@example.org\n', "text/csv"),
        (b"external_id,email\nX1,ann@example.org,Ann\n", "text/csv"),
        (b'external_id,email\nX1,"ann@example.org"Ann"\n', "text/csv"),
        (b"ann@example.org,ann@example.org\n", "text/csv"),
        (b"external_id,ann@example.org,ann@example.org\n", "text/csv"),
        (b"external_id,email\nX1,ann@example.org\xe4\xc3\xa4\n", "text/csv"),
    ],
)
async def test_what_is_wrong_is_said_without_what_was_sent(body: bytes, media_type: str) -> None:
    try:
        (row,) = (await read(body, media_type)).rows
        assert isinstance(row, Illegible)
        told = row.fault.message
    except BodyInvalid as error:
        told = error.message

    assert "cannot be read" in told
    assert "ann@" not in told
