"""Whether what came out could have come of the rows one by one.

Sought is an order of the rows in which each, applied alone by `rules`, ends as its upload was told,
and which leaves the customers that the store has. A row that means several customers may reach them
at several moments: it is atomic for each of them.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, combinations

from service.customers.plans import RowResult
from tests.simulation.rules import IDENTIFIERS, Choices, Outcome, Person, Row, apply
from tests.simulation.store import Attempt

People = Mapping[str, Person]


@dataclass(frozen=True, eq=False)
class Sent:
    """A row as it was sent, and what is known of its end.

    `result` is None where the upload was cut off. `landed`: customers that it went into, at
    `turns` of all the landing; `created`: the one that it made. `went` and `lost`: writes of its
    upload that landed, and that were refused.
    """

    upload: int
    index: int
    row: Row
    result: RowResult | None
    landed: Mapping[str, int]
    created: str | None
    went: Sequence[Attempt] = ()
    lost: Sequence[Attempt] = ()

    @cached_property
    def names(self) -> frozenset[tuple[str, str]]:
        return frozenset((name, self.row[name]) for name in IDENTIFIERS if self.row.get(name))

    @cached_property
    def has_written(self) -> bool:
        return bool(self.landed) and (
            self.result is None or self.result.status in ("CREATED", "UPDATED")
        )

    @cached_property
    def turn(self) -> int:
        return min(self.landed.values(), default=1000)

    @cached_property
    def erases(self) -> bool:
        return self.row.get("is_forgotten") is True or self.row.get("is_deleted") is True

    @cached_property
    def is_for_several(self) -> bool:
        return self.result is not None and len(self.result.customer_ids) > 1

    @cached_property
    def bulks(self) -> list[int]:
        return [one.bulk for one in self.went if self.index in one.rows]

    def _is_overtaken(self, other: "Sent") -> bool:
        """It was tried again after the other wrote, since its upload lost a race then. Where one of
        them was to change who somebody is, the other waits."""
        first = min(other.bulks)
        if max(self.bulks) <= first or all(one.bulk != first for one in self.lost):
            return False
        tried = [one for one in (*self.went, *self.lost) if one.bulk == first]
        own = [one for one in tried if self.index in one.rows]
        others = [one for one in tried if other.index in one.rows]
        return not own or not any(one.moves for one in (*own, *others))

    def precedes(self, other: "Sent") -> bool:
        """Whether they keep their order though others write: rows of one upload that name a common
        identifier, and wrote; unless their upload lost a race when the other wrote, and the first
        was tried again after it."""
        return (
            self.upload == other.upload
            and self.index < other.index
            and self.has_written
            and other.has_written
            and not self._is_overtaken(other)
            and not self.names.isdisjoint(other.names)
        )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that is not through: whom it reached already, and whether that changed anybody.

    `owed` are those whom it meant whenever it reached somebody: none of them may be left out. Who
    came in between may have come after the row.
    """

    sent: Sent
    reached: frozenset[str] = frozenset()
    owed: frozenset[str] = frozenset()
    has_changed: bool = False


@dataclass(frozen=True, slots=True)
class _Step:
    changed: tuple[Person, ...]
    still: Waiting | None


@dataclass
class Search:
    """`target` are the people that the store has. `in_order`: every row precedes those after it.
    `joiners`: a row may miss who came to hold the shared identifier that it is found by after its
    upload began, and one that makes a customer whom others have become since. `tries` bounds how
    long it looks."""

    target: People
    choices: Choices
    in_order: bool = False
    joiners: bool = False
    tries: int = 20_000
    _at_start: People = field(default_factory=dict)
    _failed: set[object] = field(default_factory=set)

    def succeeds(self, people: People, rows: Iterable[Sent]) -> bool:
        self._at_start = people
        rows = [sent for sent in rows if sent.result or sent.landed]
        waiting = tuple(Waiting(sent) for sent in sorted(rows, key=lambda sent: sent.turn))
        return self._search(dict(people), waiting)

    def _search(self, people: People, waiting: tuple[Waiting, ...]) -> bool:
        if not waiting:
            return self.target == people
        key = (frozenset(people.values()), waiting)
        if key in self._failed:
            return False
        self._failed.add(key)
        if len(self._failed) > self.tries:
            raise RuntimeError("no serial order was found in the tries that were given")
        return any(self._search(*way) for way in self._ways(people, waiting))

    def _precedes(self, one: Sent, other: Sent) -> bool:
        return one.precedes(other) or (self.in_order and one.index < other.index)

    def _ways(
        self, people: People, waiting: tuple[Waiting, ...]
    ) -> Iterator[tuple[People, tuple[Waiting, ...]]]:
        """What may come next. A row that ends as it was told and changes nobody may come at once;
        of one whose end nobody was told, another may be meant."""
        ways = []
        for place, row in enumerate(waiting):
            if any(self._precedes(other.sent, row.sent) for other in waiting):
                continue
            for step in self._steps(people, row):
                rest = (*waiting[:place], *_rest(step), *waiting[place + 1 :])
                after = {**people, **{person.id: person for person in step.changed}}
                if row.sent.result and step.still is None and not step.changed:
                    yield after, rest
                    return
                ways.append((after, rest))
        yield from ways

    def _steps(self, people: People, row: Waiting) -> Iterator[_Step]:
        sent = row.sent
        outcome = apply(sent.row, people.values(), sent.created or "nobody", self.choices)
        if not row.reached and _is_as_told(outcome, sent):
            yield _Step(_changed(people, outcome.met) if _writes(outcome) else (), None)
        if row.reached and _has_ended(outcome, row):
            yield _Step((), None)
        if self.joiners and outcome.status == "REJECTED" and not (row.reached or sent.erases):
            yield from self._missing(people, row)
        if self.joiners and sent.created and not row.reached:
            yield from self._passing_over(sent)
        if self._may_part(sent) and _updates_as_told(outcome, sent):
            meant = frozenset(person.id for person in outcome.met)
            owed = row.owed & meant if row.reached else self._owed(sent, meant)
            yield from _parts(people, replace(row, owed=owed), outcome)

    def _missing(self, people: People, row: Waiting) -> Iterator[_Step]:
        """It would be refused for who joined the identifier that it is found by, and ends as it was
        told if it missed them and found others all the same. Who changes their identifiers takes a
        number, and misses nobody."""
        sent = row.sent
        told = sent.result and sent.result.matched_by
        for name in [told] if told else [name for name, _ in sent.names]:
            there = [one for one in people.values() if not self._joined(one, name, sent.row)]
            outcome = apply(sent.row, there, "nobody", self.choices)
            missed = len(there) < len(people) and _updates_as_told(outcome, sent)
            known = [one for one in outcome.met if one.id in people]
            stays = all(one.identifiers() == people[one.id].identifiers() for one in known)
            if missed and known and stays and _is_as_told(outcome, sent):
                yield _Step(_changed(people, outcome.met) if _writes(outcome) else (), None)

    def _passing_over(self, sent: Sent) -> Iterator[_Step]:
        """It makes a customer since several could have been meant, at the start. That one of them
        has other identifiers since takes no number of what they shared."""
        held = Counter(chain.from_iterable(map(Person.identifiers, self._at_start.values())))
        outcome = apply(sent.row, self._at_start.values(), sent.created or "", self.choices)
        passed = outcome.status == "CREATED" and any(held[name] > 1 for name in sent.names)
        if passed and _is_as_told(outcome, sent):
            yield _Step(outcome.met, None)

    def _joined(self, person: Person, name: str, row: Row) -> bool:
        """Whether it holds the row's identifier of that name, and did not at the start."""
        before = self._at_start.get(person.id, Person(person.id))
        return bool(person.get(name) == row[name] != before.get(name))

    def _may_part(self, sent: Sent) -> bool:
        """Whether it may reach whom it means at several moments."""
        return not sent.erases and (self.joiners or sent.result is None or sent.is_for_several)

    def _owed(self, sent: Sent, meant: frozenset[str]) -> frozenset[str]:
        if not self.joiners:
            return meant
        before = apply(sent.row, self._at_start.values(), "nobody", self.choices)
        return meant & {person.id for person in before.met}


def _rest(step: _Step) -> tuple[Waiting, ...]:
    return (step.still,) if step.still else ()


def _writes(outcome: Outcome) -> bool:
    return outcome.status in ("CREATED", "UPDATED")


def _changed(people: People, met: Iterable[Person]) -> tuple[Person, ...]:
    return tuple(person for person in met if people.get(person.id) != person)


def _is_as_told(outcome: Outcome, sent: Sent) -> bool:
    ids = {person.id for person in outcome.met}
    if sent.result is None:
        return outcome.status in ("CREATED", "UPDATED", "UNCHANGED") and ids == set(sent.landed)
    return (outcome.status, outcome.matched_by, ids, list(outcome.faults)) == (
        sent.result.status,
        sent.result.matched_by,
        set(sent.result.customer_ids),
        [(fault.code, fault.field) for fault in sent.result.faults],
    )


def _updates_as_told(outcome: Outcome, sent: Sent) -> bool:
    """Whomever it reaches, it finds by the identifier that was told."""
    if outcome.status not in ("UPDATED", "UNCHANGED"):
        return False
    return sent.result is None or outcome.matched_by == sent.result.matched_by


def _has_ended(outcome: Outcome, row: Waiting) -> bool:
    """All are reached whom it owed and still means, and its upload was told the truth: with a
    fault, also of those whom it would have meant."""
    result = row.sent.result
    if result is None:
        return row.reached == set(row.sent.landed)
    means = outcome.met if outcome.status in ("UPDATED", "UNCHANGED") else ()
    owed = row.owed & {person.id for person in means}
    told = set(result.customer_ids)
    is_true = row.reached <= told if result.faults else row.reached == told
    if not (is_true and owed <= row.reached):
        return False
    return result.status == ("UPDATED" if row.has_changed else "UNCHANGED")


def _parts(people: People, row: Waiting, outcome: Outcome) -> Iterator[_Step]:
    """It reaches some of whom it means."""
    sent = row.sent
    told = sent.landed if sent.result is None else sent.result.customer_ids
    left = [person for person in outcome.met if person.id in told and person.id not in row.reached]
    for part in _subsets(left):
        changed = _changed(people, part)
        if changed and sent.result and sent.result.status != "UPDATED":
            continue
        reached = row.reached | {person.id for person in part}
        has_changed = row.has_changed or bool(changed)
        yield _Step(changed, replace(row, reached=reached, has_changed=has_changed))


def _subsets(people: Sequence[Person]) -> Collection[tuple[Person, ...]]:
    sizes = range(1, len(people) + 1)
    return list(chain.from_iterable(combinations(people, size) for size in sizes))
