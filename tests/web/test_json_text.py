"""JSON: decoded so that a bad value is its row's fault, refused where it is none."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.customers.rows import read_row
from service.errors import BodyInvalid
from service.web.json_text import MOST_LEVELS, KeyTwice, Repeating, decode_json, decode_request
from tests.customers.reading import RULES


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
    except KeyTwice:
        assert orjson.loads(body) is not None
    except BodyInvalid:
        with pytest.raises(orjson.JSONDecodeError):
            orjson.loads(body)


TWICE: dict[str, tuple[bytes, str]] = {
    "side by side": (b'{"a":1,"a":1}', "a"),
    "the same value": (b'{"a": 1, "b": 2, "a": 1}', "a"),
    "in a list": (b'[{"b": 1}, {"a": 1, "a": 2}]', "a"),
    "inside another": (b'{"a": {"b": {"c": 1, "d": 2, "c": 3}}}', "c"),
    "escaped once": (b'{"a": 1, "\\u0061": 2}', "a"),
    "a space before the colon": (b'{"a" :1,"a":2}', "a"),
    "spaces before the colon": (b'{"a"   :1,"a" \t\r\n :2}', "a"),
    "lines before the colon": (b'{"a"\n:1,"a"\r\n:2}', "a"),
    "tabs before the colon": (b'{"a"\t:1,"a"\t:2}', "a"),
    "three times": (b'{"a":1,"a":2,"a":3}', "a"),
    "the empty key": (b'{"":1,"":2}', ""),
    "a key that ends with a backslash": (b'{"a\\\\":1,"a\\\\":2}', "a\\"),
    "beside a text with colons": (b'{"a":"x\\":y :z","a":"\\" :"}', "a"),
    "beside what orjson refuses": (b'{"a":"\\ud800","a":1}', "a"),
    "beside a long number": (b'{"a":12345678901234567890,"a":1}', "a"),
}


@pytest.mark.parametrize(("body", "key"), TWICE.values(), ids=TWICE.keys())
def test_a_key_that_stands_twice_is_found(body: bytes, key: str) -> None:
    """Programs differ in which of the two they take: one may check the first, and another use the
    last."""
    for decode in (decode_json, decode_request):
        with pytest.raises(KeyTwice, match="stands in it twice") as caught:
            decode(body)

        assert Repeating(key) in flat(caught.value.value)


ONCE: dict[str, bytes] = {
    "in two objects": b'[{"a":1},{"a":2}]',
    "in one inside the other": b'{"a":{"a":{"a":1}}}',
    "a text like a key": b'{"a":"\\"a\\":1","b":"\\"a\\" :1"}',
    "colons in texts": b'{"a":"x :y","b":" : : ","c":"10:00"}',
    "another case": b'{"a":1,"A":2}',
    "another form": '{"\u00e9":1,"e\u0301":2}'.encode(),
    "spaces everywhere": b'\n{ "a" :\t1 ,\r\n"b"\t: 2 }',
}


@pytest.mark.parametrize("body", ONCE.values(), ids=ONCE.keys())
def test_a_key_that_stands_once_is_no_fault(body: bytes) -> None:
    assert orjson.loads(body) == decode_json(body) == decode_request(body)


KEYS = st.text('ab\\": \n', max_size=3)
SPACES = st.text(" \t\r\n", max_size=2)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(KEYS, SPACES, SPACES, KEYS), max_size=6))
@example([("a", " ", "", "b"), ("a", "", "", "c")])
def test_a_key_is_found_twice_where_it_is_written_twice(
    pairs: list[tuple[str, str, str, str]],
) -> None:
    written = [
        f"{json.dumps(key)}{before}:{after}{json.dumps(value)}"
        for key, before, after, value in pairs
    ]
    body = ("{" + ",".join(written) + "}").encode()
    keys = [key for key, *_ in pairs]

    if len(keys) == len({*keys}):
        assert dict(zip(keys, (value for *_, value in pairs), strict=True)) == decode_json(body)
    else:
        with pytest.raises(KeyTwice):
            decode_json(body)


def test_the_usual_body_is_decoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The slow parser is for suspicions."""
    monkeypatch.setattr("service.web.json_text._slowly", None)
    rows = [
        {"external_id": f"X{n}", "last_login": "2026-01-01T10:00:00Z", "tags": ["a", "b:c"],
         "A__x": {"y": [{"z": 1}]}, "street_address": 'Road 1, "A": x'.replace('"', "'")}
        for n in range(50)
    ]  # fmt: skip

    for indent in (None, 2):
        assert rows == decode_json(json.dumps(rows, indent=indent).encode())
    assert rows == decode_json(json.dumps(rows, separators=(" , ", " : ")).encode())


def test_a_name_that_may_be_personal_is_not_repeated() -> None:
    with pytest.raises(KeyTwice) as caught:
        decode_json(b'{"ann@example.org":1,"ann@example.org":2}')

    assert "ann@" not in caught.value.message


def test_a_long_name_is_cut() -> None:
    with pytest.raises(KeyTwice) as caught:
        decode_json(b'{"%b":1,"%b":2}' % (b"x" * 100_000, b"x" * 100_000))

    assert len(caught.value.message) < 200


@pytest.mark.parametrize(
    "number", [b"1e400", b"-1e400", b"9" * 400 + b".5", b"1" + b"0" * 310 + b"e1"]
)
def test_a_request_has_no_number_past_a_float(number: bytes) -> None:
    with pytest.raises(BodyInvalid, match="a number is too large"):
        decode_request(b'{"variables": {"a": [%b]}}' % number)


@pytest.mark.parametrize("inside", [b"1", b"1e-400", b"12345678901234567890", b'"\\ud800"'])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_a_request_nests_so_deep_and_no_deeper(
    opening: bytes, closing: bytes, inside: bytes
) -> None:
    """Whichever parser reads it."""
    deep = opening * MOST_LEVELS + inside + closing * MOST_LEVELS

    assert decode_request(deep)
    with pytest.raises(BodyInvalid, match="nest too deep"):
        decode_request(opening + deep + closing)


def flat(value: Any) -> list[Any]:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value, *(found for one in inside for found in flat(one))]
