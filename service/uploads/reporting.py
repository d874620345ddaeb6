"""Uploads as they are taken: each leaves a report that can be read for a time, and one with an
idempotency key runs once."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from service.audit.events import NOWHERE, Origin
from service.audit.trail import Trail
from service.customers.identity import Write
from service.customers.records import Record
from service.errors import NotFound, Unavailable
from service.store.reports import KeyRecord, Reports
from service.telemetry.facts import noted
from service.telemetry.telemetry import SILENT, Telemetry
from service.uploads.fingerprints import key_digest, request_digest
from service.uploads.idempotency import FAILS, LEASE, IdempotencyKeys
from service.uploads.options import DEFAULT_OPTIONS, UploadOptions
from service.uploads.reports import name_fields, pack, unpack
from service.uploads.stopping import Stop
from service.uploads.upload import CustomerStore, UploadReport, Uploads, new_upload_id

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ReportedUploads:
    """`secret`: the key of the digests of idempotency keys. `kept_for`: how long reports are."""

    uploads: Uploads
    reports: Reports
    trail: Trail
    keys: IdempotencyKeys
    secret: bytes
    kept_for: timedelta
    stop: Stop
    telemetry: Telemetry = SILENT

    async def upload(
        self,
        rows: Sequence[object],
        options: UploadOptions = DEFAULT_OPTIONS,
        origin: Origin = NOWHERE,
    ) -> UploadReport:
        """As `Uploads.upload`, and raises IdempotencyKeyReused and IdempotencyKeyInUse; Stopping,
        of which the same holds as of StoreUnavailable. The idempotency keys of one caller mean
        nothing to another. What went in is in the audit trail when this returns."""
        with self.telemetry.uploading(len(rows)):
            async with self.stop.bounding():
                report = await self._upload(rows, options, origin)
        if report.upload_id is not None:
            noted().uploads.append(report.upload_id)
        if not report.dry_run and not report.replayed:
            self.telemetry.uploaded(Counter(result.status for result in report.results))
        return report

    async def _upload(
        self, rows: Sequence[object], options: UploadOptions, origin: Origin
    ) -> UploadReport:
        if options.dry_run:
            return await self.uploads.upload(rows, options)
        if options.idempotency_key is not None:
            return await self._once(rows, options, options.idempotency_key, origin)
        uploads, upload_id = self._on(self.stop.check), new_upload_id()
        report = await self._applied(uploads, rows, options, origin, upload_id)
        if report.upload_id is not None:
            await asyncio.gather(
                self._keep_if_possible(report, report.upload_id),
                self.trail.note_upload(origin, report.upload_id, rows, report.results),
            )
        return report

    async def _applied(
        self,
        uploads: Uploads,
        rows: Sequence[object],
        options: UploadOptions,
        origin: Origin,
        upload_id: str,
    ) -> UploadReport:
        """One that is cut is in the audit trail as such: some of its rows may be in."""
        try:
            return await uploads.upload(rows, options, upload_id)
        except Unavailable as error:
            await self.trail.note_cut(origin, upload_id, rows, error)
            raise

    def _on(self, *checks: Callable[[], None]) -> Uploads:
        """Uploads that ask before each write whether they may."""
        return replace(self.uploads, store=_CheckedStore(self.uploads.store, checks))

    async def report(self, upload_id: str) -> UploadReport:
        """Of an upload that went in. Raises NotFound."""
        packed = await self.reports.get(upload_id, self.uploads.now())
        if packed is None:
            raise NotFound
        return UploadReport(upload_id, unpack(packed), replayed=True)

    async def _once(
        self, rows: Sequence[object], options: UploadOptions, key: str, origin: Origin
    ) -> UploadReport:
        self.uploads.check_length(rows)
        held = await self.keys.take(await self._record(rows, options, _own(origin, key)))
        if not isinstance(held, KeyRecord):
            return self._replayed(*held, rows)
        async with self.keys.holding(held) as lease:
            uploads = self._on(self.stop.check, lease.check)
            report = await self._applied(uploads, rows, options, origin, held.upload_id)
            if report.upload_id is not None:
                await self.trail.note_upload(origin, report.upload_id, rows, report.results)
                await self._keep(report, report.upload_id)
        if report.upload_id is None:  # nothing went in
            await self.keys.free(lease)
        return report

    async def _record(self, rows: Sequence[object], options: UploadOptions, key: str) -> KeyRecord:
        request = await request_digest(self.secret, rows, options)
        now = self.uploads.now()
        return KeyRecord(
            id=key_digest(self.secret, key),
            request=request,
            upload_id=new_upload_id(),
            leased_until=now + LEASE,
            expires_at=now + self.kept_for,
        )

    def _replayed(self, upload_id: str, packed: bytes, rows: Sequence[object]) -> UploadReport:
        log.info("upload_replayed", id=upload_id)
        results = name_fields(unpack(packed), rows, self.uploads.rules)
        return UploadReport(upload_id, results, replayed=True)

    async def _keep(self, report: UploadReport, upload_id: str) -> None:
        """The report outlives the key that leads to it."""
        until = self.uploads.now() + self.kept_for
        await self.reports.put(upload_id, pack(report.results), until)

    async def _keep_if_possible(self, report: UploadReport, upload_id: str) -> None:
        """Its rows went in: that is what counts, and what was to be said."""
        try:
            await self._keep(report, upload_id)
        except FAILS:
            log.warning("report_not_kept", id=upload_id)


def _own(origin: Origin, key: str) -> str:
    return key if origin.key is None else f"{origin.key} {key}"


def reported(
    uploads: Uploads,
    reports: Reports,
    trail: Trail,
    kept_for: timedelta,
    stop: Stop,
    *,
    is_alone: bool = False,
    telemetry: Telemetry = SILENT,
) -> ReportedUploads:
    """`is_alone`: no other process ever uses the store at the same time."""
    secret = uploads.digester.derive("idempotency keys")
    keys = IdempotencyKeys(reports, uploads.now, is_alone=is_alone)
    return ReportedUploads(uploads, reports, trail, keys, secret, kept_for, stop, telemetry)


@dataclass(frozen=True, slots=True)
class _CheckedStore:
    """Writes nothing once one of the checks raises."""

    store: CustomerStore
    checks: Sequence[Callable[[], None]]

    async def candidates(self, digests: Iterable[str]) -> list[Record]:
        return await self.store.candidates(digests)

    async def write(self, writes: Sequence[Write]) -> list[Write]:
        for check in self.checks:
            check()
        return await self.store.write(writes)

    async def settle(self) -> None:
        await self.store.settle()
