"""Values are read as the type that is declared for their field, uploaded and stored ones alike."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given

from service.customers.company import read_value
from service.customers.declared import CompanyType, Declaration, fits, read_as
from service.customers.texts import Unreadable
from service.errors import MESSAGES, ErrorCode
from tests.customers.strategies import JSON

HELSINKI = ZoneInfo("Europe/Helsinki")
MOMENT = datetime(2015, 8, 28, 14, 10, tzinfo=UTC)

READ: dict[str, tuple[CompanyType, Any, Any]] = {
    "text as it came": (CompanyType.TEXT, " Gold ", " Gold "),
    "a whole number as its text": (CompanyType.TEXT, 3, "3"),
    "a fraction as its text": (CompanyType.TEXT, 1.5, "1.5"),
    "a stored moment as its text": (CompanyType.TEXT, MOMENT, "2015-08-28T14:10:00Z"),
    "a number as it came": (CompanyType.NUMBER, 3, 3),
    "text that is a whole number": (CompanyType.NUMBER, "-12", -12),
    "text that is a fraction": (CompanyType.NUMBER, " 12.50 ", 12.5),
    "text that is a number with an exponent": (CompanyType.NUMBER, "1e3", 1000.0),
    "a boolean": (CompanyType.BOOLEAN, False, False),
    "text that is a boolean": (CompanyType.BOOLEAN, "True", True),
    "a date": (CompanyType.DATE, " 1991-06-14", "1991-06-14"),
    "a moment with a zone": (CompanyType.DATE_TIME, "2015-08-28T17:10:00+03:00", MOMENT),
    "a moment without a zone": (CompanyType.DATE_TIME, "2015-08-28T17:10", MOMENT),
    "a stored moment": (CompanyType.DATE_TIME, MOMENT, MOMENT),
    "a list": (CompanyType.LIST, ["a", 1], ["a", 1]),
    "a single value as a list of one": (CompanyType.LIST, 3, [3]),
    "an object as a list of one": (CompanyType.LIST, {"a": 1}, [{"a": 1}]),
    "an object": (CompanyType.OBJECT, {"a": [1]}, {"a": [1]}),
    "a stored moment, once no type is declared": (CompanyType.ANY, MOMENT, "2015-08-28T14:10:00Z"),
}

REFUSED: dict[str, tuple[CompanyType, Any]] = {
    "a boolean as text": (CompanyType.TEXT, True),
    "a list as text": (CompanyType.TEXT, ["a"]),
    "a word as a number": (CompanyType.NUMBER, "many"),
    "a boolean as a number": (CompanyType.NUMBER, True),
    "text with a leading zero as a number": (CompanyType.NUMBER, "007"),
    "digits of another script as a number": (CompanyType.NUMBER, "\u0663"),
    "nan as a number": (CompanyType.NUMBER, "NaN"),
    "a list as a number": (CompanyType.NUMBER, [1]),
    "a number as a boolean": (CompanyType.BOOLEAN, 1),
    "a word as a boolean": (CompanyType.BOOLEAN, "yes"),
    "a day that is none": (CompanyType.DATE, "2015-02-30"),
    "a moment as a date": (CompanyType.DATE, MOMENT),
    "a number as a date": (CompanyType.DATE, 20150228),
    "a word as a moment": (CompanyType.DATE_TIME, "yesterday"),
    "a number as a moment": (CompanyType.DATE_TIME, 1448284283),
    "text as an object": (CompanyType.OBJECT, "a"),
    "a list as an object": (CompanyType.OBJECT, [{}]),
}


def is_storable(value: Any) -> bool:
    try:
        return bool(read_value(value) == value)
    except Unreadable:
        return False


@pytest.mark.parametrize(("declared", "value", "expected"), READ.values(), ids=READ.keys())
def test_a_value_is_read_as_the_declared_type(
    declared: CompanyType, value: Any, expected: Any
) -> None:
    found = read_as(declared, value, HELSINKI)

    assert (type(expected), expected) == (type(found), found)


@pytest.mark.parametrize(("declared", "value"), REFUSED.values(), ids=REFUSED.keys())
def test_a_value_of_another_type_is_refused_by_a_code_of_its_own(
    declared: CompanyType, value: Any
) -> None:
    with pytest.raises(Unreadable) as refused:
        read_as(declared, value, HELSINKI)

    assert refused.value.code is ErrorCode.DECLARED_TYPE
    assert "expected" in MESSAGES[refused.value.code].format_map(refused.value.details)


@pytest.mark.parametrize(
    ("declared", "value", "code"),
    [
        (CompanyType.NUMBER, "99999999999999999999", ErrorCode.NUMBER_OUT_OF_RANGE),
        (CompanyType.NUMBER, "1e999", ErrorCode.NUMBER_OUT_OF_RANGE),
        (CompanyType.TEXT, 2**70, ErrorCode.NUMBER_OUT_OF_RANGE),
        (CompanyType.TEXT, "\0", ErrorCode.INVALID_TEXT),
        (CompanyType.LIST, [[[[[[[[[]]]]]]]]], ErrorCode.TOO_LONG),
    ],
)
def test_what_no_field_takes_is_refused_as_for_any_field(
    declared: CompanyType, value: Any, code: ErrorCode
) -> None:
    with pytest.raises(Unreadable) as refused:
        read_as(declared, value, HELSINKI)

    assert code is refused.value.code


@given(JSON)
def test_what_was_read_fits_and_gives_itself_again(value: Any) -> None:
    for declared in CompanyType:
        try:
            found = read_as(declared, value, HELSINKI)
        except Unreadable:
            continue

        assert fits(declared, found)
        assert read_as(declared, found, HELSINKI) == found


@given(JSON)
def test_what_fits_is_read_as_it_stands(value: Any) -> None:
    assume(is_storable(value))
    for declared in CompanyType:
        if fits(declared, value):
            assert read_as(declared, value, HELSINKI) == value


def test_a_moment_that_is_kept_as_text_does_not_fit_yet() -> None:
    assert not fits(CompanyType.DATE_TIME, "2015-08-28T14:10:00Z")


def test_nothing_is_declared_of_a_field_until_something_is() -> None:
    assert not Declaration("ACME__x").is_declared
    assert Declaration("ACME__x", description="Loyalty points").is_declared
