"""Each rule of uploads by its name, as an upload keeps it."""

import pytest

from service.errors import TooManyRows
from service.uploads.upload import Uploads
from tests.uploads.making import LIMITS, Row, ends, send
from tests.uploads.memory import MemoryStore, values

E1 = "e1@example.org"
P1 = "+358401234567"


async def test_rule_1_a_row_without_identifier_is_refused(uploads: Uploads) -> None:
    results = await send(uploads, {"first_name": "Ann"}, {"external_id": ""})

    assert ["REJECTED MISSING_IDENTIFIER"] * 2 == ends(results)


async def test_rule_2_only_supplied_keys_change(store: MemoryStore, uploads: Uploads) -> None:
    await send(uploads, {"external_id": "X1", "first_name": "Ann", "city": "Turku"})

    await send(uploads, {"external_id": "X1", "first_name": "Anna"})

    assert [{"external_id": "X1", "first_name": "Anna", "city": "Turku"}] == values(store)


async def test_rule_3_an_empty_text_removes_and_null_is_not_supplied(
    store: MemoryStore, uploads: Uploads
) -> None:
    await send(uploads, {"external_id": "X1", "email": E1, "first_name": "Ann", "city": "Turku"})

    await send(uploads, {"external_id": "X1", "email": "", "first_name": "", "city": None})

    assert [{"external_id": "X1", "city": "Turku"}] == values(store)


async def test_rule_3_the_identifier_that_found_the_record_stays(
    store: MemoryStore, uploads: Uploads
) -> None:
    await send(uploads, {"external_id": "X1", "email": E1})

    results = await send(uploads, {"external_id": "", "email": E1})

    assert ["UPDATED"] == ends(results)
    assert [{"email": E1}] == values(store)


async def test_rule_4_a_set_is_replaced_then_added_to_then_taken_from(
    store: MemoryStore, uploads: Uploads
) -> None:
    await send(uploads, {"external_id": "X1", "tags": ["old", "b"]})

    await send(
        uploads,
        {"external_id": "X1", "tags.remove": "c", "tags.add": ["c", "d"], "tags": ["a", "b"]},
    )

    assert [{"external_id": "X1", "tags": ["b", "a", "d"]}] == values(store)


async def test_rule_5_values_are_never_interpreted(store: MemoryStore, uploads: Uploads) -> None:
    row = {"external_id": "X1", "first_name": "$where", "tags": ["$$ROOT"], "A__x": {"a": "$set"}}
    operator = {"external_id": "X1", "first_name": {"$set": 1}, "tags": {"$each": ["a"]}}

    results = await send(uploads, row, operator, {"external_id": "X1", "A__x": {"$set": {"a": 1}}})

    assert [
        "CREATED",
        "REJECTED WRONG_TYPE WRONG_TYPE",
        "REJECTED INVALID_COMPANY_FIELD",
    ] == ends(results)
    assert [row] == values(store)


async def test_rule_6_a_bad_row_is_refused_with_its_errors_and_the_others_go_in(
    store: MemoryStore, uploads: Uploads
) -> None:
    """Nothing of the bad row is applied, its sound fields neither."""
    results = await send(
        uploads,
        {"external_id": "X1", "city": "Turku"},
        {"external_id": "X1", "city": "Oulu", "birth_date": "never", "can_email": "yes"},
        {"external_id": "X2"},
    )

    assert ["CREATED", "REJECTED INVALID_DATE WRONG_TYPE", "CREATED"] == ends(results)
    assert [{"external_id": "X1", "city": "Turku"}, {"external_id": "X2"}] == values(store)


async def test_rule_7_an_unknown_key_is_an_error_that_names_the_nearest(
    store: MemoryStore, uploads: Uploads
) -> None:
    results = await send(uploads, {"external_id": "X1", "first_nam": "Ann"})

    (fault,) = results[0].faults
    assert ["REJECTED UNKNOWN_FIELD"] == ends(results)
    assert ("first_nam", "first_name") == (fault.field, fault.suggestion)
    assert {} == store.records


async def test_rule_8_rows_that_meet_the_same_customer_apply_in_their_order(
    store: MemoryStore, uploads: Uploads
) -> None:
    results = await send(
        uploads,
        {"external_id": "X1", "first_name": "Ann"},
        {"external_id": "X1", "first_name": "Bo", "tags.add": "a"},
        {"external_id": "X1", "tags.remove": "a"},
    )

    assert ["CREATED", "UPDATED", "UPDATED"] == ends(results)
    assert [{"external_id": "X1", "first_name": "Bo", "tags": []}] == values(store)
    assert 1 == store.written


async def test_rule_9_the_same_upload_again_changes_and_writes_nothing(
    store: MemoryStore, uploads: Uploads
) -> None:
    rows: list[Row] = [
        {"external_id": "X1", "email": E1, "tags": ["b", "a"], "A__n": 1},
        {"external_id": "X2", "email": E1, "phone_number": P1, "can_email": False},
    ]
    await send(uploads, *rows)
    before = dict(store.records)
    store.written = 0

    results = await send(uploads, *rows)

    assert ["UNCHANGED", "UNCHANGED"] == ends(results)
    assert 0 == store.written
    assert before == store.records


async def test_rule_10_every_row_gets_a_result(uploads: Uploads) -> None:
    await send(uploads, {"email": E1}, {"external_id": "X9", "is_forgotten": True})

    results = await send(
        uploads,
        {"external_id": "X2"},
        {"email": E1, "city": "Turku"},
        {"email": E1, "city": "Turku"},
        {"external_id": "X9"},
        {"external_id": "no good"},
    )

    assert [
        "CREATED",
        "UPDATED",
        "UNCHANGED",
        "IGNORED DELETED",
        "REJECTED INVALID_EXTERNAL_ID",
    ] == ends(results)
    assert [None, "email", "email", "external_id", None] == [r.matched_by for r in results]
    assert [0, 1, 2, 3, 4] == [r.index for r in results]
    assert [1, 1, 1, 0, 0] == [len(r.customer_ids) for r in results]


async def test_rule_13_too_many_rows_are_refused_and_nothing_is_applied(
    store: MemoryStore, uploads: Uploads
) -> None:
    rows = [{"external_id": str(number)} for number in range(LIMITS.rows + 1)]

    with pytest.raises(TooManyRows) as caught:
        await uploads.upload(rows)

    assert {"limit": 50} == caught.value.details
    assert {} == store.records


async def test_members_go_only_where_a_list_is(store: MemoryStore, uploads: Uploads) -> None:
    await send(uploads, {"external_id": "X1", "A__n": 7})

    results = await send(uploads, {"external_id": "X1", "A__n.add": ["a"], "city": "Turku"})

    assert ["REJECTED NOT_A_LIST"] == ends(results)
    assert [{"external_id": "X1", "A__n": 7}] == values(store)


async def test_a_company_list_grows_up_to_the_size_of_a_value(
    store: MemoryStore, uploads: Uploads
) -> None:
    """Each addition is small enough; the list that is stored would not be."""
    parts = [[f"{number}-{part}".ljust(1000) for number in range(6)] for part in range(3)]
    await send(uploads, *({"external_id": "X1", "A__l.add": part} for part in parts[:2]))

    results = await send(
        uploads,
        {"external_id": "X1", "A__l.add": parts[2]},
        {"external_id": "X1", "A__l.remove": parts[0], "A__l.add": parts[2]},
    )

    assert ["REJECTED TOO_LONG", "UPDATED"] == ends(results)
    assert "A__l" == results[0].faults[0].field
    assert [{"external_id": "X1", "A__l": [*parts[1], *parts[2]]}] == values(store)


async def test_company_fields_past_the_limit_are_refused(
    store: MemoryStore, uploads: Uploads
) -> None:
    await send(uploads, {"external_id": "X1", **{f"A__{n}": n for n in range(4)}})

    results = await send(
        uploads,
        {"external_id": "X1", "A__more": 1},
        {"external_id": "X1", "A__0": "", "A__more": 1},
    )

    assert ["REJECTED TOO_LONG", "UPDATED"] == ends(results)
