"""Rule 12: an upload with an idempotency key runs once, however often it is sent."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from service.customers.identity import Write
from service.customers.policies import ErrorPolicy
from service.customers.records import Record
from service.errors import (
    IdempotencyKeyInUse,
    IdempotencyKeyInvalid,
    IdempotencyKeyReused,
    StoreUnavailable,
    TooManyRows,
)
from service.store.database import Database
from service.store.failures import StoreDefect
from service.store.reports import KeyRecord, Reports
from service.uploads.idempotency import LEASE, IdempotencyKeys, Lease
from service.uploads.options import UploadOptions
from service.uploads.reporting import ReportedUploads
from tests.mock import mock_client
from tests.uploads.making import LIMITS, NOW, Row, ends, reported_on, uploads_on
from tests.uploads.memory import MemoryStore, values

ROWS: list[Row] = [
    {"external_id": "X1", "email": "ann@example.org", "is_no_field": "Ann"},
    {"external_id": "X2", "city": "Turku"},
]
PATIENCE = 30.0
"""Seconds after which what should have ended counts as not ending."""
KEYED = UploadOptions(idempotency_key="orders of monday")


@dataclass
class Clock:
    time: datetime = NOW

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kept(store: MemoryStore, clock: Clock) -> ReportedUploads:
    return reported_on(uploads_on(store, now=clock))


class Failing(MemoryStore):
    """The database goes down at the first write."""

    fails = True

    async def write(self, writes: Sequence[Write]) -> list[Write]:
        if self.fails:
            raise StoreUnavailable
        return await super().write(writes)


class Unending(Reports):
    """The records of keys can't be changed while it is down."""

    is_down = True

    async def change(self, before: KeyRecord, after: KeyRecord) -> bool:
        if self.is_down:
            raise StoreUnavailable
        return await super().change(before, after)


class Waiting(MemoryStore):
    """Reads wait until they may go on."""

    def __init__(self) -> None:
        super().__init__()
        self.has_begun, self.may_go_on = asyncio.Event(), asyncio.Event()

    async def candidates(self, digests: Iterable[str]) -> list[Record]:
        self.has_begun.set()
        await self.may_go_on.wait()
        return await super().candidates(digests)


class TestAgain:
    async def test_the_same_upload_is_answered_as_it_was_and_changes_nothing(
        self, store: MemoryStore, kept: ReportedUploads
    ) -> None:
        """Names that are no fields come from the rows, since they are not kept."""
        first = await kept.upload(ROWS, KEYED)
        before, reads = dict(store.records), store.reads

        again = await kept.upload(ROWS, KEYED)

        assert ["REJECTED UNKNOWN_FIELD", "CREATED"] == ends(first.results)
        assert replace(first, replayed=True) == again
        assert (before, reads) == (store.records, store.reads)

    async def test_the_order_of_keys_in_a_row_says_nothing(self, kept: ReportedUploads) -> None:
        await kept.upload(ROWS, KEYED)

        again = await kept.upload(
            [{key: row[key] for key in reversed(list(row))} for row in ROWS], KEYED
        )

        assert again.replayed

    @pytest.mark.parametrize(
        "rows",
        [ROWS[:1], [*ROWS, ROWS[1]], ROWS[::-1], [{**ROWS[0], "A__n": 10**400}, ROWS[1]], []],
    )
    async def test_other_rows_with_the_same_key_are_refused(
        self, store: MemoryStore, kept: ReportedUploads, rows: list[Row]
    ) -> None:
        await kept.upload(ROWS, KEYED)
        before = dict(store.records)

        with pytest.raises(IdempotencyKeyReused):
            await kept.upload(rows, KEYED)

        assert before == store.records

    async def test_other_options_with_the_same_key_are_refused(self, kept: ReportedUploads) -> None:
        await kept.upload(ROWS, KEYED)

        with pytest.raises(IdempotencyKeyReused):
            await kept.upload(ROWS, replace(KEYED, error_policy=ErrorPolicy.IGNORE_FAILED))

    async def test_rows_that_orjson_cannot_write_are_told_apart(
        self, kept: ReportedUploads
    ) -> None:
        await kept.upload([{"external_id": "X1", "A__n": 10**400}], KEYED)

        assert (await kept.upload([{"external_id": "X1", "A__n": 10**400}], KEYED)).replayed
        with pytest.raises(IdempotencyKeyReused):
            await kept.upload([{"external_id": "X1", "A__n": 10**400 + 1}], KEYED)

    async def test_another_key_is_another_upload(self, kept: ReportedUploads) -> None:
        await kept.upload(ROWS, KEYED)

        other = await kept.upload(ROWS, UploadOptions(idempotency_key="orders of tuesday"))

        assert not other.replayed

    async def test_a_key_is_free_again_once_its_time_is_over(
        self, kept: ReportedUploads, clock: Clock
    ) -> None:
        await kept.upload(ROWS, KEYED)
        clock.time += timedelta(hours=24)

        other = await kept.upload(ROWS[1:], KEYED)

        assert ["UNCHANGED"] == ends(other.results)
        assert not other.replayed
        assert (await kept.upload(ROWS[1:], KEYED)).replayed


class TestKeys:
    @pytest.mark.parametrize("key", ["", " ", "\t\n", "x" * 256])
    def test_a_key_that_is_none_is_refused(self, key: str) -> None:
        with pytest.raises(IdempotencyKeyInvalid):
            UploadOptions(idempotency_key=key)

    @pytest.mark.parametrize("key", ["x", "x" * 255, "é", "\ud800", "\0"])
    async def test_any_text_is_a_key(self, kept: ReportedUploads, key: str) -> None:
        options = UploadOptions(idempotency_key=key)
        await kept.upload(ROWS, options)

        assert (await kept.upload(ROWS, options)).replayed

    async def test_a_dry_run_does_not_look_at_it(self, kept: ReportedUploads) -> None:
        report = await kept.upload(ROWS, UploadOptions(dry_run=True, idempotency_key=""))

        assert report.dry_run
        assert not (await kept.upload(ROWS, KEYED)).replayed


class TestAtTheSameTime:
    async def test_while_one_runs_the_others_are_told_so(self) -> None:
        store = Waiting()
        kept = reported_on(uploads_on(store))
        running = asyncio.create_task(kept.upload(ROWS, KEYED))
        await store.has_begun.wait()

        with pytest.raises(IdempotencyKeyInUse):
            await kept.upload(ROWS, KEYED)
        with pytest.raises(IdempotencyKeyReused):
            await kept.upload(ROWS[1:], KEYED)

        store.may_go_on.set()
        assert (await running).results == (await kept.upload(ROWS, KEYED)).results

    async def test_whoever_is_second_to_take_over_is_told_so(
        self, kept: ReportedUploads, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def beaten(*_: object) -> bool:
            return False

        await _crash(kept)
        clock.time += LEASE
        monkeypatch.setattr(Reports, "change", beaten)

        with pytest.raises(IdempotencyKeyInUse):
            await kept.upload(ROWS, KEYED)


class TestCutOff:
    async def test_after_a_database_that_went_down_the_upload_runs_again(self) -> None:
        store = Failing()
        kept = reported_on(uploads_on(store))
        with pytest.raises(StoreUnavailable):
            await kept.upload(ROWS, KEYED)
        store.fails = False

        report = await kept.upload(ROWS, KEYED)

        assert not report.replayed
        assert [{"external_id": "X2", "city": "Turku"}] == values(store)

    async def test_other_rows_may_not_follow_one_that_was_cut_off(self) -> None:
        """A part of the first ones may stand."""
        kept = reported_on(uploads_on(Failing()))
        with pytest.raises(StoreUnavailable):
            await kept.upload(ROWS, KEYED)

        with pytest.raises(IdempotencyKeyReused):
            await kept.upload(ROWS[1:], KEYED)

    async def test_after_a_caller_who_went_away_the_upload_runs_again(self) -> None:
        store = Waiting()
        kept = reported_on(uploads_on(store))
        running = asyncio.create_task(kept.upload(ROWS, KEYED))
        await store.has_begun.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        store.may_go_on.set()

        assert not (await kept.upload(ROWS, KEYED)).replayed

    async def test_who_crashed_keeps_the_key_until_the_lease_ends(
        self, kept: ReportedUploads, clock: Clock
    ) -> None:
        await _crash(kept)

        with pytest.raises(IdempotencyKeyInUse):
            await kept.upload(ROWS, KEYED)
        clock.time += LEASE
        assert not (await kept.upload(ROWS, KEYED)).replayed

    async def test_where_one_process_has_the_store_who_crashed_keeps_no_key(
        self, kept: ReportedUploads, clock: Clock
    ) -> None:
        """The next process takes it at once."""
        await _crash(kept)
        alone = reported_on(uploads_on(MemoryStore(), now=clock), kept.reports, is_alone=True)

        assert not (await alone.upload(ROWS, KEYED)).replayed

    async def test_where_one_process_has_the_store_who_runs_in_it_keeps_the_key(self) -> None:
        store = Waiting()
        kept = reported_on(uploads_on(store), is_alone=True)
        running = asyncio.create_task(kept.upload(ROWS, KEYED))
        await store.has_begun.wait()

        with pytest.raises(IdempotencyKeyInUse):
            await asyncio.wait_for(kept.upload(ROWS, KEYED), PATIENCE)
        store.may_go_on.set()
        assert (await running).results == (await kept.upload(ROWS, KEYED)).results

    async def test_where_one_process_has_the_store_a_key_is_free_though_nobody_could_be_told(
        self, store: MemoryStore
    ) -> None:
        """A store that went down amid an upload, and is back."""
        reports = Unending(Database(mock_client(), "reports", timeout=10))
        failing = Failing()
        kept = reported_on(uploads_on(failing), reports, is_alone=True)
        with pytest.raises(StoreUnavailable):
            await kept.upload(ROWS, KEYED)
        failing.fails = reports.is_down = False

        assert not (await kept.upload(ROWS, KEYED)).replayed

    async def test_who_lost_the_lease_writes_no_more(self, clock: Clock) -> None:
        store = Waiting()
        kept = reported_on(uploads_on(store, now=clock))
        running = asyncio.create_task(kept.upload(ROWS, KEYED))
        await store.has_begun.wait()
        clock.time += LEASE

        store.may_go_on.set()
        with pytest.raises(IdempotencyKeyInUse):
            await running
        assert {} == store.records

    async def test_an_upload_whose_report_is_not_kept_has_not_ended(
        self, store: MemoryStore
    ) -> None:
        """Sent again it would run again, so that its end may not be told."""
        kept = reported_on(uploads_on(store), Forgetful())

        with pytest.raises(StoreUnavailable):
            await kept.upload(ROWS, KEYED)


class TestRefused:
    async def test_an_upload_refused_whole_leaves_its_key_free(
        self, store: MemoryStore, kept: ReportedUploads
    ) -> None:
        whole = replace(KEYED, error_policy=ErrorPolicy.REJECT_EVERYTHING)
        refused = await kept.upload(ROWS, whole)

        mended = await kept.upload(ROWS[1:], whole)

        assert refused.upload_id is None
        assert ["CREATED"] == ends(mended.results)

    async def test_too_many_rows_leave_the_key_free(self, kept: ReportedUploads) -> None:
        with pytest.raises(TooManyRows):
            await kept.upload(ROWS * LIMITS.rows, KEYED)

        assert not (await kept.upload(ROWS, KEYED)).replayed


class Forgetful(Reports):
    """Keeps keys, and no reports."""

    def __init__(self) -> None:
        kept = reported_on(uploads_on(MemoryStore())).reports
        super().__init__(kept.database)

    async def put(self, *_: Any) -> None:
        raise StoreUnavailable


async def _crash(kept: ReportedUploads) -> None:
    """As one who is not heard of any more."""
    wanted = await kept._record(ROWS, KEYED, str(KEYED.idempotency_key))
    assert wanted == await kept.keys.take(wanted)


class TestLease:
    @pytest.fixture
    async def lease(self, kept: ReportedUploads, clock: Clock) -> Lease:
        await _crash(kept)
        record = await kept._record(ROWS, KEYED, str(KEYED.idempotency_key))
        ours = await kept.reports.claim(record)
        assert ours is not None
        return Lease(ours, kept.reports, clock, asyncio.sleep)

    async def test_renewing_moves_its_end(self, lease: Lease, clock: Clock) -> None:
        clock.time += LEASE / 2
        await lease.renew()
        clock.time += LEASE / 2

        lease.check()

    async def test_a_lease_is_over_at_its_end(self, lease: Lease, clock: Clock) -> None:
        clock.time += LEASE

        with pytest.raises(IdempotencyKeyInUse):
            lease.check()

    async def test_a_lease_that_another_run_took_is_lost(
        self, lease: Lease, kept: ReportedUploads
    ) -> None:
        other = replace(lease.record, upload_id="u.other", rev=2)
        assert await kept.reports.change(lease.record, other)

        await lease.renew()

        with pytest.raises(IdempotencyKeyInUse):
            lease.check()

    async def test_a_renewal_whose_answer_was_lost_counts(
        self, lease: Lease, kept: ReportedUploads
    ) -> None:
        assert await kept.reports.change(lease.record, lease.record)

        await lease.renew()

        lease.check()

    @pytest.mark.parametrize("failure", [StoreUnavailable(), StoreDefect("NotMaster 1")])
    async def test_a_renewal_that_fails_is_tried_again(
        self, lease: Lease, monkeypatch: pytest.MonkeyPatch, failure: Exception
    ) -> None:
        """And does not end the run that it is for."""
        tried, enough = 0, asyncio.Event()

        async def fails(*_: object) -> bool:
            nonlocal tried
            tried += 1
            if tried == 2:
                enough.set()
            raise failure

        monkeypatch.setattr(Reports, "change", fails)
        monkeypatch.setattr(lease, "pause", lambda _: asyncio.sleep(0))
        keeping = asyncio.create_task(lease.keep())
        await enough.wait()
        await lease.stop(keeping)
        await lease.end()

        lease.check()

    async def test_it_is_renewed_as_long_as_the_run_goes_on(
        self, kept: ReportedUploads, clock: Clock
    ) -> None:
        passed, enough = 0, asyncio.Event()

        async def pause(seconds: float) -> None:
            nonlocal passed
            passed += 1
            if passed > 10:
                enough.set()
                await asyncio.Event().wait()
            clock.time += timedelta(seconds=seconds)

        keys = IdempotencyKeys(kept.reports, clock, pause)
        wanted = await kept._record(ROWS, KEYED, str(KEYED.idempotency_key))
        taken = await keys.take(wanted)
        assert isinstance(taken, KeyRecord)
        async with keys.holding(taken) as lease:
            await enough.wait()
            lease.check()

        assert clock.time - NOW > LEASE
