"""What keys mean, what is suggested for unknown ones, and how a fault may name one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.customers.fields import Kind
from service.customers.keys import KNOWN, LONGEST_SHOWN, Meaning, Target, shown, target
from service.customers.texts import Unreadable
from service.errors import ErrorCode
from tests.customers.strategies import KEYS


def refused(key: str) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        target(key, None)
    return caught.value


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("email", Target("email", Kind.EMAIL)),
        ("tags", Target("tags", Kind.TEXT_SET)),
        ("tags.add", Target("tags", Kind.TEXT_SET, Meaning.ADD)),
        ("mailing_lists.remove", Target("mailing_lists", Kind.TEXT_SET, Meaning.REMOVE)),
        ("A__x", Target("A__x", None)),
        ("A__x.add", Target("A__x", None, Meaning.ADD)),
        ("A__x.remove", Target("A__x", None, Meaning.REMOVE)),
    ],
)
def test_a_key_names_a_field_and_what_is_done_with_it(key: str, meant: Target) -> None:
    assert meant == target(key, None)


@pytest.mark.parametrize(
    ("key", "nearest"),
    [
        ("phone_numbre", "phone_number"),
        ("phone", "phone_number"),
        ("mobile", "phone_number"),
        ("zip", "zip_code"),
        ("postcode", "zip_code"),
        ("mail", "email"),
        ("E-Mail", "email"),
        ("Email Address", "email"),
        ("firstName", "first_name"),
        ("First name", "first_name"),
        ("LASTNAME", "last_name"),
        ("surname", "last_name"),
        ("externalId", "external_id"),
        ("birthdate", "birth_date"),
        ("can_mail", "can_email"),
        ("is_deleted ", "is_deleted"),
        ("tag", "tags"),
        ("tagsAdd", "tags.add"),
        ("tags_add", "tags.add"),
        ("tags.append", "tags.add"),
        ("tags.delete", "tags.remove"),
        ("mailingLists.remove", "mailing_lists.remove"),
    ],
)
def test_rule_7_an_unknown_key_is_an_error_that_names_the_nearest(key: str, nearest: str) -> None:
    assert (ErrorCode.UNKNOWN_FIELD, nearest) == (refused(key).code, refused(key).suggestion)


@pytest.mark.parametrize(
    "key", ["", " ", "zzzz", "$where", "email\0", "email.x.y.z[0]{1}", "é", "x" * 5000, "__proto__"]
)
def test_nothing_is_suggested_for_what_is_like_no_field(key: str) -> None:
    assert (ErrorCode.UNKNOWN_FIELD, None) == (refused(key).code, refused(key).suggestion)


@pytest.mark.parametrize(
    "key", ["_id", "rev", "state", "keys", "claims", "marks", "schema_version"]
)
def test_what_a_document_holds_beside_fields_is_no_key(key: str) -> None:
    assert ErrorCode.UNKNOWN_FIELD == refused(key).code


@pytest.mark.parametrize(
    "key", ["first_name.add", "email.remove", "is_deleted.add", "tags.add.add"]
)
def test_only_sets_and_company_fields_have_members(key: str) -> None:
    assert ErrorCode.UNKNOWN_FIELD == refused(key).code


@pytest.mark.parametrize("key", ["tags.add", "email", "A__level", "A__level.add"])
def test_a_key_of_ours_is_shown_as_it_is(key: str) -> None:
    assert key == shown(key)


@pytest.mark.parametrize(
    ("key", "is_shown_as"),
    [
        ("ann@example.org", "…"),
        ("Ann <ann@example.org>", "Ann …"),
        ("+358 40 123 4567", "+…"),
        ("tel 040-1234567", "tel …"),
        ("1991-06-14", "…"),
        ("131052-308T", "…T"),
        ("A__ann@example.org", "…"),
        ("a\0b", "a\\x00b"),
        ("a\nb", "a\\nb"),
        ("a\u200bb\u202e", "a\\u200bb\\u202e"),
        ("\ud800", "\\ud800"),
        (7, "int"),
        (None, "NoneType"),
    ],
)
def test_a_key_that_looks_personal_is_not_repeated(key: object, is_shown_as: str) -> None:
    """A table without a head has a person's data for keys."""
    assert is_shown_as == shown(key)


def test_an_address_that_goes_on_past_what_is_shown_is_not_shown_half() -> None:
    key = "x " * 45 + "a.private.name.of.somebody@example.org"

    assert "private" not in shown(key)


@pytest.mark.parametrize("key", ["x" * 101, "\0" * 100, "x" * 1_000_000, "é " * 200, "@" * 10_000])
def test_a_long_key_is_cut(key: str) -> None:
    assert LONGEST_SHOWN >= len(shown(key))


@settings(max_examples=400, deadline=None)
@given(KEYS | st.text())
def test_whatever_a_key_is_it_is_shown_short_printable_and_without_addresses(key: str) -> None:
    name = shown(key)

    assert LONGEST_SHOWN >= len(name)
    assert name.isprintable()
    assert "@" not in name


def test_every_known_key_is_its_own_target() -> None:
    assert KNOWN == {key: target(key, "A") for key in KNOWN}
