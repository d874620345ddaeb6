"""The use case: rows go in, by the rules, and each gets a result."""

import asyncio
import random
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

import structlog

from service.customers.declared import NOTHING_DECLARED, Declarations, not_personal
from service.customers.digests import Digester
from service.customers.plans import RowResult, Terms, UploadStatus
from service.customers.rows import read_row
from service.customers.values import ReadingRules
from service.errors import Fault, TooManyRows
from service.settings import Settings
from service.uploads.foresight import foresee, is_refused, refuse_all
from service.uploads.options import DEFAULT_OPTIONS, UploadOptions
from service.uploads.parts import NoRegistry, Part, Registry
from service.uploads.rounds import STEP, CustomerStore, Rounds

log = structlog.get_logger()

__all__ = ["CustomerStore", "RowResult", "UploadReport", "UploadStatus", "Uploads"]

SLICE = 1000
"""Rows resolved at a time: what bounds the memory that an upload takes."""

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
"""Seconds, at most, that a row waits after it lost its first race, and after it lost many."""


@dataclass(frozen=True, slots=True)
class UploadReport:
    """`results` has one entry for each row, in their order; empty where `faults` refused all.

    `upload_id`: None where nothing was applied. `replayed`: what an earlier upload came to.
    """

    upload_id: str | None
    results: list[RowResult]
    faults: tuple[Fault, ...] = ()
    dry_run: bool = False
    replayed: bool = False


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


def new_upload_id() -> str:
    return f"u.{secrets.token_urlsafe(16)}"


def _new_id() -> str:
    return f"c.{secrets.token_urlsafe(16)}"


def _now() -> datetime:
    """To the millisecond, which is what MongoDB keeps."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


async def pause_at_random(failures: int) -> None:
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
    pause: Callable[[int], Awaitable[None]] = pause_at_random
    registry: Registry = field(default_factory=NoRegistry)

    async def upload(
        self,
        rows: Sequence[object],
        options: UploadOptions = DEFAULT_OPTIONS,
        upload_id: str | None = None,
    ) -> UploadReport:
        """Applies the rows in their order. A bad row is refused, the others go in, unless the
        options say otherwise; of those, the idempotency key is not looked at here.

        Raises TooManyRows, and StoreUnavailable: rows that went in stay in, no customer is half
        written, and the upload can be sent again.
        """
        self.check_length(rows)
        parts = self._parts(rows)
        if options.looks_ahead:
            read = [part async for part in parts]
            foreseen = await self._foresee(read, options)
            if options.dry_run or is_refused(foreseen, options.error_policy):
                return _not_applied(foreseen, options)
            parts = _again(read)
        results: list[RowResult] = []
        async for part in parts:
            terms = partial(self.terms, options)
            results += await Rounds(self.store, terms, self.pause, part).run()
        return _applied(results, upload_id or new_upload_id())

    def check_length(self, rows: Sequence[object]) -> None:
        if len(rows) > self.limits.rows:
            raise TooManyRows(self.limits.rows)

    async def _parts(self, rows: Sequence[object]) -> AsyncIterator[Part]:
        """The rows as they are read, a part at a time."""
        for start in range(0, len(rows), SLICE):
            rules = await self.reading_rules()
            part = Part(rows, rules, self.registry, [])
            for index, row in enumerate(rows[start : start + SLICE], start):
                part.rows.append(read_row(index, row, rules))
                if len(part.rows) % STEP == 0:
                    await asyncio.sleep(0)
            yield part

    async def reading_rules(self) -> ReadingRules:
        """With what is declared of company fields."""
        return replace(self.rules, declared=(await self.registry.known()).declared)

    async def _foresee(self, parts: Sequence[Part], options: UploadOptions) -> list[RowResult]:
        declared = parts[-1].declared if parts else NOTHING_DECLARED
        rows = [row for part in parts for row in part.rows]
        return await foresee(self.store, rows, self.terms(options, declared))

    def terms(
        self,
        options: UploadOptions = DEFAULT_OPTIONS,
        declared: Declarations = NOTHING_DECLARED,
    ) -> Terms:
        return Terms(
            digester=self.digester,
            now=self.now(),
            new_id=self.new_id,
            keeps=self.limits.keeps | not_personal(declared),
            max_holders=self.limits.holders,
            max_company_fields=self.limits.company_fields,
            error_policy=options.error_policy,
            on_multiple_matches=options.on_multiple_matches,
        )


async def _again(read: list[Part]) -> AsyncIterator[Part]:
    for part in read:
        yield part


def _applied(results: list[RowResult], upload_id: str) -> UploadReport:
    """The log knows the upload by its id, and how many rows ended how."""
    log.info("upload", id=upload_id, rows=len(results), **_ended(results))
    return UploadReport(upload_id, results)


def _not_applied(foreseen: list[RowResult], options: UploadOptions) -> UploadReport:
    if is_refused(foreseen, options.error_policy):
        foreseen = refuse_all(foreseen)
    event = "dry_run" if options.dry_run else "upload_refused"
    log.info(event, rows=len(foreseen), **_ended(foreseen))
    return UploadReport(None, foreseen, dry_run=options.dry_run)


def _ended(results: Iterable[RowResult]) -> Counter[str]:
    return Counter(result.status.value.lower() for result in results)
