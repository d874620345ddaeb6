"""Whom a row means, and what becomes of it: each rule by its name."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from service.customers.records import Record, State
from service.errors import TooManyRows
from service.uploads.upload import Uploads
from tests.uploads.making import DIGESTER, LIMITS, ends, send, uploads_on
from tests.uploads.memory import MemoryStore

Row = Mapping[str, object]

E1, E2 = "e1@example.org", "e2@example.org"
P1, P2 = "+358401234567", "+447757138957"


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def uploads(store: MemoryStore) -> Uploads:
    return uploads_on(store)


def values(store: MemoryStore) -> list[dict[str, object]]:
    """What the live customers hold, the oldest first."""
    return [dict(record.values) for record in live(store)]


def live(store: MemoryStore) -> list[Record]:
    return [record for record in store.records.values() if record.state is State.LIVE]


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

    assert {"rows": 51, "limit": 50} == caught.value.details
    assert {} == store.records


async def test_a_stronger_identifier_decides(store: MemoryStore, uploads: Uploads) -> None:
    """The e-mail of another customer does not lead to that customer, but is shared with it."""
    await send(uploads, {"external_id": "X1", "email": E1}, {"external_id": "X2", "email": E2})

    results = await send(uploads, {"external_id": "X2", "email": E1, "city": "Turku"})

    assert "external_id" == results[0].matched_by
    assert [
        {"external_id": "X1", "email": E1},
        {"external_id": "X2", "email": E1, "city": "Turku"},
    ] == values(store)


async def test_a_record_that_contradicts_is_not_meant(store: MemoryStore, uploads: Uploads) -> None:
    """A row with a new external id and a known e-mail is somebody else who shares it."""
    await send(uploads, {"external_id": "X1", "email": E1})

    results = await send(uploads, {"external_id": "X2", "email": E1})

    assert ["CREATED"] == ends(results)
    assert 2 == len(live(store))


@pytest.mark.parametrize(
    ("known", "row", "found_by"),
    [
        ({"email": E1}, {"external_id": "X1", "email": E1}, "email"),
        ({"phone_number": P1}, {"external_id": "X1", "phone_number": P1}, "phone_number"),
        ({"phone_number": P1}, {"email": E1, "phone_number": P1}, "phone_number"),
        (
            {"phone_number": P1},
            {"external_id": "X1", "email": E1, "phone_number": P1},
            "phone_number",
        ),
    ],
    ids=["external id by e-mail", "external id by phone", "e-mail by phone", "both by phone"],
)
async def test_the_only_record_that_lacks_a_stronger_identifier_adopts_it(
    store: MemoryStore, uploads: Uploads, known: Row, row: Row, found_by: str
) -> None:
    await send(uploads, known)

    results = await send(uploads, row)

    assert ["UPDATED"] == ends(results)
    assert found_by == results[0].matched_by
    assert [row] == values(store)


async def test_several_that_lack_a_stronger_identifier_do_not_adopt_it(
    store: MemoryStore, uploads: Uploads
) -> None:
    """With nothing weaker left to tell them apart, a new customer is made."""
    await send(
        uploads,
        {"external_id": "X1", "email": E1, "phone_number": P1},
        {"external_id": "X2", "email": E1, "phone_number": P2},
        {"external_id": "", "phone_number": P1},
        {"external_id": "", "phone_number": P2},
    )

    results = await send(
        uploads,
        {"external_id": "X3", "email": E1},
        {"external_id": "X4", "email": E1, "phone_number": P2},
    )

    assert ["CREATED", "UPDATED"] == ends(results)
    assert [None, "phone_number"] == [result.matched_by for result in results]


async def test_a_shared_email_updates_every_holder(store: MemoryStore, uploads: Uploads) -> None:
    """An unsubscribed address is unsubscribed everywhere."""
    await send(uploads, {"external_id": "X1", "email": E1}, {"external_id": "X2", "email": E1})

    results = await send(uploads, {"email": E1, "can_email": False})

    assert ["UPDATED"] == ends(results)
    assert 2 == len(results[0].customer_ids)
    assert [False, False] == [held["can_email"] for held in values(store)]


async def test_a_row_that_would_copy_an_identifier_onto_a_family_is_ambiguous(
    store: MemoryStore, uploads: Uploads
) -> None:
    await send(uploads, {"external_id": "X1", "email": E1}, {"external_id": "X2", "email": E1})

    results = await send(uploads, {"email": E1, "phone_number": P1})

    assert ["REJECTED AMBIGUOUS_IDENTITY"] == ends(results)
    assert 2 == len(results[0].customer_ids)
    assert all("phone_number" not in held for held in values(store))


@pytest.mark.parametrize("flag", ["is_forgotten", "is_deleted"])
async def test_erasing_needs_exactly_one(store: MemoryStore, uploads: Uploads, flag: str) -> None:
    await send(uploads, {"external_id": "X1", "email": E1}, {"external_id": "X2", "email": E1})

    results = await send(uploads, {"email": E1, flag: True})

    assert ["REJECTED AMBIGUOUS_IDENTITY"] == ends(results)
    assert 2 == len(live(store))


async def test_forgetting_keeps_digests_and_statistics_alone(
    store: MemoryStore, uploads: Uploads
) -> None:
    await send(
        uploads,
        {
            "external_id": "X1",
            "email": E1,
            "first_name": "Ann",
            "country": "GB",
            "language": "en",
            "date_joined": "2015-11-23T13:11:23Z",
            "can_email": True,
            "tags": ["vip"],
            "A__level": 3,
        },
    )

    results = await send(uploads, {"external_id": "X1", "is_forgotten": True, "city": "Turku"})

    (record,) = store.records.values()
    assert ["UPDATED"] == ends(results)
    assert State.FORGOTTEN is record.state
    assert {"country", "language", "date_joined"} | {
        "can_email",
        "can_post",
        "can_profile",
        "can_push",
        "can_sms",
    } == set(record.values)
    assert "2015-11-01T00:00:00+00:00" == record.values["date_joined"].isoformat()
    assert not any(record.values[name] for name in record.values if name.startswith("can_"))
    assert "2026-03-01T00:00:00+00:00" == record.created_at.isoformat()
    assert "2026-03-14T00:00:00+00:00" == record.updated_at.isoformat()
    assert {DIGESTER.digest("external_id", "X1"), DIGESTER.digest("email", E1)} == record.marks


async def test_deleting_leaves_a_tombstone_of_digests_and_times(
    store: MemoryStore, uploads: Uploads
) -> None:
    await send(uploads, {"external_id": "X1", "email": E1, "country": "GB"})

    await send(uploads, {"email": E1, "is_deleted": True, "is_forgotten": True})

    (record,) = store.records.values()
    assert State.DELETED is record.state
    assert {} == record.values
    assert record.marks


@pytest.mark.parametrize("again", [True, False, None, "absent"])
@pytest.mark.parametrize(
    ("flag", "code"), [("is_forgotten", "FORGOTTEN"), ("is_deleted", "DELETED")]
)
async def test_nothing_brings_back_the_erased(
    store: MemoryStore, uploads: Uploads, flag: str, code: str, again: object
) -> None:
    await send(uploads, {"external_id": "X1", "email": E1, "phone_number": P1})
    await send(uploads, {"external_id": "X1", flag: True})
    flags = {} if again == "absent" else {flag: again}
    before = dict(store.records)

    results = await send(
        uploads,
        {"external_id": "X1", "first_name": "Ann", **flags},
        {"email": E1, "first_name": "Ann", **flags},
        {"external_id": "X2", "phone_number": P1, **flags},
    )

    assert [f"IGNORED {code}"] * 3 == ends(results)
    assert [()] * 3 == [result.customer_ids for result in results]
    assert before == store.records


async def test_somebody_never_seen_leaves_a_tombstone(store: MemoryStore, uploads: Uploads) -> None:
    """A later import can't bring in whom a forgetting row named first."""
    results = await send(
        uploads, {"email": E1, "is_forgotten": True}, {"external_id": "X1", "email": E1}
    )

    assert ["CREATED", "IGNORED DELETED"] == ends(results)
    assert [] == live(store)


async def test_a_live_relative_is_still_reached_by_the_shared_email(
    store: MemoryStore, uploads: Uploads
) -> None:
    await send(uploads, {"external_id": "X1", "email": E1}, {"external_id": "X2", "email": E1})
    await send(uploads, {"external_id": "X1", "is_forgotten": True})

    results = await send(uploads, {"email": E1, "city": "Turku"})

    assert ["UPDATED"] == ends(results)
    assert [{"external_id": "X2", "email": E1, "city": "Turku"}] == values(store)


async def test_a_live_customer_may_not_take_the_identifier_of_the_erased(
    store: MemoryStore, uploads: Uploads
) -> None:
    await send(uploads, {"email": E1, "is_deleted": True}, {"external_id": "X1"})

    results = await send(uploads, {"external_id": "X1", "email": E1, "city": "Turku"})

    assert ["REJECTED FORGOTTEN_IDENTIFIER"] == ends(results)
    assert "email" == results[0].faults[0].field
    assert [{"external_id": "X1"}] == values(store)


async def test_an_identifier_that_too_many_share_takes_no_more(
    store: MemoryStore, uploads: Uploads
) -> None:
    rows = [{"external_id": f"X{number}", "email": E1} for number in range(5)]

    results = await send(uploads, *rows)

    assert ["CREATED"] * 3 + ["REJECTED IDENTIFIER_OVERSHARED"] * 2 == ends(results)


async def test_an_external_id_may_pass_from_one_customer_to_another(
    store: MemoryStore, uploads: Uploads
) -> None:
    results = await send(
        uploads,
        {"external_id": "X1", "email": E1},
        {"external_id": "", "email": E1},
        {"external_id": "X1", "email": E2},
    )

    assert ["CREATED", "UPDATED", "CREATED"] == ends(results)
    assert [{"email": E1}, {"external_id": "X1", "email": E2}] == values(store)


async def test_two_customers_swap_external_ids_in_one_upload(
    store: MemoryStore, uploads: Uploads
) -> None:
    """No write of one round needs what another of the same round gives up."""
    await send(uploads, {"external_id": "X1", "email": E1}, {"external_id": "X2", "email": E2})

    results = await send(
        uploads,
        {"external_id": "", "email": E1},
        {"external_id": "", "email": E2},
        {"external_id": "X1", "email": E2},
        {"external_id": "X2", "email": E1},
    )

    assert ["UPDATED"] * 4 == ends(results)
    assert [
        {"external_id": "X2", "email": E1},
        {"external_id": "X1", "email": E2},
    ] == values(store)


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


async def test_a_write_that_lost_a_race_is_a_conflict() -> None:
    """Somebody else writes between the reading and the writing of this upload."""
    store = MemoryStore()
    await send(uploads_on(store), {"external_id": "X1"})

    class Racing(MemoryStore):
        async def write(self, writes):  # type: ignore[no-untyped-def]
            (record,) = self.records.values()
            self.records[record.id] = replace(record, rev=record.rev + 1)
            return await super().write(writes)

    racing = Racing()
    racing.records = store.records

    results = await send(uploads_on(racing), {"external_id": "X1", "city": "Turku"})

    assert ["REJECTED CONFLICT"] == ends(results)


async def test_a_read_torn_between_two_writes_is_read_again(store: MemoryStore) -> None:
    """A gap in the numbers of a shared e-mail: one of its holders was missed."""
    await send(
        uploads_on(store), {"external_id": "X1", "email": E1}, {"external_id": "X2", "email": E1}
    )

    class Torn(MemoryStore):
        async def candidates(self, digests):  # type: ignore[no-untyped-def]
            found = await super().candidates(digests)
            return found[1:] if self.reads == 1 else found

    torn = Torn()
    torn.records = store.records

    results = await send(uploads_on(torn), {"email": E1, "city": "Turku"})

    assert 2 == len(results[0].customer_ids)
    assert 2 == torn.reads
