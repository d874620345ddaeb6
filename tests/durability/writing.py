"""What writers send: rows for people of their own, in a known order, and for people of all."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random

from tests.durability.ledger import ERASING, Sent
from tests.races.load import Row, named, person

OWN = 10_000
"""People whom a writer may make."""
SHARED = 90_000
"""The number of the first person whom all writers know."""
AT_ONCE = 5
"""People whom all write at the same time; they are others from time to time."""
LARGE, SMALL = 1300, 40
"""Rows of an upload, at most: several slices of it, and one."""


def prepared(token: str) -> Row:
    """What a row leaves with somebody: the same in five fields, so that half of it can be told."""
    return marked(token) | {"first_name": token, "city": token, "A__token": token}


def marked(token: str) -> Row:
    """The same for somebody whom others write too: what they leave comes beside it."""
    return {"tags.add": [token], "mailing_lists.add": [token]}


@dataclass(slots=True)
class Writer:
    """Makes uploads, each person at most once in one. `keyed`: with idempotency keys."""

    number: int
    random: Random
    keyed: bool = False
    _uploads: Iterator[int] = field(default_factory=count)
    _made: int = 0
    _emails: dict[int, object] = field(default_factory=dict)
    _erased: list[int] = field(default_factory=list)

    def next(self, epoch: int) -> Sent:
        """`epoch`: which people all writers have in common now."""
        token = f"w{self.number}u{next(self._uploads)}"
        rows: dict[int, Row] = {}
        for _ in range(self._size()):
            rows |= self._row(token)
        for number in range(SHARED + epoch * AT_ONCE, SHARED + (epoch + 1) * AT_ONCE):
            rows |= self._shared(number, token)
        key = f"key {token}" if self.keyed else None
        return Sent(token, list(rows), list(rows.values()), key)

    def _size(self) -> int:
        return self.random.randrange(LARGE if self.random.random() < 0.04 else SMALL)

    def _row(self, token: str) -> dict[int, Row]:
        what = self.random.random()
        if what < 0.5 or not self._emails:
            return self._new(token)
        if what < 0.56:
            return self._erasing()
        if what < 0.6 and self._erased:
            number = self.random.choice(self._erased)
            return {number: person(number) | prepared(token)}
        number = self.random.choice(list(self._emails)[-100:])
        return {number: self._known(number) | prepared(token)}

    def _new(self, token: str) -> dict[int, Row]:
        """One in ten has the e-mail address of another."""
        number = self.number * OWN + self._made
        self._made += 1
        relative = self._emails.get(number - 1) if number % 10 == 9 else None
        self._emails[number] = relative or person(number)["email"]
        return {number: person(number) | {"email": self._emails[number]} | prepared(token)}

    def _erasing(self) -> dict[int, Row]:
        number = self.random.choice(list(self._emails)[-100:])
        if number % 10 in (8, 9):  # whose address others have
            return {}
        del self._emails[number]
        self._erased.append(number)
        return {number: _erased(self.random, {"external_id": f"X{number}"})}

    def _known(self, number: int) -> Row:
        row: Row = {"external_id": f"X{number}"}
        return row | ({"email": self._emails[number]} if self.random.random() < 0.5 else {})

    def _shared(self, number: int, token: str) -> dict[int, Row]:
        what = self.random.random()
        if what < 0.5:
            return {number: named(self.random, number, least=2) | marked(token)}
        return {number: _erased(self.random, person(number))} if what < 0.52 else {}


def _erased(random: Random, who: Row) -> Row:
    return who | {random.choice(list(ERASING)): True}
