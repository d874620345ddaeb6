"""The registry of company fields: what is declared of them, and which names are in use.

One document for each field that is declared or was ever uploaded. Every change of one is a
compare-and-set on its `rev`; a field that was merely uploaded has `rev` 0.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError
from pymongo.read_concern import ReadConcern

from service.customers.declared import (
    NOTHING_DECLARED,
    CompanyType,
    Declaration,
    Declarations,
    IndexState,
    TypeState,
)
from service.errors import StoreUnavailable
from service.store.database import Database
from service.store.sharing import Shared

FRESH = 1.0
"""Seconds for which what was read of the registry is used without being read again."""

LOOK = 3.0
"""Seconds that reading it may take: what is read is that old when it comes."""

MOST_NAMES = 2000
"""Names in the registry. Past it new ones are not noted, and nobody can say which are in use."""

INDEXES = 20
"""Indexes that company fields may have."""

_DUPLICATE_KEY = 11000


class Phase(StrEnum):
    """How far stored values have been brought to what is declared.

    Converting them, waiting until nobody can write under what was declared before, and converting
    what was written so meanwhile.
    """

    CONVERT = "convert"
    WAIT = "wait"
    VERIFY = "verify"


class Work(NamedTuple):
    """`token` names the declaration that it is for. `after`: the id up to which customers are
    done."""

    token: str
    phase: Phase
    after: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A field as the registry has it."""

    declaration: Declaration
    rev: int = 0
    work: Work | None = None

    @property
    def name(self) -> str:
        return self.declaration.name


class Known(NamedTuple):
    """`declared`: fields of which anything is. `names`: all that are declared or in use; None where
    that is not known."""

    declared: Declarations
    names: frozenset[str] | None


NOTHING_KNOWN = Known(NOTHING_DECLARED, None)


@dataclass(slots=True)
class CompanyFields:
    """Raises StoreUnavailable when the database does not answer in time."""

    database: Database
    clock: Callable[[], float] = time.monotonic
    latest: Known = NOTHING_KNOWN
    noted_at: float = float("-inf")
    """When a new name was noted last, by the clock."""

    _read_at: float | None = None
    _changes: int = 0
    _reading: Shared[None] = field(default_factory=Shared)

    async def known(self) -> Known:
        """As it was `FRESH` seconds before it is asked for, at most. `declared` and `names` are the
        same objects as long as nothing in them changed."""
        asked = self.clock()
        while self._read_at is None or asked - self._read_at > FRESH:
            await self._reading.once(self._read)
        return self.latest

    async def reread(self) -> Known:
        """As it is now."""
        self._forget()
        return await self.known()

    async def _read(self) -> None:
        """What was read before a change of one's own is old at once."""
        begun, changes = self.clock(), self._changes
        self._take(await self.entries())
        self._read_at = begun if changes == self._changes else None

    async def entries(self) -> dict[str, Entry]:
        """All of them, as they stand now, by name."""
        collection = self.database.collection(
            "company_fields", read_concern=ReadConcern("majority")
        )
        async with self.database.deadline(min(LOOK, self.database.timeout)) as milliseconds:
            cursor = collection.find(
                {"rev": {"$gte": 0}}, sort=[("_id", 1)], max_time_ms=milliseconds
            )
            return {found["_id"]: _entry(found) for found in await cursor.to_list(None)}

    async def entry(self, name: str) -> Entry:
        """One that nobody knows is as if nothing had been declared of it."""
        async with self.database.deadline() as milliseconds:
            found = await self._collection.find_one({"_id": name}, max_time_ms=milliseconds)
        return _entry(found) if found else Entry(Declaration(name))

    async def change(self, before: Entry, after: Entry) -> bool:
        """False where somebody else changed it meanwhile."""
        update = _update(after)
        update["$set"]["rev"] = before.rev + 1
        try:
            async with self.database.deadline():
                await self._collection.update_one(
                    {"_id": before.name, "rev": before.rev}, update, upsert=True
                )
        except DuplicateKeyError:
            return False
        finally:
            self._forget()
        return True

    async def advance(self, name: str, work: Work, then: Work | TypeState) -> bool:
        """Where the work goes on, or how it ended; false where it is no longer to be done."""
        update: dict[str, Any] = {"$inc": {"rev": 1}}
        if isinstance(then, Work):
            update["$set"] = {"work": _stored_work(then)}
        else:
            update |= {"$set": {"type_state": then.value}, "$unset": {"work": ""}}
        return await self._update({"_id": name, "work.token": work.token}, update)

    async def is_current(self, name: str, work: Work) -> bool:
        """Whether the work is still to be done."""
        entry = await self.entry(name)
        return entry.work is not None and entry.work.token == work.token

    async def tell_index(self, entry: Entry, state: IndexState) -> bool:
        """What became of the index; false where it is no longer wanted."""
        update = {"$set": {"index_state": state.value}, "$inc": {"rev": 1}}
        return await self._update({"_id": entry.name, "is_indexed": True}, update)

    async def note(self, names: Iterable[str]) -> None:
        """These are in use, from now on at the latest."""
        known = (await self.known()).names
        new = sorted(set(names).difference(known or ()))
        if known is None or not new:
            return
        new = new[: MOST_NAMES + 1 - len(known)]
        noted = [UpdateOne({"_id": one}, {"$setOnInsert": {"rev": 0}}, upsert=True) for one in new]
        async with self.database.deadline():
            try:
                await self._collection.bulk_write(noted, ordered=False)
            except BulkWriteError as error:
                _unless_all_are_there(error)
        self.latest = Known(self.latest.declared, known.union(new))
        self.noted_at = self.clock()

    async def _update(self, where: Mapping[str, Any], update: Mapping[str, Any]) -> bool:
        async with self.database.deadline():
            done = await self._collection.update_one(dict(where), update)
        self._forget()
        return bool(done.matched_count)

    def _forget(self) -> None:
        self._read_at = None
        self._changes += 1

    @property
    def _collection(self) -> Any:
        return self.database.company_fields

    def _take(self, entries: Mapping[str, Entry]) -> None:
        declared = {
            name: entry.declaration
            for name, entry in entries.items()
            if entry.declaration.is_declared
        }
        names = frozenset(entries) if len(entries) <= MOST_NAMES else None
        before = self.latest
        self.latest = Known(
            before.declared if declared == before.declared else declared,
            before.names if names == before.names else names,
        )


def _entry(found: Mapping[str, Any]) -> Entry:
    type_ = CompanyType(found.get("type", CompanyType.ANY))
    state = TypeState(found.get("type_state", TypeState.ENFORCED))
    declaration = Declaration(
        name=found["_id"],
        type=type_,
        type_state=TypeState.ENFORCED if type_ is CompanyType.ANY else state,
        description=found.get("description"),
        is_indexed=found.get("is_indexed", False),
        index_state=IndexState(found.get("index_state", IndexState.NONE)),
        is_personal=found.get("is_personal", True),
    )
    work = found.get("work")
    return Entry(
        declaration=declaration,
        rev=found["rev"],
        work=Work(work["token"], Phase(work["phase"]), work["after"]) if work else None,
    )


def _update(entry: Entry) -> dict[str, dict[str, Any]]:
    declaration = entry.declaration
    fields = {
        "type": declaration.type.value,
        "type_state": declaration.type_state.value,
        "description": declaration.description,
        "is_indexed": declaration.is_indexed,
        "index_state": declaration.index_state.value,
        "is_personal": declaration.is_personal,
        "work": entry.work and _stored_work(entry.work),
    }
    gone = {name: "" for name, value in fields.items() if value is None}
    kept = {name: value for name, value in fields.items() if value is not None}
    return {"$set": kept, "$unset": gone} if gone else {"$set": kept}


def _stored_work(work: Work) -> dict[str, str]:
    return {"token": work.token, "phase": work.phase.value, "after": work.after}


def _unless_all_are_there(error: BulkWriteError) -> None:
    details = error.details or {}
    failures = details.get("writeErrors", [])
    if details.get("writeConcernErrors") or any(
        failure.get("code") != _DUPLICATE_KEY for failure in failures
    ):
        raise StoreUnavailable from None
