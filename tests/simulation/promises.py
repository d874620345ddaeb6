"""What is promised of every single write, whoever else writes: checked as it lands."""

from collections.abc import Iterable, Mapping
from typing import Any

from service.customers.changes import same
from service.customers.digests import number_of
from service.customers.fields import IDENTIFIERS
from service.customers.records import Record, State
from tests.uploads.making import DIGESTER


class Broken(Exception):
    """A promise was broken: what was promised."""


def check_landing(records: Mapping[str, Record], after: Record) -> None:
    """`records` are all, before it landed."""
    before = records.get(after.id)
    others = [record for record in records.values() if record.id != after.id]
    if before:
        _check_growth(before, after)
    if after.state is State.LIVE:
        _check_owner(others, after)
        _check_unmarked(others, before.values if before else {}, after)


def _check_growth(before: Record, after: Record) -> None:
    if before.state is not State.LIVE:
        raise Broken("the erased stay as they are")
    for name in ("keys", "claims", "marks"):
        if not getattr(before, name) <= getattr(after, name):
            raise Broken(f"{name} never shrink")
    if same(before.values, after.values):
        unchanged = after._replace(rev=before.rev, values=before.values)
        if unchanged._replace(updated_at=before.updated_at) == before:
            raise Broken("a customer whom its rows leave as it was is not written")


def _check_owner(others: Iterable[Record], after: Record) -> None:
    held = after.values.get("external_id")
    owners = {record.values.get("external_id") for record in others if record.state is State.LIVE}
    if held and held in owners:
        raise Broken("no two live customers have one external id")


def _check_unmarked(others: Iterable[Record], had: Mapping[str, Any], after: Record) -> None:
    """Who shared an identifier before it was marked keeps it."""
    taken = {
        name: after.values[name]
        for name in IDENTIFIERS
        if name in after.values and after.values[name] != had.get(name)
    }
    marks = frozenset[str]().union(*(record.marks for record in others))
    if not marks.isdisjoint(DIGESTER.of(taken).values()):
        raise Broken("what was forgotten or deleted never comes back")


def check_numbers(records: Iterable[Record]) -> None:
    """A gap would look like a torn read for ever."""
    numbers: dict[str, set[int]] = {}
    for record in records:
        for digest, number in map(number_of, record.claims):
            numbers.setdefault(digest, set()).add(number)
    if any(len(found) != max(found) for found in numbers.values()):
        raise Broken("no gap in the numbers of an identifier")
