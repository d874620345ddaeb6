"""What cells mean, by their column."""

import pytest

from service.customers.rows import read_row
from service.web.formats.csv_cells import reader_of
from tests.customers.reading import RULES
from tests.web.formats.feeding import table


def cell(key: str, text: str) -> object:
    reader = reader_of(key)
    return reader(text) if reader else text


@pytest.mark.parametrize("key", ["can_email", "is_forgotten"])
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True), ("TRUE", True), (" True ", True), ("1", True),
        ("false", False), ("FALSE", False), ("0", False),
        ("yes", "yes"), ("on", "on"), ("2", "2"), ("T", "T"),
    ],
)  # fmt: skip
def test_a_permission_or_flag_is_true_or_false_in_any_case_or_a_bit(
    key: str, text: str, value: object
) -> None:
    """Anything else is left to the rules, which refuse it."""
    assert (value, type(value)) == (cell(key, text), type(cell(key, text)))


@pytest.mark.parametrize("key", ["tags", "tags.add", "mailing_lists.remove"])
@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("vip", ["vip"]),
        ("vip|gold", ["vip", "gold"]),
        ('["vip", "a|b"]', ["vip", "a|b"]),
        (" []", []),
        ("[vip]", ["[vip]"]),
        ("[vip]|gold", ["[vip]", "gold"]),
        ("true|1", ["true", "1"]),
    ],
)
def test_a_set_is_a_list_in_json_or_texts_with_bars_between_them(
    key: str, text: str, members: list[object]
) -> None:
    assert members == cell(key, text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1), ("-7", -7), (" 2.50 ", 2.5), ("0.5", 0.5), ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", "9223372036854775808"),
        ("12345678901234567890", "12345678901234567890"),
        ("007", "007"), ("1e5", "1e5"), ("1.23E+15", "1.23E+15"), ("+1", "+1"), ("1,5", "1,5"),
        ("\u0661", "\u0661"), (".5", ".5"), ("1.", "1."),
        ("true", True), ("FALSE", False), ("yes", "yes"),
        ("null", "null"), ("NaN", "NaN"), ("Infinity", "Infinity"),
        ("[1, true]", [1, True]), ('{"a": [1]}', {"a": [1]}), ('"1"', "1"), ('"a', '"a'),
        ("[a]", "[a]"), ("{", "{"), ("[" * 3000, "[" * 3000), (" text ", " text "),
        ("=1+1", "=1+1"), ("$set", "$set"), ("[\ud800]", "[\ud800]"),
    ],
)  # fmt: skip
def test_a_company_value_is_what_json_makes_of_it_or_text(text: str, value: object) -> None:
    """Not with an exponent: spreadsheets make such of digits, and product codes look like it."""
    assert (value, type(value)) == (cell("A__x", text), type(cell("A__x", text)))


@pytest.mark.parametrize("key", ["A__x.add", "A__x.remove"])
@pytest.mark.parametrize(
    ("text", "members"),
    [("a", ["a"]), ("1|2 | b", [1, 2, "b"]), ("[1, [2]]", [1, [2]]), ("true", [True])],
)
def test_members_of_a_company_list_are_company_values(
    key: str, text: str, members: list[object]
) -> None:
    assert members == cell(key, text)


@pytest.mark.parametrize("key", ["external_id", "first_name", "birth_date", "zip_code", "emial"])
@pytest.mark.parametrize("text", ["1", "true", "[1]", "a|b", "null", " x "])
def test_every_other_cell_is_the_text_that_stands_there(key: str, text: str) -> None:
    assert text == cell(key, text)


def test_a_wrong_cell_is_the_fault_of_its_row_alone() -> None:
    sent = table("external_id,can_sms,tags\nX1,yes,a\nX2,,a||b\nX3,1,\n")

    rows = [read_row(index, row, RULES) for index, row in enumerate(sent.rows)]
    assert [[("WRONG_TYPE", "can_sms")], [("WRONG_TYPE", "tags")], []] == [
        [(fault.code, fault.field) for fault in row.faults] for row in rows
    ]


def test_bytes_that_are_no_characters_are_the_fault_of_their_row_alone() -> None:
    sent = table("external_id,city\nX1,\xc5bo\nX2,".encode() + b"\xff\nX3,Turku\n")

    rows = [read_row(index, row, RULES) for index, row in enumerate(sent.rows)]
    assert [[], ["INVALID_TEXT"], []] == [[fault.code for fault in row.faults] for row in rows]
