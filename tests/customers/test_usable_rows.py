"""Which rows can go in without what is faulty: those that surely mean the same customer."""

import pytest
from hypothesis import assume, given

from service.customers.policies import ErrorPolicy
from service.customers.rows import MAX_FAULTS, read_row
from tests.customers.reading import RULES
from tests.customers.strategies import PLAUSIBLE_ROWS

BAD_EMAIL, BAD_PHONE, BAD_ID = "nobody", "0401234567", "no good"
EMAIL, PHONE = "ann@example.org", "+358401234567"


def usable(row: object) -> bool:
    return read_row(0, row, RULES).usable


@pytest.mark.parametrize(
    "row",
    [
        {"external_id": "X1", "birth_date": "never"},
        {"external_id": "X1", "no_such": 1},
        {"external_id": "X1", "email": BAD_EMAIL, "phone_number": BAD_PHONE},
        {"email": EMAIL, "phone_number": BAD_PHONE},
        {"external_id": "X1", "emial": EMAIL},
        {"external_id": "X1", "email": BAD_EMAIL, "is_forgotten": True},
        {"external_id": "X1", "email": "", "phone_number": BAD_PHONE},
        {"email": EMAIL, "external_id": "", "can_email": "yes"},
    ],
)
def test_a_row_is_usable_without_faulty_fields(row: object) -> None:
    assert usable(row)


@pytest.mark.parametrize(
    "row",
    [
        {"external_id": BAD_ID, "email": EMAIL},
        {"external_id": "", "email": BAD_EMAIL, "phone_number": PHONE},
        {"email": BAD_EMAIL, "phone_number": PHONE},
    ],
)
def test_a_row_whose_strongest_identifier_is_faulty_could_mean_somebody_else(row: object) -> None:
    assert not usable(row)


@pytest.mark.parametrize("key", ["externalId", "external-id", "extrenal_id"])
def test_a_misspelt_identifier_counts_as_a_faulty_one(key: str) -> None:
    assert not usable({key: "X1", "email": EMAIL})


@pytest.mark.parametrize(
    "flag", [{"is_forgotten": "yes"}, {"is_deleted": 1}, {"is_forgoten": True}, {"isDeleted": True}]
)
def test_a_row_whose_flag_is_faulty_may_have_meant_to_erase(flag: dict[str, object]) -> None:
    assert not usable({"external_id": "X1", "first_name": "Ann", **flag})


@pytest.mark.parametrize("row", [7, {}, {"first_name": "Ann"}, {"email": BAD_EMAIL}])
def test_a_row_without_a_sound_identifier_is_not_usable(row: object) -> None:
    assert not usable(row)


def test_a_row_with_more_faults_than_are_told_is_not_usable() -> None:
    """Nothing is left out without a word."""
    faulty = {f"no_such_{number}": 1 for number in range(MAX_FAULTS)}

    assert usable({"external_id": "X1", **faulty})
    assert not usable({"external_id": "X1", **faulty, "one_more": 1})


def test_what_is_faulty_is_no_part_of_the_change() -> None:
    fields = {f"A__{number:03}": number for number in range(RULES.max_company_fields + 2)}
    row = read_row(
        0, {"external_id": "X1", "email": BAD_EMAIL, "tags": 3, "tags.add": "vip", **fields}, RULES
    )

    kept = list(fields)[: RULES.max_company_fields]
    assert ["external_id", *kept, "tags"] == list(row.change)
    assert ["email", "tags", *list(fields)[-2:]] == [fault.field for fault in row.faults]


@pytest.mark.parametrize("policy", list(ErrorPolicy))
def test_a_sound_row_is_refused_by_no_policy(policy: ErrorPolicy) -> None:
    assert not read_row(0, {"external_id": "X1"}, RULES).is_refused(policy)


@pytest.mark.parametrize("policy", list(ErrorPolicy))
def test_a_usable_row_is_refused_unless_faults_are_ignored(policy: ErrorPolicy) -> None:
    row = read_row(0, {"external_id": "X1", "tags": 3}, RULES)

    assert (policy is not ErrorPolicy.IGNORE_FAILED) == row.is_refused(policy)


@given(PLAUSIBLE_ROWS)
def test_a_usable_row_says_what_it_would_without_its_faulty_keys(raw: dict[str, object]) -> None:
    row = read_row(0, raw, RULES)
    assume(row.usable)
    faulty = {fault.field for fault in row.faults}

    sound = read_row(0, {key: raw[key] for key in raw if key not in faulty}, RULES)

    assert () == sound.faults
    assert (sound.change, sound.identifiers) == (row.change, row.identifiers)
