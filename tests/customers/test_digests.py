"""Digests: what stands for an identifier, under one key."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.customers.digests import Digester, number_of, numbered

DIGESTER = Digester(b"k" * 32)


def test_a_digest_is_the_version_of_the_key_and_22_letters() -> None:
    assert re.fullmatch(r"1\.[A-Za-z0-9_-]{22}", DIGESTER.digest("email", "ann@example.org"))


def test_a_digest_stays_what_it_is_between_releases() -> None:
    """Another way of making them would bring the forgotten back."""
    assert "1.dhn5-9yMJBGHi5wh2_IQB1" == DIGESTER.digest("email", "ann@example.org")


@given(st.binary(min_size=1, max_size=200), st.text())
def test_a_digest_is_an_hmac(key: bytes, value: str) -> None:
    """As the standard library makes it."""
    expected = hmac.digest(key, b"email\0" + value.encode(errors="replace"), hashlib.sha256)

    assert f"1.{urlsafe_b64encode(expected).decode()[:22]}" == Digester(key).digest(
        "email", value.encode(errors="replace").decode()
    )


def test_identifier_value_and_key_make_the_digest() -> None:
    digests = {
        digester.digest(identifier, value)
        for digester in (DIGESTER, Digester(b"l" * 32))
        for identifier in ("email", "phone_number")
        for value in ("+447757138957", "+358401234567")
    }

    assert 8 == len(digests)


def test_the_border_between_identifier_and_value_counts() -> None:
    assert DIGESTER.digest("a", "bc") != DIGESTER.digest("ab", "c")


def test_only_identifiers_that_are_held_have_digests() -> None:
    values = {"email": "ann@example.org", "first_name": "Ann", "external_id": "X1", "tags": ["a"]}

    assert {
        "external_id": DIGESTER.digest("external_id", "X1"),
        "email": DIGESTER.digest("email", "ann@example.org"),
    } == DIGESTER.of(values)
    assert ["external_id", "email"] == list(DIGESTER.of(values))
    assert {} == DIGESTER.of({"email": None})


def test_a_derived_key_is_its_own_for_each_purpose_and_key() -> None:
    keys = {
        digester.derive(purpose)
        for digester in (DIGESTER, Digester(b"l" * 32))
        for purpose in ("cursors", "reports")
    }

    assert 4 == len(keys)
    assert {64} == {len(key) for key in keys}


@pytest.mark.parametrize("number", [1, 2, 10, 123_456])
def test_a_claim_gives_its_digest_and_number_again(number: int) -> None:
    digest = DIGESTER.digest("email", "ann@example.org")

    assert (digest, number) == number_of(numbered(digest, number))
