"""Uploads made for tests: a fixed clock, ids in sequence, small limits."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from service.audit.trail import Trail
from service.customers.digests import Digester
from service.customers.plans import RowResult
from service.customers.values import ReadingRules
from service.store.audit import AuditLog
from service.store.database import Database
from service.store.reports import Reports
from service.uploads.options import DEFAULT_OPTIONS, UploadOptions
from service.uploads.reporting import ReportedUploads, reported
from service.uploads.stopping import Stop
from service.uploads.upload import CustomerStore, Limits, Uploads
from tests.mock import mock_client

NOW = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)
DIGESTER = Digester(b"k" * 32)
RULES = ReadingRules(zone=ZoneInfo("UTC"), phone_check="valid", company=None, max_company_fields=4)
KEEPS = frozenset({"country", "language", "date_joined"})
LIMITS = Limits(rows=50, holders=3, company_fields=4, keeps=KEEPS)

Row = Mapping[str, object]


async def no_pause(failures: int) -> None:
    """Whoever lost a race tries again at once."""


def uploads_on(store: CustomerStore, **changed: Any) -> Uploads:
    """Uploads on a store; `changed` replaces attributes of Uploads."""
    ids = count(1)
    made: dict[str, Any] = {
        "store": store,
        "digester": DIGESTER,
        "rules": RULES,
        "limits": LIMITS,
        "new_id": lambda: f"c.{next(ids):04}",
        "now": lambda: NOW,
        "pause": no_pause,
    }
    return Uploads(**made | changed)


def reported_on(
    uploads: Uploads,
    reports: Reports | None = None,
    stop: Stop | None = None,
    *,
    is_alone: bool = False,
) -> ReportedUploads:
    """With reports that are kept in memory, if nowhere else."""
    kept = reports or Reports(Database(mock_client(), "reports", timeout=10))
    trail = Trail(AuditLog(kept.database), timedelta(days=1), now=uploads.now)
    chosen = stop or Stop(grace=5)
    return reported(uploads, kept, trail, timedelta(hours=24), chosen, is_alone=is_alone)


async def send(
    uploads: Uploads, *rows: Row, options: UploadOptions = DEFAULT_OPTIONS
) -> list[RowResult]:
    """The results of one upload of these rows."""
    return (await uploads.upload(rows, options)).results


def ends(results: list[RowResult]) -> list[str]:
    """How the rows ended: the status, and the codes of its faults."""
    return [
        " ".join([result.status, *(fault.code for fault in result.faults)]) for result in results
    ]
