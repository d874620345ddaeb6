"""Sealed texts: cursors and ids that tell their reader nothing and can't be made up."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

KEY_BYTES = 64


class Sealer:
    """Encrypts short lists of JSON values, deterministically: the same parts make the same text.

    `purpose` is bound in: what was sealed for one order or kind of object opens for no other.
    """

    def __init__(self, key: bytes) -> None:
        """`key` has 64 bytes and serves nothing else."""
        self._cipher = AESSIV(key[:KEY_BYTES])

    def seal(self, purpose: str, parts: Sequence[Any]) -> str:
        sealed = self._cipher.encrypt(orjson.dumps(parts), [purpose.encode()])
        return _written(sealed)

    def open(self, purpose: str, sealed: str) -> list[Any]:
        """The parts. ValueError when the text was changed or sealed for another purpose."""
        try:
            raw = urlsafe_b64decode(sealed.encode("ascii") + b"=" * (-len(sealed) % 4))
            if _written(raw) != sealed:
                raise ValueError("one of the texts that decode to the same bytes")
            parts: list[Any] = orjson.loads(self._cipher.decrypt(raw, [purpose.encode()]))
        except (InvalidTag, ValueError) as error:
            raise ValueError("not sealed here for this purpose") from error
        return parts


def _written(sealed: bytes) -> str:
    return urlsafe_b64encode(sealed).decode().rstrip("=")
