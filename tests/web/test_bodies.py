"""Bodies: decoded so that a bad value is its row's fault, refused where they are no JSON."""

import json

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.customers.rows import read_row
from service.errors import BodyInvalid, BodyTooLarge
from service.web.bodies import decode_json, read_body
from tests.customers.reading import RULES
from tests.web.sending import request


def identical(first: object, second: object) -> bool:
    return repr(first) == repr(second)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"[1, 2.5, true, null, {}]", [1, 2.5, True, None, {}]),
        (b"9223372036854775807", 2**63 - 1),
        (b"-9223372036854775808", -(2**63)),
        (b"9223372036854775808", 2**63),
        (b"-9223372036854775809", -(2**63) - 1),
        (b"18446744073709551616", 2**64),
        (b"[" + b"9" * 400 + b"]", [10**400 - 1]),
        (b"1.5000000000000000000", 1.5),
        (b'"1234567890123456789012345"', "1234567890123456789012345"),
        (b"1e400", float("inf")),
        (b"[-1e400, 12345678901234567890]", [-float("inf"), 12345678901234567890]),
        (b'"\\ud83d\\ude00"', "😀"),
        (b'"\\ud800"', "\ud800"),
        (b'{"\\udfff": "\\ude00\\ud83d"}', {"\udfff": "\ude00\ud83d"}),
        ('"é😀"'.encode(), "é😀"),
        (b'"\\u0000"', "\0"),
        (b" \r\n\t[]\n ", []),
    ],
)
def test_a_body_is_decoded_without_loss(body: bytes, value: object) -> None:
    """Integers past 64 bits, numbers past a float and lone surrogates come as they are."""
    assert identical(value, decode_json(body))


@pytest.mark.parametrize("digits", [4001, 4350, 100_000])
@pytest.mark.parametrize("sign", [b"", b"-"])
def test_an_integer_too_long_to_read_stands_for_one_out_of_range(sign: bytes, digits: int) -> None:
    (value,) = decode_json(b"[" + sign + b"9" * digits + b"]")

    assert isinstance(value, int)
    assert value.bit_length() > 64


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[1,]", "not JSON"),
        (b"{'a': 1}", "not JSON"),
        (b"{} {}", "not JSON"),
        (b"external_id,email\nX1,", "not JSON"),
        (b"NaN", "not JSON"),
        (b"[Infinity]", "not JSON"),
        (b"[-Infinity, 12345678901234567890]", "not JSON"),
        (b"[01]", "not JSON"),
        (b'"a\nb"', "not JSON"),
        (b'"\\x"', "not JSON"),
        (b'"\\ud800', "not JSON"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b'"\xff"', "not UTF-8"),
        (b'"\xed\xa0\x80"', "not UTF-8"),
        ('"é"'.encode("utf-16"), "not UTF-8"),
        (b"[" * 5000 + b"]" * 5000, "lists and objects nest too deep"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "lists and objects nest too deep"),
        (b"[" * 1_000_000, "lists and objects nest too deep"),
    ],
    ids=lambda value: value if isinstance(value, str) else ascii(value[:20]),
)
def test_what_is_no_json_in_utf8_is_refused_with_the_reason(body: bytes, reason: str) -> None:
    with pytest.raises(BodyInvalid) as caught:
        decode_json(body)

    assert f"The body cannot be read: {reason}." == caught.value.message
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (b"9223372036854775808", "NUMBER_OUT_OF_RANGE"),
        (b"9" * 5000, "NUMBER_OUT_OF_RANGE"),
        (b"1e400", "NUMBER_OUT_OF_RANGE"),
        (b'"\\ud800"', "INVALID_TEXT"),
        (b'{"\\ud800": 1}', "INVALID_TEXT"),
        (b"[" * 500 + b"]" * 500, "TOO_LONG"),
    ],
    ids=["64 bits", "5000 digits", "1e400", "surrogate", "surrogate in a name", "deep"],
)
def test_a_bad_value_is_the_fault_of_its_row_alone(value: bytes, code: str) -> None:
    body = b'[{"external_id": "X1", "A__x": ' + value + b'}, {"external_id": "X2"}]'

    bad, good = [read_row(index, row, RULES) for index, row in enumerate(decode_json(body))]

    assert [(code, "A__x")] == [(fault.code, fault.field) for fault in bad.faults]
    assert () == good.faults


SOUND = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=300, deadline=None)
@given(SOUND)
def test_what_was_written_as_json_is_read_again_as_itself(value: object) -> None:
    """Lone surrogates and long numbers too."""
    assert identical(value, decode_json(json.dumps(value).encode()))


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=40) | st.text('[]{}",:0123456789eE+-.\\u dD8', max_size=40).map(str.encode)
)
def test_whatever_a_body_holds_it_is_read_or_refused(body: bytes) -> None:
    try:
        decode_json(body)
    except BodyInvalid:
        with pytest.raises(orjson.JSONDecodeError):
            orjson.loads(body)


async def test_a_body_comes_whole_up_to_the_limit() -> None:
    chunks = [b"abc", b"de", b"fghij"]

    assert b"abcdefghij" == await read_body(request(chunks), 10)
    assert b"abcdefghij" == await read_body(request(chunks, content_length="10"), 10)


async def test_rule_13_a_body_that_says_it_is_too_large_is_not_read() -> None:
    with pytest.raises(BodyTooLarge) as caught:
        await read_body(request([], content_length="11"), 10)

    assert {"limit": 10} == caught.value.details


async def test_rule_13_a_body_that_grows_too_large_is_not_read_on() -> None:
    """Whatever its header says."""
    for headers in ({}, {"content_length": "3"}):
        parts = request([b"abc", b"defghijk"], **headers)
        with pytest.raises(BodyTooLarge):
            await read_body(parts, 10)


async def test_a_length_that_is_no_number_does_not_stop_the_reading() -> None:
    assert b"abc" == await read_body(request([b"abc"], content_length="many"), 10)
