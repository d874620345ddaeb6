"""Taking gzip apart, piece by piece, so that nothing large is ever unpacked at once."""

import zlib
from collections.abc import Iterator

from service.errors import BodyInvalid

PART = 64 * 1024
"""Most bytes unpacked in one step."""

_SLICE = 16 * 1024
"""Bytes taken in one step: each member that ends in it copies what is left of it."""

MOST_MEMBERS = 16_384
"""A file put together of others has one for each; bodies full of empty ones only cost time."""

_GZIP = 16 + zlib.MAX_WBITS


class Gunzip:
    """Members follow each other without a gap; what else stands behind one is refused."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP)
        self._is_between = False
        self._members = 1

    def parts(self, data: bytes) -> Iterator[bytes]:
        """What comes out, in parts of at most `PART` bytes. Raises BodyInvalid."""
        for start in range(0, len(data), _SLICE):
            left = data[start : start + _SLICE]
            while left:
                if self._is_between:
                    self._next_member()
                yield from self._unpacked(left)
                left = self._member.unused_data
                self._is_between = self._member.eof

    def close(self) -> None:
        """Raises BodyInvalid if the end is missing."""
        if not self._is_between:
            raise BodyInvalid("its gzip ends early")

    def _unpacked(self, data: bytes) -> Iterator[bytes]:
        """Asked until nothing comes: zlib may hold back more than `unconsumed_tail` shows."""
        try:
            while part := self._member.decompress(data, PART):
                yield part
                data = self._member.unconsumed_tail
        except zlib.error:
            raise BodyInvalid("not gzip, or damaged") from None

    def _next_member(self) -> None:
        self._members += 1
        if self._members > MOST_MEMBERS:
            raise BodyInvalid(f"more than {MOST_MEMBERS} gzip members")
        self._member, self._is_between = zlib.decompressobj(_GZIP), False
