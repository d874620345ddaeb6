"""Gzip: unpacked in small steps within the limit, refused where it is damaged."""

import gzip
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import BodyInvalid, BodyTooLarge, UnsupportedBody
from service.web.bodies import read_body
from service.web.gzipped import MOST_MEMBERS, PART, Gunzip
from tests.web.sending import request

NOISE = b"".join(zlib.crc32(bytes([i % 256, i // 256])).to_bytes(4, "big") for i in range(50_000))


def unpacked(*chunks: bytes) -> bytes:
    gunzip = Gunzip()
    parts = [part for chunk in chunks for part in gunzip.parts(chunk)]
    gunzip.close()
    return b"".join(parts)


@pytest.mark.parametrize("content", [b"", b"a", b"a" * 1_000_000, NOISE], ids=lambda c: len(c))
def test_what_was_packed_comes_out_whole(content: bytes) -> None:
    """However it is cut."""
    packed = gzip.compress(content)

    assert content == unpacked(packed)
    assert content == unpacked(*[packed[at : at + 1000] for at in range(0, len(packed), 1000)])


@given(st.lists(st.binary(max_size=30), min_size=1, max_size=4), st.data())
def test_members_that_follow_each_other_are_one_body_wherever_it_is_cut(
    contents: list[bytes], data: st.DataObject
) -> None:
    packed = b"".join(map(gzip.compress, contents))
    cut = data.draw(st.integers(0, len(packed)))

    assert b"".join(contents) == unpacked(packed[:cut], packed[cut:])


def test_no_part_is_large() -> None:
    parts = list(Gunzip().parts(gzip.compress(bytes(10_000_000))))

    assert 10_000_000 == sum(map(len, parts))
    assert PART == max(map(len, parts))


PACKED = gzip.compress(b"rows")


@pytest.mark.parametrize(
    ("packed", "reason"),
    [
        (b"", "its gzip ends early"),
        (PACKED[:-1], "its gzip ends early"),
        (PACKED[:5], "its gzip ends early"),
        (PACKED + PACKED[:3], "its gzip ends early"),
        (b"[]", "not gzip, or damaged"),
        (zlib.compress(b"rows"), "not gzip, or damaged"),
        (PACKED + b"more", "not gzip, or damaged"),
        (PACKED + bytes(16), "not gzip, or damaged"),
        (PACKED[:-8] + bytes(8), "not gzip, or damaged"),
        (gzip.compress(b"") * (MOST_MEMBERS + 1), f"more than {MOST_MEMBERS} gzip members"),
    ],
    ids=[
        "empty", "without its last byte", "a head alone", "a second head alone", "not packed",
        "zlib", "text behind it", "zeros behind it", "a wrong sum", "members without end",
    ],
)  # fmt: skip
def test_what_is_not_whole_gzip_is_refused_with_the_reason(packed: bytes, reason: str) -> None:
    with pytest.raises(BodyInvalid) as caught:
        unpacked(packed)

    assert {"reason": reason} == caught.value.details


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip"])
async def test_a_body_in_gzip_is_unpacked(encoding: str) -> None:
    sent = request([PACKED[:7], PACKED[7:]], content_encoding=encoding)

    assert b"rows" == await read_body(sent, 100)


async def test_a_body_that_says_that_it_is_not_encoded_is_taken_as_it_is() -> None:
    assert PACKED == await read_body(request([PACKED], content_encoding="identity"), 100)


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "zstd"])
async def test_another_encoding_is_refused_with_the_one_that_is_taken(encoding: str) -> None:
    with pytest.raises(UnsupportedBody) as caught:
        await read_body(request([], content_encoding=encoding), 100)

    assert {"Accept-Encoding": "gzip"} == caught.value.headers


async def test_rule_13_a_bomb_is_not_unpacked_past_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nor is more of it read."""
    unpacked_parts = []

    class Watched(Gunzip):
        def parts(self, data: bytes) -> Any:
            for part in super().parts(data):
                unpacked_parts.append(part)
                yield part

    monkeypatch.setattr("service.web.bodies.Gunzip", Watched)
    bomb = gzip.compress(bytes(50_000_000))
    half = len(bomb) // 2
    with pytest.raises(BodyTooLarge):
        await read_body(request([bomb[:half], bomb[half:]], content_encoding="gzip"), 200_000)

    assert sum(map(len, unpacked_parts)) <= 200_000 + PART


async def test_rule_13_the_limit_holds_for_what_is_sent_too() -> None:
    """Empty members unpack to nothing, however many there are."""
    empty = gzip.compress(b"")
    with pytest.raises(BodyTooLarge):
        await read_body(request([empty] * 6, content_encoding="gzip"), len(empty) * 5)
