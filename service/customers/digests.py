"""Digests: what stands for an identifier where the identifier itself may not stand."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping

from service.customers.fields import IDENTIFIERS

KEY_VERSION = "1"


class Digester:
    """Makes digests under one key: `1.` and 22 base64url characters of an HMAC-SHA-256.

    Under another key the same identifier has another digest, so a database belongs to its key.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._begun = hmac.new(key, digestmod=hashlib.sha256)

    def digest(self, identifier: str, value: str) -> str:
        """The digest of one identifier (`email`) with one normalised value."""
        message = f"{identifier}\0{value}".encode()
        mac = self._begun.copy()
        mac.update(message)
        return f"{KEY_VERSION}.{urlsafe_b64encode(mac.digest())[:22].decode()}"

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


def numbered(digest: str, number: int) -> str:
    """The claim of one event in the life of an identifier."""
    return f"{digest}#{number}"


def number_of(claim: str) -> tuple[str, int]:
    """The digest and number of a claim."""
    digest, _, number = claim.partition("#")
    return digest, int(number)
