"""Stored values of company fields: all of one field, and a sample of every field."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from bson.codec_options import CodecOptions
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError
from pymongo.read_concern import ReadConcern

from service.customers.changes import ABSENT, Value
from service.customers.fields import STORED
from service.customers.kinds import Kinds, count_kinds
from service.customers.records import State
from service.errors import StoreUnavailable
from service.store.customers import BULK
from service.store.database import Collection, Database
from service.store.id_ranges import IdRange, first_range, id_ranges

STEP = 2000
"""Customers looked at by one query."""

_SPARE = 1.1
"""Ids are spread at random: so much more than a part is read, to have that part."""

_NAIVE: CodecOptions[Any] = CodecOptions(tz_aware=False)
_LISTED = {State.LIVE.value, State.FORGOTTEN.value}
_NO_COMPANY_FIELDS = [
    *(field.name for field in STORED),
    *("rev", "keys", "claims", "marks", "created_at", "updated_at", "schema_version", "search"),
]


class Held(NamedTuple):
    """The value that a customer holds. `rev` and `state` are the customer's."""

    id: str
    rev: int
    state: State
    value: Value


class Sample(NamedTuple):
    """What was found in some customers. `is_exact`: they are all that lists show."""

    customers: int
    is_exact: bool
    kinds: dict[str, Kinds]


class CompanyValues:
    """Raises StoreUnavailable when the database does not answer in time, and QueryTooSlow when a
    query takes too long. Names of fields are held to be `PREFIX__name`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._customers: Collection = database.collection(
            "customers", codec_options=_NAIVE, read_concern=ReadConcern("local")
        )

    async def ranges(self) -> list[IdRange]:
        """That together hold all customers, each few enough for one query."""
        return id_ranges(-(-await self._estimate() // STEP))

    async def held(self, name: str, within: IdRange) -> list[Held]:
        """All values of a field in the range, as they stand now."""
        where = {**within.filter, name: {"$exists": True}}
        async with self._database.deadline() as milliseconds:
            cursor = self._customers.find(
                where, {"state": 1, "rev": 1, name: 1}, max_time_ms=milliseconds
            )
            found = await cursor.to_list(None)
        return [Held(one["_id"], one["rev"], State(one["state"]), one[name]) for one in found]

    async def replace(self, name: str, changes: Sequence[tuple[Held, Value]]) -> None:
        """Each as a compare-and-set on the customer's revision; those that lose are left as they
        are. `ABSENT` removes the value."""
        for start in range(0, len(changes), BULK):
            operations = [_change(name, *one) for one in changes[start : start + BULK]]
            async with self._database.deadline():
                try:
                    await self._database.customers.bulk_write(operations, ordered=False)
                except BulkWriteError:
                    raise StoreUnavailable from None

    async def sample(self, size: int) -> Sample:
        """Of at most so many customers, whatever fields they hold."""
        estimate = await self._estimate()
        part = size * _SPARE / max(estimate, 1)
        async with self._database.query() as milliseconds:
            cursor = self._customers.find(
                first_range(part).filter,
                dict.fromkeys(_NO_COMPANY_FIELDS, 0),
                sort=[("_id", 1)],
                limit=size + 1,
                max_time_ms=milliseconds,
            )
            found = await cursor.to_list(None)
        listed = [one for one in found[:size] if one["state"] in _LISTED]
        kinds: dict[str, Kinds] = {}
        for start in range(0, len(listed), STEP):
            _add(kinds, count_kinds(listed[start : start + STEP]))
            await asyncio.sleep(0)
        return Sample(len(listed), part >= 1 and len(found) <= size, kinds)

    async def _estimate(self) -> int:
        async with self._database.deadline() as milliseconds:
            return int(await self._customers.estimated_document_count(maxTimeMS=milliseconds))


def _change(name: str, held: Held, value: Value) -> UpdateOne:
    """Never an upsert: who is gone stays gone."""
    update: dict[str, dict[str, Any]] = {"$set": {"rev": held.rev + 1}}
    if value is ABSENT:
        update["$unset"] = {name: ""}
    else:
        update["$set"][name] = value
    return UpdateOne({"_id": held.id, "rev": held.rev}, update)


def _add(kinds: dict[str, Kinds], more: dict[str, Kinds]) -> None:
    for name, counted in more.items():
        if name in kinds:
            kinds[name] += counted
        else:
            kinds[name] = counted


def names_in(samples: Iterable[Sample]) -> set[str]:
    return {name for sample in samples for name in sample.kinds}
