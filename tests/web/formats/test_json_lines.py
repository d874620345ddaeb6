"""NDJSON: a line is a row; one that cannot be read is refused alone, and told by its line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import TooManyRows
from service.web.formats.json_lines import JsonLines
from tests.web.formats.feeding import fed, pieces, reasons


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (b'{"a": 1}\n{"b": 2}\n', [1, 2]),
        (b'{"a": 1}\n{"b": 2}', [1, 2]),
        (b'{"a": 1}\r\n{"b": 2}\r\n', [1, 2]),
        (b'\n\n{"a": 1}\n  \t\n\r\n{"b": 2}\n\n', [3, 6]),
        (b'\xef\xbb\xbf{"a": 1}\n{"b": 2}', [1, 2]),
        (b'\xef\xbb\xbf\n{"a": 1}\n{"b": 2}', [2, 3]),
    ],
)
def test_each_line_is_a_row_and_empty_ones_are_none(body: bytes, lines: list[int]) -> None:
    sent = fed(JsonLines(10), body)

    assert ([{"a": 1}, {"b": 2}], lines) == (sent.rows, sent.lines)


@pytest.mark.parametrize("body", [b"", b"\n", b" \r\n\n", b"\xef\xbb\xbf"])
def test_a_body_without_a_line_has_no_rows(body: bytes) -> None:
    assert [] == fed(JsonLines(10), body).rows


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not JSON"),
        (b'{"a": 1}, {"b": 2}', "not JSON"),
        (b'{"a": 1} {"b": 2}', "not JSON"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b'{"a": NaN}', "not JSON"),
        (b"[" * 5000, "lists and objects nest too deep"),
        (b'{"a": 1, "b": {"c": 2, "c": 2}}', "c stands in it twice"),
    ],
    ids=["no end", "two", "two without a comma", "no UTF-8", "NaN", "deep", "key twice"],
)
def test_a_line_that_is_no_json_is_that_rows_fault_alone(line: bytes, reason: str) -> None:
    sent = fed(JsonLines(10), b'{"a": 1}\n' + line + b'\n{"b": 2}\n')

    assert {2: reason} == reasons(sent)
    assert [{"a": 1}, {"b": 2}] == [sent.rows[0], sent.rows[2]]


def test_a_line_may_hold_what_separates_lines_elsewhere() -> None:
    (row,) = fed(JsonLines(10), '{"a": "\u2028\u2029\x85"}\n'.encode()).rows

    assert {"a": "\u2028\u2029\x85"} == row


@given(
    st.lists(st.dictionaries(st.text(max_size=3), st.text(max_size=5), max_size=2), max_size=6),
    st.sampled_from(["\n", "\r\n"]),
    st.lists(st.integers(0, 100), max_size=6),
)
def test_rows_are_the_same_wherever_the_body_is_cut(
    rows: list[dict[str, str]], end: str, cuts: list[int]
) -> None:
    body = "".join(json.dumps(row, ensure_ascii=False) + end for row in rows).encode()

    sent = fed(JsonLines(10), *pieces(body, cuts))

    assert (rows, list(range(1, len(rows) + 1))) == (sent.rows, sent.lines)


def test_rule_13_rows_past_the_limit_are_not_waited_for() -> None:
    lines = JsonLines(2)
    lines.feed(b"{}\n{}\n{}")
    with pytest.raises(TooManyRows):
        lines.feed(b"\n")
