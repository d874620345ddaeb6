"""Request bodies, read up to a limit."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Protocol

from starlette.requests import ClientDisconnect, Request

from service.errors import BodyInvalid, BodyTooLarge, UnsupportedBody
from service.web.capacity import place_of
from service.web.gzipped import PART, Gunzip

UTF8_MARK = b"\xef\xbb\xbf"
"""The byte order mark that some programs begin a text in UTF-8 with."""


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body. Raises as `feed_body` does."""
    parts: list[bytes] = []
    await feed_body(request, limit, parts.append)
    return b"".join(parts)


async def feed_body(request: Request, limit: int, take: Callable[[bytes], None]) -> None:
    """Gives the body to `take`, part by part as it arrives, unpacked if it is gzip.

    Parts are small, and others are served between them. Raises BodyTooLarge without reading on
    after `limit` bytes, packed or unpacked; UnsupportedBody for another encoding; BodyInvalid for
    gzip that is damaged, or if whoever sends it goes away in its midst; Overloaded where it is too
    much beside other bodies.
    """
    coding = _coding(request)
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise BodyTooLarge(limit)
    sent = taken = 0
    place = place_of(request)
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
                if place:
                    place.hold(len(part))
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
