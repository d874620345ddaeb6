"""CSV: headers, separators, quotes and line ends; what is ragged is told by its line."""

import csv
import io
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.customers.rows import Illegible
from service.errors import BodyInvalid, TooManyRows
from service.web.formats.csv_header import CsvTerms
from service.web.formats.csv_table import CsvTable
from tests.web.formats.feeding import fed, pieces, reasons, table

ANN = {"external_id": "X1", "first_name": "Ann", "city": "Turku"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_separators_are_found_and_line_ends_are_those_of_any_system(
    delimiter: str, last: bool, end: str
) -> None:
    lines = [
        delimiter.join(ANN),
        delimiter.join(ANN.values()),
        delimiter.join(["X2", "Bo", "Oulu"]),
    ]

    sent = table(end.join(lines) + end * last)

    assert [ANN, {"external_id": "X2", "first_name": "Bo", "city": "Oulu"}] == sent.rows
    assert [2, 3] == sent.lines


@pytest.mark.parametrize(
    ("header", "delimiter"),
    [
        ("external_id,a;b;c;d", ","),
        ("external_id;a,b,c,d", ";"),
        ("external_id;COMPANY__a;COMPANY__b,c,d,e,f", ";"),
        ("external_id;COMPANY__l.add;a,b,c,d", ";"),
        ('"external_id";"first_name"', ";"),
        ('external_id\t"a,b,c,d"', "\t"),
        ("external_id", ","),
    ],
)
def test_the_separator_is_the_one_that_gives_most_fields(header: str, delimiter: str) -> None:
    (row,) = table(f"{header}\n{delimiter.join('X' * (header.count(delimiter) + 1))}\n").rows

    assert isinstance(row, dict)
    assert "X" == row["external_id"]


def test_a_declared_separator_is_not_doubted() -> None:
    (row,) = table("external_id;first_name,city\nX1;Ann,Turku\n", delimiter=",").rows

    assert {"external_id;first_name": "X1;Ann", "city": "Turku"} == row


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;\r"])
def test_a_file_may_declare_its_separator_as_those_for_spreadsheets_do(line: str) -> None:
    sent = table(f"{line}\nexternal_id;a,b,c\nX1;x\n")

    assert ([{"external_id": "X1", "a,b,c": "x"}], [3]) == (sent.rows, sent.lines)


def test_empty_lines_are_no_rows_and_count_as_lines() -> None:
    sent = table("\n \nexternal_id,city\n\nX1,Turku\n\r\n\nX2,Oulu\n\n")

    assert [5, 8] == sent.lines


def test_a_cell_in_quotes_holds_separators_quotes_and_line_ends() -> None:
    sent = table('external_id,A__x,A__y\nX1,"a,b","say ""hi""\r\nto\nall"\nX2,c,d\n')

    assert {"external_id": "X1", "A__x": "a,b", "A__y": 'say "hi"\r\nto\nall'} == sent.rows[0]
    assert [2, 5] == sent.lines


def test_a_row_begins_on_the_line_that_is_told() -> None:
    """Lone carriage returns end lines too; what splits lines only in Python does not."""
    sent = table("external_id,A__x\rX1,a\u2028\x85\x0b\x0c\x1c\rX2,b\r")

    assert [2, 3] == sent.lines
    assert {"external_id": "X1", "A__x": "a\u2028\x85\x0b\x0c\x1c"} == sent.rows[0]


@pytest.mark.parametrize("line", ["X2", "X2,Bo,Oulu,more", "X2,Bo,Oulu,", '"X2,Bo,Oulu"', ","])
def test_a_ragged_row_is_refused_alone_and_told_by_its_line(line: str) -> None:
    sent = table(f"external_id,first_name,city\nX1,Ann,Turku\n{line}\nX3,Cid,Espoo\n")

    assert [3] == list(reasons(sent))
    assert "the header has, 3, found" in str(reasons(sent)[3])
    assert ANN == sent.rows[0]
    assert "X3" == sent.rows[2]["external_id"]  # type: ignore[index]


def test_a_quote_that_is_not_doubled_refuses_its_row_alone_if_its_line_is_whole() -> None:
    sent = table('external_id,first_name\nX1,"Ann "the boss" A"\nX2,"Bo"\n')

    assert {2: "text behind a closing quote; a quote inside quotes is written twice"} == (
        reasons(sent)
    )
    assert {"external_id": "X2", "first_name": "Bo"} == sent.rows[1]


def test_a_quote_inside_a_cell_without_quotes_is_text() -> None:
    (row,) = table('external_id,A__x\nX1,5" pipe\n').rows

    assert {"external_id": "X1", "A__x": '5" pipe'} == row


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('X1,"Ann\nX2,Bo\nX3,Cid\n', 2),
        ('X1,Ann\nX2,"Bo', 3),
        ('X1,Ann\nX2,"He said "hi" and\nX4,to all"\nX3,Cid\n', 3),
        ('X1,"' + "a" * 131_073 + '"\n', 2),
        ('X1,Ann\n\nX2,"' + "a\n" * 131_073, 4),
    ],
    ids=["no end", "no end in the last line", "not doubled", "long", "long and no end"],
)
def test_a_quote_of_which_the_end_is_not_known_refuses_the_whole(text: str, line: int) -> None:
    """What stands in it could be read as rows that nobody meant."""
    with pytest.raises(BodyInvalid, match=f"on line {line} begins a quote that does not end"):
        table("external_id,first_name\n" + text)


def test_a_quote_without_end_is_not_waited_for() -> None:
    rows = CsvTable(10, CsvTerms())
    rows.feed(b'external_id,A__x\nX1,"')
    with pytest.raises(BodyInvalid):
        rows.feed(b"a line\n" * 20_000)


def test_a_record_of_many_lines_is_not_read_again_with_each_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[int] = []

    def watched(lines: Iterable[str], **dialect: Any) -> object:
        read.append(sum(map(len, rows._lines)))
        return reader(lines, **dialect)

    reader = csv.reader
    rows = CsvTable(10, CsvTerms())
    rows.feed(b"external_id" + b"".join(b",A__%d" % number for number in range(500)) + b"\nX1")
    monkeypatch.setattr("service.web.formats.csv_table.csv.reader", watched)
    for _ in range(500):
        rows.feed(b',"' + b"\n" * 2000 + b'"')
    (row,) = rows.close().rows

    assert isinstance(row, dict)
    assert sum(read) < 4 * 500 * 2000


def test_rule_13_rows_past_the_limit_are_not_waited_for() -> None:
    rows = CsvTable(2, CsvTerms())
    with pytest.raises(TooManyRows):
        rows.feed(b"external_id\nX1\nX2\nX3\nX4")


def test_headers_are_taken_without_the_spaces_around_them() -> None:
    assert [ANN] == table("external_id , first_name,city \nX1,Ann,Turku\n").rows


def test_a_column_without_a_header_may_be_empty() -> None:
    """Spreadsheets leave such columns behind."""
    sent = table("external_id,,city,\nX1,,Turku, \nX2,x,Oulu,\n")

    assert {"external_id": "X1", "city": "Turku"} == sent.rows[0]
    assert {3: "a cell in a column without a header"} == reasons(sent)


def test_an_unknown_header_is_left_to_the_rules() -> None:
    """They name the nearest one."""
    assert [{"external_id": "X1", "emial": None}] == table("external_id,emial\nX1,\n").rows


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "expected a header line"),
        ("\n\r\n", "expected a header line"),
        ("sep=;\n", "expected a header line"),
        ("X1,Ann,Turku\nX2,Bo,Oulu\n", "no column of its header line is a field of customers"),
        ('"external_id\n,city"\n', "no column of its header line is a field of customers"),
        ("email,city,email\n", "columns 1 and 3 have the same header"),
        ("email,x, email\n", "columns 1 and 3 have the same header"),
        ("external_id," + "x" * 131_072, "its header line has more than 131072 characters"),
    ],
    ids=lambda value: value[:20],
)
def test_a_table_whose_columns_are_not_known_is_refused(text: str, reason: str) -> None:
    with pytest.raises(BodyInvalid) as caught:
        table(text)

    assert {"reason": reason} == caught.value.details


def test_a_header_alone_has_no_rows() -> None:
    assert [] == table("external_id,city").rows


@pytest.mark.parametrize(("empty", "value"), [(None, None), ("", "")])
def test_an_empty_cell_is_what_the_terms_say(empty: str | None, value: str | None) -> None:
    """Spaces are empty too."""
    (row,) = table("external_id,city,can_sms,tags,A__x\nX1,, ,\t ,\u00a0\n", empty=empty).rows

    assert dict.fromkeys(["city", "can_sms", "tags", "A__x"], value) | {"external_id": "X1"} == row


CELLS = st.text('a",;\t \n\r\u00e9\U0001f600\u2028', max_size=6)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.tuples(CELLS, CELLS), max_size=6),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    st.lists(st.integers(0, 120), max_size=6),
)
def test_rows_are_the_same_wherever_the_body_is_cut(
    cells: list[tuple[str, str]], delimiter: str, end: str, charset: str, cuts: list[int]
) -> None:
    """With the faults of those that were badly written, and with their lines."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([("first_name", "city"), *cells])
    body = text.getvalue().encode(charset)

    sent = fed(CsvTable(10, CsvTerms()), *pieces(body, cuts))

    kept = [tuple(cell if cell.strip() else None for cell in pair) for pair in cells]
    assert kept == [tuple(row.values()) for row in sent.rows if isinstance(row, dict)]


@settings(deadline=None, max_examples=500)
@given(
    st.text('X",\n\r\xe9', max_size=40),
    st.sampled_from(["utf-8", "latin-1", "utf-16"]),
    st.lists(st.integers(0, 80), max_size=6),
)
def test_whatever_a_table_holds_it_ends_alike_wherever_it_is_cut(
    text: str, charset: str, cuts: list[int]
) -> None:
    body = ("external_id,city\n" + text).encode(charset)

    assert _outcome([body]) == _outcome(pieces(body, cuts))


def _outcome(parts: list[bytes]) -> object:
    try:
        sent = fed(CsvTable(100, CsvTerms()), *parts)
    except BodyInvalid as error:
        return error.message
    return [
        (line, row.fault.message if isinstance(row, Illegible) else row)
        for line, row in zip(sent.lines or (), sent.rows, strict=True)
    ]
