"""Uploads that race on a real server: who loses tries again, and what everybody was told is true
afterwards."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from itertools import count
from typing import Any

import pytest

from service.customers.records import State
from service.store.customers import Customers
from service.store.database import Database
from service.uploads.upload import RowResult, Uploads, pause_at_random
from tests.conftest import STORES
from tests.uploads.making import ends, send, uploads_on

pytestmark = pytest.mark.parametrize("store_name", [name for name in STORES if name != "mock"])

E1, P1 = "e1@example.org", "+447757138957"
Row = Mapping[str, object]

_numbers = count(1)


@pytest.fixture
def uploads(customers: Customers) -> Uploads:
    return uploads_on(customers, new_id=lambda: f"c.{next(_numbers)}", pause=pause_at_random)


async def race(uploads: Uploads, *rows: Row) -> list[RowResult]:
    """Each row as an upload of its own, all at once; an exception in any fails the test."""
    results = await asyncio.gather(*(send(uploads, row) for row in rows))
    return [result for (result,) in results]


async def everybody(database: Database) -> list[dict[str, Any]]:
    return [one async for one in database.customers.find({}, sort=[("_id", 1)])]


@pytest.mark.parametrize("racers", [2, 16])
@pytest.mark.parametrize(
    "identifiers",
    [
        {"external_id": "X1"},
        {"email": E1},
        {"phone_number": P1},
        {"external_id": "X1", "email": E1},
    ],
    ids=lambda identifiers: "+".join(identifiers),
)
async def test_racing_uploads_of_somebody_new_create_one_customer(
    uploads: Uploads, database: Database, identifiers: Row, racers: int
) -> None:
    """All have their part in that one customer."""
    results = await race(uploads, *({**identifiers, "tags.add": [f"t{n}"]} for n in range(racers)))
    (stored,) = await everybody(database)

    assert {"CREATED": 1, "UPDATED": racers - 1} == Counter(ends(results))
    assert {f"t{n}" for n in range(racers)} == set(stored["tags"])
    assert racers == stored["rev"]


async def test_uploads_that_share_one_identifier_of_two_create_one_customer_each(
    uploads: Uploads, database: Database
) -> None:
    """An e-mail may be shared: rows of different external ids are different people, however they
    race for the e-mail."""
    results = await race(uploads, *({"external_id": f"X{n}", "email": E1} for n in range(3)))

    assert ["CREATED"] * 3 == ends(results)
    stored = await everybody(database)
    assert ["X0", "X1", "X2"] == sorted(one["external_id"] for one in stored)
    assert [E1] * 3 == [one["email"] for one in stored]


async def test_no_update_that_was_acknowledged_is_lost(
    uploads: Uploads, database: Database
) -> None:
    """Sixteen add a tag to one customer at once, and take one away."""
    await send(uploads, {"external_id": "X1", "tags": [f"old{n}" for n in range(16)]})
    rows = [
        {
            "external_id": "X1",
            "tags.add": [f"new{n}"],
            "tags.remove": [f"old{n}"],
            f"A__f{n % 4}": n,
        }
        for n in range(16)
    ]
    results = await race(uploads, *rows)
    (stored,) = await everybody(database)

    assert ["UPDATED"] * 16 == ends(results)
    assert {f"new{n}" for n in range(16)} == set(stored["tags"])
    assert 17 == stored["rev"]


PERSON: Row = {"external_id": "X1", "email": E1, "phone_number": P1}
BY_STRONGEST: list[Row] = [
    {**PERSON, "first_name": "Ann"},
    {"external_id": "X1", "first_name": "Ann"},
]
BY_ANY = [
    *BY_STRONGEST,
    {"email": E1, "last_name": "Ash"},
    {"phone_number": P1, "A__note": "Ann"},
]


async def erase(uploads: Uploads, erasing: str, writers: list[Row]) -> str:
    """How it ended, sent at the same time as the writers."""
    *_, erased = await race(uploads, *writers, {**PERSON, erasing: True})
    return ends([erased])[0]


@pytest.mark.parametrize("erasing", ["is_forgotten", "is_deleted"])
async def test_a_customer_that_was_erased_stays_so_whoever_writes_meanwhile(
    uploads: Uploads, database: Database, erasing: str
) -> None:
    """Updates by every identifier race with the erasing; nothing of the person stands after it."""
    await send(uploads, {**PERSON, "first_name": "Ann"})
    end = await erase(uploads, erasing, BY_ANY)
    again = await race(uploads, *BY_ANY)
    (stored,) = await everybody(database)

    assert "UPDATED" == end
    assert set(ends(again)) <= {"IGNORED FORGOTTEN", "IGNORED DELETED"}
    assert State.LIVE != stored["state"]
    assert not [text for text in ("Ann", "Ash", E1, P1, "X1") if text in str(stored)]


@pytest.mark.parametrize("erasing", ["is_forgotten", "is_deleted"])
async def test_somebody_erased_who_was_never_seen_is_not_created_meanwhile(
    uploads: Uploads, database: Database, erasing: str
) -> None:
    """Whichever comes first, the creation or the erasing, nobody is live afterwards."""
    end = await erase(uploads, erasing, BY_STRONGEST)
    again = await race(uploads, *BY_STRONGEST)
    stored = await everybody(database)

    assert end in ("CREATED", "UPDATED")
    assert set(ends(again)) <= {"IGNORED FORGOTTEN", "IGNORED DELETED"}
    assert State.LIVE.value not in {one["state"] for one in stored}
    assert not [text for text in ("Ann", E1, P1, "X1") if text in str(stored)]


async def test_an_identifier_given_and_erased_at_once_belongs_to_one_side(
    uploads: Uploads, database: Database
) -> None:
    """Somebody new comes with the e-mail of somebody who is being forgotten: whoever was told that
    the row went in is in, and no forgotten e-mail stands with a customer made after it."""
    for turn in range(8):
        email, old, new = f"e{turn}@example.org", f"old{turn}", f"new{turn}"
        await send(uploads, {"external_id": old, "email": email})
        forget, create = await race(
            uploads,
            {"external_id": old, "is_forgotten": True},
            {"external_id": new, "email": email},
        )
        created = await database.customers.find_one({"external_id": new})

        later = await send(uploads, {"external_id": f"later{turn}", "email": email})

        assert ["UPDATED"] == ends([forget])
        assert ends([create])[0] in ("CREATED", "IGNORED FORGOTTEN")
        assert (ends([create]) == ["CREATED"]) == (created is not None)
        assert ["IGNORED FORGOTTEN"] == ends(later)
