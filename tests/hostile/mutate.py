"""Requests made of others by chance: the same seed makes the same ones."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from tests.hostile.shots import Shot

DOSES: Sequence[object] = (
    None, True, 0, -1, 2**31, 2**63, 2**64, 1e308, 0.1, "", "\0", "\ud800", "$where", "a.b",
    "__proto__", "constructor", "\u202e", "\u200b", "e\u0301" * 50, "\ufdfa" * 50, "(a+)+$",
    "'; drop", "{{7*7}}", "${jndi:x}", "=1+1", "../..", "%00", "x" * 5000, [], {}, [[]],
    {"$gt": ""}, {"": ""}, [None], "NaN", "0001-01-01", "9999-12-31T23:59:59.999999+14:00",
    "%customer%", "%cursor%", "%segment%",
)  # fmt: skip
"""What is put in place of values in JSON."""

SCRAPS: Sequence[bytes] = (
    b"\0", b"\xff", b'"', b"\\", b"{", b"}", b"[", b"]", b"(", b")", b":", b",", b"$", b"@", b"!",
    b"...", b"#", b"\n", b"\r\n", b"\xef\xbb\xbf", b"\\u0000", b"\\ud800", b"null", b"1e999",
    b"NaN", b'""', b" ", b"on", b"fragment", b"query", b"mutation", b"...A0 ", b"@skip(if:true)",
    b"&", b"=", b"%", b";", b"\t",
)  # fmt: skip
"""What is put between bytes."""


def mutated(shapes: Sequence[Shot], number: int, seed: int) -> Iterator[Shot]:
    """First shapes as they stand, all of them or so many taken by chance that they are half of the
    number; then mutations of them all."""
    random = Random(seed)
    plain = shapes if 2 * len(shapes) <= number else random.sample(shapes, (number + 1) // 2)
    yield from plain
    for _ in range(number - len(plain)):
        shot = random.choice(shapes)
        for _ in range(random.choice((1, 1, 1, 2, 4))):
            shot = random.choice(_WAYS)(shot, random, shapes)
        yield shot


def _in_json(shot: Shot, random: Random, shapes: Sequence[Shot]) -> Shot:
    """One place of a body of JSON holds something else."""
    try:
        body = json.dumps(_dosed(json.loads(shot.body), random))
    except (ValueError, RecursionError):
        return _in_bytes(shot, random, shapes)
    return replace(shot, body=body.encode())


def _dosed(value: Any, random: Random) -> Any:
    if isinstance(value, dict) and value and random.random() < 0.9:
        key = random.choice(list(value))
        if random.random() < 0.15:
            name = str(random.choice(DOSES))[:300]
            return {**value, name: value[key]}
        return {**value, key: _dosed(value[key], random)}
    if isinstance(value, list) and value and random.random() < 0.9:
        place = random.randrange(len(value))
        return [*value[:place], _dosed(value[place], random), *value[place + 1 :]]
    if isinstance(value, str) and random.random() < 0.7:
        return _scrapped(value.encode("utf-8", "surrogatepass"), random).decode("utf-8", "replace")
    return random.choice(DOSES)


def _in_bytes(shot: Shot, random: Random, shapes: Sequence[Shot]) -> Shot:
    if shot.raw is not None:
        return replace(shot, raw=_scrapped(shot.raw, random))
    return replace(shot, body=_scrapped(shot.body, random))


def _scrapped(text: bytes, random: Random) -> bytes:
    """Something is put in, left out, said twice, moved or changed."""
    place = random.randrange(len(text) + 1)
    to = min(len(text), place + random.choice((1, 1, 3, 20, 300)))
    return random.choice(_SCRAPPING)(text[:place], text[place:to], text[to:], random)


_SCRAPPING: Sequence[Callable[[bytes, bytes, bytes, Random], bytes]] = (
    lambda before, part, after, random: before + random.choice(SCRAPS) + part + after,
    lambda before, part, after, random: before + after,
    lambda before, part, after, random: before + part * random.choice((2, 2, 30)) + after,
    lambda before, part, after, random: after + part + before,
    lambda before, part, after, random: before + bytes(reversed(part)) + after,
    lambda before, part, after, random: before + bytes([random.randrange(256)]) + after,
    lambda before, part, after, random: before,
)


def _crossed(shot: Shot, random: Random, shapes: Sequence[Shot]) -> Shot:
    """With the end of another's body."""
    other = random.choice(shapes).body
    place, cut = random.randrange(len(shot.body) + 1), random.randrange(len(other) + 1)
    return replace(shot, body=shot.body[:place] + other[cut : cut + 20_000])


def _redirected(shot: Shot, random: Random, shapes: Sequence[Shot]) -> Shot:
    """Sent to where another is sent, or as another is sent."""
    other = random.choice([one for one in shapes if one.raw is None])
    if random.random() < 0.5:
        return replace(shot, headers=other.headers)
    return replace(shot, target=other.target, method=other.method)


_WAYS: Sequence[Callable[[Shot, Random, Sequence[Shot]], Shot]] = (
    _in_json, _in_json, _in_json, _in_json, _in_bytes, _in_bytes, _crossed, _redirected,
)  # fmt: skip
