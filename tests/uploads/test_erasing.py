"""What forgetting and deleting leave, and that nothing brings anybody back."""

import pytest

from service.customers.records import State
from service.uploads.upload import Uploads
from tests.uploads.making import DIGESTER, ends, send
from tests.uploads.memory import MemoryStore, live, values

E1 = "e1@example.org"
P1 = "+358401234567"


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
