"""Texts, codes, sets and flags; and what holds of values of every kind."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.customers.fields import Kind
from service.customers.texts import Unreadable
from service.customers.values import MAX_SET_MEMBERS
from service.errors import ErrorCode
from tests.customers.reading import refusal, value
from tests.customers.strategies import JSON, TEXTS


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        pytest.param("  Ann ", "Ann", id="trimmed"),
        pytest.param("Jose\u0301", "José", id="NFC"),
        pytest.param("\u2126", "Ω", id="NFC of one character"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="joiners stay"),
        pytest.param("👩\u200d👧", "👩\u200d👧", id="joined emoji stay"),
        pytest.param("$where", "$where", id="dollar"),
        pytest.param("a.b", "a.b", id="dot"),
        pytest.param("<b>&", "<b>&", id="markup"),
        pytest.param(0, "0", id="zero"),
        pytest.param(42, "42", id="integer"),
        pytest.param(1.5, "1.5", id="number"),
        pytest.param(10**30, "1" + "0" * 30, id="past 64 bits"),
        pytest.param("x" * 1024, "x" * 1024, id="as long as may be"),
        pytest.param("e\u0301" * 1024, "é" * 1024, id="as long as may be once in NFC"),
    ],
)
def test_a_text_is_trimmed_and_in_nfc_and_else_as_it_came(raw: object, stored: str) -> None:
    assert stored == value(Kind.TEXT, raw)


@pytest.mark.parametrize(
    "raw",
    [f"a{chr(code)}b" for code in (*range(0x20), 0x7F, *range(0x80, 0xA0))]
    + ["a\u2028b", "a\u2029b", "a\ud800b", "\udfff", "é\0"],
)
def test_a_text_holds_no_control_character_and_no_lone_surrogate(raw: str) -> None:
    assert ErrorCode.INVALID_TEXT == refusal(Kind.TEXT, raw)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("x" * 1025, id="ASCII"),
        pytest.param("é" * 1025, id="not ASCII"),
        pytest.param("é" * 1_000_000, id="far too long"),
        pytest.param(10**1024, id="a number"),
        pytest.param(10**2000, id="a number that is not even written out"),
    ],
)
def test_a_text_that_is_too_long_is_refused(raw: object) -> None:
    assert ErrorCode.TOO_LONG == refusal(Kind.TEXT, raw)


def test_a_text_that_grows_past_the_limit_in_nfc_is_refused() -> None:
    """U+0958 is two characters in NFC."""
    assert ErrorCode.TOO_LONG == refusal(Kind.TEXT, "\u0958" * 1024)


@pytest.mark.parametrize("raw", [True, False, [], {}, ["a"]])
def test_a_text_is_no_boolean_list_or_object(raw: object) -> None:
    assert ErrorCode.WRONG_TYPE == refusal(Kind.TEXT, raw)


@pytest.mark.parametrize("raw", [float("inf"), float("-inf"), float("nan")])
def test_a_number_that_is_not_finite_is_no_text(raw: float) -> None:
    assert ErrorCode.NUMBER_OUT_OF_RANGE == refusal(Kind.TEXT, raw)


def test_codes_are_taken_in_any_case() -> None:
    assert "GB" == value(Kind.COUNTRY, " gb ")
    assert "SE" == value(Kind.COUNTRY, "Se")
    assert "en" == value(Kind.LANGUAGE, "EN")


@pytest.mark.parametrize(
    "raw", ["UK", "GBR", "826", "Finland", "ß", "ſe", "fı", "ＧＢ", "g", "G\0", "G B"]
)
def test_any_other_country_is_refused(raw: str) -> None:
    assert ErrorCode.INVALID_COUNTRY == refusal(Kind.COUNTRY, raw)


@pytest.mark.parametrize("raw", ["xx", "eng", "en-GB", "English", "\u212ak", "ｅｎ", "e", "e\0"])
def test_any_other_language_is_refused(raw: str) -> None:
    assert ErrorCode.INVALID_LANGUAGE == refusal(Kind.LANGUAGE, raw)


@pytest.mark.parametrize("kind", [Kind.COUNTRY, Kind.LANGUAGE])
@pytest.mark.parametrize("raw", [358, True, [], {}, ["GB"]])
def test_a_code_is_a_text(kind: Kind, raw: object) -> None:
    assert ErrorCode.WRONG_TYPE == refusal(kind, raw)


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        pytest.param(["b", "a", "b"], ["b", "a"], id="first-seen order, no duplicates"),
        pytest.param("vip", ["vip"], id="a text is a set of one"),
        pytest.param([], [], id="nothing"),
        pytest.param([" a", "a "], ["a"], id="trimmed before they are compared"),
        pytest.param(["e\u0301", "é"], ["é"], id="in NFC before they are compared"),
        pytest.param([1, "1"], ["1"], id="numbers are read as their text"),
        pytest.param(["$each", "a.b"], ["$each", "a.b"], id="hostile texts are texts"),
    ],
)
def test_a_set_has_each_text_once(raw: object, stored: list[str]) -> None:
    assert stored == value(Kind.TEXT_SET, raw)


@pytest.mark.parametrize(
    "raw", [7, 1.5, True, {}, {"$in": ["a"]}, [None], [""], [" "], [["a"]], [{}], [True]]
)
def test_a_set_is_a_list_of_texts_or_one_text(raw: object) -> None:
    """A number where a set stands is no set of one."""
    assert ErrorCode.WRONG_TYPE == refusal(Kind.TEXT_SET, raw)


def test_a_set_holds_only_so_many_members_and_none_too_long() -> None:
    most = [str(number) for number in range(MAX_SET_MEMBERS)]

    assert most == value(Kind.TEXT_SET, most)
    assert ErrorCode.TOO_LONG == refusal(Kind.TEXT_SET, [*most, "more"])
    assert ErrorCode.TOO_LONG == refusal(Kind.TEXT_SET, ["x" * 256])


@pytest.mark.parametrize("kind", [Kind.PERMISSION, Kind.FLAG])
def test_permissions_and_flags_are_true_or_false_alone(kind: Kind) -> None:
    assert value(kind, True) is True
    assert value(kind, False) is False
    others: list[object] = [0, 1, "true", "false", "yes", [], {}, 1.0]
    for raw in others:
        assert ErrorCode.WRONG_TYPE == refusal(kind, raw)


def _again(stored: Any) -> Any:
    """A stored value as a row would give it."""
    return stored.isoformat() if isinstance(stored, datetime) else stored


CONTACTS = {
    Kind.EMAIL: st.one_of(
        st.emails(),
        st.builds("{}@{}.{}".format, st.text(max_size=6), st.text(max_size=6), st.text(max_size=4)),
    ),
    Kind.PHONE_NUMBER: st.from_regex(r"\+[1-9][0-9 ().-]{6,16}", fullmatch=True),
    Kind.DATE_TIME: st.datetimes().map(lambda moment: moment.isoformat()),
    Kind.DATE: st.dates().map(lambda day: day.isoformat()),
}
VALUES = st.sampled_from(Kind).flatmap(
    lambda kind: st.tuples(st.just(kind), CONTACTS.get(kind, TEXTS) | TEXTS | JSON)
)


@settings(max_examples=400, deadline=None)
@given(VALUES)
def test_a_value_that_was_read_is_read_again_as_itself(drawn: tuple[Kind, object]) -> None:
    """Of every kind; and whatever JSON holds is read or refused, never a crash."""
    kind, raw = drawn
    try:
        stored = value(kind, raw)
    except Unreadable:
        return

    assert stored == value(kind, _again(stored))


@settings(max_examples=300, deadline=None)
@given(st.text("İıſßΣςéÅ\u0301\u0308\u200d.-_+@aA1٣Ⅷ", min_size=1, max_size=12))
def test_an_odd_email_that_was_read_is_read_again_as_itself(local: str) -> None:
    """Letters whose lower case, or form in a domain, is another letter or two."""
    for raw in (f"{local}@example.org", f"ann@{local}.example"):
        try:
            stored = value(Kind.EMAIL, raw)
        except Unreadable:
            continue

        assert stored == value(Kind.EMAIL, stored)
