"""Rule 11 as a property: what a dry run says is what then happens."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from service.customers.changes import same
from service.customers.plans import FieldChange, RowResult
from service.customers.policies import ErrorPolicy, MultipleMatches
from service.customers.records import Record, State
from service.uploads.options import UploadOptions
from tests.uploads.making import Row, ends, send, uploads_on
from tests.uploads.memory import MemoryStore
from tests.uploads.test_resolving import ROWS

FAULTY = st.fixed_dictionaries(
    {},
    optional={
        "external_id": st.sampled_from(["X1", "X2", "no good"]),
        "email": st.sampled_from(["e1@example.org", "e2@example.org", "nobody", ""]),
        "phone_number": st.sampled_from(["+358401234567", "0401234567"]),
        "city": st.sampled_from(["Turku", "", {}]),
        "tags.add": st.sampled_from(["a", ["b", "c"], 3]),
        "A__list": st.sampled_from([["x"], 7, ""]),
        "A__list.add": st.sampled_from(["y", ["z"], 3]),
        "A__a": st.integers(0, 2),
        "A__b": st.sampled_from([{"deep": [1, {"er": 2}]}, ""]),
        "A__c": st.just(1),
        "A__d": st.just(1),
        "is_forgotten": st.sampled_from([False, False, True, "yes"]),
        "no_such": st.just(1),
    },
)
SENT = st.lists(st.one_of(ROWS, FAULTY), min_size=1, max_size=6)
POLICIES, MATCHES = st.sampled_from(ErrorPolicy), st.sampled_from(MultipleMatches)


@settings(max_examples=400, deadline=None)
@given(SENT, SENT, POLICIES, MATCHES)
async def test_what_a_dry_run_says_is_what_then_happens(
    earlier: list[Row], rows: list[Row], policy: ErrorPolicy, several: MultipleMatches
) -> None:
    """The same statuses, errors and matches, the ids that were known, and as changes what is then
    different in the store."""
    store = MemoryStore()
    uploads = uploads_on(store)
    await send(uploads, *earlier)
    before = dict(store.records)

    said = await send(uploads, *rows, options=UploadOptions(policy, several, dry_run=True))
    assert before == store.records
    done = await send(uploads, *rows, options=UploadOptions(policy, several))

    assert ends(said) == ends(done)
    assert [one.matched_by for one in said] == [one.matched_by for one in done]
    assert [set(one.customer_ids) for one in said] == [_known(one, before) for one in done]
    foretold = _Foretold(before)
    for one, real in zip(said, done, strict=True):
        foretold.follow(one, real)
    foretold.check(store.records)


def _known(result: RowResult, before: Mapping[str, Record]) -> set[str]:
    return {found for found in result.customer_ids if found in before}


class _Foretold:
    """What each customer shows once the changes that were told are made."""

    def __init__(self, before: Mapping[str, Record]) -> None:
        self._shown = {key: _shown(record) for key, record in before.items()}
        self._before = frozenset(before)
        self._untold: set[str] = set()

    def follow(self, said: RowResult, done: RowResult) -> None:
        """Whom a change without an id is of can be told where the row met one new customer."""
        new = [found for found in done.customer_ids if found not in self._before]
        if len(new) > 1:
            self._untold.update(new)
        for change in said.changes:
            if change.customer_id is not None or len(new) == 1:
                self._make(change, change.customer_id or new[0])

    def check(self, records: Mapping[str, Record]) -> None:
        told = {key: shown for key, shown in self._shown.items() if key not in self._untold}
        real = {key: _shown(one) for key, one in records.items() if key not in self._untold}

        assert told.keys() == real.keys()
        assert all(same(told[key], real[key]) for key in told), (told, real)

    def _make(self, change: FieldChange, record_id: str) -> None:
        shown = self._shown.setdefault(record_id, {})
        if record_id not in self._untold:
            assert same(change.before, _before(shown, change, record_id in self._before))
        shown.pop(change.field, None)
        if change.after is not None:
            shown[change.field] = change.after


def _before(shown: Mapping[str, Any], change: FieldChange, is_stored: bool) -> Any:
    """A flag that is not set is false."""
    is_flag = change.field in ("is_forgotten", "is_deleted")
    return shown.get(change.field, False if is_flag and (is_stored or shown) else None)


def _shown(record: Record) -> dict[str, Any]:
    flags = {"is_forgotten": State.FORGOTTEN, "is_deleted": State.DELETED}
    return {**record.values, **{name: True for name, s in flags.items() if s is record.state}}
