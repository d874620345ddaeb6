"""The use case: rows go in, by the rules, and each gets a result."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

import structlog

from service.customers.digests import Digester
from service.customers.identity import Resolution, Write, resolve
from service.customers.plans import RowResult, Terms, UploadStatus
from service.customers.records import Record
from service.customers.rows import Row, read_row
from service.customers.values import ReadingRules
from service.customers.view import torn
from service.errors import ErrorCode, Fault, TooManyRows
from service.settings import Settings

log = structlog.get_logger()

__all__ = ["CustomerStore", "RowResult", "UploadReport", "UploadStatus", "Uploads"]

SLICE = 1000
"""Rows resolved at a time: what bounds the memory that an upload takes."""

MAX_READS = 5
"""How often torn or ambiguous candidates are read before their rows are refused."""


class CustomerStore(Protocol):
    """What uploads need of a store; `service.store.customers.Customers` is it."""

    async def candidates(self, digests: Iterable[str]) -> list[Record]: ...

    async def write(self, writes: Sequence[Write]) -> list[Write]: ...


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


@dataclass(frozen=True, slots=True)
class Uploads:
    store: CustomerStore
    digester: Digester
    rules: ReadingRules
    limits: Limits
    new_id: Callable[[], str] = _new_id
    now: Callable[[], datetime] = _now

    async def upload(self, rows: Sequence[object]) -> UploadReport:
        """Applies the rows in their order. A bad row is refused, the others go in.

        Raises TooManyRows, and StoreUnavailable: rows that went in stay in, no customer is half
        written, and the upload can be sent again.
        """
        if len(rows) > self.limits.rows:
            raise TooManyRows(len(rows), self.limits.rows)
        results: list[RowResult] = []
        for start in range(0, len(rows), SLICE):
            part = [
                read_row(index, row, self.rules)
                for index, row in enumerate(rows[start : start + SLICE], start)
            ]
            results += await _Slice(self, part).run()
        return _report(results)

    def terms(self) -> Terms:
        return Terms(
            digester=self.digester,
            now=self.now(),
            new_id=self.new_id,
            keeps=self.limits.keeps,
            max_holders=self.limits.holders,
            max_company_fields=self.limits.company_fields,
        )


@dataclass(slots=True)
class _Slice:
    """A run of rows, in as many rounds as their order needs."""

    upload: Uploads
    rows: list[Row]
    results: dict[int, RowResult] = field(default_factory=dict)

    async def run(self) -> list[RowResult]:
        for row in self.rows:
            if row.faults:
                self._refuse(row.index, *row.faults)
        pending = [row for row in self.rows if not row.faults]
        while pending:
            pending = await self._round(pending)
        return [self.results[row.index] for row in self.rows]

    async def _round(self, rows: list[Row]) -> list[Row]:
        """Reads, resolves and writes; returns the rows held back."""
        resolution = await self._resolve(rows)
        if resolution is None:
            for row in rows:
                self._refuse(row.index, Fault(ErrorCode.CONFLICT))
            return []
        lost = await self.upload.store.write(resolution.writes)
        self.results |= {result.index: result for result in resolution.results}
        self._conflict(lost)
        return resolution.held

    def _conflict(self, lost: Sequence[Write]) -> None:
        """Their rows are refused; customers that were to be created are nobody."""
        never = {write.after.id for write in lost if write.before.rev == 0}
        for index in {index for write in lost for index in write.rows}:
            self._refuse(index, Fault(ErrorCode.CONFLICT))
            result = self.results[index]
            known = tuple(found for found in result.customer_ids if found not in never)
            self.results[index] = replace(result, customer_ids=known)

    async def _resolve(self, rows: list[Row]) -> Resolution | None:
        """None when no two reads agreed. An ambiguity counts once two do: a torn read shows
        false ones."""
        terms = self.upload.terms()
        before: dict[str, int] | None = None
        for _ in range(MAX_READS):
            records, is_torn = await self._read(rows)
            if is_torn:
                continue
            resolution = resolve(rows, records, terms)
            if not resolution.is_ambiguous or _revisions(records) == before:
                return resolution
            before = _revisions(records)
        return None

    async def _read(self, rows: list[Row]) -> tuple[list[Record], bool]:
        """Candidates, and whether they can't have stood so at one moment.

        Erasing takes a number for every identifier that the record holds, so whoever ever held
        one of those must be known as well.
        """
        digester, store = self.upload.digester, self.upload.store
        digests = {digest for row in rows for digest in digester.of(row.identifiers).values()}
        records = await store.candidates(digests)
        if any(row.forget or row.delete for row in rows):
            held = (digester.of(record.values).values() for record in records)
            digests = digests.union(*held)
            records = await store.candidates(digests)
        return records, bool(torn(records, digester, digests))

    def _refuse(self, index: int, *faults: Fault) -> None:
        result = self.results.get(index) or RowResult(index, UploadStatus.REJECTED)
        self.results[index] = replace(result, status=UploadStatus.REJECTED, faults=faults)


def _report(results: list[RowResult]) -> UploadReport:
    """The log knows the upload by its id, and how many rows ended how."""
    upload_id = f"u.{secrets.token_urlsafe(16)}"
    ended = Counter(result.status.value.lower() for result in results)
    log.info("upload", id=upload_id, rows=len(results), **ended)
    return UploadReport(upload_id, results)


def _revisions(records: Iterable[Record]) -> dict[str, int]:
    return {record.id: record.rev for record in records}
