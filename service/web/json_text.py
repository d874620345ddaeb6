"""JSON, decoded without loss, so that what is wrong in one row is that row's fault alone.

orjson decodes what it can. Where it would refuse, round or drop something that is told apart here,
the slower parser of the standard library does.
"""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

import orjson

from service.customers.keys import shown
from service.errors import BodyInvalid

MOST_LEVELS = 100
"""How deep lists and objects nest in a request. The deepest conditions that can be set take 70."""

_MOST_LEVELS_OF_ROWS = 1000
"""The same where each row has bounds of its own, and is refused alone past them."""

_LONG_NUMBER = b"0" * 19
"""From 19 digits on a number may be past 64 bits; orjson makes floats of those."""

_DIGITS_AS_ZEROS = bytes(48 if 48 <= byte <= 57 else 32 for byte in range(256))
_MOST_DIGITS = 4000
_OUT_OF_RANGE = 1 << 16_384
"""Stands for an integer that Python refuses to read; longer than any that a field takes."""

_UNSURE = object()


@dataclass(frozen=True, slots=True)
class Repeating:
    """Stands for an object that has the key twice: nobody knows which was meant."""

    key: str


class KeyTwice(BodyInvalid):
    """`value` is all that was decoded, with a `Repeating` for each object of that kind."""

    def __init__(self, key: str, value: object) -> None:
        super().__init__(twice(key))
        self.value = value


def twice(key: str) -> str:
    return f"{shown(key)} stands in it twice"


def decode_json(body: bytes, *, patiently: bool = True) -> Any:
    """Rows. Raises BodyInvalid for what is not JSON in UTF-8, and KeyTwice.

    Integers past 64 bits come as they are, numbers too large for a float as infinity, and escaped
    lone surrogates as they are, so that whoever reads the value can say which row holds them.
    Unless `patiently`, the last two are refused.
    """
    try:
        value = _quickly(body, _MOST_LEVELS_OF_ROWS)
    except orjson.JSONDecodeError:
        if not patiently:
            raise BodyInvalid("not JSON") from None
        value = _UNSURE
    return _slowly(body, _MOST_LEVELS_OF_ROWS, float) if value is _UNSURE else value


def decode_request(body: bytes) -> Any:
    """What is refused as a whole: as `decode_json`, and raises BodyInvalid for a number that is too
    large for a float, and for what nests deeper than `MOST_LEVELS`."""
    try:
        value = _quickly(body, MOST_LEVELS)
    except orjson.JSONDecodeError:
        value = _UNSURE
    return _slowly(body, MOST_LEVELS, _finite) if value is _UNSURE else value


def repeating(value: object) -> Repeating | None:
    """The first object in it that has a key twice."""
    level = [value]
    while level:
        found = next((one for one in level if type(one) is Repeating), None)
        if found:
            return found
        level = [one for container in level for one in _inside(container)]
    return None


def _quickly(body: bytes, most_levels: int) -> Any:
    """_UNSURE where a key may stand twice, or a number may have been rounded."""
    value = orjson.loads(body)
    if _keys(value, most_levels) < _most_keys(body):
        return _UNSURE
    return _UNSURE if _LONG_NUMBER in body.translate(_DIGITS_AS_ZEROS) else value


def _slowly(body: bytes, most_levels: int, parse_float: Callable[[str], float]) -> Any:
    found: list[Repeating] = []

    def made(pairs: list[tuple[str, Any]]) -> dict[str, Any] | Repeating:
        keys = dict(pairs)
        if len(keys) == len(pairs):
            return keys
        found.append(Repeating(_most_often(pairs)))
        return found[-1]

    try:
        value = json.loads(
            body.decode(),
            object_pairs_hook=made,
            parse_constant=_refuse,
            parse_float=parse_float,
            parse_int=_integer,
        )
    except RecursionError:
        raise _too_deep() from None
    except UnicodeDecodeError:
        raise BodyInvalid("not UTF-8") from None
    except ValueError:
        raise BodyInvalid("not JSON") from None
    _keys(value, most_levels)
    if found:
        raise KeyTwice(found[0].key, value)
    return value


def _keys(value: object, most_levels: int) -> int:
    """How many all of its objects have. Raises BodyInvalid if it nests too deep."""
    keys = levels = 0
    level = [value] if type(value) is dict or type(value) is list else []
    while level:
        levels += 1
        if levels > most_levels:
            raise _too_deep()
        below: list[Any] = []
        for container in level:
            if type(container) is dict:
                keys += len(container)
            below += [one for one in _inside(container) if type(one) is dict or type(one) is list]
        level = below
    return keys


def _most_keys(body: bytes) -> int:
    """How many may be written: a colon behind a quote or a space, be it in a text, may end one."""
    most = body.count(b'":') + body.count(b" :")
    for space in (b"\n", b"\r", b"\t"):
        if space in body:
            most += body.count(space + b":")
    return most


def _inside(value: object) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _most_often(pairs: list[tuple[str, Any]]) -> str:
    counted = Counter(key for key, _ in pairs)
    return counted.most_common(1)[0][0]


def _too_deep() -> BodyInvalid:
    return BodyInvalid("lists and objects nest too deep")


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise BodyInvalid("a number is too large")
    return value


def _integer(digits: str) -> int:
    return int(digits) if len(digits) <= _MOST_DIGITS else _OUT_OF_RANGE
