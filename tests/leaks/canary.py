"""One person whom nobody else is like, and every form in which they could be found."""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from service.customers.fields import IDENTIFIERS

WORD = "zebrafink"

PERSON: dict[str, object] = {
    "external_id": "zebrafink-77041",
    "email": "zebrafink.doe@zebrafinken.example.org",
    "phone_number": "+358451239876",
    "canonical_id": "zebrafinkperson",
    "first_name": "Zebrafinka",
    "last_name": "Zebrafinkson",
    "company": "Zebrafink Oy",
    "city": "Zebrafinkstad",
    "street_address": "Zebrafinkgatan 7704",
    "vat_number": "FI77041239",
    "birth_date": "1977-04-13",
    "tags": ["zebrafinktag"],
    "mailing_lists": ["zebrafinklist"],
    "ACME__level": "zebrafinkgold",
    "ACME__more": {"inner": ["zebrafinkdeep"]},
}
BEFORE = {"email": "zebrafink.old@example.org", "phone_number": "+358459871234"}
"""What the person held once."""


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (text for one in value.values() for text in _texts(one))
    elif isinstance(value, list):
        yield from (text for one in value for text in _texts(one))
    else:
        yield str(value)


SECRETS: tuple[str, ...] = (*_texts(PERSON), *_texts(BEFORE), WORD)
"""What must be found nowhere. Where `WORD` is not, most of them are not."""

_HASHES = ("md5", "sha1", "sha256", "sha512")


def found_in(blob: bytes, texts: Iterable[str] = SECRETS) -> set[str]:
    """Which of the texts stand in it, in whatever form."""
    folded = blob.lower()
    return {
        text for text in texts if any(form.lower() in folded for form in _forms_of(text) if form)
    }


_known: dict[str, tuple[bytes, ...]] = {}


def _forms_of(text: str) -> tuple[bytes, ...]:
    if text not in _known:
        _known[text] = tuple(forms(text))
    return _known[text]


def forms(text: str) -> Iterator[bytes]:
    """The text itself, written backwards or otherwise, and plain hashes of it."""
    for written in {text, text.casefold(), text.upper(), text[::-1], text.casefold()[::-1]}:
        raw = written.encode()
        yield from (raw, raw.hex().encode(), quote(written, safe="").encode())
        yield written.encode("utf-16-le")
        yield from _in_base64(raw)
    named = [f"{name}\0{text}" for name in IDENTIFIERS] + [f"{name}:{text}" for name in IDENTIFIERS]
    for hashed in (text, text.casefold(), *named):
        for kind in _HASHES:
            digest = hashlib.new(kind, hashed.encode()).digest()
            yield from (digest, digest.hex().encode()[:24])
            yield from (one[:16] for one in _in_base64(digest))


def _in_base64(raw: bytes) -> Iterator[bytes]:
    """Wherever it begins in what was encoded: less the characters that others share."""
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + raw)
        middle = encoded[-(-before * 8 // 6) : len(b"\0" * before + raw) * 8 // 6]
        yield middle
        yield middle.replace(b"+", b"-").replace(b"/", b"_")
