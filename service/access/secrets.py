"""Keys as they are sent, `ID.SECRET`, and what is stored of their secrets: a digest.

SHA-256 without salt or stretching is enough for secrets of 256 random bits: nobody guesses one.
"""

import hashlib
import hmac
import re
import secrets
from typing import NamedTuple

_KEY = re.compile(r"(k[0-9a-f]{16})\.([A-Za-z0-9_-]{43})")


class PresentedKey(NamedTuple):
    public_id: str
    secret: str

    def __str__(self) -> str:
        return f"{self.public_id}.{self.secret}"

    def __repr__(self) -> str:
        return f"PresentedKey({self.public_id!r})"


def new_key() -> PresentedKey:
    return PresentedKey(f"k{secrets.token_hex(8)}", secrets.token_urlsafe(32))


def read_key(text: str) -> PresentedKey | None:
    """None for what was never a key."""
    found = _KEY.fullmatch(text)
    return PresentedKey(found[1], found[2]) if found else None


def digest(secret: str) -> bytes:
    """32 bytes."""
    return hashlib.sha256(secret.encode()).digest()


NOBODYS = digest(secrets.token_urlsafe(32))
"""What a secret is compared with where there is no such key, so that it takes as long."""


def is_secret_of(stored: bytes | None, secret: str) -> bool:
    """In constant time, whether or not there is a digest."""
    same = hmac.compare_digest(stored or NOBODYS, digest(secret))
    return same and stored is not None
