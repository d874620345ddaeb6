"""People are forgotten and deleted in the midst of uploads of the same people."""

import asyncio
from random import Random

from service.store.database import Database
from tests.races.conftest import Serve
from tests.races.load import ROUNDS, Row, named, person
from tests.races.sending import codes, programs_on

WRITERS = 16
ERASED = 6
"""People a turn: half of them have been uploaded before."""


def _writes(random: Random, people: range) -> list[Row]:
    return [named(random, number, least=2) | {"first_name": "Ann"} for number in people]


def _erasing(random: Random, number: int) -> list[Row]:
    return [person(number) | {random.choice(["is_forgotten", "is_deleted"]): True}]


async def test_whoever_is_erased_amid_uploads_is_never_live_afterwards(
    serve: Serve, database: Database
) -> None:
    """By two processes. Whoever wins, and whether or not the person was there before, one record
    without anything personal is left of each."""
    random = Random(1)
    async with programs_on(serve(), serve()) as programs:
        for turn in range(ROUNDS):
            people = range(turn * ERASED, (turn + 1) * ERASED)
            await programs.send(0, [person(number) for number in people[::2]])
            uploads = [_erasing(random, number) for number in people]
            uploads += [_writes(random, people) for _ in range(2 * WRITERS)]
            random.shuffle(uploads)
            told = await asyncio.gather(
                *(programs.send(program, rows) for program, rows in enumerate(uploads))
            )
            later = await programs.send(0, [person(number) for number in people])

            assert {"FORGOTTEN", "DELETED"} >= codes(
                result for results in told for result in results
            )
            assert {"IGNORED"} == {result["status"] for result in later}
    stored = [one async for one in database.customers.find({})]

    assert ROUNDS * ERASED == len(stored)
    assert {"forgotten", "deleted"} >= {one["state"] for one in stored}
    assert not [text for text in ("Ann", "example.org", "+44", "'X") if text in str(stored)]
