"""An upload equals its rows sent one by one, whoever they mean and however it is split."""

from hypothesis import given, settings
from hypothesis import strategies as st

from service.customers.digests import number_of
from service.customers.plans import RowResult
from tests.uploads.making import uploads_on
from tests.uploads.memory import MemoryStore

ROWS = st.fixed_dictionaries(
    {},
    optional={
        "external_id": st.sampled_from(["X1", "X2", "X3", ""]),
        "email": st.sampled_from(["e1@example.org", "e2@example.org", ""]),
        "phone_number": st.sampled_from(["+358401234567", "+447757138957", ""]),
        "first_name": st.sampled_from(["Ann", "Bo", ""]),
        "country": st.sampled_from(["GB", "FI"]),
        "tags": st.lists(st.sampled_from("abc"), max_size=3),
        "tags.add": st.lists(st.sampled_from("abc"), max_size=2),
        "tags.remove": st.lists(st.sampled_from("abc"), max_size=2),
        "A__list.add": st.lists(st.sampled_from([1, True, "x"]), max_size=2),
        "A__list": st.sampled_from([["x"], 7, ""]),
        "A__b": st.integers(0, 2),
        "is_forgotten": st.sampled_from([True, False, False]),
        "is_deleted": st.sampled_from([True, False, False]),
    },
)
UPLOADS = st.lists(ROWS, min_size=1, max_size=8)


def _people(store: MemoryStore) -> list[tuple[object, ...]]:
    """Every record but for its id, revision and claims, whose numbers depend on the way."""
    return sorted(
        (
            record.state,
            sorted((name, repr(value)) for name, value in record.values.items()),
            sorted(record.keys),
            sorted(record.marks),
        )
        for record in store.records.values()
    )


def _ends(results: list[RowResult]) -> list[tuple[object, ...]]:
    return [
        (
            result.status,
            result.matched_by,
            len(result.customer_ids),
            [(fault.code, fault.field) for fault in result.faults],
        )
        for result in results
    ]


async def _one_by_one(rows: list[dict[str, object]]) -> tuple[MemoryStore, list[RowResult]]:
    store = MemoryStore()
    uploads = uploads_on(store)
    results = [(await uploads.upload([row])).results[0] for row in rows]
    return store, results


@settings(max_examples=400, deadline=None)
@given(UPLOADS, st.integers(0, 3))
async def test_an_upload_equals_its_rows_one_by_one(
    rows: list[dict[str, object]], seed: int
) -> None:
    """Rule 8: the same customers and the same results, in whatever order the writes land."""
    store = MemoryStore(seed)

    report = await uploads_on(store).upload(rows)

    single, results = await _one_by_one(rows)
    assert _people(single) == _people(store)
    assert _ends(results) == _ends(report.results)


@settings(max_examples=150, deadline=None)
@given(UPLOADS, st.data())
async def test_splitting_an_upload_changes_nothing(
    rows: list[dict[str, object]], data: st.DataObject
) -> None:
    """Two uploads of a part each come to what one upload of both does."""
    cut = data.draw(st.integers(0, len(rows)))
    whole, parts = MemoryStore(), MemoryStore()
    uploads = uploads_on(parts)

    await uploads_on(whole).upload(rows)
    await uploads.upload(rows[:cut])
    await uploads.upload(rows[cut:])

    assert _people(whole) == _people(parts)


@settings(max_examples=150, deadline=None)
@given(UPLOADS, ROWS)
async def test_a_row_sent_twice_is_as_if_sent_once(
    before: list[dict[str, object]], row: dict[str, object]
) -> None:
    """Whomever it means and whatever it does to them: the second time it writes nothing."""
    store = MemoryStore()
    uploads = uploads_on(store)
    await uploads.upload(before)
    await uploads.upload([row])
    once = dict(store.records)

    await uploads.upload([row])

    assert once == store.records


@settings(max_examples=150, deadline=None)
@given(UPLOADS)
async def test_numbers_of_identifiers_have_no_gaps(rows: list[dict[str, object]]) -> None:
    """A gap would look like a torn read for ever."""
    store = MemoryStore()

    await uploads_on(store).upload(rows)

    numbers: dict[str, list[int]] = {}
    for record in store.records.values():
        for claim in record.claims:
            digest, number = number_of(claim)
            numbers.setdefault(digest, []).append(number)
    assert all(sorted(found) == list(range(1, len(found) + 1)) for found in numbers.values())


@settings(max_examples=150, deadline=None)
@given(UPLOADS, UPLOADS)
async def test_the_erased_never_come_back(
    before: list[dict[str, object]], after: list[dict[str, object]]
) -> None:
    """Whatever is uploaded later, an erased record stays as it was erased."""
    store = MemoryStore()
    uploads = uploads_on(store)
    await uploads.upload(before)
    erased = {key: record for key, record in store.records.items() if record.marks}

    await uploads.upload(after)

    assert erased == {key: store.records[key] for key in erased}
