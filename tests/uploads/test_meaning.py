"""Whom a row means: by its strongest identifier, or by weaker ones that contradict nothing."""

import pytest

from service.uploads.upload import Uploads
from tests.uploads.making import Row, ends, send
from tests.uploads.memory import MemoryStore, live, values

E1, E2 = "e1@example.org", "e2@example.org"
P1, P2 = "+358401234567", "+447757138957"


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
