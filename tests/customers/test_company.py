"""Company fields: which names there are, and which values stay as they came."""

from typing import Any

import pytest

from service.customers.company import check_name, check_size, read_members, read_value
from service.customers.texts import Unreadable
from service.errors import ErrorCode

LEVELS, BYTES = 8, 16 * 1024


def refused(raw: object) -> ErrorCode:
    with pytest.raises(Unreadable) as caught:
        read_value(raw)
    return caught.value.code


def nested(levels: int, innermost: object = 1) -> object:
    """Lists and objects in turn, so many of them inside each other."""
    value = innermost
    for level in range(levels):
        value = [value] if level % 2 else {"k": value}
    return value


@pytest.mark.parametrize(
    "name",
    ["COMPANY__customer_group", "a__b", "1__2", "A__x_", "A___x", "A__x__y", "A__" + "x" * 64],
)
def test_a_name_is_a_prefix_two_underscores_and_a_rest(name: str) -> None:
    check_name(name, None)


@pytest.mark.parametrize(
    "name",
    [
        "A__", "__x", "A_x", "A__x.y", "A__$x", "$A__x", "A__x$", "A__x\0", "A\0__x", "A__x\n",
        "A__é", "É__x", "A__１", "A__x y", "A-B__x", "A__x-y", "A_B__x", "A__" + "x" * 65,
        "x" * 65 + "__x", "A__\ud800", "A__x ", " A__x", "A__x[0]", "A__x.add.add",
    ],
)  # fmt: skip
def test_any_other_name_is_refused(name: str) -> None:
    """By what a name may be, not by what it may not hold."""
    with pytest.raises(Unreadable) as caught:
        check_name(name, None)

    assert ErrorCode.INVALID_COMPANY_FIELD == caught.value.code


def test_where_a_prefix_is_set_no_other_is_taken_and_it_is_suggested() -> None:
    check_name("ACME__x", "ACME")

    with pytest.raises(Unreadable) as caught:
        check_name("acme__x", "ACME")

    assert "ACME__x" == caught.value.suggestion


@pytest.mark.parametrize(
    "raw",
    [
        "text", " text kept as it came ", "$where", "a.b", "line\nbreak", "e\u0301", 0, 1.5, True,
        False, -(2**63), 2**63 - 1, [], {}, [None], [1, [2, {"k": "$set"}]], {"_id": 1, "k v": 2},
    ],
)  # fmt: skip
def test_a_value_stays_as_it_came(raw: Any) -> None:
    stored = read_value(raw)

    assert raw == stored
    assert type(raw) is type(stored)


@pytest.mark.parametrize(
    "name", ["$set", "a$", "a.b", ".", "", "\0", "a\0b"], ids=lambda name: ascii(name)
)
@pytest.mark.parametrize("level", [0, 1, LEVELS - 1])
def test_a_name_inside_may_hold_no_dollar_dot_or_nul(name: str, level: int) -> None:
    assert ErrorCode.INVALID_COMPANY_FIELD == refused(nested(level, {name: 1}))


@pytest.mark.parametrize("raw", [2**63, -(2**63) - 1, float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("level", [0, 1, LEVELS])
def test_a_number_past_64_bits_or_not_finite_is_refused(raw: float, level: int) -> None:
    assert ErrorCode.NUMBER_OUT_OF_RANGE == refused(nested(level, raw))


@pytest.mark.parametrize("raw", ["a\0", "\ud800", "\udfff é"])
@pytest.mark.parametrize("level", [0, 1, LEVELS])
def test_a_text_with_nul_or_a_lone_surrogate_is_refused(raw: str, level: int) -> None:
    assert ErrorCode.INVALID_TEXT == refused(nested(level, raw))


def test_a_lone_surrogate_in_a_name_inside_is_refused() -> None:
    assert ErrorCode.INVALID_TEXT == refused({"\ud800": 1})


@pytest.mark.parametrize("innermost", [1, "x", [], {}])
def test_a_value_nests_at_most_eight_levels(innermost: object) -> None:
    """An empty list or object is a level as well."""
    most = LEVELS - isinstance(innermost, list | dict)

    assert nested(most, innermost) == read_value(nested(most, innermost))
    assert ErrorCode.TOO_LONG == refused(nested(most + 1, innermost))


def test_a_value_nested_far_too_deep_is_refused_without_following_it() -> None:
    assert ErrorCode.TOO_LONG == refused(nested(100_000))


@pytest.mark.parametrize(
    ("fits", "too_large"),
    [
        pytest.param("x" * (BYTES - 2), "x" * (BYTES - 1), id="text"),
        pytest.param("é" * (BYTES // 2 - 1), "é" * (BYTES // 2), id="bytes, not letters"),
        pytest.param("\x01" * 2730, "\x01" * 2731, id="written as escapes"),
        pytest.param([1] * (BYTES // 2 - 1), [1] * (BYTES // 2), id="list"),
        pytest.param({"k": "x" * (BYTES - 8)}, {"k": "x" * (BYTES - 7)}, id="object"),
        pytest.param([], [[]] * 1_000_000, id="far too large"),
    ],
)
def test_a_value_takes_at_most_16_kib_as_json(fits: object, too_large: object) -> None:
    assert fits == read_value(fits)
    assert ErrorCode.TOO_LONG == refused(too_large)


@pytest.mark.parametrize("raw", [object(), b"bytes", {1: 2}, ("tuple",), {"a"}])
def test_what_is_no_json_is_refused(raw: object) -> None:
    assert refused(raw) in {ErrorCode.WRONG_TYPE, ErrorCode.INVALID_COMPANY_FIELD}


def test_members_are_a_list_or_one_text() -> None:
    assert ["a"] == read_members("a")
    assert [1, "a"] == read_members([1, "a"])
    for raw in (7, True, {"$in": ["a"]}):
        with pytest.raises(Unreadable, match="WRONG_TYPE"):
            read_members(raw)


def test_a_list_that_grew_is_measured_as_a_whole() -> None:
    with pytest.raises(Unreadable, match="TOO_LONG"):
        check_size(["x" * 1000] * 17)
