"""No segment is within itself, whoever saves what at the same time."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from service.errors import InvalidArgument, NameTaken, SegmentCycle
from service.queries.segments import named_in
from service.store.database import Database
from service.store.segments import SavedSegment, Segments
from tests.conftest import STORES
from tests.segments.saving import naming, save, saving_on, stored

WIRE = [name for name in STORES if name != "mock"]


class Meeting(Segments):
    """The first changes of so many savers wait until all have read what they rest on."""

    def __init__(self, database: Database, savers: int) -> None:
        super().__init__(database)
        self._barrier = asyncio.Barrier(savers)
        self._waiting = savers

    async def hold(self, segment: SavedSegment) -> bool:
        if self._waiting > 0:
            self._waiting -= 1
            await self._barrier.wait()
        return await super().hold(segment)


def circles(names: dict[str, list[str]]) -> Iterator[str]:
    """Told anew: those that are reached from themselves."""
    for start in names:
        seen, waiting = set[str](), list(names[start])
        while waiting:
            one = waiting.pop()
            if one == start:
                yield start
                break
            if one not in seen:
                seen.add(one)
                waiting += names.get(one, [])


async def named(store: Segments, *segment_ids: str) -> dict[str, list[str]]:
    return {one.id: sorted(named_in(one.where)) for one in await stored(store, *segment_ids)}


async def test_a_segment_can_not_name_itself(segments: Segments) -> None:
    saving = saving_on(segments)
    await save(saving, "A")

    with pytest.raises(SegmentCycle) as caught:
        await save(saving, "A", {"not": naming("s.1")}, id="s.1")

    assert "where" == caught.value.argument


async def test_a_segment_can_not_name_one_that_leads_back_to_it(segments: Segments) -> None:
    saving = saving_on(segments)
    await save(saving, "A")
    await save(saving, "B", naming("s.1"))
    await save(saving, "C", {"or": [{}, naming("s.2")]})

    with pytest.raises(SegmentCycle):
        await save(saving, "A", naming("s.3"), id="s.1")

    assert {"s.1": []} == await named(segments, "s.1")


async def test_a_segment_may_be_reached_in_two_ways(segments: Segments) -> None:
    saving = saving_on(segments)
    for name, where in {"A": {}, "B": naming("s.1"), "C": naming("s.1")}.items():
        await save(saving, name, where)

    await save(saving, "D", naming("s.2", "s.3"))

    assert {"s.4": ["s.2", "s.3"]} == await named(segments, "s.4")


@pytest.mark.parametrize("savers", [2, 3, 4])
async def test_savings_that_would_close_a_circle_together_do_not_all_go_in(
    segments: Segments, database: Database, savers: int
) -> None:
    """Each has read before any has written."""
    saving = saving_on(Meeting(database, savers))
    ids = [(await save(saving, f"S{number}")).id for number in range(savers)]

    ended = await asyncio.gather(
        *(save(saving, one, naming(ids[number - 1]), id=one) for number, one in enumerate(ids)),
        return_exceptions=True,
    )

    refused = [one for one in ended if isinstance(one, BaseException)]
    assert [SegmentCycle] == [type(one) for one in refused]
    assert [] == [*circles(await named(segments, *ids))]


async def test_a_circle_is_not_closed_far_from_those_that_are_named(
    segments: Segments, database: Database
) -> None:
    """A chain gets longer at its end while another saving names its first, all of it between the
    reading and the writing of the former."""
    saving = saving_on(segments)
    await save(saving, "End")
    await save(saving, "Middle", naming("s.1"))
    await save(saving, "First", naming("s.2"))
    await save(saving, "Other")

    class Late(Segments):
        async def change(self, before: SavedSegment, after: SavedSegment) -> bool:
            await save(saving, "Other", naming("s.3"), id="s.4")
            return await super().change(before, after)

    with pytest.raises(SegmentCycle):
        await save(saving_on(Late(database)), "End", naming("s.4"), id="s.1")

    assert {"s.1": [], "s.4": ["s.3"]} == await named(segments, "s.1", "s.4")


async def test_of_a_segment_that_is_deleted_meanwhile_nothing_new_is_said(
    segments: Segments, database: Database
) -> None:
    class Deleting(Segments):
        async def hold(self, segment: SavedSegment) -> bool:
            await self.delete(segment.id)
            return await super().hold(segment)

    saving = saving_on(Deleting(database))
    await save(saving, "A")
    await save(saving, "B")

    with pytest.raises(InvalidArgument) as caught:
        await save(saving, "B", naming("s.1"), id="s.2")

    assert "where.segment.in.0" == caught.value.argument
    assert {"s.2": []} == await named(segments, "s.2")


@pytest.mark.parametrize("store_name", WIRE)
async def test_many_savings_at_random_make_no_circle(segments: Segments) -> None:
    saving = saving_on(segments)
    ids = [(await save(saving, f"S{number}")).id for number in range(4)]

    for _ in range(12):
        changes = [
            save(saving, one, naming(other), id=one) for one in ids for other in ids if one != other
        ]
        ended = await asyncio.gather(*changes, return_exceptions=True)

        assert SavedSegment in {type(one) for one in ended}
        assert [] == [*circles(await named(segments, *ids))]


@pytest.mark.parametrize("store_name", WIRE)
async def test_of_many_who_take_a_name_at_once_one_has_it(segments: Segments) -> None:
    saving = saving_on(segments)
    spellings: list[Any] = ["vip", "VIP", "Vip", "vIP"] * 4

    ended = await asyncio.gather(
        *(save(saving, name) for name in spellings), return_exceptions=True
    )

    assert 1 == sum(isinstance(one, SavedSegment) for one in ended)
    assert 15 == sum(isinstance(one, NameTaken) for one in ended)


@pytest.mark.parametrize("store_name", WIRE)
async def test_of_many_who_change_a_segment_at_once_each_is_counted(segments: Segments) -> None:
    saving = saving_on(segments)
    await save(saving, "Name")

    ended = await asyncio.gather(*(save(saving, f"Name {number}", id="s.1") for number in range(4)))

    (found,) = await stored(segments, "s.1")
    assert 5 == found.rev
    assert found.name in {one.name for one in ended}
