"""The audit trail: an event for what was done, durable before it is acknowledged."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from service.audit.events import Action, Event, Origin
from service.customers.plans import RowResult, UploadStatus
from service.customers.rows import erasure_of
from service.errors import ErrorCode, ServiceError, StoreUnavailable
from service.store.audit import AuditLog
from service.store.failures import StoreDefect

log = structlog.get_logger()

ID_PREFIX = "a."

MOST_DENIED = 60
"""Refusals a minute that are written down; the log has the others, and the trail how many."""

_DONE = frozenset({UploadStatus.CREATED, UploadStatus.UPDATED})


def _now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


@dataclass(slots=True)
class Trail:
    """`kept_for`: how long events are. `reads`: whether reading is written down too."""

    log: AuditLog
    kept_for: timedelta
    reads: bool = False
    now: Callable[[], datetime] = _now
    _minute: int = 0
    _denied: int = 0

    async def note(self, action: Action, origin: Origin, **facts: Any) -> None:
        """What was done. Raises StoreUnavailable: it is done, and must not be acknowledged."""
        await self.log.insert([self._event(action, origin, **facts)])

    async def note_upload(
        self, origin: Origin, upload_id: str, rows: Sequence[object], results: Sequence[RowResult]
    ) -> None:
        """An upload that went in, and how many rows of it forgot and deleted. Raises as `note`."""
        ended = Counter(result.status.value.lower() for result in results)
        counts = {Action.UPLOAD: {"rows": len(results), **ended}}
        counts |= {action: {"rows": erased} for action, erased in _erased(rows, results).items()}
        await self.log.insert(
            [
                self._event(action, origin, upload_id=upload_id, counts=counted)
                for action, counted in counts.items()
            ]
        )

    async def note_cut(
        self, origin: Origin, upload_id: str, rows: Sequence[object], error: ServiceError
    ) -> None:
        """An upload that was not acknowledged, of which some rows may be in, and what they would
        have erased; unless the store takes nothing any more."""
        meant = Counter(action for row in rows for action in _actions(row))
        facts = {"upload_id": upload_id, "error": error.code}
        events = [self._event(action, origin, **facts) for action in (Action.UPLOAD, *meant)]
        try:
            await self.log.insert(events)
        except (StoreUnavailable, StoreDefect):
            log.warning("cut_upload_not_written_down", id=upload_id)

    async def note_denied(self, origin: Origin, error: ServiceError) -> None:
        """A refusal for want of a key or a right, unless too many were before it. That it can't be
        written down fails no more than is refused already."""
        now = self.now()
        minute = int(now.timestamp()) // 60
        if minute != self._minute:
            self._minute, self._denied = minute, 0
        self._denied += 1
        if self._denied > MOST_DENIED:
            return
        try:
            await self.note(Action.DENIED, origin, error=error.code)
        except (StoreUnavailable, StoreDefect):
            log.warning("denial_not_written_down", code=error.code)

    def _event(self, action: Action, origin: Origin, **facts: Any) -> dict[str, Any]:
        at = self.now()
        known = {
            "key": origin.key,
            "address": origin.address,
            "operation": origin.operation,
            **facts,
        }
        return {
            "_id": f"{ID_PREFIX}{secrets.token_urlsafe(16)}",
            "at": at,
            "action": action.value,
            **{name: value for name, value in known.items() if value is not None},
            "expires_at": at + self.kept_for,
        }


def _erased(rows: Sequence[object], results: Sequence[RowResult]) -> Counter[Action]:
    """How many rows forgot and deleted somebody."""
    found: Counter[Action] = Counter()
    for row, result in zip(rows, results, strict=True):
        if result.status in _DONE:
            found.update(_actions(row))
    return found


def _actions(row: object) -> Iterator[Action]:
    """What it would do to people. Deletion is more than forgetting, and stands for both."""
    forgets, deletes = erasure_of(row)
    if deletes:
        yield Action.DELETE
    elif forgets:
        yield Action.FORGET


def event_of(document: Mapping[str, Any]) -> Event:
    error = document.get("error")
    return Event(
        id=document["_id"],
        at=document["at"],
        action=Action(document["action"]),
        key=document.get("key"),
        address=document.get("address"),
        operation=document.get("operation"),
        error=None if error is None else ErrorCode(error),
        upload_id=document.get("upload_id"),
        about=document.get("about"),
        counts=document.get("counts", {}),
    )
