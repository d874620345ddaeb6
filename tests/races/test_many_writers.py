"""Many programs write the same people at once: nobody is made twice, and nothing is lost."""

import asyncio
from collections import Counter, defaultdict
from itertools import chain
from random import Random
from typing import Any

import pytest

from service.store.database import Database
from tests.races.conftest import Serve
from tests.races.load import PEOPLE, ROUNDS, person, tag, uploads_of
from tests.races.sending import codes, programs_on

Told = dict[int, list[dict[str, Any]]]
"""The results of rows, by whom they meant."""


async def press(serve: Serve, processes: int) -> tuple[Told, dict[int, set[str]]]:
    """What all writers were told, and the tags that they sent, by person."""
    random = Random(0)
    told: Told = defaultdict(list)
    tags: dict[int, set[str]] = defaultdict(set)
    async with programs_on(*(serve() for _ in range(processes))) as programs:
        for turn in range(ROUNDS):
            uploads = list(uploads_of(turn, random))
            answers = await asyncio.gather(
                *(programs.send(writer, upload.values()) for writer, upload in enumerate(uploads))
            )
            for writer, (upload, results) in enumerate(zip(uploads, answers, strict=True)):
                for number, result in zip(upload, results, strict=True):
                    told[number].append(result)
                    tags[number].add(tag(writer, turn))
    return told, tags


@pytest.mark.parametrize("processes", [1, 2])
async def test_many_writers_make_each_person_once_and_lose_nothing(
    serve: Serve, database: Database, processes: int
) -> None:
    """By every identifier. None is told of a race; each person is one customer, with every tag, and
    with one revision for each row that changed it."""
    told, tags = await press(serve, processes)
    stored = {one["external_id"]: one async for one in database.customers.find({})}

    assert set() == codes(chain(*told.values()))
    assert {f"X{number}" for number in range(PEOPLE)} == stored.keys()
    assert PEOPLE == await database.customers.count_documents({})
    for number, results in told.items():
        one, ends = stored[f"X{number}"], Counter(result["status"] for result in results)
        assert person(number) == {name: one.get(name) for name in person(number)}
        assert tags[number] == set(one["tags"])
        assert [(one["_id"],)] == list({tuple(result["customer_ids"]) for result in results})
        assert (1, one["rev"] - 1) == (ends["CREATED"], ends["UPDATED"])
