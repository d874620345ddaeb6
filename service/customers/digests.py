"""Digests: what stands for an identifier where the identifier itself may not stand."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping

from service.customers.fields import IDENTIFIERS

KEY_VERSION = "1"
_BLOCK = 64
"""Bytes that SHA-256 takes at once."""


class Digester:
    """Makes digests under one key: `1.` and 22 base64url characters of an HMAC-SHA-256.

    Under another key the same identifier has another digest, so a database belongs to its key.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._begun = _Hmac(key)

    def digest(self, identifier: str, value: str) -> str:
        """The digest of one identifier (`email`) with one normalised value."""
        message = f"{identifier}\0{value}".encode()
        return f"{KEY_VERSION}.{urlsafe_b64encode(self._begun.digest(message))[:22].decode()}"

    def of(self, values: Mapping[str, object]) -> dict[str, str]:
        """Digests by identifier, of those identifiers that `values` holds."""
        return {
            name: self.digest(name, value)
            for name in IDENTIFIERS
            if isinstance(value := values.get(name), str)
        }

    def derive(self, purpose: str) -> bytes:
        """A key of 64 bytes for another purpose, which tells nothing of this one."""
        return hmac.digest(self._key, b"derive\0" + purpose.encode(), hashlib.sha512)


class _Hmac:
    """HMAC-SHA-256 (RFC 2104) with what it makes of the key made once: `hmac` takes three times as
    long, and every row has several identifiers."""

    def __init__(self, key: bytes) -> None:
        block = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def digest(self, message: bytes) -> bytes:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.digest()


def numbered(digest: str, number: int) -> str:
    """The claim of one event in the life of an identifier."""
    return f"{digest}#{number}"


def number_of(claim: str) -> tuple[str, int]:
    """The digest and number of a claim."""
    digest, _, number = claim.partition("#")
    return digest, int(number)
