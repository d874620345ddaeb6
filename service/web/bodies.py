"""Request bodies: read up to a limit, decoded so that a bad value is its row's fault alone."""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, Protocol

import orjson
from starlette.requests import ClientDisconnect, Request

from service.errors import BodyInvalid, BodyTooLarge, UnsupportedBody
from service.web.gzipped import PART, Gunzip

UTF8_MARK = b"\xef\xbb\xbf"
"""The byte order mark that some programs begin a text in UTF-8 with."""

_LONG_NUMBER = b"0" * 19
"""From 19 digits on a number may be past 64 bits; orjson makes floats of those."""

_DIGITS_AS_ZEROS = bytes(48 if 48 <= byte <= 57 else 32 for byte in range(256))
_MOST_DIGITS = 4000
_OUT_OF_RANGE = 1 << 16_384
"""Stands for an integer that Python refuses to read; longer than any that a field takes."""


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body. Raises as `feed_body` does."""
    parts: list[bytes] = []
    await feed_body(request, limit, parts.append)
    return b"".join(parts)


async def feed_body(request: Request, limit: int, take: Callable[[bytes], None]) -> None:
    """Gives the body to `take`, part by part as it arrives, unpacked if it is gzip.

    Parts are small, and others are served between them. Raises BodyTooLarge without reading on
    after `limit` bytes, packed or unpacked; UnsupportedBody for another encoding; BodyInvalid for
    gzip that is damaged, or if whoever sends it goes away in its midst.
    """
    coding = _coding(request)
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise BodyTooLarge(limit)
    sent = taken = 0
    try:
        async for chunk in request.stream():
            sent += len(chunk)
            if sent > limit:
                raise BodyTooLarge(limit)
            for part in coding.parts(chunk):
                if taken:
                    await asyncio.sleep(0)
                taken += len(part)
                if taken > limit:
                    raise BodyTooLarge(limit)
                take(part)
    except ClientDisconnect:
        raise BodyInvalid("it ended early") from None
    coding.close()


class _Coding(Protocol):
    def parts(self, data: bytes) -> Iterator[bytes]: ...

    def close(self) -> None: ...


class _Plain:
    def parts(self, data: bytes) -> Iterator[bytes]:
        return (data[start : start + PART] for start in range(0, len(data), PART))

    def close(self) -> None:
        pass


def _coding(request: Request) -> _Coding:
    name = ",".join(request.headers.getlist("content-encoding")).strip().lower()
    if name in ("", "identity"):
        return _Plain()
    if name in ("gzip", "x-gzip"):
        return Gunzip()
    raise UnsupportedBody("expected no Content-Encoding, or gzip", {"Accept-Encoding": "gzip"})


def decode_json(body: bytes, *, patiently: bool = True) -> Any:
    """The value. Raises BodyInvalid for what is not JSON in UTF-8.

    Integers past 64 bits come as they are, numbers too large for a float as infinity, and escaped
    lone surrogates as they are, so that whoever reads the value can say which row holds them.
    Unless `patiently`, the last two are refused.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        if not patiently:
            raise BodyInvalid("not JSON") from None
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
