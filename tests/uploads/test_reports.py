"""What is kept of an upload, and what is not."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.customers.fields import IDENTIFIERS
from service.customers.plans import RowResult, UploadStatus
from service.errors import MESSAGES, ErrorCode, Fault, NotFound, StoreUnavailable
from service.store.failures import StoreDefect
from service.store.reports import Reports
from service.uploads.options import UploadOptions
from service.uploads.reporting import ReportedUploads
from service.uploads.reports import pack, unpack
from tests.uploads.making import NOW, Row, ends, reported_on, uploads_on
from tests.uploads.memory import MemoryStore
from tests.uploads.test_foretelling import SENT

FAULTS = st.builds(
    Fault,
    st.sampled_from(ErrorCode),
    st.sampled_from([None, "email", "tags.add", "A__x", "A__x.remove"]),
    st.sampled_from([None, "email"]),
    st.dictionaries(st.sampled_from(["limit", "unit"]), st.sampled_from([None, 3, "members"])),
)
IDS = st.integers(0, 30).map("c.{}".format)


@st.composite
def results(draw: st.DrawFn) -> list[RowResult]:
    return [
        RowResult(
            index,
            draw(st.sampled_from(UploadStatus)),
            draw(st.sampled_from([None, *IDENTIFIERS])),
            tuple(draw(st.lists(IDS, max_size=4))),
            tuple(draw(st.lists(FAULTS, max_size=3))),
        )
        for index in range(draw(st.integers(0, 8)))
    ]


@pytest.fixture
def kept(store: MemoryStore) -> ReportedUploads:
    return reported_on(uploads_on(store))


@given(results())
def test_what_is_packed_comes_out_as_it_was(given_results: list[RowResult]) -> None:
    assert given_results == unpack(pack(given_results))


def test_the_report_of_the_largest_upload_is_small() -> None:
    """The same fault in each of ten thousand rows, and two customers for each."""
    fault = Fault(ErrorCode.UNKNOWN_FIELD, "no_such_column", "city")
    largest = [
        RowResult(n, UploadStatus.UPDATED, "email", (f"c.{n:022}", f"c.{-n:022}"), (fault,))
        for n in range(10_000)
    ]

    assert len(pack(largest)) < 500_000


async def test_an_upload_can_be_read_by_its_id(kept: ReportedUploads) -> None:
    rows: list[Row] = [{"external_id": "X1", "tags": 3}, {"external_id": "X2"}]
    report = await kept.upload(rows)

    stored = await kept.report(str(report.upload_id))

    assert stored.replayed
    assert (report.upload_id, report.results) == (stored.upload_id, stored.results)


async def test_an_upload_that_is_not_known_is_not_found(kept: ReportedUploads) -> None:
    with pytest.raises(NotFound):
        await kept.report("u.1")


async def test_a_report_is_gone_after_its_time(store: MemoryStore) -> None:
    kept = reported_on(uploads_on(store))
    report = await kept.upload([{"external_id": "X1"}])
    later = reported_on(uploads_on(store, now=lambda: NOW + timedelta(hours=24)), kept.reports)

    with pytest.raises(NotFound):
        await later.report(str(report.upload_id))


async def test_a_dry_run_leaves_no_report(kept: ReportedUploads) -> None:
    await kept.upload([{"external_id": "X1"}], UploadOptions(dry_run=True))

    assert [] == await _documents(kept)


@pytest.mark.parametrize("failure", [StoreUnavailable(), StoreDefect("OutOfDisk 1")])
async def test_an_upload_went_in_though_its_report_can_not_be_kept(
    kept: ReportedUploads, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    async def full(*_: object) -> None:
        raise failure

    monkeypatch.setattr(Reports, "put", full)

    report = await kept.upload([{"external_id": "X1"}])

    assert ["CREATED"] == ends(report.results)
    assert report.upload_id


async def test_nothing_that_was_sent_is_kept(kept: ReportedUploads) -> None:
    """No value, no key of a row that is no field, no idempotency key, and no message."""
    row: Row = {
        "external_id": "X1", "email": "ann@example.org", "Ann Lee": "London", "A__b c": "London",
        "birth_date": "London", "tags": {"a": "London"},
    }  # fmt: skip
    options = UploadOptions(idempotency_key="London")

    report = await kept.upload([row, {"external_id": "X1", "first_name": "London"}], options)

    documents = await _documents(kept)
    packed = next(one["report"] for one in documents if "report" in one)
    told = repr([documents, unpack(packed)])
    assert 2 == len(documents)
    assert ["REJECTED UNKNOWN_FIELD INVALID_COMPANY_FIELD INVALID_DATE WRONG_TYPE", "CREATED"] == (
        ends(report.results)
    )
    for sent in ("ann@", "Ann", "London", "b c", "X1"):
        assert sent not in told
    assert MESSAGES[ErrorCode.INVALID_DATE] not in told


@given(SENT)
async def test_any_upload_is_replayed_as_it_was_answered(rows: list[Row]) -> None:
    kept = reported_on(uploads_on(MemoryStore()))
    options = UploadOptions(idempotency_key="k")

    report = await kept.upload(rows, options)

    assert report.results == (await kept.upload(rows, options)).results


async def _documents(kept: ReportedUploads) -> list[dict[str, Any]]:
    return [one async for one in kept.reports._collection.find()]
