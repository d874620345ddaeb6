"""The algebra of changes: applied, composed, compared."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.customers.changes import (
    ABSENT,
    Change,
    Difference,
    Edit,
    NotAList,
    Put,
    Remove,
    add_members,
    apply,
    compose,
    diff,
    remove_members,
    replace_members,
    same,
)

MEMBERS = st.sampled_from(["a", "b", 1, 1.0, True])
LISTS = st.lists(MEMBERS, max_size=3)
VALUES = LISTS | st.sampled_from(["a", True, {"k": [1]}])
EDITS = st.one_of(
    VALUES.map(Put),
    st.just(Remove()),
    LISTS.map(replace_members),
    LISTS.map(add_members),
    LISTS.map(remove_members),
)
FIELDS = st.sampled_from(["tags", "A__x"])
CHANGES = st.dictionaries(FIELDS, EDITS, max_size=2)
STORED = st.dictionaries(FIELDS, VALUES, max_size=2)
EDITS_OF_ONE = st.lists(EDITS, min_size=2, max_size=3)
VALUE_OF_ONE = st.one_of(st.just(ABSENT), LISTS, VALUES)

FAILED = "fails: members of what is no list"


def in_turn(changes: list[Change], values: Mapping[str, Any]) -> dict[str, Any] | str:
    after = dict(values)
    try:
        for change in changes:
            after = apply(change, after)
    except NotAList:
        return FAILED
    return after


def as_one(changes: list[Change], values: Mapping[str, Any]) -> dict[str, Any] | str:
    composed: Change = {}
    try:
        for change in changes:
            composed = compose(composed, change)
    except NotAList:
        return FAILED
    return in_turn([composed], values)


def identical(first: object, second: object) -> bool:
    """To the type of every member and the order of all."""
    return repr(first) == repr(second)


def ordered(values: dict[str, Any] | str) -> object:
    """Fields by name, since the order of fields is nothing that a change says."""
    return sorted(values.items()) if isinstance(values, dict) else values


@settings(max_examples=800, deadline=None)
@given(EDITS_OF_ONE, VALUE_OF_ONE)
@example([remove_members(["a"]), replace_members(["a", "b"])], ["a", "b"])
@example([add_members(["a"]), remove_members(["a"])], ABSENT)
def test_composing_edits_of_a_field_equals_applying_them_in_turn(
    edits: list[Edit], value: Any
) -> None:
    """Failures included, and the order of members."""
    changes: list[Change] = [{"tags": edit} for edit in edits]
    values = {} if value is ABSENT else {"tags": value}
    expected, composed = in_turn(changes, values), as_one(changes, values)

    assert identical(expected, composed)


@settings(max_examples=100, deadline=None)
@given(st.lists(CHANGES, min_size=2, max_size=4), STORED)
def test_composing_changes_of_several_fields_equals_applying_them_in_turn(
    changes: list[Change], values: dict[str, Any]
) -> None:
    expected, composed = in_turn(changes, values), as_one(changes, values)

    assert identical(ordered(expected), ordered(composed))


@settings(max_examples=150, deadline=None)
@given(CHANGES, CHANGES, CHANGES)
def test_composing_is_associative(first: Change, second: Change, third: Change) -> None:
    try:
        left = compose(compose(first, second), third)
        right = compose(first, compose(second, third))
    except NotAList:
        return
    for values in ({}, {"tags": ["a", "b"]}, {"tags": ["c", 1, True], "A__x": ["b"]}, {"A__x": 1}):
        assert identical(
            ordered(in_turn([left], values)),
            ordered(in_turn([right], values)),
        )


@settings(max_examples=200, deadline=None)
@given(CHANGES, STORED)
def test_applying_twice_equals_once(change: Change, values: dict[str, Any]) -> None:
    once = in_turn([change], values)
    if once == FAILED:
        return

    assert identical(ordered(once), ordered(in_turn([change, change], values)))


@settings(max_examples=80, deadline=None)
@given(CHANGES, STORED)
def test_what_is_given_stays_as_it_is(change: Change, values: dict[str, Any]) -> None:
    before = repr(values)

    in_turn([change], values)

    assert before == repr(values)


@settings(max_examples=80, deadline=None)
@given(STORED, STORED)
def test_a_difference_leads_from_one_to_the_other(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    differences = diff(before, after)

    reached = {**before, **{name: found.after for name, found in differences.items()}}
    assert same({n: v for n, v in reached.items() if v is not ABSENT}, after)
    assert {} == diff(after, after)


def test_a_difference_tells_absent_from_null() -> None:
    assert {"a": Difference(None, ABSENT)} == diff({"a": None}, {})
    assert {"a": Difference(ABSENT, None)} == diff({}, {"a": None})


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        pytest.param(True, 1, False, id="true is not 1"),
        pytest.param(False, 0, False, id="false is not 0"),
        pytest.param(1, 1.0, True, id="1 is 1.0"),
        pytest.param(2**53 + 1, float(2**53), False, id="no rounding"),
        pytest.param("1", 1, False, id="text is no number"),
        pytest.param(None, False, False, id="null is not false"),
        pytest.param(None, ABSENT, False, id="null is not absent"),
        pytest.param([], {}, False, id="a list is no object"),
        pytest.param([1, 2], [2, 1], False, id="members have an order"),
        pytest.param([True], [1], False, id="inside a list"),
        pytest.param({"a": 1, "b": 2}, {"b": 2, "a": 1}, True, id="names have no order"),
        pytest.param({"a": True}, {"a": 1}, False, id="inside an object"),
        pytest.param({"a": [{"b": 0}]}, {"a": [{"b": 0.0}]}, True, id="deep inside"),
        pytest.param([["a", 1]], [{"a": 1}], False, id="a pair is no object"),
        pytest.param("e\u0301", "é", False, id="texts as they are written"),
    ],
)
def test_values_are_the_same_where_they_are_stored_the_same(
    first: object, second: object, alike: bool
) -> None:
    assert alike is same(first, second)
    assert alike is same(second, first)


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        pytest.param(replace_members(["b", "a", "c"]), ["a", "b"], ["a", "b", "c"], id="replace"),
        pytest.param(replace_members([]), ["a"], [], id="replace by nothing"),
        pytest.param(add_members(["b", "a", "b"]), ["a"], ["a", "b"], id="add"),
        pytest.param(remove_members(["a", "z"]), ["a", "b", "a"], ["b"], id="remove"),
        pytest.param(add_members([1]), [True], [True, 1], id="true is not 1"),
        pytest.param(remove_members([True]), [1, True], [1], id="1 is not true"),
        pytest.param(add_members([{"b": 1}]), [{"b": 1.0}], [{"b": 1.0}], id="1 is 1.0"),
    ],
)  # fmt: skip
def test_members_that_stay_keep_their_order(change: Any, before: object, after: object) -> None:
    assert identical({"tags": after}, apply({"tags": change}, {"tags": before}))


def test_adding_or_removing_nothing_makes_no_list_and_replacing_by_nothing_does() -> None:
    assert {} == apply({"tags": add_members([])}, {})
    assert {} == apply({"tags": remove_members(["a"])}, {})
    assert {"tags": []} == apply({"tags": replace_members([])}, {})


@pytest.mark.parametrize("stored", ["a", 1, True, {}, None])
def test_members_of_what_is_no_list_can_not_be_edited(stored: object) -> None:
    for edit in (add_members(["a"]), remove_members(["a"]), replace_members(["a"])):
        with pytest.raises(NotAList) as caught:
            apply({"A__x": edit}, {"A__x": stored})

        assert "A__x" == caught.value.field


def test_the_error_of_a_failed_edit_holds_no_value() -> None:
    with pytest.raises(NotAList) as caught:
        apply({"A__x": add_members(["secret"])}, {"A__x": "private"})

    assert "A__x holds no list" == str(caught.value)
