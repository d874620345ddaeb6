"""JSON, decoded in steps: the same rows as in one go, however it is cut."""

import json

import orjson
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from service.customers.rows import Illegible
from service.errors import BodyInvalid, TooManyRows
from service.web.formats.json_body import JsonBody
from service.web.json_text import KeyTwice, decode_json
from tests.web.formats.feeding import fed, pieces

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text('a{},[]"\\:', max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=2)
    ),
    max_leaves=6,
)
BODIES = st.tuples(
    st.lists(VALUES, max_size=12), st.booleans(), st.sampled_from([None, 0, 2]), st.booleans()
)


def written(rows: object, is_wrapped: bool, indent: int | None, is_marked: bool) -> bytes:
    body = {"customers": rows} if is_wrapped else rows
    return b"\xef\xbb\xbf" * is_marked + json.dumps(body, indent=indent).encode()


@settings(deadline=None)
@given(BODIES, st.lists(st.integers(0, 300), max_size=6), st.integers(1, 60))
def test_rows_are_those_of_the_whole_however_it_is_cut(
    body: tuple[list[object], bool, int | None, bool], cuts: list[int], step: int
) -> None:
    rows = body[0]

    sent = fed(JsonBody(100, step), *pieces(written(*body), cuts))

    assert (rows, None) == (sent.rows, sent.lines)


@settings(deadline=None, max_examples=300)
@given(st.text('[]{}",:1a ', max_size=30).map(str.encode), st.integers(1, 10))
@example(b"[,1]", 1)
@example(b"[1111]", 1)
@example(b"[1,]", 1)
@example(b"[1,2,]", 1)
@example(b"[{},,{}]", 1)
@example(b"[{},{}", 1)
@example(b"[{}],[{}]", 1)
@example(b'{"customers":[{},{}]', 1)
@example(b'{"customers":[{},{}],"more":[{},{}]}', 1)
@example(b'[{"a":"},{"},{}]', 1)
@example(b'[{"a":[{},{}]},{}]', 1)
def test_what_is_refused_whole_is_refused_in_steps(body: bytes, step: int) -> None:
    """And nothing else."""
    rows: object = None
    try:
        rows = decode_json(body)
        rows = rows["customers"] if isinstance(rows, dict) and list(rows) == ["customers"] else rows
    except KeyTwice:
        assume(False)
    except BodyInvalid:
        pass
    if isinstance(rows, list):
        assert rows == fed(JsonBody(100, step), *pieces(body, range(0, len(body), 3))).rows
    else:
        with pytest.raises(BodyInvalid):
            fed(JsonBody(100, step), *pieces(body, range(0, len(body), 3)))


def test_a_second_list_of_customers_is_never_taken_for_the_rest_of_the_first() -> None:
    body = b'{"customers": [{"a": 1}, {"b": 2}], "customers": [{"c": 3}, {"d": 4}]}'

    with pytest.raises(BodyInvalid, match="customers stands in it twice"):
        fed(JsonBody(100, 20), *pieces(body, range(0, len(body), 10)))


@pytest.mark.parametrize("wrapped", [b"[%b]", b'{"customers": [%b]}'], ids=["bare", "wrapped"])
@pytest.mark.parametrize("step", [20, 1000], ids=["in steps", "in one"])
@pytest.mark.parametrize(
    "row",
    [b'{"a": 1, "a": 2}', b'{"b": {"a": 1, "a": 1}}', b'{"b": [[{"c": {}, "a": 1, "a": 1}]]}'],
    ids=["itself", "a value", "in a list"],
)
def test_a_row_that_has_a_key_twice_is_refused_alone(row: bytes, step: int, wrapped: bytes) -> None:
    body = wrapped % b", ".join([b'{"b": 1}', row, b'{"b": 2}', b'{"b": 3}'])

    first, spoilt, *others = fed(JsonBody(100, step), *pieces(body, range(0, len(body), 10))).rows

    assert [{"b": 1}, {"b": 2}, {"b": 3}] == [first, *others]
    assert isinstance(spoilt, Illegible)
    assert "The row cannot be read: a stands in it twice." == spoilt.fault.message


def test_a_key_that_stands_twice_around_the_rows_refuses_them_all() -> None:
    for body in (b'{"customers": [], "customers": []}', b'{"a": 1, "a": 1, "customers": []}'):
        with pytest.raises(BodyInvalid, match="stands in it twice"):
            fed(JsonBody(100), body)


def test_rule_13_rows_past_the_limit_are_not_waited_for() -> None:
    body = JsonBody(3, 10)
    with pytest.raises(TooManyRows):
        body.feed(b"[{}, {}, {}, {}, {")


@pytest.mark.parametrize(
    "row",
    [
        {"a": "x" * 80},
        {"a": 1, "b": [{"c": 2}] * 40},
        {"a": '\\"},{', "b": [[], []]},
        12345678,
        "text",
        [1, {"b": [{}, {}]}],
    ],
)
def test_no_step_decodes_much_more_than_a_step(
    row: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the rows are."""
    sizes: list[int] = []

    def watched(body: bytes, **how: bool) -> object:
        sizes.append(len(body))
        return decode_json(body, **how)

    monkeypatch.setattr("service.web.formats.json_body.decode_json", watched)
    body = orjson.dumps([row] * 20_000)
    rows = fed(JsonBody(20_000, 4096), *pieces(body, range(0, len(body), 1000))).rows

    assert [row] * 20_000 == rows
    assert max(sizes) < 2 * 4096


def test_a_row_without_end_is_tried_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def watched(body: bytes, **how: bool) -> object:
        tried.append(len(body))
        raise BodyInvalid("not JSON")

    monkeypatch.setattr("service.web.formats.json_body.decode_json", watched)
    body = b'[{"A__x": [' + b'{"a": 1},' * 100_000
    with pytest.raises(BodyInvalid):
        fed(JsonBody(10, 4096), *pieces(body, range(0, len(body), 1000)))

    assert sum(tried) < 10 * len(body)


def test_a_row_with_a_lone_surrogate_does_not_hold_the_others_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sizes: list[int] = []

    def watched(body: bytes, **how: bool) -> object:
        sizes.append(len(body))
        return decode_json(body, **how)

    monkeypatch.setattr("service.web.formats.json_body.decode_json", watched)
    body = b'[{"a": "\\ud800"}' + b', {"a": "x"}' * 10_000 + b"]"
    rows = fed(JsonBody(20_000, 4096), *pieces(body, range(0, len(body), 1000))).rows

    assert {"a": "\ud800"} == rows[0]
    assert max(sizes) < 2 * 4096
