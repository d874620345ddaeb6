"""The algebra of changes: what a row does to stored values, composed, applied and compared.

A change maps stored field names to edits. Composing two changes gives one that does what both do in
turn, whatever they are applied to, failures included.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final, NamedTuple

Value = Any
"""A stored value: text, boolean, number, list, object, or a moment (UTC, in milliseconds)."""

_Key = Any
"""Hashable, and equal for values that are the same; see `_key`."""


class Absent(Enum):
    """The type of `ABSENT`: there is no value, which is not null."""

    ABSENT = "ABSENT"


ABSENT: Final = Absent.ABSENT


class NotAList(Exception):
    """Members of `field` were to be edited, and it holds something that is not a list."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} holds no list")
        self.field = field


class Put(NamedTuple):
    """The value replaces what is there.

    `edited`: members were edited before, so what is there must be a list, or nothing.
    """

    value: Value
    edited: bool = False


class Remove(NamedTuple):
    """The key goes away. `edited` as with `Put`."""

    edited: bool = False


class Members(NamedTuple):
    """An edit of a list: a filter, then what is appended where absent. Order is kept.

    `only`: of the members there, these alone stay; with None all stay but those of `without`,
    which is empty where `only` is given. `creates`: where there is no list, one is made, even if
    nothing is added; true wherever something is.
    """

    only: tuple[Value, ...] | None
    without: tuple[Value, ...]
    add: tuple[Value, ...]
    creates: bool


Edit = Put | Remove | Members
Change = Mapping[str, Edit]


@dataclass(frozen=True, slots=True)
class Difference:
    """A value before and after; `ABSENT` where there was or is none."""

    before: Value
    after: Value


def replace_members(values: Iterable[Value]) -> Members:
    """These alone; those already there keep their order."""
    wanted = _distinct(values)
    return Members(wanted, (), wanted, creates=True)


def add_members(values: Iterable[Value]) -> Members:
    """Adding nothing makes no list."""
    added = _distinct(values)
    return Members(None, (), added, creates=bool(added))


def remove_members(values: Iterable[Value]) -> Members:
    return Members(None, _distinct(values), (), creates=False)


def compose(first: Change, second: Change) -> Change:
    """One change that does what both do in turn.

    Raises `NotAList` where that fails whatever is stored: members edited of what `first` puts.
    """
    composed = dict(first)
    for field, edit in second.items():
        composed[field] = _compose(field, composed[field], edit) if field in composed else edit
    return composed


def apply(change: Change, values: Mapping[str, Value]) -> dict[str, Value]:
    """New values; those given stay as they are. Raises `NotAList`."""
    applied = dict(values)
    for field, edit in change.items():
        if type(edit) is Put and not edit.edited:
            applied[field] = edit.value
            continue
        value = _applied(field, edit, applied.get(field, ABSENT))
        if value is ABSENT:
            applied.pop(field, None)
        else:
            applied[field] = value
    return applied


def alters(change: Change, values: Mapping[str, Value]) -> bool:
    """Whether `apply` would give other values than these. Raises `NotAList`."""
    for field, edit in change.items():
        was = values.get(field, ABSENT)
        now = edit.value if type(edit) is Put and not edit.edited else _applied(field, edit, was)
        if was is not now and not same(was, now):
            return True
    return False


def diff(before: Mapping[str, Value], after: Mapping[str, Value]) -> dict[str, Difference]:
    """What differs, by field: those that were there first, then new ones."""
    differences = {}
    for field in (*before, *(field for field in after if field not in before)):
        was, now = before.get(field, ABSENT), after.get(field, ABSENT)
        if not same(was, now):
            differences[field] = Difference(was, now)
    return differences


_ALIKE_WHEN_EQUAL = frozenset({str, bool, int, float, datetime})


def same(a: Value, b: Value) -> bool:
    """Equality as it is stored: `True` is not `1`, `1` is `1.0`, the order of names in an object
    means nothing."""
    if type(a) is type(b) and type(a) in _ALIKE_WHEN_EQUAL:
        return bool(a == b)
    if isinstance(a, list | tuple):
        return isinstance(b, list | tuple) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, Mapping):
        return (
            isinstance(b, Mapping)
            and a.keys() == b.keys()
            and all(same(a[name], b[name]) for name in a)
        )
    return isinstance(a, bool) is isinstance(b, bool) and bool(a == b)


def _key(value: Value) -> _Key:
    """Text, numbers and moments are their own; the tags of the others are no text."""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return (bool, value)
    if isinstance(value, list | tuple):
        return (list, tuple(_key(member) for member in value))
    if isinstance(value, Mapping):
        return (dict, frozenset((name, _key(member)) for name, member in value.items()))
    return value


def _distinct(values: Iterable[Value]) -> tuple[Value, ...]:
    """The first of each."""
    first: dict[_Key, Value] = {}
    for value in values:
        first.setdefault(_key(value), value)
    return tuple(first.values())


def _keys(values: Iterable[Value]) -> set[_Key]:
    return {_key(value) for value in values}


def _kept(values: Iterable[Value], edit: Members) -> list[Value]:
    if edit.only is not None:
        wanted = _keys(edit.only)
        return [value for value in values if _key(value) in wanted]
    unwanted = _keys(edit.without)
    return [value for value in values if _key(value) not in unwanted]


def _edited(values: Iterable[Value], edit: Members) -> list[Value]:
    kept = _kept(values, edit)
    held = _keys(kept)
    return kept + [value for value in edit.add if _key(value) not in held]


def _applied(field: str, edit: Edit, value: Value) -> Value:
    if isinstance(edit, Members):
        if value is ABSENT:
            return list(edit.add) if edit.creates else ABSENT
        if edit.only is edit.add and isinstance(value, list) and same(value, edit.add):
            return value  # replaced by itself
        return _edited(_listed(field, value), edit)
    if edit.edited and value is not ABSENT:
        _listed(field, value)
    return edit.value if isinstance(edit, Put) else ABSENT


def _listed(field: str, value: Value) -> list[Value]:
    if not isinstance(value, list):
        raise NotAList(field)
    return value


def _compose(field: str, first: Edit, second: Edit) -> Edit:
    if isinstance(first, Members):
        return _after_members(first, second)
    if isinstance(second, Members) or second.edited:
        value = _applied(field, second, first.value if isinstance(first, Put) else ABSENT)
        return Remove(first.edited) if value is ABSENT else Put(value, first.edited)
    return second._replace(edited=first.edited)


def _after_members(first: Members, second: Edit) -> Edit:
    if not isinstance(second, Members):
        return second._replace(edited=True)
    only, without = first.only, (*first.without, *second.without)
    if first.only is not None:
        only, without = tuple(_kept(first.only, second)), ()
    elif second.only is not None:
        only, without = tuple(_kept(second.only, first)), ()
    add = tuple(_edited(first.add, second))
    return Members(only, _distinct(without), add, creates=first.creates or second.creates)
