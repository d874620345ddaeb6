"""Request bodies: read up to a limit, decoded so that a bad value is its row's fault alone."""

import json
from typing import Any, NoReturn

import orjson
from starlette.requests import ClientDisconnect, Request

from service.errors import BodyInvalid, BodyTooLarge

_LONG_NUMBER = b"0" * 19
"""From 19 digits on a number may be past 64 bits; orjson makes floats of those."""

_DIGITS_AS_ZEROS = bytes(48 if 48 <= byte <= 57 else 32 for byte in range(256))
_MOST_DIGITS = 4000
_OUT_OF_RANGE = 1 << 16_384
"""Stands for an integer that Python refuses to read; longer than any that a field takes."""


def is_json(request: Request) -> bool:
    """Whether the body is said to be JSON."""
    media_type = request.headers.get("content-type", "").partition(";")[0]
    return media_type.strip().lower() == "application/json"


async def read_body(request: Request, limit: int) -> bytes:
    """The body, of at most `limit` bytes. Raises BodyTooLarge without reading on, and BodyInvalid
    if whoever sends it goes away in its midst.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise BodyTooLarge(limit)
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit:
                raise BodyTooLarge(limit)
            chunks.append(chunk)
    except ClientDisconnect:
        raise BodyInvalid("it ended early") from None
    return b"".join(chunks)


def decode_json(body: bytes) -> Any:
    """The value. Raises BodyInvalid for what is not JSON in UTF-8.

    Integers past 64 bits come as they are, numbers too large for a float as infinity, and escaped
    lone surrogates as they are, so that whoever reads the value can say which row holds them.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return _decode_patiently(body)
    if _LONG_NUMBER in body.translate(_DIGITS_AS_ZEROS):
        return _decode_patiently(body)
    return value


def _decode_patiently(body: bytes) -> Any:
    """With the slower parser, which neither rounds integers nor refuses surrogates."""
    try:
        return json.loads(body.decode(), parse_constant=_refuse, parse_int=_integer)
    except RecursionError:
        raise BodyInvalid("lists and objects nest too deep") from None
    except UnicodeDecodeError:
        raise BodyInvalid("not UTF-8") from None
    except ValueError:
        raise BodyInvalid("not JSON") from None


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def _integer(digits: str) -> int:
    return int(digits) if len(digits) <= _MOST_DIGITS else _OUT_OF_RANGE
