"""The use case: rows go in, by the rules, and each gets a result."""

import asyncio
import random
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from service.customers.digests import Digester
from service.customers.plans import RowResult, Terms, UploadStatus
from service.customers.rows import read_row
from service.customers.values import ReadingRules
from service.errors import Fault, TooManyRows
from service.settings import Settings
from service.uploads.rounds import STEP, CustomerStore, Rounds

log = structlog.get_logger()

__all__ = ["CustomerStore", "RowResult", "UploadReport", "UploadStatus", "Uploads"]

SLICE = 1000
"""Rows resolved at a time: what bounds the memory that an upload takes."""

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
"""Seconds, at most, that a row waits after it lost its first race, and after it lost many."""


@dataclass(frozen=True, slots=True)
class UploadReport:
    """`results` has one entry for each row, in their order; empty where `faults` refused all."""

    upload_id: str | None
    results: list[RowResult]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """`keeps`: what survives forgetting. `rows`: most rows in one upload."""

    rows: int
    holders: int
    company_fields: int
    keeps: frozenset[str]

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        return cls(
            rows=settings.max_upload_rows,
            holders=settings.max_holders,
            company_fields=settings.max_company_fields,
            keeps=settings.forgotten_keeps,
        )


def _new_id() -> str:
    return f"c.{secrets.token_urlsafe(16)}"


def _now() -> datetime:
    """To the millisecond, which is what MongoDB keeps."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


async def _pause(failures: int) -> None:
    """The more often a row lost, the longer it may wait: at random, so that those who met once
    do not meet again."""
    await asyncio.sleep(random.uniform(0, min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE)))  # noqa: S311  # no secret


@dataclass(frozen=True, slots=True)
class Uploads:
    store: CustomerStore
    digester: Digester
    rules: ReadingRules
    limits: Limits
    new_id: Callable[[], str] = _new_id
    now: Callable[[], datetime] = _now
    pause: Callable[[int], Awaitable[None]] = _pause

    async def upload(self, rows: Sequence[object]) -> UploadReport:
        """Applies the rows in their order. A bad row is refused, the others go in.

        Raises TooManyRows, and StoreUnavailable: rows that went in stay in, no customer is half
        written, and the upload can be sent again.
        """
        if len(rows) > self.limits.rows:
            raise TooManyRows(self.limits.rows)
        results: list[RowResult] = []
        for start in range(0, len(rows), SLICE):
            results += await self._slice(start, rows[start : start + SLICE])
        return _report(results)

    async def _slice(self, start: int, part: Sequence[object]) -> list[RowResult]:
        rows = []
        for index, row in enumerate(part, start):
            rows.append(read_row(index, row, self.rules))
            if len(rows) % STEP == 0:
                await asyncio.sleep(0)
        return await Rounds(self.store, self.terms, self.pause, rows).run()

    def terms(self) -> Terms:
        return Terms(
            digester=self.digester,
            now=self.now(),
            new_id=self.new_id,
            keeps=self.limits.keeps,
            max_holders=self.limits.holders,
            max_company_fields=self.limits.company_fields,
        )


def _report(results: list[RowResult]) -> UploadReport:
    """The log knows the upload by its id, and how many rows ended how."""
    upload_id = f"u.{secrets.token_urlsafe(16)}"
    ended = Counter(result.status.value.lower() for result in results)
    log.info("upload", id=upload_id, rows=len(results), **ended)
    return UploadReport(upload_id, results)
