"""Made-up people, for trying, testing and measuring: rows as uploads take them.

    from itertools import islice
    from scripts.people import people

    rows = list(islice(people(seed=1), 10_000))

The same seed gives the same rows, byte for byte, and as many as one likes: a longer list begins
with the shorter one. What is shared is shared within a household, so that uploading the rows makes
as many customers, in whatever order they come, and uploading them again changes nothing.
"""

from collections.abc import Iterator
from datetime import date

from scripts.people.chance import Chance
from scripts.people.contacts import Numbers
from scripts.people.households import household
from scripts.people.records import Row, records

__all__ = ["MOST", "TODAY", "Row", "people"]

MOST = Numbers.MOST // 2
"""Rows of a seed that are sure to have e-mails and phone numbers of their own."""


TODAY = date(2026, 11, 1)


def people(seed: int = 1, today: date = TODAY) -> Iterator[Row]:
    """Rows without end; after `MOST` of them, e-mails and phone numbers may come again.

    Nothing in them is later than `today`; the same people have joined and logged in by the day.
    """
    chance = Chance(seed, today)
    numbers = Numbers(chance)
    while True:
        home = household(chance, numbers)
        for member in home.members:
            yield from records(chance, numbers, home, member)
