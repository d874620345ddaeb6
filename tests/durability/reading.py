"""The store as queries find it: whole, by every index, and whatever of the erased is left in it."""

import re
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

from pymongo import IndexModel

from service.customers.view import torn
from service.store.customers import Customers
from service.store.database import Database, open_database
from service.store.documents import EMBEDDED_INDEXES, READING_INDEXES
from tests.durability.checking import Document, Finding, findings
from tests.durability.ledger import Ledger
from tests.races.load import person
from tests.simulation.promises import Broken, check_numbers
from tests.uploads.making import DIGESTER

CHUNK = 500
STATES = ("live", "forgotten", "deleted")


async def check(uri: str, name: str, ledger: Ledger) -> list[Finding]:
    """Everything that is wrong. Nobody may write meanwhile."""
    async with _open(uri, name) as database:
        documents = [one async for one in database.customers.find({})]
        return [
            *findings(ledger, documents),
            *await _identity(database, documents),
            *await _indexes(database, documents),
            *await _left(database, ledger, documents),
        ]


@asynccontextmanager
async def _open(uri: str, name: str) -> AsyncIterator[Database]:
    database = await open_database(uri, name, timeout=30)
    yield database
    await database.close()


async def _identity(database: Database, documents: Sequence[Document]) -> list[Finding]:
    """By the service's own reads: what they find by keys is what stands, without a gap."""
    digests = list({key for document in documents for key in document["keys"]})
    records = await Customers(database, DIGESTER).candidates(digests)
    found: list[Finding] = []
    if len(records) != len(documents):
        found.append(Finding("identity", f"{len(documents)} stand, {len(records)} are found"))
    if gaps := torn(records, DIGESTER, digests):
        found.append(Finding("identity", f"{len(gaps)} identifiers with gaps or two owners"))
    try:
        check_numbers(records)
    except Broken as broken:
        found.append(Finding("identity", str(broken)))
    return found


async def _indexes(database: Database, documents: Sequence[Document]) -> list[Finding]:
    """What is read by an index is what a look through all customers finds."""
    found: list[Finding] = []
    for name in ("keys", "claims"):
        held = sorted((value, one["_id"]) for one in documents for value in one[name])
        by_index = [pair async for pair in _by_members(database, name, held)]
        if held != sorted(by_index):
            found.append(Finding("identity", f"the index {name} finds others than stand"))
    for index in READING_INDEXES:
        for state in STATES:
            if not await _lists_all(database, index, state, documents):
                found.append(Finding("identity", f"the index {index.document['name']}: {state}"))
    for one in documents[:: max(len(documents) // 100, 1)]:
        for index in EMBEDDED_INDEXES:
            where = {field: one[field] for field in index.document["key"]}
            if await database.customers.find_one(where) != one:
                found.append(Finding("identity", f"the index {index.document['name']}"))
    return found


async def _by_members(
    database: Database, name: str, held: Sequence[tuple[str, str]]
) -> AsyncIterator[tuple[str, str]]:
    values = list(dict.fromkeys(value for value, _ in held))
    for start in range(0, len(values), CHUNK):
        chunk = set(values[start : start + CHUNK])
        async for one in database.customers.find({name: {"$in": list(chunk)}}, {name: 1}):
            for value in chunk.intersection(one[name]):
                yield value, one["_id"]


async def _lists_all(
    database: Database, index: IndexModel, state: str, documents: Sequence[Document]
) -> bool:
    """An index of members lists whoever has several of them several times, or once."""
    listed = database.customers.find({"state": state}, {"_id": 1}).sort(
        list(index.document["key"].items())
    )
    return {one["_id"] async for one in listed} == {
        one["_id"] for one in documents if one["state"] == state
    }


async def _left(
    database: Database, ledger: Ledger, documents: Sequence[Document]
) -> Iterable[Finding]:
    """What a query of whatever collection still shows of those who were erased."""
    erased = {key for one in documents if one["state"] != "live" for key in one["keys"]}
    live = {key for one in documents if one["state"] == "live" for key in one["keys"]}
    gone = {
        value: number
        for number in ledger.people()
        for name, value in person(number).items()
        if DIGESTER.digest(name, str(value)) in erased - live
    }
    found = []
    async for where, text in _texts(database):
        left = sorted({gone[value] for value in _identifiers(text) if value in gone})
        if left:
            found.append(Finding("erasure", f"{where} still tells of {len(left)} erased"))
    return found


async def _texts(database: Database) -> AsyncIterator[tuple[str, str]]:
    """Each collection of each database, as text."""
    for name in await database.client.list_database_names():
        one = database.client.get_database(name)
        for collection in await one.list_collection_names():
            documents = [repr(document) async for document in one[collection].find({})]
            yield f"{name}.{collection}", "\n".join(documents)


def _identifiers(text: str) -> set[str]:
    """As `person` makes them."""
    made = r"'X\d+'|\be\d+@example\.org|\+4477571\d{5}"
    return {found.strip("'") for found in re.findall(made, text)}
