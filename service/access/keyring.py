"""The keys: who has one, and how they are made, exchanged and ended."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from service.access.callers import ApiKey, Caller, caller_with
from service.access.scopes import Scope
from service.access.secrets import PresentedKey, digest, is_secret_of, new_key, read_key
from service.errors import NotFound, Unauthenticated
from service.store.api_keys import ApiKeys

FRESH = 5.0
"""Seconds for which what is stored of a key is taken to hold: a key that is revoked ends within
them, in every process."""

NOTED = timedelta(minutes=5)
"""How exactly the last use of a key is kept."""

MOST_KNOWN = 1024
"""Keys that a process remembers."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _Known:
    """A key as it was stored when it was looked up."""

    caller: Caller
    digest: bytes
    until: float
    """By the monotonic clock."""
    ends_at: float
    """Seconds since the epoch; infinite where it does not end."""


@dataclass(frozen=True, slots=True)
class Keyring:
    keys: ApiKeys
    now: Callable[[], datetime] = _now
    clock: Callable[[], float] = time.monotonic
    _known: OrderedDict[str, _Known] = field(default_factory=OrderedDict)

    async def caller(self, presented: str) -> Caller:
        """Whoever has the key. Raises Unauthenticated, without a word of why."""
        key = read_key(presented)
        if key is None:
            raise Unauthenticated
        known = self._known.get(key.public_id)
        looked_up = known is None or known.until < self.clock()
        if looked_up:
            known = await self._look_up(key.public_id)
        if not is_secret_of(known.digest if known else None, key.secret) or known is None:
            raise Unauthenticated
        if known.ends_at <= self.now().timestamp():
            raise Unauthenticated
        if looked_up:
            await self._note_use(known.caller)
        return known.caller

    async def make(
        self,
        name: str,
        scopes: Iterable[Scope],
        readable_fields: Iterable[str] | None = None,
        lifetime: timedelta | None = None,
    ) -> PresentedKey:
        """A new key; its secret is to be had here and never again."""
        now = self.now()
        made = new_key()
        document: dict[str, Any] = {
            "_id": made.public_id,
            "name": name,
            "digest": digest(made.secret),
            "scopes": sorted(scopes),
            "created_at": now,
        }
        if readable_fields is not None:
            document["readable_fields"] = sorted(readable_fields)
        if lifetime is not None:
            document["ends_at"] = now + lifetime
        await self.keys.insert(document)
        return made

    async def all(self) -> list[ApiKey]:
        """The oldest first, those that ended too."""
        return [key_of(one) for one in await self.keys.all()]

    async def usable(self) -> list[ApiKey]:
        now = self.now()
        return [key for key in await self.all() if key.expires_at is None or key.expires_at > now]

    async def rotate(self, public_id: str, overlap: timedelta) -> PresentedKey:
        """A new key with the rights of an old one, which ends once the overlap is over; the new one
        lives as long as the old one was made to. Raises NotFound."""
        old = await self.find(public_id)
        lifetime = old.expires_at - old.created_at if old.expires_at else None
        made = await self.make(old.name, old.scopes, old.readable_fields, lifetime)
        await self.keys.end(public_id, self.now() + overlap)
        return made

    async def revoke(self, public_id: str) -> None:
        """It ends now. Raises NotFound."""
        if not await self.keys.end(public_id, self.now()):
            raise NotFound

    async def find(self, public_id: str) -> ApiKey:
        """Raises NotFound."""
        found = await self.keys.get(public_id)
        if found is None:
            raise NotFound
        return key_of(found)

    async def _look_up(self, public_id: str) -> _Known | None:
        """What is not there is not remembered: a key that is made now works now."""
        found = await self.keys.get(public_id)
        if found is None:
            self._known.pop(public_id, None)
            return None
        key = key_of(found)
        ends_at = key.expires_at.timestamp() if key.expires_at else float("inf")
        known = _Known(caller_with(key), found["digest"], self.clock() + FRESH, ends_at)
        self._known[public_id] = known
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return known

    async def _note_use(self, caller: Caller) -> None:
        key, now = caller.key, self.now()
        if key and (key.last_used_at is None or now - key.last_used_at > NOTED):
            await self.keys.note_use(key.public_id, now)


def key_of(document: dict[str, Any]) -> ApiKey:
    readable = document.get("readable_fields")
    return ApiKey(
        public_id=document["_id"],
        name=document["name"],
        scopes=frozenset(map(Scope, document["scopes"])),
        readable_fields=None if readable is None else frozenset(readable),
        created_at=document["created_at"],
        expires_at=document.get("ends_at"),
        last_used_at=document.get("last_used_at"),
    )
