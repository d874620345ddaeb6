"""Uploads on real stores: what the rules decide is what is stored, and what is read back."""

from collections.abc import Mapping
from typing import Any

import pytest

from service.customers.records import State
from service.queries.keyset import Position
from service.store.customers import Customers
from service.store.database import Database
from service.store.documents import CustomerDocument
from service.store.pages import PageRequest
from service.uploads.upload import Uploads
from tests.conftest import STORES
from tests.uploads.making import ends, send

E1, E2 = "e1@example.org", "e2@example.org"
PLACE: Mapping[str, int] = {"created_at": 1}
FULL: Mapping[str, int] = {"keys": 0, "claims": 0, "marks": 0, "search": 0}


async def stored(customers: Customers, external_id: str) -> dict[str, Any]:
    (document,) = await customers.by_identifier("external_id", external_id, FULL)
    return {
        name: value
        for name, value in document.items()
        if name not in {"_id", "state", "rev", "created_at", "updated_at", "schema_version"}
    }


async def test_a_customer_is_stored_as_it_was_given(uploads: Uploads, customers: Customers) -> None:
    """Company fields stand at the top level, as they came."""
    row = {
        "external_id": "X1",
        "email": "Ann@Example.org",
        "can_email": True,
        "tags": ["b", "a"],
        "A__number": 2**62,
        "A__flag": False,
        "A__list": [1, True, "x", None, 1.5],
        "A__object": {"b": 1, "a": {"c": ["$set"]}},
    }

    await send(uploads, row)

    assert {**row, "email": "ann@example.org"} == await stored(customers, "X1")


@pytest.mark.parametrize(
    ("row", "after"),
    [
        ({"tags.add": ["c", "a"]}, ["a", "b", "c"]),
        ({"tags.remove": ["a", "x"]}, ["b"]),
        ({"tags.add": ["c"], "tags.remove": ["a"]}, ["b", "c"]),
        ({"tags": ["c", "b"]}, ["b", "c"]),
        ({"tags": []}, []),
    ],
    ids=["added", "removed", "both", "replaced", "emptied"],
)
async def test_sets_are_stored_as_the_rules_leave_them(
    uploads: Uploads, customers: Customers, row: Mapping[str, object], after: list[str]
) -> None:
    await send(uploads, {"external_id": "X1", "tags": ["a", "b"]})

    results = await send(uploads, {"external_id": "X1", **row})

    assert ["UPDATED"] == ends(results)
    assert after == (await stored(customers, "X1"))["tags"]


async def test_company_lists_are_stored_as_the_rules_leave_them(
    uploads: Uploads, customers: Customers
) -> None:
    await send(uploads, {"external_id": "X1", "A__l": [1, {"a": 1}, True]})

    await send(uploads, {"external_id": "X1", "A__l.add": [1.0, {"b": 1}], "A__l.remove": [True]})

    assert [1, {"a": 1}, {"b": 1}] == (await stored(customers, "X1"))["A__l"]


async def test_an_empty_text_removes_the_key(uploads: Uploads, customers: Customers) -> None:
    await send(uploads, {"external_id": "X1", "email": E1, "city": "Turku", "A__n": 1})

    await send(uploads, {"external_id": "X1", "email": "", "city": "", "A__n": ""})

    assert {"external_id": "X1"} == await stored(customers, "X1")


async def test_the_same_upload_again_writes_nothing(uploads: Uploads, database: Database) -> None:
    rows = [{"external_id": str(n), "tags": ["a"], "A__n": n, "email": E1} for n in range(5)]
    await send(uploads, *rows)
    before = [document async for document in database.customers.find().sort("_id")]

    results = await send(uploads, *rows)

    assert ["UNCHANGED"] * 5 == ends(results)
    assert before == [document async for document in database.customers.find().sort("_id")]


async def test_an_external_id_passes_to_a_new_customer(
    uploads: Uploads, customers: Customers
) -> None:
    await send(uploads, {"external_id": "X1", "email": E1})

    results = await send(
        uploads, {"external_id": "", "email": E1}, {"external_id": "X1", "email": E2}
    )

    assert ["UPDATED", "CREATED"] == ends(results)
    assert {"external_id": "X1", "email": E2} == await stored(customers, "X1")


async def test_forgetting_leaves_no_personal_data_in_the_document(
    uploads: Uploads, database: Database
) -> None:
    await send(
        uploads,
        {
            "external_id": "X1",
            "email": E1,
            "first_name": "Ann",
            "country": "GB",
            "tags": ["vip"],
            "A__level": "gold",
        },
    )

    await send(uploads, {"email": E1, "is_forgotten": True})

    document = await database.customers.find_one({})
    assert document is not None
    assert State.FORGOTTEN.value == document["state"]
    assert not {"external_id", "email", "first_name", "tags", "A__level"} & set(document)
    assert not any(text in repr(document) for text in ("X1", E1, "Ann", "vip", "gold"))
    assert ("GB", False) == (document["country"], document["can_email"])


@pytest.mark.parametrize("flag", ["is_forgotten", "is_deleted"])
async def test_the_erased_stay_erased(
    uploads: Uploads, customers: Customers, database: Database, flag: str
) -> None:
    await send(uploads, {"external_id": "X1", "email": E1})
    await send(uploads, {"external_id": "X1", flag: True})

    results = await send(
        uploads, {"external_id": "X1", "city": "Turku"}, {"external_id": "X2", "email": E1}
    )

    assert ["IGNORED", "IGNORED"] == [result.status for result in results]
    assert 1 == await database.customers.count_documents({})
    assert (1 if flag == "is_forgotten" else 0) == await customers.count({})


async def test_waiting_until_all_is_durable_changes_nothing(database: Database) -> None:
    await database.meta.insert_one({"_id": "claims_key", "value": "a fingerprint"})
    before = await database.meta.find().to_list(None)

    await database.settle()

    assert before == await database.meta.find().to_list(None)


async def test_a_shared_email_reaches_every_holder(uploads: Uploads, customers: Customers) -> None:
    await send(uploads, *({"external_id": f"X{n}", "email": E1} for n in range(4)))

    await send(uploads, {"email": E1, "can_email": False})

    assert [False] * 4 == [(await stored(customers, f"X{n}"))["can_email"] for n in range(4)]


async def test_pages_cover_every_listed_customer_once(
    uploads: Uploads, customers: Customers
) -> None:
    """Forwards and backwards, newest first; many have the same moment of creation."""
    await send(uploads, *({"external_id": f"X{n}"} for n in range(23)))
    await send(uploads, {"external_id": "X3", "is_deleted": True})

    forwards: list[str] = []
    position = None
    while True:
        page = await customers.page(PageRequest(first=5, after=position), PLACE)
        assert page.has_previous == (position is not None)
        forwards += [document["_id"] for document in page.documents]
        if not page.has_next:
            break
        position = Position((page.documents[-1]["created_at"], page.documents[-1]["_id"]))
    backwards: list[str] = []
    position = None
    while True:
        page = await customers.page(PageRequest(last=5, before=position), PLACE)
        assert page.has_next == (position is not None)
        backwards = [document["_id"] for document in page.documents] + backwards
        if not page.has_previous:
            break
        position = Position((page.documents[0]["created_at"], page.documents[0]["_id"]))

    assert 22 == len(set(forwards)) == len(forwards)
    assert forwards == backwards
    assert 22 == await customers.count({})
    assert 7 == await customers.count({}, up_to=7)


async def test_beanie_reads_what_is_stored(
    uploads: Uploads, database: Database, customers: Customers
) -> None:
    """The model holds the catalogue's fields by type and company fields beside them."""
    await send(
        uploads, {"external_id": "X1", "tags": ["a"], "date_joined": "2015-01-02", "A__n": 1}
    )
    document = await database.customers.find_one({})

    model: Any = CustomerDocument.model_validate(document)

    assert ("X1", ["a"], 2015, 1) == (
        model.external_id,
        model.tags,
        model.date_joined.year,
        model.A__n,
    )


@pytest.mark.parametrize("store_name", [name for name in STORES if name != "mock"])
async def test_ten_thousand_rows_are_one_upload(uploads: Uploads, customers: Customers) -> None:
    rows = [{"external_id": str(n), "A__n": n} for n in range(10_000)]

    results = await send(uploads, *rows)

    assert {"CREATED"} == set(ends(results))
    assert 10_000 == await customers.count({})
