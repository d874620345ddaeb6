"""The rules of the protocol, each of which can be left out: what simulated uploads do without it.

The store's part of the protocol is left out of the simulated store.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from service.customers import identity, matching, plans
from service.customers.bounds import taken
from service.customers.digests import numbered
from service.customers.identity import Past, Round, Write
from service.customers.matching import Match
from service.customers.plans import Plan, UploadStatus, _Planner
from service.customers.records import Record, State, erased
from service.customers.rows import Row
from service.customers.view import View
from service.uploads import fates, rounds
from service.uploads.fates import Fates
from tests.simulation import store
from tests.simulation.asking import AskingStore
from tests.uploads.making import DIGESTER
from tests.uploads.memory import landed

LeaveOut = Callable[[pytest.MonkeyPatch], None]
LEFT_OUT: dict[str, LeaveOut] = {}


def _rule(name: str) -> Callable[[LeaveOut], LeaveOut]:
    def keep(leave_out: LeaveOut) -> LeaveOut:
        LEFT_OUT[name] = leave_out
        return leave_out

    return keep


# -- What a write does --


@_rule("a write names the revision that was read")
def _revision(patch: pytest.MonkeyPatch) -> None:
    def careless(records: Mapping[str, Record], write: Write) -> Record | None:
        stored = records.get(write.before.id)
        rev = stored.rev if stored else 0
        return landed(records, write._replace(before=write.before._replace(rev=rev)))

    patch.setattr(store, "landed", careless)


@_rule("no two records have one claim")
def _unique(patch: pytest.MonkeyPatch) -> None:
    def careless(records: Mapping[str, Record], write: Write) -> Record | None:
        unclaimed = {key: one._replace(claims=frozenset()) for key, one in records.items()}
        return landed(unclaimed, write)

    patch.setattr(store, "landed", careless)


@_rule("a customer whom its rows leave as it was is not written")
def _unchanged(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(identity, "_same_stored", lambda before, after: False)


# -- Whom a row means --


@_rule("an erased record matches by its marks")
def _marks(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(View, "mark", lambda self, digest: None)


@_rule("nothing is created while an identifier of the row is marked")
def _creating(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(matching, "_nobody", lambda digests, view: Match())


@_rule("a live record may not newly take a marked identifier")
def _taking_marked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(plans, "identity_faults", lambda *arguments: ())


@_rule("marks are not of what the record once held")
def _marks_of_keys(patch: pytest.MonkeyPatch) -> None:

    def more(record: Record, state: State, marks: Iterable[str], *others: Any) -> Record:
        return erased(record, state, {*marks, *record.keys}, *others)

    patch.setattr(plans, "erased", more)


@_rule("marks are also of what the erasing row names")
def _marks_of_row(patch: pytest.MonkeyPatch) -> None:

    def fewer(record: Record, state: State, marks: Iterable[str], *others: Any) -> Record:
        held = set(DIGESTER.of(record.values).values())
        return erased(record, state, held or marks, *others)

    patch.setattr(plans, "erased", fewer)


@_rule("a row that would change an identifier of several is refused")
def _several(patch: pytest.MonkeyPatch) -> None:
    update = _Planner._update

    def updating(self: _Planner) -> Plan:
        records = self.found.records
        pairs = [(record, self._changed(record)) for record in records]
        if len(records) == 1 or all(was.identity() == now.identity() for was, now in pairs):
            return update(self)
        after = tuple(self._taking(now, taken(was, now)) for was, now in pairs)
        return self._done(UploadStatus.UPDATED, after)

    patch.setattr(_Planner, "_update", updating)


# -- Numbers --


def _numbers_only(
    patch: pytest.MonkeyPatch, counted: Callable[[_Planner, Record, str], bool]
) -> None:
    """Of the events, those alone take a number."""

    def claim(self: _Planner, record: Record, events: set[str]) -> Record:
        numbers = {
            numbered(digest, self.view.next_number(digest))
            for digest in events
            if counted(self, record, digest)
        }
        return record._replace(keys=record.keys | events, claims=record.claims | numbers)

    patch.setattr(_Planner, "_claim", claim)


def _found_by(planner: _Planner) -> str | None:
    return planner.digests.get(planner.found.found_by or "")


@_rule("who takes an identifier first takes a number")
def _first(patch: pytest.MonkeyPatch) -> None:
    _numbers_only(patch, lambda planner, record, digest: planner.view.next_number(digest) > 1)


@_rule("who joins an identifier takes a number")
def _joining(patch: pytest.MonkeyPatch) -> None:
    _numbers_only(
        patch,
        lambda planner, record, digest: (
            record.state is not State.LIVE
            or digest == _found_by(planner)
            or planner.view.next_number(digest) == 1
        ),
    )


@_rule("who is found by an identifier and changes others takes a number of it")
def _finding(patch: pytest.MonkeyPatch) -> None:
    _numbers_only(
        patch,
        lambda planner, record, digest: (
            record.state is not State.LIVE or digest != _found_by(planner)
        ),
    )


@_rule("the erased take a number of what they held")
def _erasing(patch: pytest.MonkeyPatch) -> None:
    _numbers_only(
        patch,
        lambda planner, record, digest: (
            record.state is State.LIVE or digest in planner.digests.values()
        ),
    )


@_rule("the erased take a number of what the erasing row names")
def _erasing_named(patch: pytest.MonkeyPatch) -> None:
    def counted(planner: _Planner, record: Record, digest: str) -> bool:
        known = planner.found.records[0].values if planner.found.records else {}
        return record.state is State.LIVE or digest in DIGESTER.of(known).values()

    _numbers_only(patch, counted)


@_rule("numbers of erased records count")
def _of_erased(patch: pytest.MonkeyPatch) -> None:
    count = View._count

    def count_living(self: View, record: Record) -> None:
        if record.state is State.LIVE:
            count(self, record)

    patch.setattr(View, "_count", count_living)


@_rule("numbers are never given up")
def _giving_up(patch: pytest.MonkeyPatch) -> None:
    taking = _Planner._taking

    def giving_up(self: _Planner, now: Record, new: Iterable[str]) -> Record:
        held = set(DIGESTER.of(now.values).values())
        kept = {one for one in now.claims if one.partition("#")[0] in held}
        return taking(self, now._replace(claims=frozenset(kept)), new)

    patch.setattr(_Planner, "_taking", giving_up)


@_rule("an erased record keeps its claims")
def _claims_of_erased(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        plans, "erased", lambda *arguments: erased(*arguments)._replace(claims=frozenset())
    )


# -- Reading --


@_rule("who erases reads a second time")
def _second_read(patch: pytest.MonkeyPatch) -> None:
    read = rounds.read_candidates

    async def once(store: Any, rows: list[Row], *others: Any, **more: Any) -> Any:
        return await read(store, [], *others, **more)

    patch.setattr(rounds, "read_candidates", once)


@_rule("a gap in the numbers is a torn read")
def _gaps(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rounds, "torn", lambda *arguments: set())


@_rule("what touches nobody is said only after two reads that agree")
def _twice(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Past, "is_doubtful", lambda self, proposed, view: proposed.reach & self.torn)


@_rule("who is passed over, since they are several, is read twice")
def _once(patch: pytest.MonkeyPatch) -> None:
    is_doubtful = Past.is_doubtful

    def once(self: Past, proposed: Plan, view: View) -> bool:
        return is_doubtful(self, proposed._replace(passed_over=()), view)

    patch.setattr(Past, "is_doubtful", once)


@_rule("what is read is durable")
def _durable(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(store.Store, "seen", property(lambda self: self.documents))


@_rule("a retry waits until what beat it is durable")
def _settling(patch: pytest.MonkeyPatch) -> None:
    async def at_once(self: AskingStore) -> None:
        """It reads what it read before."""

    patch.setattr(AskingStore, "settle", at_once)


# -- Holding back --


def _hold_back_when(patch: pytest.MonkeyPatch, also: Callable[[Round, Plan], bool]) -> None:
    """Where `also` says no, a row waits for those alone that were held back before it."""
    must_wait = Round._must_wait

    def waits(self: Round, proposed: Plan, reach: frozenset[str]) -> bool:
        if also(self, proposed):
            return must_wait(self, proposed, reach)
        return not reach.isdisjoint(self._waits_for)

    patch.setattr(Round, "_must_wait", waits)


@_rule("a row waits for a customer that changed identity, unless it touches that one alone")
def _moved(patch: pytest.MonkeyPatch) -> None:
    must_wait = Round._must_wait

    def waits(self: Round, proposed: Plan, reach: frozenset[str]) -> bool:
        self._moved.clear()
        return must_wait(self, proposed, reach)

    patch.setattr(Round, "_must_wait", waits)


@_rule("a row that touches nobody waits too")
def _touches_nobody(patch: pytest.MonkeyPatch) -> None:
    _hold_back_when(patch, lambda self, proposed: bool(proposed.after))


@_rule("a row waits that changes identity under what an earlier row used on another")
def _moves_under_others(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Round, "_moves_under_others", lambda *arguments: False)


@_rule("a row waits for one that was held back")
def _waits_for(patch: pytest.MonkeyPatch) -> None:
    must_wait = Round._must_wait

    def waits(self: Round, proposed: Plan, reach: frozenset[str]) -> bool:
        self._waits_for.clear()
        return must_wait(self, proposed, reach)

    patch.setattr(Round, "_must_wait", waits)


@_rule("a row held back is compared by whom it means too")
def _by_names(patch: pytest.MonkeyPatch) -> None:
    take = Round.take

    def by_names(self: Round, row: Row, digests: Mapping[str, str]) -> None:
        before, held = set(self._waits_for), len(self._held)
        take(self, row, digests)
        if len(self._held) > held:
            self._waits_for = before | set(digests.values())

    patch.setattr(Round, "take", by_names)


@_rule("a row is compared with those held back by whom it means too")
def _against_names(patch: pytest.MonkeyPatch) -> None:
    must_wait = Round._must_wait

    def waits(self: Round, proposed: Plan, reach: frozenset[str]) -> bool:
        waits_for, self._waits_for = self._waits_for, set()
        try:
            return must_wait(self, proposed, reach) or not waits_for.isdisjoint(proposed.names)
        finally:
            self._waits_for = waits_for

    patch.setattr(Round, "_must_wait", waits)


def _not_moving(patch: pytest.MonkeyPatch, unless: Callable[[Record | None, Record], bool]) -> None:
    moves = identity._moves
    patch.setattr(identity, "_moves", lambda was, now: moves(was, now) and not unless(was, now))


@_rule("to be created is to change identity")
def _created(patch: pytest.MonkeyPatch) -> None:
    _not_moving(patch, lambda was, now: was is None)


@_rule("to be erased is to change identity")
def _erased(patch: pytest.MonkeyPatch) -> None:
    _not_moving(patch, lambda was, now: now.state is not State.LIVE)


@_rule("to hold other identifiers is to change identity")
def _others(patch: pytest.MonkeyPatch) -> None:
    _not_moving(patch, lambda was, now: was is not None and now.state is State.LIVE)


@_rule("former identifiers of who changed identity count")
def _former(patch: pytest.MonkeyPatch) -> None:
    commit = Round._commit

    def only_current(self: Round, proposed: Plan, reach: frozenset[str]) -> None:
        commit(self, proposed, reach)
        for digest, owners in self._moved.items():
            owners -= {
                owner
                for owner in owners
                if digest not in DIGESTER.of(self._view[owner].values).values()
            }

    patch.setattr(Round, "_commit", only_current)


# -- Trying again --


@_rule("a row whose write lost a race is tried again")
def _retry(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(fates, "MAX_FAILURES", 1)


@_rule("all rows of a write that lost are tried again")
def _all_rows(patch: pytest.MonkeyPatch) -> None:
    follow = Fates.follow

    def of_last(self: Fates, resolution: Any, lost: Iterable[Write], *others: Any) -> Any:
        return follow(self, resolution, [w._replace(rows=w.rows[-1:]) for w in lost], *others)

    patch.setattr(Fates, "follow", of_last)


@_rule("rows that share an identifier with those, and wrote nothing, are too")
def _dependents(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Fates, "_dependents", lambda *arguments: set())


@_rule("a row is not applied again to whom it was applied to")
def _applied_again(patch: pytest.MonkeyPatch) -> None:
    changed = _Planner._changed
    patch.setattr(
        _Planner, "_changed", lambda self, record: changed(self._replace(applied=()), record)
    )


@_rule("a row that was applied anywhere never creates")
def _applied_creates(patch: pytest.MonkeyPatch) -> None:
    plan = _Planner.plan

    def creating(self: _Planner) -> Plan:
        erases = self.row.forget or self.row.delete
        if self.found.records or self.found.mark or erases or not self.applied:
            return plan(self)
        return self._replace(applied=())._create()

    patch.setattr(_Planner, "plan", creating)


@_rule("a row that was applied anywhere identifies nobody")
def _applied_identifies(patch: pytest.MonkeyPatch) -> None:
    update = _Planner._update

    def updating(self: _Planner) -> Plan:
        records = self.found.records
        is_new = len(records) == 1 and records[0].id not in self.applied
        return update(self._replace(applied=()) if is_new else self)

    patch.setattr(_Planner, "_update", updating)


@_rule("a row that wrote in any attempt says so")
def _last_status(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Fates, "__getitem__", lambda self, index: self._results[index])
