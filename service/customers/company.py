"""Company fields: their names, and the values they take, which stay as they came."""

from math import isfinite

import orjson

from service.customers.changes import Value
from service.customers.fields import COMPANY_NAME
from service.customers.texts import Unreadable, is_storable, too_long, wrong_type
from service.errors import ErrorCode

MAX_LEVELS = 8
"""Lists and objects inside each other; a list of texts is one level."""

MAX_BYTES = 16 * 1024
"""Of a value as JSON, in UTF-8, without spaces."""

_INTEGERS = range(-(2**63), 2**63)
_NAME = (
    "a name is a prefix of letters and digits, two underscores, then up to 64 letters, digits "
    "and underscores"
)
_PREFIX = "its prefix is not the one that is set"
_INNER_NAME = "names inside it may not be empty, nor hold a dollar sign, a dot or NUL"


def check_name(name: str, prefix: str | None) -> None:
    """`prefix` is the only one allowed, None allows any. Raises `Unreadable`."""
    if not COMPANY_NAME.fullmatch(name):
        raise Unreadable(ErrorCode.INVALID_COMPANY_FIELD, reason=_NAME)
    given, _, rest = name.partition("__")
    if prefix is not None and given != prefix:
        suggestion = f"{prefix}__{rest}"
        raise Unreadable(ErrorCode.INVALID_COMPANY_FIELD, suggestion, reason=_PREFIX)


def read_value(raw: object) -> Value:
    """The value as it came, if it can be stored and given back."""
    if type(raw) is str and len(raw) <= MAX_BYTES // 6 and is_storable(raw):
        return raw  # at most 6 bytes a character as JSON
    check_size(raw)
    return raw


def read_members(raw: object) -> list[Value]:
    """What is added to a list or removed from it: a list, or one text."""
    if isinstance(raw, str):
        return [read_value(raw)]
    if not isinstance(raw, list):
        raise wrong_type("a list, or one text")
    return list(read_value(raw))


def check_size(value: Value) -> None:
    """Raises `Unreadable` for what is too deep, too large, or not JSON that can be stored.

    To be asked again of a list to which members were added.
    """
    level, left = [value], MAX_BYTES
    for _ in range(MAX_LEVELS):
        level = _inside(level, left)
        left -= len(level)
    for member in level:
        _check(member)
        if isinstance(member, list | dict):
            raise too_long(MAX_LEVELS, "levels of lists and objects inside each other")
    if len(orjson.dumps(value)) > MAX_BYTES:
        raise too_long(MAX_BYTES, "bytes as JSON")


def _inside(values: list[Value], most: int) -> list[Value]:
    """What the containers among them hold. More than `most` are too large without a further look,
    since each takes a byte at least."""
    inside: list[Value] = []
    for value in values:
        _check(value)
        if not isinstance(value, list | dict):
            continue
        if len(inside) + len(value) > most:
            raise too_long(MAX_BYTES, "bytes as JSON")
        if isinstance(value, list):
            inside += value
        else:
            for name in value:
                _check_inner_name(name)
            inside += value.values()
    return inside


def _check(value: object) -> None:
    if isinstance(value, str):
        if not is_storable(value):
            raise Unreadable(ErrorCode.INVALID_TEXT)
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int):
        if value not in _INTEGERS:
            raise Unreadable(ErrorCode.NUMBER_OUT_OF_RANGE)
    elif isinstance(value, float):
        if not isfinite(value):
            raise Unreadable(ErrorCode.NUMBER_OUT_OF_RANGE)
    elif not isinstance(value, list | dict):
        raise wrong_type("text, a number, true, false, a list or an object")


def _check_inner_name(name: object) -> None:
    if not isinstance(name, str) or not name or "$" in name or "." in name or "\0" in name:
        raise Unreadable(ErrorCode.INVALID_COMPANY_FIELD, reason=_INNER_NAME)
    if not is_storable(name):
        raise Unreadable(ErrorCode.INVALID_TEXT)
