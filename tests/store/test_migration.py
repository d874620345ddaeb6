"""Tokens of customers whom another version stored."""

from typing import Any

import pytest

from service.customers.tokens import TOKENS_VERSION
from service.store import migration
from service.store.database import Database
from service.store.migration import is_migrated, migrate
from service.uploads.upload import Uploads
from tests.uploads.making import send

PEOPLE = [{"external_id": f"X{number}", "first_name": f"Ann{number}"} for number in range(7)]


async def older(database: Database, *ids: str) -> None:
    """As a version without tokens left them; all if none is named."""
    which = {"external_id": {"$in": list(ids)}} if ids else {}
    await database.customers.update_many(
        which, {"$set": {"schema_version": 1}, "$unset": {"search": ""}}
    )


async def stored(database: Database) -> dict[str, dict[str, Any]]:
    found = await database.customers.find({}).to_list(None)
    return {one.get("external_id", "?"): one for one in found}


async def test_whoever_lacks_tokens_gets_them_and_nothing_else_changes(
    uploads: Uploads, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migration, "BATCH", 3)
    await send(uploads, *PEOPLE, {"external_id": "gone", "is_deleted": True})
    as_uploaded = await stored(database)
    await older(database)

    await migrate(database)

    now = await stored(database)
    assert as_uploaded.keys() == now.keys()
    for name, document in as_uploaded.items():
        assert set(document.pop("search", ())) == set(now[name].pop("search", ()))
        assert document == now[name]


async def test_tokens_of_an_older_kind_are_replaced(uploads: Uploads, database: Database) -> None:
    await send(uploads, PEOPLE[1])
    await database.customers.update_many({}, {"$set": {"schema_version": 1, "search": ["old"]}})

    await migrate(database)

    assert "old" not in (await stored(database))["X1"]["search"]


async def test_a_database_is_migrated_when_all_are_and_remembers_it(
    uploads: Uploads, database: Database
) -> None:
    await send(uploads, *PEOPLE)
    await older(database, "X3")

    assert not await is_migrated(database)
    await migrate(database)
    assert await is_migrated(database)
    assert "ann3" in (await stored(database))["X3"]["search"]


async def test_a_database_without_customers_needs_no_migration(database: Database) -> None:
    assert await is_migrated(database)


async def test_a_customer_who_changes_meanwhile_gets_the_tokens_of_what_it_holds(
    uploads: Uploads, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read at one revision, written at none: the next pass meets it again."""
    await send(uploads, *PEOPLE)
    await older(database)
    batches = migration._batches

    async def overtaken(found_in: Database) -> Any:
        async for batch in batches(found_in):
            await send(uploads, {"external_id": "X2", "first_name": "Bea"})
            yield batch

    monkeypatch.setattr(migration, "_batches", overtaken)
    await migrate(database)

    document = (await stored(database))["X2"]
    assert TOKENS_VERSION == document["schema_version"]
    assert {"bea", "x2"} <= set(document["search"])
    assert "ann2" not in document["search"]
