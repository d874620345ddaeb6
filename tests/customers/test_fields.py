"""The catalogue holds every field of the reference, and what is derived from it follows it."""

from service.customers.fields import (
    CATALOGUE,
    FIELDS,
    FLAGS,
    IDENTIFIERS,
    PERMISSIONS,
    SHARED_IDENTIFIERS,
    STORED,
    SURVIVORS,
    TEXT_SETS,
    Kind,
    is_company_field,
)
from service.customers.keys import KNOWN

REFERENCE = {
    "external_id": Kind.EXTERNAL_ID,
    "phone_number": Kind.PHONE_NUMBER,
    "email": Kind.EMAIL,
    "canonical_id": Kind.TEXT,
    "first_name": Kind.TEXT,
    "last_name": Kind.TEXT,
    "can_email": Kind.PERMISSION,
    "can_post": Kind.PERMISSION,
    "can_profile": Kind.PERMISSION,
    "can_push": Kind.PERMISSION,
    "can_sms": Kind.PERMISSION,
    "date_joined": Kind.DATE_TIME,
    "mailing_lists": Kind.TEXT_SET,
    "is_forgotten": Kind.FLAG,
    "shop_id": Kind.TEXT,
    "birth_date": Kind.DATE,
    "city": Kind.TEXT,
    "company": Kind.TEXT,
    "country": Kind.COUNTRY,
    "gender": Kind.TEXT,
    "house_number": Kind.TEXT,
    "house_number_addition": Kind.TEXT,
    "language": Kind.LANGUAGE,
    "last_login": Kind.DATE_TIME,
    "province": Kind.TEXT,
    "street_address": Kind.TEXT,
    "street_name": Kind.TEXT,
    "tags": Kind.TEXT_SET,
    "vat_number": Kind.TEXT,
    "zip_code": Kind.TEXT,
    "is_deleted": Kind.FLAG,
}
"""The reference's tables of mandatory and optional fields, and `is_deleted` of its text."""


def test_every_field_of_the_reference_is_there_with_its_kind() -> None:
    assert {field.name: field.kind for field in CATALOGUE} == REFERENCE


def test_every_field_is_described_in_whole_sentences() -> None:
    for field in CATALOGUE:
        assert field.description.endswith(".")
        assert field.input_description.endswith(".")


def test_identifiers_stand_strongest_first_and_an_external_id_is_not_shared() -> None:
    assert ("external_id", "email", "phone_number") == IDENTIFIERS
    assert frozenset({"email", "phone_number"}) == SHARED_IDENTIFIERS


def test_permissions_flags_and_sets_are_those_of_their_kind() -> None:
    assert ("can_email", "can_post", "can_profile", "can_push", "can_sms") == PERMISSIONS
    assert {"is_forgotten", "is_deleted"} == set(FLAGS)
    assert {"mailing_lists", "tags"} == set(TEXT_SETS)


def test_flags_are_not_stored_under_their_name() -> None:
    assert set(FIELDS) - {"is_forgotten", "is_deleted"} == {field.name for field in STORED}


def test_only_what_tells_nobody_apart_may_survive_forgetting() -> None:
    assert frozenset({"country", "language", "date_joined"}) == SURVIVORS


def test_no_field_of_the_catalogue_passes_for_a_company_field() -> None:
    assert [] == [name for name in FIELDS if is_company_field(name)]


def test_names_in_graphql_are_in_camel_case() -> None:
    assert "houseNumberAddition" == FIELDS["house_number_addition"].camel_name
    assert "email" == FIELDS["email"].camel_name


def test_only_sets_of_the_catalogue_take_members_by_suffix() -> None:
    suffixed = {key for key in KNOWN if "." in key}

    assert {"mailing_lists.add", "mailing_lists.remove", "tags.add", "tags.remove"} == suffixed
