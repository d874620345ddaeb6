"""The same idempotency key at the same time from several programs, on real stores."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from service.errors import IdempotencyKeyInUse
from service.store.customers import Customers
from service.store.reports import Reports
from service.uploads.options import UploadOptions
from service.uploads.reporting import ReportedUploads
from service.uploads.upload import UploadReport
from tests.conftest import STORES
from tests.uploads.making import LIMITS, Row, reported_on, uploads_on

pytestmark = pytest.mark.parametrize("store_name", [name for name in STORES if name != "mock"])

PROGRAMS = 8
KEYED = UploadOptions(idempotency_key="orders of monday")
MOVES: list[Row] = [
    {"email": "e1@example.org", "first_name": "Ann"},
    {"external_id": "X1", "email": "e2@example.org"},
]
"""Applied twice it makes two customers: the second time nobody is found by the first address."""


def program(customers: Customers, reports: Reports, name: int) -> ReportedUploads:
    ids = iter(f"c.{name}.{n}" for n in range(100))
    uploads = uploads_on(customers, new_id=lambda: next(ids), now=lambda: datetime.now(UTC))
    return reported_on(replace(uploads, limits=replace(LIMITS, rows=100)), reports)


async def sent_until_answered(one: ReportedUploads) -> UploadReport:
    while True:
        try:
            return await one.upload(MOVES, KEYED)
        except IdempotencyKeyInUse:
            await asyncio.sleep(0)


async def test_one_runs_and_all_have_its_report(customers: Customers, reports: Reports) -> None:
    await program(customers, reports, 0).upload([{"external_id": "X1", "email": "e1@example.org"}])

    answers = await asyncio.gather(
        *(sent_until_answered(program(customers, reports, n)) for n in range(1, PROGRAMS))
    )

    assert 1 == await customers.count({})
    assert 1 == [answer.replayed for answer in answers].count(False)
    assert 1 == len({answer.upload_id for answer in answers})
    assert all(answer.results == answers[0].results for answer in answers)


async def test_of_those_who_take_over_from_one_that_crashed_one_runs(
    customers: Customers, reports: Reports
) -> None:
    crashed = program(customers, reports, 0)
    wanted = await crashed._record(MOVES, KEYED, "orders of monday")
    await reports.claim(replace(wanted, leased_until=wanted.leased_until - timedelta(minutes=1)))

    answers = await asyncio.gather(
        *(sent_until_answered(program(customers, reports, n)) for n in range(1, PROGRAMS))
    )

    assert 1 == [answer.replayed for answer in answers].count(False)
    assert 1 == len({answer.upload_id for answer in answers})
