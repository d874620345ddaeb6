"""Sealed texts: they open where they were sealed for, unchanged, and nowhere else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.queries.cursors import KEY_BYTES, Sealer

SEALER = Sealer(bytes(range(KEY_BYTES)))
PARTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=4)
BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def opens(sealer: Sealer, purpose: str, sealed: str) -> bool:
    try:
        sealer.open(purpose, sealed)
    except ValueError:
        return False
    return True


@settings(max_examples=200, deadline=None)
@given(PARTS, st.text(st.characters(exclude_categories=["Cs"]), max_size=10))
def test_what_was_sealed_opens_for_its_purpose(parts: list[str], purpose: str) -> None:
    assert parts == SEALER.open(purpose, SEALER.seal(purpose, parts))


def test_the_same_parts_make_the_same_text_and_others_another() -> None:
    """Ids of objects rest on it."""
    assert SEALER.seal("person", ["P1"]) == SEALER.seal("person", ["P1"])
    assert SEALER.seal("person", ["P1"]) != SEALER.seal("person", ["P2"])
    assert SEALER.seal("person", ["P1"]) != SEALER.seal("field", ["P1"])


def test_a_sealed_text_shows_nothing_of_its_parts_and_fits_in_an_address() -> None:
    sealed = SEALER.seal("order", ["private", "c.1"])

    assert "private" not in sealed
    assert set(sealed) <= set(BASE64URL)


@pytest.mark.parametrize("purpose", ["", "orders", "Order", "order\0"])
def test_what_was_sealed_for_another_purpose_is_refused(purpose: str) -> None:
    sealed = SEALER.seal("order", ["c.1"])

    with pytest.raises(ValueError, match="not sealed here"):
        SEALER.open(purpose, sealed)


def test_what_was_sealed_under_another_key_is_refused() -> None:
    other = Sealer(bytes(KEY_BYTES))

    assert not opens(SEALER, "order", other.seal("order", ["c.1"]))


def test_no_changed_character_is_taken() -> None:
    sealed = SEALER.seal("order", ["2026-01-01", "c.1"])

    for place, character in enumerate(sealed):
        for other in BASE64URL:
            changed = sealed[:place] + other + sealed[place + 1 :]
            assert (other == character) is opens(SEALER, "order", changed)


@pytest.mark.parametrize("extra", ["", "=", "==", "!", "\n", " ", "é", "\ud800", "A", "AAAA"])
def test_nothing_may_stand_beside_or_inside_a_sealed_text(extra: str) -> None:
    sealed = SEALER.seal("order", ["c.1"])

    for place in range(len(sealed) + 1):
        changed = sealed[:place] + extra + sealed[place:]
        assert (extra == "") is opens(SEALER, "order", changed)


@pytest.mark.parametrize(
    "sealed", ["", "A", "AAAA", "A" * 21, "A" * 22, "A" * 10_000, "$", "null", "eyJhIjoxfQ"]
)
def test_what_was_made_up_is_refused(sealed: str) -> None:
    assert not opens(SEALER, "order", sealed)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60) | st.text(BASE64URL, max_size=60))
def test_whatever_a_text_is_it_opens_or_is_refused(sealed: str) -> None:
    assert not opens(SEALER, "order", sealed)
