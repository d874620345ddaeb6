"""Search tokens stand in the document, are those of what it holds, and go when that goes."""

from typing import Any

import bson

from service.customers.tokens import tokens_of
from service.store.customers import Customers
from service.store.database import Database
from service.uploads.upload import Uploads
from tests.uploads.making import send

JAMES = {"external_id": "X1", "first_name": "Jamés", "phone_number": "+447757138957"}


async def stored(database: Database) -> dict[str, Any]:
    """The only customer."""
    found: list[dict[str, Any]] = await database.customers.find({}).to_list(2)
    (document,) = found
    return document


async def test_tokens_are_stored_with_a_new_customer(uploads: Uploads, database: Database) -> None:
    await send(uploads, JAMES)

    document = await stored(database)

    assert {"james", "x1", "8957"} <= set(document["search"])
    assert set(tokens_of(document)) == set(document["search"])


async def test_tokens_follow_what_changes(uploads: Uploads, database: Database) -> None:
    await send(uploads, JAMES)
    await send(uploads, {"external_id": "X1", "first_name": "", "last_name": "Carroll"})

    document = await stored(database)

    assert {"carroll", "x1"} <= set(document["search"])
    assert "james" not in document["search"]


async def test_where_nothing_is_found_there_are_no_tokens(
    customers: Customers, uploads: Uploads, database: Database
) -> None:
    """A tombstone of somebody never seen."""
    await send(uploads, {"email": "ann@example.org", "is_deleted": True})

    assert "search" not in await stored(database)


async def test_forgetting_and_deleting_erase_the_tokens(
    uploads: Uploads, database: Database
) -> None:
    """Of the person no word is left anywhere in the collection."""
    for flag in ("is_forgotten", "is_deleted"):
        await send(uploads, {"external_id": "X1", **JAMES, "last_name": "Carroll"})
        await send(uploads, {"external_id": "X1", flag: True})

        document = await stored(database)

        assert "search" not in document
        for word in (b"james", b"carro", b"8957"):
            assert word not in bson.encode(document).lower()
        await database.customers.delete_many({})


async def test_tokens_are_not_read_back_for_uploads(
    customers: Customers, uploads: Uploads, database: Database
) -> None:
    await send(uploads, JAMES)
    document = await stored(database)

    (record,) = await customers.candidates(document["keys"])

    assert JAMES.keys() == record.values.keys()
