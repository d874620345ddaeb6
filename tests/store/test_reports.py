"""Reports and idempotency keys as they are kept, on each store."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from service.store import reports as stored
from service.store.reports import KeyRecord, Reports

NOW = datetime.now(UTC).replace(microsecond=0)  # what has expired the stores remove
LATER = NOW + timedelta(hours=1)
RECORD = KeyRecord("k.1", "rows", "u.1", NOW, LATER)


async def test_a_report_is_kept_until_it_expires(reports: Reports) -> None:
    await reports.put("u.1", b"report", LATER)

    assert b"report" == await reports.get("u.1", NOW)
    assert await reports.get("u.1", LATER) is None


@pytest.mark.parametrize("unknown", ["u.2", "k.1", "u.1/1", "", "\0", "\ud800"])
async def test_what_is_no_report_is_not_there(reports: Reports, unknown: str) -> None:
    await reports.put("u.1", b"report", LATER)
    await reports.claim(RECORD)

    assert await reports.get(unknown, NOW) is None


async def test_a_report_too_large_for_a_document_is_kept_whole(
    reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "PART", 3)

    await reports.put("u.1", b"report", LATER)
    await reports.put("u.2", b"reports", LATER)

    assert [b"report", b"reports"] == [await reports.get(one, NOW) for one in ("u.1", "u.2")]


async def test_a_key_is_claimed_once_and_later_comers_are_told_by_whom(reports: Reports) -> None:
    other = replace(RECORD, upload_id="u.2", request="others")

    assert await reports.claim(RECORD) is None
    assert RECORD == await reports.claim(other)


async def test_of_many_who_claim_a_key_at_once_one_has_it(reports: Reports) -> None:
    claims = [reports.claim(replace(RECORD, upload_id=f"u.{n}")) for n in range(16)]

    found = await asyncio.gather(*claims)

    standing = [record for record in found if record is not None]
    winner = found.index(None)
    assert 15 == len(standing)
    assert {f"u.{winner}"} == {record.upload_id for record in standing}


async def test_of_many_who_change_a_record_at_once_one_does(reports: Reports) -> None:
    await reports.claim(RECORD)
    changes = [reports.change(RECORD, replace(RECORD, upload_id=f"u.{n}")) for n in range(2, 18)]

    done = await asyncio.gather(*changes)

    changed = replace(RECORD, upload_id=f"u.{done.index(True) + 2}", rev=2)
    assert 1 == done.count(True)
    assert changed == await reports.claim(RECORD)


async def test_a_record_that_was_changed_is_not_dropped(reports: Reports) -> None:
    await reports.claim(RECORD)
    await reports.change(RECORD, RECORD)

    await reports.drop(RECORD)

    assert await reports.claim(RECORD) is not None


async def test_a_key_that_was_dropped_is_free(reports: Reports) -> None:
    await reports.claim(RECORD)

    await reports.drop(RECORD)

    assert await reports.claim(RECORD) is None
