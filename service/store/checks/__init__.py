"""Every assumption that the code makes of its store, each a check with a name.

The tests run them on the stores at hand; `customer-graph doctor` on the one that a user points at.
"""

import secrets
from dataclasses import dataclass

from service.store.checks.aggregations import AGGREGATIONS
from service.store.checks.check import Check, Unmet
from service.store.checks.claims import CLAIMS
from service.store.checks.company import COMPANY
from service.store.checks.filters import FILTERS
from service.store.checks.reads import READS
from service.store.checks.runs import RUNS
from service.store.checks.searches import SEARCHES
from service.store.checks.values import VALUES
from service.store.checks.writes import WRITES
from service.store.database import Database
from service.store.failures import StoreDefect, named

__all__ = ["CHECKS", "Check", "CheckResult", "run_checks"]

CHECKS: tuple[Check, ...] = (
    *WRITES,
    *CLAIMS,
    *VALUES,
    *READS,
    *FILTERS,
    *AGGREGATIONS,
    *RUNS,
    *SEARCHES,
    *COMPANY,
)

CHECK_TIMEOUT = 30.0
"""Seconds that one check may take."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`reason` says what the store did instead, None if the check passed."""

    check: Check
    reason: str | None

    @property
    def name(self) -> str:
        return self.check.name

    @property
    def passed(self) -> bool:
        return self.reason is None


async def run_checks(database: Database) -> list[CheckResult]:
    """Tries them all on the server of `database`, in a scratch database that is dropped after.

    Raises StoreUnavailable if the server does not answer at all, StoreDefect if it refuses that.
    """
    await database.ping()
    name = f"customer_graph_check_{secrets.token_hex(8)}"
    scratch = Database(database.client, name, timeout=CHECK_TIMEOUT)
    try:
        return [CheckResult(check, await _try(check, scratch)) for check in CHECKS]
    finally:
        async with scratch.deadline():
            await database.client.drop_database(name)


async def _try(check: Check, scratch: Database) -> str | None:
    """Why the check fails, if it does. A failure that nobody foresaw is an answer, too."""
    try:
        async with scratch.deadline():
            await check.run(scratch.collection(check.name))
    except Unmet as unmet:
        return str(unmet)
    except StoreDefect as defect:
        return f"the operation fails with {defect}"
    except Exception as error:  # noqa: BLE001  # whatever it is
        return f"the operation fails with {named(error)}"
    return None
