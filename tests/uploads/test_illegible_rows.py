"""Rows that their format spoilt, under every option."""

import pytest

from service.customers.policies import ErrorPolicy
from service.customers.rows import Illegible
from service.errors import ErrorCode, Fault
from service.uploads.options import UploadOptions
from service.uploads.upload import Uploads
from tests.uploads.making import ends, reported_on
from tests.uploads.memory import MemoryStore

SPOILT = Illegible(Fault(ErrorCode.ROW_INVALID, details={"reason": "not JSON"}))
ROWS = [{"external_id": "X1"}, SPOILT, {"external_id": "X2"}]


@pytest.mark.parametrize(
    ("policy", "ended"),
    [
        (ErrorPolicy.REJECT_FAILED_ROWS, ["CREATED", "REJECTED ROW_INVALID", "CREATED"]),
        (ErrorPolicy.IGNORE_FAILED, ["CREATED", "REJECTED ROW_INVALID", "CREATED"]),
        (
            ErrorPolicy.REJECT_EVERYTHING,
            ["REJECTED OTHER_ROWS_FAILED", "REJECTED ROW_INVALID", "REJECTED OTHER_ROWS_FAILED"],
        ),
    ],
)
async def test_a_spoilt_row_is_refused_and_the_policy_says_what_becomes_of_the_others(
    uploads: Uploads, policy: ErrorPolicy, ended: list[str]
) -> None:
    """Nothing of it can be ignored: nobody knows what it says."""
    report = await uploads.upload(ROWS, UploadOptions(error_policy=policy))

    assert ended == ends(report.results)


async def test_a_spoilt_row_is_replayed_with_its_reason(
    store: MemoryStore, uploads: Uploads
) -> None:
    options = UploadOptions(idempotency_key="a key")
    reporting = reported_on(uploads)

    first, again = [await reporting.upload(ROWS, options) for _ in range(2)]

    assert again.replayed
    assert first.results == again.results
    assert "The row cannot be read: not JSON." == again.results[1].faults[0].message
    assert 2 == store.written
