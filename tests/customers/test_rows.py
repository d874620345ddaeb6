"""Rows: each rule of uploads that a row alone can keep or break."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from service.customers.changes import Put, Remove, apply
from service.customers.company import MAX_BYTES
from service.customers.rows import MAX_FAULTS, Row, read_row
from service.errors import ErrorCode
from tests.customers.reading import RULES


def row(**keys: object) -> Row:
    """A row with an external id."""
    return given({"external_id": "X1", **keys})


def given(raw: object) -> Row:
    return read_row(0, raw, RULES)


def faults(read: Row) -> list[tuple[str, str | None]]:
    return [(str(fault.code), fault.field) for fault in read.faults]


def applied(raw: Mapping[str, object], before: Mapping[str, object]) -> dict[str, Any]:
    """What the row makes of a customer, its identifier left out."""
    read = given({"external_id": "X1", **raw})

    assert () == read.faults
    after = apply(read.change, before)
    del after["external_id"]
    return after


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"first_name": "Ann"},
        {"external_id": ""},
        {"external_id": None, "email": " ", "phone_number": ""},
        {"canonical_id": "P1"},
        {"email": None, "is_deleted": True},
    ],
)
def test_rule_1_a_row_needs_an_identifier_with_a_value(raw: object) -> None:
    assert [("MISSING_IDENTIFIER", None)] == faults(given(raw))


@pytest.mark.parametrize(
    ("name", "raw", "stored"),
    [
        ("external_id", 0, "0"),
        ("email", "Ann@Example.org", "ann@example.org"),
        ("phone_number", "+44 7757 138957", "+447757138957"),
    ],
)
def test_rule_1_any_one_identifier_is_enough(name: str, raw: object, stored: str) -> None:
    read = given({name: raw})

    assert () == read.faults
    assert {name: stored} == read.identifiers


def test_rule_1_a_wrong_identifier_is_said_to_be_wrong_not_missing() -> None:
    assert [("INVALID_EMAIL", "email")] == faults(given({"email": "ann"}))


def test_identifiers_stand_strongest_first_whatever_the_order_of_keys() -> None:
    read = given({"phone_number": "+447757138957", "email": "a@b.test", "external_id": 7})

    assert ["external_id", "email", "phone_number"] == list(read.identifiers)


def test_rule_2_only_supplied_keys_change() -> None:
    before = {"first_name": "Ann", "city": "Turku", "tags": ["a"], "A__x": {"k": 1}}

    assert {**before, "first_name": "Bo"} == applied({"first_name": "Bo"}, before)


@pytest.mark.parametrize("empty", ["", " ", "\t\n"])
def test_rule_3_an_empty_text_removes_the_key(empty: str) -> None:
    """Of every kind but flags, identifiers too."""
    keys = ["email", "first_name", "can_email", "birth_date", "last_login", "country", "language"]
    keys += ["tags", "mailing_lists", "A__x"]

    assert {"email": Remove()}.items() <= row(email=empty).change.items()
    assert {} == applied(dict.fromkeys(keys, empty), dict.fromkeys(keys, "something"))


@pytest.mark.parametrize("flag", ["is_forgotten", "is_deleted"])
@pytest.mark.parametrize("empty", ["", None, False])
def test_rule_3_a_flag_that_is_empty_null_or_false_changes_nothing(
    flag: str, empty: object
) -> None:
    read = row(**{flag: empty})

    assert () == read.faults
    assert (False, False) == (read.forget, read.delete)
    assert {"external_id": Put("X1")} == read.change


def test_rule_3_null_is_not_supplied() -> None:
    keys = ("email", "first_name", "can_email", "birth_date", "tags", "tags.add", "A__x")
    before = {"first_name": "Ann", "tags": ["a"], "A__x": 1, "A__y": [1]}

    assert before == applied({**dict.fromkeys(keys), "A__y.remove": None}, before)


@pytest.mark.parametrize(
    ("key", "raw", "stored"),
    [
        ("house_number", 0, "0"),
        ("can_email", False, False),
        ("tags", [], []),
        ("A__x", 0, 0),
        ("A__x", False, False),
        ("A__x", [], []),
        ("A__x", {}, {}),
        ("A__x", 0.0, 0.0),
    ],
)
def test_rule_3_zero_false_and_an_empty_list_are_values(
    key: str, raw: object, stored: object
) -> None:
    after = applied({key: raw}, {key: "something"} if key != "tags" else {key: ["a"]})

    assert {key: stored} == after
    assert type(stored) is type(after[key])


@pytest.mark.parametrize("name", ["tags", "mailing_lists", "A__list"])
@pytest.mark.parametrize(
    ("operations", "before", "after"),
    [
        pytest.param({"": ["b", "a"]}, ["a", "c"], {"a", "b"}, id="replaced"),
        pytest.param({".add": ["b", "a"]}, ["a"], {"a", "b"}, id="added"),
        pytest.param({".add": "b"}, ["a"], {"a", "b"}, id="one text added"),
        pytest.param({".remove": ["a", "z"]}, ["a", "b"], {"b"}, id="removed"),
        pytest.param({".remove": "a"}, ["a"], set(), id="one text removed"),
        pytest.param({".add": ["a", "b"], ".remove": ["b"]}, [], {"a"}, id="add, then remove"),
        pytest.param({"": ["x"], ".add": ["y"]}, ["a"], {"x", "y"}, id="replace, then add"),
        pytest.param({"": ["x", "y"], ".remove": ["y"]}, ["y"], {"x"}, id="replace, remove"),
        pytest.param(
            {"": ["x", "y"], ".add": ["z", "w"], ".remove": ["y", "w"]}, ["w"], {"x", "z"}, id="all"
        ),
        pytest.param({"": "", ".add": ["a"]}, ["b"], {"a"}, id="emptied, then added to"),
        pytest.param({".add": "", ".remove": ""}, ["a"], {"a"}, id="nothing"),
    ],
)
@pytest.mark.parametrize("turned", [False, True], ids=["in order", "keys turned round"])
def test_rule_4_a_set_is_replaced_then_added_to_then_taken_from(
    name: str,
    operations: dict[str, object],
    before: list[str],
    after: set[str],
    turned: bool,
) -> None:
    """In whatever order the keys stand in the row; company lists as sets."""
    keys = list(operations)[:: -1 if turned else 1]

    stored = applied({name + key: operations[key] for key in keys}, {name: before})[name]

    assert sorted(after) == sorted(stored)


def test_rule_4_members_of_a_company_field_go_only_where_a_list_is() -> None:
    assert [("NOT_A_LIST", "A__x.add")] == faults(given(
        {"external_id": "X1", "A__x": 7, "A__x.add": ["a"]}
    ))  # fmt: skip


def test_members_added_to_a_company_list_of_the_row_count_for_its_size() -> None:
    """Each part is small enough, the list they make is not."""
    half = [str(number).rjust(100) for number in range(MAX_BYTES // 150)]
    more = [member + "x" for member in half]

    assert [("TOO_LONG", "A__x.add")] == faults(given(
        {"external_id": "X1", "A__x": half, "A__x.add": more}
    ))  # fmt: skip


@pytest.mark.parametrize(
    "hostile", ["$where", "$$ROOT", "$first_name", {"$gt": ""}, {"k": {"$set": 1}}, ["$each"]]
)
@pytest.mark.parametrize("key", ["first_name", "tags", "A__x", "can_email", "email"])
def test_rule_5_a_value_is_kept_as_it_is_or_refused_never_interpreted(
    key: str, hostile: object
) -> None:
    read = row(**{key: hostile})

    if not read.faults:
        assert apply(read.change, {})[key] in (hostile, [hostile])


@pytest.mark.parametrize("raw", [None, 7, "X1", True, [], [{"external_id": "X1"}]])
def test_a_row_is_an_object(raw: object) -> None:
    assert [("WRONG_TYPE", None)] == faults(given(raw))


def test_rule_6_every_fault_of_a_row_is_listed_with_its_key() -> None:
    read = given(
        {
            "external_id": "no good",
            "phone_number": "040",
            "birth_date": "14.6.1991",
            "tags.add": 7,
            "A__$x": 1,
            "A__x": {"$set": 1},
            "A__n": 2**63,
            "city": "\ud800",
        }
    )

    assert [
        ("INVALID_EXTERNAL_ID", "external_id"),
        ("INVALID_PHONE_NUMBER", "phone_number"),
        ("INVALID_DATE", "birth_date"),
        ("WRONG_TYPE", "tags.add"),
        ("INVALID_COMPANY_FIELD", "A__$x"),
        ("INVALID_COMPANY_FIELD", "A__x"),
        ("NUMBER_OUT_OF_RANGE", "A__n"),
        ("INVALID_TEXT", "city"),
    ] == faults(read)


def test_rule_7_an_unknown_key_is_refused_whatever_its_value() -> None:
    """Null and empty text too, and in rows that erase."""
    values: list[object] = [None, "", 1, {}]
    for value in values:
        (fault,) = given({"external_id": "X1", "is_deleted": True, "fist_name": value}).faults

        assert (ErrorCode.UNKNOWN_FIELD, "fist_name") == (fault.code, fault.field)
        assert "first_name" == fault.suggestion


def test_faults_of_a_row_are_listed_up_to_a_limit_and_one_more_says_so() -> None:
    read = given({f"wrong{number}": 1 for number in range(10_000)})

    assert MAX_FAULTS + 1 == len(read.faults)
    assert (ErrorCode.TOO_LONG, None) == (read.faults[-1].code, read.faults[-1].field)


def test_faults_found_after_all_keys_were_read_count_for_the_limit() -> None:
    raw: dict[str, object] = {"external_id": "X1"}
    for number in range(100):
        raw |= {f"A__{number}": 1, f"A__{number}.add": ["a"]}

    assert MAX_FAULTS + 1 == len(given(raw).faults)


def test_no_message_of_a_fault_repeats_a_value() -> None:
    secret = "Sevrin"
    read = given(
        {
            "external_id": f"{secret} 1",
            "email": secret,
            "phone_number": secret,
            "birth_date": secret,
            "last_login": secret,
            "country": secret,
            "language": secret,
            "can_email": secret,
            "tags": {secret: 1},
            "A__x": {f"${secret}": 1},
        }
    )

    assert 10 == len(read.faults)
    assert not any(secret in f"{fault} {fault.message}" for fault in read.faults)


@pytest.mark.parametrize(
    ("flags", "forget", "delete"),
    [
        ({"is_forgotten": True}, True, False),
        ({"is_deleted": True}, False, True),
        ({"is_forgotten": True, "is_deleted": True}, True, True),
        ({"is_forgotten": True, "is_deleted": False}, True, False),
    ],
)
def test_a_row_that_erases_reads_its_identifiers_alone(
    flags: dict[str, object], forget: bool, delete: bool
) -> None:
    """Other fields are ignored, wrong ones too."""
    read = row(first_name="Ann", birth_date="never", A__x={"$set": 1}, **flags)

    assert () == read.faults
    assert (forget, delete) == (read.forget, read.delete)
    assert {"external_id": Put("X1")} == read.change


@pytest.mark.parametrize("raw", [1, "true", "yes", [], {}])
def test_a_flag_that_is_no_boolean_is_refused_and_erases_nothing(raw: object) -> None:
    read = row(is_forgotten=raw)

    assert [("WRONG_TYPE", "is_forgotten")] == faults(read)
    assert not read.forget


def test_a_row_may_give_only_so_many_company_fields() -> None:
    """Those it removes do not count."""
    fields = {f"A__{number}": number for number in range(RULES.max_company_fields)}

    assert [] == faults(row(**fields, A__gone=""))
    assert [("TOO_LONG", "A__more")] == faults(row(**fields, A__more=1))


def test_where_a_prefix_is_set_company_fields_have_it() -> None:
    read = read_row(0, {"external_id": "X1", "B__x.add": [1]}, replace(RULES, company="A"))

    assert [("INVALID_COMPANY_FIELD", "B__x.add")] == faults(read)
    assert "A__x" == read.faults[0].suggestion
