"""What stands for an idempotency key, and for the rows and options that came with it.

Keyed digests, since a bare one of a single row can be guessed.
"""

import asyncio
import hashlib
import hmac
import marshal
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

import orjson

from service.uploads.options import UploadOptions

AT_ONCE = 500
"""Rows digested before others have their turn."""


def key_digest(secret: bytes, key: str) -> str:
    return f"k.{_text(hmac.new(secret, _bytes('key', key), hashlib.sha256))}"


async def request_digest(secret: bytes, rows: Sequence[object], options: UploadOptions) -> str:
    """The order of the keys in a row says nothing."""
    chosen = _bytes("request", options.error_policy, options.on_multiple_matches)
    mac = hmac.new(secret, chosen, hashlib.sha256)
    for start in range(0, len(rows), AT_ONCE):
        for row in rows[start : start + AT_ONCE]:
            mac.update(_written(row) + b"\n")
        await asyncio.sleep(0)
    return _text(mac)


def _written(row: Any) -> bytes:
    try:
        return orjson.dumps(row, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:  # numbers past 64 bits, lone surrogates: rows that are refused
        return marshal.dumps(row, 2)


def _bytes(*texts: str) -> bytes:
    return "\0".join(texts).encode(errors="surrogatepass")


def _text(mac: hmac.HMAC) -> str:
    return urlsafe_b64encode(mac.digest())[:43].decode()
