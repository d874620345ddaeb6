"""What an upload would do: every row resolved in order in memory, none held back, nothing written.

Pure: a function of the rows and of what was read of all of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from service.customers.changes import ABSENT, Value, diff
from service.customers.identity import Past
from service.customers.plans import FieldChange, Plan, RowResult, Terms, plan
from service.customers.records import Record, State
from service.customers.rows import Row
from service.customers.view import View

_FLAGS = {State.FORGOTTEN: "is_forgotten", State.DELETED: "is_deleted"}


class Preview:
    """Later rows see what earlier ones would do. `doubtful`: rows of which more has to be read
    before anything is said of them."""

    def __init__(self, records: Iterable[Record], terms: Terms, past: Past) -> None:
        self._view = View(records)
        self._terms = terms
        self._past = past
        self.results: list[RowResult] = []
        self.doubtful: set[int] = set()

    def take(self, row: Row, digests: Mapping[str, str]) -> None:
        """`digests` are those of the row's identifiers. Customers that are not stored yet have no
        ids."""
        proposed = plan(row, digests, self._view, self._terms)
        if self._past.is_doubtful(proposed, self._view):
            self.doubtful.add(row.index)
        changes = tuple(change for pair in proposed.pairs for change in _changes(*pair))
        for was, now in proposed.pairs:
            if was is not now:
                self._view.put(now)
        self.results.append(
            replace(proposed.result, customer_ids=_stored(proposed), changes=changes)
        )


def _stored(proposed: Plan) -> tuple[str, ...]:
    known = {record.id for record in proposed.means if record.rev}
    return tuple(found for found in proposed.result.customer_ids if found in known)


def _changes(was: Record | None, now: Record) -> Iterator[FieldChange]:
    """Erasing shows as its flag, and as the values that go."""
    record_id = was.id if was and was.rev else None
    if now.state is not (was.state if was else State.LIVE):
        yield FieldChange(record_id, _FLAGS[now.state], False if was else None, True)
    for name, difference in diff(was.values if was else {}, now.values).items():
        before, after = _or_none(difference.before), _or_none(difference.after)
        yield FieldChange(record_id, name, before, after)


def _or_none(value: Value) -> Value:
    return None if value is ABSENT else value
