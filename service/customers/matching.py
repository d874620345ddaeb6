"""Whom a row means: by its strongest identifier, then by weaker ones that contradict nothing."""

from collections.abc import Mapping
from typing import NamedTuple

from service.customers.fields import IDENTIFIERS
from service.customers.records import Record, State
from service.customers.rows import Row
from service.customers.view import View


class Match(NamedTuple):
    """`records` are those meant; none and no `mark` is somebody new. `passed_over`: several of whom
    one alone would have been meant.

    `found_by` is the identifier that found them, or the mark: how somebody erased held it.
    """

    found_by: str | None = None
    records: tuple[Record, ...] = ()
    mark: State | None = None
    passed_over: tuple[Record, ...] = ()

    @property
    def is_ambiguous(self) -> bool:
        return len(self.records) > 1


def match(row: Row, digests: Mapping[str, str], view: View) -> Match:
    """`digests` are those of the row's identifiers.

    Live holders win over a mark at the same strength. Records that lack a stronger identifier of
    the row are meant only if there is exactly one, which adopts it; a row that erases stops at
    several, since it would have to guess.
    """
    if view.is_new(digests.values()):
        return Match()
    stronger: list[str] = []
    passed_over: list[Record] = []
    for name in IDENTIFIERS:
        if (value := row.identifiers.get(name)) is None:
            continue
        holders = [
            record
            for record in view.holders(name, value)
            if not _contradicts(record, row, stronger)
        ]
        if holders and (len(holders) == 1 or not stronger or row.forget or row.delete):
            return Match(name, tuple(holders), passed_over=tuple(passed_over))
        if not holders and (mark := view.mark(digests[name])):
            return Match(name, mark=mark)
        stronger.append(name)
        passed_over += holders
    return _nobody(digests, view)._replace(passed_over=tuple(passed_over))


def _contradicts(record: Record, row: Row, stronger: list[str]) -> bool:
    return any(record.values.get(name) not in (None, row.identifiers[name]) for name in stronger)


def _nobody(digests: Mapping[str, str], view: View) -> Match:
    """Nothing is created while any identifier of the row is marked."""
    for name, digest in digests.items():
        if mark := view.mark(digest):
            return Match(name, mark=mark)
    return Match()
