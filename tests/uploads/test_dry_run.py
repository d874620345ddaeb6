"""Rule 11: a dry run does all of it but the writing, and what it says is what then happens."""

from collections.abc import Iterable
from datetime import UTC, datetime

from service.customers.plans import RowResult
from service.customers.policies import ErrorPolicy
from service.customers.records import Record
from service.uploads.options import UploadOptions
from service.uploads.upload import Uploads
from tests.uploads.making import Row, ends, send, uploads_on
from tests.uploads.memory import MemoryStore

E1 = "e1@example.org"
DRY = UploadOptions(dry_run=True)


def told(results: list[RowResult]) -> list[list[tuple[object, ...]]]:
    """The changes of each row: of whom, which field, from what to what."""
    return [
        [(one.customer_id, one.field, one.before, one.after) for one in result.changes]
        for result in results
    ]


async def test_nothing_is_written_and_no_upload_is_named(
    store: MemoryStore, uploads: Uploads
) -> None:
    report = await uploads.upload([{"external_id": "X1"}], DRY)

    assert report.dry_run
    assert report.upload_id is None
    assert ["CREATED"] == ends(report.results)
    assert {} == store.records


async def test_the_change_of_each_field_is_told(uploads: Uploads) -> None:
    (made,) = await send(
        uploads, {"external_id": "X1", "city": "Turku", "tags": ["a"], "A__n": 1, "can_sms": True}
    )
    (known,) = made.customer_ids

    results = await send(
        uploads,
        {
            "external_id": "X1", "city": "", "tags.add": "b", "A__n": 1,
            "date_joined": "2015-08-28T14:10:00Z",
        },
        options=DRY,
    )  # fmt: skip

    assert ["UPDATED"] == ends(results)
    assert [
        [
            (known, "city", "Turku", None),
            (known, "tags", ["a"], ["a", "b"]),
            (known, "date_joined", None, datetime(2015, 8, 28, 14, 10, tzinfo=UTC)),
        ]
    ] == told(results)


async def test_whoever_would_be_created_has_no_id(uploads: Uploads) -> None:
    """For a later row that means the same customer, neither."""
    results = await send(
        uploads, {"external_id": "X1"}, {"external_id": "X1", "city": "Turku"}, options=DRY
    )

    assert [(), ()] == [result.customer_ids for result in results]
    assert [None, "external_id"] == [result.matched_by for result in results]
    assert [
        [(None, "external_id", None, "X1")], [(None, "city", None, "Turku")]
    ] == told(results)  # fmt: skip


async def test_a_later_row_sees_what_an_earlier_one_would_do(uploads: Uploads) -> None:
    results = await send(
        uploads,
        {"external_id": "X1", "tags": ["a"]},
        {"external_id": "X1", "tags": ["a"]},
        {"external_id": "X1", "is_deleted": True},
        {"external_id": "X1", "city": "Turku"},
        options=DRY,
    )

    assert ["CREATED", "UNCHANGED", "UPDATED", "IGNORED DELETED"] == ends(results)


async def test_erasing_shows_as_its_flag_and_the_values_that_go(uploads: Uploads) -> None:
    (made,) = await send(uploads, {"external_id": "X1", "country": "GB", "city": "Turku"})
    (known,) = made.customer_ids

    results = await send(uploads, {"external_id": "X1", "is_deleted": True}, options=DRY)

    assert [
        [
            (known, "is_deleted", False, True),
            (known, "external_id", "X1", None),
            (known, "country", "GB", None),
            (known, "city", "Turku", None),
        ]
    ] == told(results)


async def test_a_tombstone_of_somebody_never_seen_is_told(uploads: Uploads) -> None:
    results = await send(uploads, {"email": E1, "is_forgotten": True}, options=DRY)

    assert ["CREATED"] == ends(results)
    assert [[(None, "is_deleted", None, True)]] == told(results)


async def test_all_whom_a_row_means_are_told(uploads: Uploads) -> None:
    made = await send(
        uploads, {"external_id": "X1", "email": E1}, {"external_id": "X2", "email": E1}
    )

    results = await send(uploads, {"email": E1, "city": "Turku"}, options=DRY)

    assert [[(known, "city", None, "Turku") for one in made for known in one.customer_ids]] == told(
        results
    )


async def test_refused_rows_would_change_nothing(uploads: Uploads) -> None:
    """All rows are, where one fault refuses everything."""
    options = UploadOptions(dry_run=True, error_policy=ErrorPolicy.REJECT_EVERYTHING)

    report = await uploads.upload(
        [{"external_id": "X1"}, {"external_id": "X2", "tags": 3}], options
    )

    assert report.dry_run
    assert ["REJECTED OTHER_ROWS_FAILED", "REJECTED WRONG_TYPE"] == ends(report.results)
    assert [[], []] == told(report.results)


async def test_an_upload_tells_no_changes(uploads: Uploads) -> None:
    results = await send(uploads, {"external_id": "X1", "city": "Turku"})

    assert [[]] == told(results)


async def test_somebody_not_written_yet_can_be_ambiguous(uploads: Uploads) -> None:
    rows: list[Row] = [
        {"external_id": "X1", "email": E1},
        {"external_id": "X2", "email": E1},
        {"email": E1, "is_forgotten": True},
    ]

    results = await send(uploads, *rows, options=DRY)

    assert ["CREATED", "CREATED", "REJECTED AMBIGUOUS_IDENTITY"] == ends(results)
    assert () == results[2].customer_ids


async def test_customers_that_change_under_every_read_are_a_conflict() -> None:
    """Whether several share the address can't be said while they come and go."""

    class Restless(MemoryStore):
        async def candidates(self, digests: Iterable[str]) -> list[Record]:
            for key, record in self.records.items():
                self.records[key] = record._replace(rev=record.rev + 1)
            return await super().candidates(digests)

    store = Restless()
    uploads = uploads_on(store)
    await send(uploads, {"external_id": "X1", "email": E1}, {"external_id": "X2", "email": E1})

    results = await send(
        uploads, {"email": E1, "is_forgotten": True}, {"external_id": "X3"}, options=DRY
    )

    assert ["REJECTED CONFLICT", "CREATED"] == ends(results)
