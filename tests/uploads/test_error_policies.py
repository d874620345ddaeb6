"""Rule 6 by its options: what a fault does to its row, and to the others."""

import pytest

from service.customers.policies import ErrorPolicy, MultipleMatches
from service.uploads import upload
from service.uploads.options import UploadOptions
from service.uploads.upload import Uploads
from tests.uploads.making import LIMITS, Row, ends, send, uploads_on
from tests.uploads.memory import MemoryStore, values

E1, E2 = "e1@example.org", "e2@example.org"
P1 = "+358401234567"
IGNORING = UploadOptions(error_policy=ErrorPolicy.IGNORE_FAILED)
WHOLE = UploadOptions(error_policy=ErrorPolicy.REJECT_EVERYTHING)
ONE_ONLY = UploadOptions(on_multiple_matches=MultipleMatches.REJECT)


def fields(faults: object) -> list[str | None]:
    return [fault.field for fault in faults]  # type: ignore[attr-defined]


class TestIgnoring:
    async def test_a_faulty_field_is_left_out_and_reported(
        self, store: MemoryStore, uploads: Uploads
    ) -> None:
        results = await send(
            uploads,
            {"external_id": "X1", "birth_date": "never", "city": "Turku", "no_such": 1},
            {"external_id": "X1", "city": 7, "tags": 3},
            options=IGNORING,
        )

        assert ["CREATED INVALID_DATE UNKNOWN_FIELD", "UPDATED WRONG_TYPE"] == ends(results)
        assert [{"external_id": "X1", "city": "7"}] == values(store)

    async def test_a_row_with_nothing_else_is_unchanged_with_its_errors(
        self, store: MemoryStore, uploads: Uploads
    ) -> None:
        await send(uploads, {"external_id": "X1"})
        store.written = 0

        results = await send(uploads, {"external_id": "X1", "city": {}}, options=IGNORING)

        assert ["UNCHANGED WRONG_TYPE"] == ends(results)
        assert 0 == store.written

    async def test_a_faulty_identifier_is_left_out_where_a_stronger_one_is_sound(
        self, store: MemoryStore, uploads: Uploads
    ) -> None:
        results = await send(
            uploads,
            {"external_id": "X1", "email": "nobody", "city": "Turku"},
            {"external_id": "no good", "email": E1, "city": "Oulu"},
            options=IGNORING,
        )

        assert ["CREATED INVALID_EMAIL", "REJECTED INVALID_EXTERNAL_ID"] == ends(results)
        assert [{"external_id": "X1", "city": "Turku"}] == values(store)

    async def test_a_flag_that_cannot_be_read_refuses_its_row(
        self, store: MemoryStore, uploads: Uploads
    ) -> None:
        """Somebody was to be erased, most likely; to write the rest would do the contrary."""
        results = await send(
            uploads, {"external_id": "X1", "city": "Turku", "is_forgotten": "yes"}, options=IGNORING
        )

        assert ["REJECTED WRONG_TYPE"] == ends(results)
        assert {} == store.records

    async def test_erasing_goes_on_without_a_faulty_weaker_identifier(
        self, store: MemoryStore, uploads: Uploads
    ) -> None:
        await send(uploads, {"external_id": "X1", "city": "Turku"})

        results = await send(
            uploads, {"external_id": "X1", "email": "x", "is_deleted": True}, options=IGNORING
        )

        assert ["UPDATED INVALID_EMAIL"] == ends(results)
        assert [] == values(store)

    async def test_an_identifier_of_the_erased_is_left_out(
        self, store: MemoryStore, uploads: Uploads
    ) -> None:
        await send(uploads, {"email": E1, "is_deleted": True}, {"external_id": "X1"})

        results = await send(
            uploads, {"external_id": "X1", "email": E1, "city": "Turku"}, options=IGNORING
        )

        assert ["UPDATED FORGOTTEN_IDENTIFIER"] == ends(results)
        assert ["email"] == fields(results[0].faults)
        assert [{"external_id": "X1", "city": "Turku"}] == values(store)

    async def test_an_overshared_identifier_is_left_out_of_whom_a_row_creates(
        self, store: MemoryStore, uploads: Uploads
    ) -> None:
        rows: list[Row] = [
            {"external_id": f"X{n}", "email": E1, "city": "Turku"}
            for n in range(LIMITS.holders + 1)
        ]

        results = await send(uploads, *rows, options=IGNORING)

        assert "CREATED IDENTIFIER_OVERSHARED" == ends(results)[-1]
        assert {"external_id": f"X{LIMITS.holders}", "city": "Turku"} == values(store)[-1]

    async def test_members_for_what_is_no_list_are_left_out(
        self, store: MemoryStore, uploads: Uploads
    ) -> None:
        await send(uploads, {"external_id": "X1", "A__n": 7, "A__t": "text"})

        results = await send(
            uploads,
            {"external_id": "X1", "A__n.add": ["a"], "A__t.remove": "b", "city": "Turku"},
            options=IGNORING,
        )

        assert ["UPDATED NOT_A_LIST NOT_A_LIST"] == ends(results)
        assert ["A__n", "A__t"] == fields(results[0].faults)
        assert [{"external_id": "X1", "A__n": 7, "A__t": "text", "city": "Turku"}] == values(store)

    async def test_what_would_be_too_large_is_left_out(
        self, store: MemoryStore, uploads: Uploads
    ) -> None:
        tags, stored = [f"t{n}" for n in range(1000)], {"A__l": ["x" * 9000], "A__m": 1}
        await send(uploads, {"external_id": "X1", "tags": tags, **stored})
        added = {"A__0": 0, "A__1": 1, "A__2": 2, "city": "Turku"}

        results = await send(
            uploads,
            {"external_id": "X1", "tags.add": "more", "A__l.add": ["y" * 9000], **added},
            options=IGNORING,
        )

        del added["A__2"]
        assert ["UPDATED TOO_LONG TOO_LONG TOO_LONG"] == ends(results)
        assert ["tags", "A__l", "A__2"] == fields(results[0].faults)
        assert [{"external_id": "X1", "tags": tags, **stored, **added}] == values(store)

    async def test_an_ignored_row_says_first_why(self, uploads: Uploads) -> None:
        await send(uploads, {"external_id": "X1", "is_deleted": True})

        results = await send(uploads, {"external_id": "X1", "city": {}}, options=IGNORING)

        assert ["IGNORED DELETED WRONG_TYPE"] == ends(results)

    async def test_a_field_at_fault_for_several_customers_is_reported_once(
        self, uploads: Uploads
    ) -> None:
        await send(uploads, *({"external_id": x, "email": E1, "A__n": 7} for x in ("X1", "X2")))

        results = await send(uploads, {"email": E1, "A__n.add": "a"}, options=IGNORING)

        assert ["UNCHANGED NOT_A_LIST"] == ends(results)


class TestEverything:
    async def test_one_faulty_row_refuses_all(self, store: MemoryStore, uploads: Uploads) -> None:
        report = await uploads.upload(
            [{"external_id": "X1"}, {"external_id": "X2", "tags": 3}], WHOLE
        )

        assert ["REJECTED OTHER_ROWS_FAILED", "REJECTED WRONG_TYPE"] == ends(report.results)
        assert report.upload_id is None
        assert {} == store.records

    async def test_a_fault_that_only_resolving_finds_refuses_all(
        self, store: MemoryStore, uploads: Uploads
    ) -> None:
        await send(uploads, {"external_id": "X1", "A__n": 7})
        store.written = 0

        results = await send(
            uploads,
            {"external_id": "X2"},
            {"external_id": "X1", "A__n.add": ["a"]},
            {"external_id": "X1", "city": "Turku"},
            options=WHOLE,
        )

        assert [
            "REJECTED OTHER_ROWS_FAILED", "REJECTED NOT_A_LIST", "REJECTED OTHER_ROWS_FAILED"
        ] == ends(results)  # fmt: skip
        assert 0 == store.written

    async def test_a_fault_that_an_earlier_row_brings_about_refuses_all(
        self, store: MemoryStore, uploads: Uploads
    ) -> None:
        results = await send(
            uploads,
            {"external_id": "X1", "A__n": 7},
            {"external_id": "X1", "A__n.add": ["a"]},
            options=WHOLE,
        )

        assert ["REJECTED OTHER_ROWS_FAILED", "REJECTED NOT_A_LIST"] == ends(results)
        assert {} == store.records

    async def test_all_rows_are_resolved_before_the_first_is_written(
        self, store: MemoryStore, uploads: Uploads, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """However many parts they are written in."""
        monkeypatch.setattr(upload, "SLICE", 2)
        rows: list[Row] = [{"external_id": f"X{n}"} for n in range(5)]

        results = await send(uploads, *rows, {"external_id": "X0", "city": {}}, options=WHOLE)

        assert ["REJECTED OTHER_ROWS_FAILED"] * 5 + ["REJECTED WRONG_TYPE"] == ends(results)
        assert {} == store.records

    async def test_ignored_rows_are_no_fault(self, store: MemoryStore, uploads: Uploads) -> None:
        await send(uploads, {"external_id": "X1", "is_deleted": True})

        results = await send(
            uploads, {"external_id": "X1", "city": "Turku"}, {"external_id": "X2"}, options=WHOLE
        )

        assert ["IGNORED DELETED", "CREATED"] == ends(results)
        assert [{"external_id": "X2"}] == values(store)

    async def test_refused_rows_name_whom_they_met_and_nobody_who_was_to_be_made(
        self, uploads: Uploads
    ) -> None:
        (known,) = await send(uploads, {"external_id": "X1"})

        results = await send(
            uploads,
            {"external_id": "X1"},
            {"external_id": "X2"},
            {"external_id": "X2", "city": "Turku"},
            {"external_id": "no good"},
            options=WHOLE,
        )

        assert [known.customer_ids, (), (), ()] == [result.customer_ids for result in results]

    async def test_without_a_fault_rows_go_in_as_they_would(
        self, store: MemoryStore, uploads: Uploads, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(upload, "SLICE", 2)
        rows: list[Row] = [{"external_id": f"X{n % 3}", "tags.add": f"t{n}"} for n in range(5)]
        other = MemoryStore()

        results = await send(uploads, *rows, options=WHOLE)

        assert ends(await send(uploads_on(other), *rows)) == ends(results)
        assert values(other) == values(store)


class TestMultipleMatches:
    async def test_a_shared_identifier_refuses_its_row_with_whom_it_might_mean(
        self, store: MemoryStore, uploads: Uploads
    ) -> None:
        met = await send(
            uploads, {"external_id": "X1", "email": E1}, {"external_id": "X2", "email": E1}
        )
        before = dict(store.records)

        results = await send(uploads, {"email": E1, "city": "Turku"}, options=ONE_ONLY)

        assert ["REJECTED AMBIGUOUS_IDENTITY"] == ends(results)
        assert sum((one.customer_ids for one in met), ()) == results[0].customer_ids
        assert before == store.records

    async def test_one_match_is_updated(self, store: MemoryStore, uploads: Uploads) -> None:
        await send(uploads, {"external_id": "X1", "email": E1}, {"external_id": "X2", "email": E1})

        results = await send(
            uploads,
            {"external_id": "X1", "email": E1, "city": "Turku"},
            {"email": E2},
            options=ONE_ONLY,
        )

        assert ["UPDATED", "CREATED"] == ends(results)

    async def test_without_the_option_all_are_updated(self, uploads: Uploads) -> None:
        await send(uploads, {"external_id": "X1", "email": E1}, {"external_id": "X2", "email": E1})

        results = await send(uploads, {"email": E1, "city": "Turku"})

        assert ["UPDATED"] == ends(results)
        assert 2 == len(results[0].customer_ids)


@pytest.mark.parametrize("policy", ErrorPolicy)
async def test_sound_rows_go_in_alike_whatever_the_policy(policy: ErrorPolicy) -> None:
    rows: list[Row] = [
        {"external_id": "X1", "email": E1, "phone_number": P1, "tags": ["a"]},
        {"email": E1, "tags.add": "b"},
        {"external_id": "X1", "is_forgotten": True},
        {"email": E1, "city": "Turku"},
    ]
    store, other = MemoryStore(), MemoryStore()

    results = await send(uploads_on(store), *rows, options=UploadOptions(error_policy=policy))

    assert ends(await send(uploads_on(other), *rows)) == ends(results)
    assert [one._replace(id="") for one in other.records.values()] == [
        one._replace(id="") for one in store.records.values()
    ]
