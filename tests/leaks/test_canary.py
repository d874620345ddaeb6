"""The canary is found wherever it is, in whatever form; or its absence would show nothing."""

import base64
import hashlib
import json
import zlib
from urllib.parse import quote

import pytest

from tests.leaks.canary import PERSON, SECRETS, found_in

EMAIL = str(PERSON["email"])
FORMS = {
    "as it is": EMAIL.encode(),
    "in upper case": EMAIL.upper().encode(),
    "backwards": EMAIL[::-1].encode(),
    "in JSON": json.dumps({"a": EMAIL}).encode(),
    "in an address": quote(EMAIL).encode(),
    "in hexadecimal": EMAIL.encode().hex().encode(),
    "in base64": base64.b64encode(EMAIL.encode()),
    "in base64, one later": base64.b64encode(b"x" + EMAIL.encode() + b"yz"),
    "in base64, two later": base64.urlsafe_b64encode(b"xy" + EMAIL.encode() + b"z"),
    "in two bytes each": EMAIL.encode("utf-16-le"),
    "as a hash": hashlib.sha256(EMAIL.encode()).digest(),
    "as a hash in hexadecimal": hashlib.md5(EMAIL.encode()).hexdigest().encode(),
    "as a hash of a name and it": base64.urlsafe_b64encode(
        hashlib.sha256(f"email\0{EMAIL}".encode()).digest()
    )[:22],
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_the_canary_is_found_in_any_form(form: bytes) -> None:
    assert EMAIL in found_in(b"before " + form + b" after")


def test_nothing_is_found_where_nothing_is() -> None:
    others = b"ann@example.org +358401234567 1977-04-12 Zebra " + hashlib.sha256(b"ann").digest()

    assert set() == found_in(others)


@pytest.mark.parametrize("text", SECRETS)
def test_each_of_the_canarys_texts_is_looked_for(text: str) -> None:
    assert text in found_in(f"... {text} ...".encode())


def test_what_is_packed_is_not_found() -> None:
    """Whoever looks has to unpack it."""
    assert set() == found_in(zlib.compress(EMAIL.encode() * 3))
