"""Others who write at the same time: between the reading and the writing, or while reading."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from service.customers.identity import Write
from service.customers.records import Record
from service.uploads.fates import MAX_FAILURES
from tests.uploads.making import Row, ends, send, uploads_on
from tests.uploads.memory import MemoryStore, values

E1, E2, P1 = "e1@example.org", "e2@example.org", "+447757138957"
X1, X2 = {"external_id": "X1"}, {"external_id": "X2"}


class Overtaken(MemoryStore):
    """A store where somebody else is quicker. `rivals`: their uploads by the operation of ours that
    they go in before, such as `write 1`."""

    def __init__(self, before: MemoryStore, **rivals: Sequence[Row]) -> None:
        super().__init__()
        self.before = before
        self.records = before.records
        self.rivals = rivals
        self.asked: list[str] = []
        self.latest: list[bool] = []
        self.confirmed: list[str] = []

    async def candidates(self, digests: Iterable[str], *, latest: bool = False) -> list[Record]:
        await self._meanwhile("read")
        self.latest.append(latest)
        return await super().candidates(digests)

    async def write(self, writes: Sequence[Write]) -> list[Write]:
        await self._meanwhile("write")
        return await super().write(writes)

    async def confirm(self, records: Sequence[Record]) -> list[Record]:
        await self._meanwhile("confirm")
        self.confirmed += [record.id for record in records]
        return await super().confirm(records)

    async def _meanwhile(self, kind: str) -> None:
        self.asked.append(kind)
        ids = map("rival.{}".format, range(len(self.records), 1000))
        if rows := self.rivals.get(f"{kind}{self.asked.count(kind)}"):
            await send(uploads_on(self.before, new_id=ids.__next__), *rows)


class Losing(MemoryStore):
    """A store where all that is written loses its race."""

    async def write(self, writes: Sequence[Write]) -> list[Write]:
        return list(writes)


async def holding(*rows: Row) -> MemoryStore:
    """A store into which the rows went."""
    store = MemoryStore()
    await send(uploads_on(store), *rows)
    return store


def ours(store: MemoryStore) -> Any:
    return uploads_on(store, new_id=map("ours.{}".format, range(1000)).__next__)


async def test_a_write_that_lost_a_race_is_tried_again() -> None:
    """Both went in, the winner's first."""
    store = Overtaken(await holding(X1), write1=[{**X1, "city": "Oulu", "tags": ["a"]}])

    results = await send(ours(store), {**X1, "city": "Turku", "tags.add": ["b"]})

    assert ["UPDATED"] == ends(results)
    assert [{**X1, "city": "Turku", "tags": ["a", "b"]}] == values(store)


async def test_two_who_create_somebody_make_one_customer() -> None:
    store = Overtaken(MemoryStore(), write1=[{"email": E1, "tags": ["a"]}])

    (result,) = await send(ours(store), {"email": E1, "tags.add": ["b"]})

    assert "UPDATED" == result.status
    assert ("rival.0",) == result.customer_ids
    assert [{"email": E1, "tags": ["a", "b"]}] == values(store)


async def test_a_row_that_always_loses_is_a_conflict_in_the_end() -> None:
    """It waits longer each time, and meets no customer: the one to be created is nobody."""
    pauses: list[int] = []

    async def pause(failures: int) -> None:
        pauses.append(failures)

    (result,) = await send(uploads_on(Losing(), pause=pause), X1)

    assert ["REJECTED CONFLICT"] == ends([result])
    assert () == result.customer_ids
    assert list(range(1, MAX_FAILURES)) == pauses


async def test_a_conflict_is_one_of_its_rows_alone() -> None:
    """Others of the upload are written once, and the rows that were held back for them go in."""

    class LosingOne(MemoryStore):
        async def write(self, writes: Sequence[Write]) -> list[Write]:
            lost = [write for write in writes if write.after.values.get("city") == "Turku"]
            return lost + await super().write([write for write in writes if write not in lost])

    store = LosingOne()

    results = await send(
        ours(store), {**X1, "email": E1, "city": "Turku"}, {**X2, "email": E1}, {**X2, "city": ""}
    )

    assert ["REJECTED CONFLICT", "CREATED", "UNCHANGED"] == ends(results)
    assert [{**X2, "email": E1}] == values(store)


async def test_a_row_is_not_applied_again_to_whom_it_was_applied_to() -> None:
    """One of two holders was written before another upload wrote it; the retry is for the other."""
    store = await holding({**X1, "email": E1}, {**X2, "email": E1})
    overtaken = Overtaken(
        store, write1=[{**X2, "last_name": "Ash"}], read2=[{**X1, "city": "Oulu"}]
    )

    results = await send(ours(overtaken), {"email": E1, "city": "Turku"})

    assert ["UPDATED"] == ends(results)
    assert ["Oulu", "Turku"] == sorted(str(one["city"]) for one in values(store))


async def test_a_row_that_was_applied_creates_nobody_when_it_finds_nobody() -> None:
    """Case 9: the second holder loses the e-mail, then the first; the row was for both."""
    store = await holding({**X1, "email": E1}, {**X2, "email": E1})
    overtaken = Overtaken(store, write1=[{**X2, "email": ""}], read2=[{**X1, "email": E2}])

    (result,) = await send(ours(overtaken), {"email": E1, "city": "Turku"})

    assert "UPDATED" == result.status
    assert ("c.0001",) == result.customer_ids
    assert [{**X1, "email": E2, "city": "Turku"}, X2] == values(store)


async def test_a_row_that_was_applied_is_not_made_somebody_elses() -> None:
    """Its weaker identifier finds somebody who lacks the stronger one, when nobody has that."""
    store = await holding({**X1, "email": E1}, {**X2, "email": E1}, {"phone_number": P1})
    overtaken = Overtaken(store, write1=[{**X2, "email": ""}], read2=[{**X1, "email": ""}])
    row = {"email": E1, "phone_number": P1, "city": "Turku"}

    await send(ours(overtaken), row)

    assert 1 == sum(one.get("email") == E1 for one in values(store))


async def test_a_row_that_wrote_says_so_though_its_retry_finds_nothing_to_do() -> None:
    """Case 14: the other holder was given the same value meanwhile."""
    store = await holding({**X1, "email": E1}, {**X2, "email": E1})
    overtaken = Overtaken(store, write1=[{**X2, "city": "Turku"}])

    (result,) = await send(ours(overtaken), {"email": E1, "city": "Turku"})

    assert "UPDATED" == result.status
    assert tuple(store.records) == result.customer_ids


async def test_a_row_that_wrote_nothing_before_it_lost_is_what_its_retry_says() -> None:
    store = Overtaken(await holding(X1), write1=[{**X1, "city": "Turku"}])

    assert ["UNCHANGED"] == ends(await send(ours(store), {**X1, "city": "Turku"}))


async def test_a_row_whose_customer_was_erased_meanwhile_is_ignored() -> None:
    store = Overtaken(await holding({**X1, "email": E1}), write1=[{**X1, "is_forgotten": True}])

    (result,) = await send(ours(store), {"email": E1, "city": "Turku"})

    assert ["IGNORED FORGOTTEN"] == ends([result])
    assert () == result.customer_ids
    assert [] == values(store)


async def test_what_was_said_because_of_a_lost_write_is_said_anew() -> None:
    """A scalar that was never written is no reason to refuse members of a list."""
    rows: list[Row] = [{**X1, "A__l": 7}, {**X1, "A__l.add": ["b"]}]
    store = Overtaken(await holding({**X1, "A__l": ["a"]}), write1=[{**X1, "is_deleted": True}])

    assert ["IGNORED DELETED", "IGNORED DELETED"] == ends(await send(ours(store), *rows))


async def test_a_retry_reads_what_stands_and_confirms_what_it_leaves() -> None:
    """The winner may not be durable yet; what is said of it has to be. Here it changes again."""
    store = Overtaken(
        await holding(X1), write1=[{**X1, "city": "Turku"}], confirm1=[{**X1, "city": "Oulu"}]
    )

    results = await send(ours(store), {**X1, "city": "Turku"})

    assert ["UPDATED"] == ends(results)
    assert [False, True, True] == store.latest
    assert [{**X1, "city": "Turku"}] == values(store)


async def test_an_ignored_row_is_confirmed_too() -> None:
    """It rests on the record of somebody erased, which a retry saw before it was durable."""
    store = Overtaken(await holding(X1), write1=[{**X1, "is_deleted": True}])

    await send(ours(store), {**X1, "city": "Turku"})

    assert ["c.0001"] == store.confirmed


async def test_nothing_is_confirmed_where_nobody_lost() -> None:
    class Unasked(MemoryStore):
        async def confirm(self, records: Sequence[Record]) -> list[Record]:
            raise AssertionError

    store = Unasked()

    assert ["CREATED", "UNCHANGED"] == ends(await send(ours(store), X1, X1))


async def test_who_races_past_the_number_of_holders_counts_again() -> None:
    """Three may hold it, two do, and another upload is quicker to be the third."""
    holders = [{"external_id": f"X{number}", "email": E1} for number in range(4)]
    store = Overtaken(await holding(*holders[:2]), write1=[holders[2]])

    assert ["REJECTED IDENTIFIER_OVERSHARED"] == ends(await send(ours(store), holders[3]))


def _without_first(records: list[Record]) -> list[Record]:
    return records[1:]


def _torn(store: MemoryStore, tear: Callable[[list[Record]], list[Record]], reads: int) -> Any:
    """The first `reads` of its candidates are torn."""

    class Torn(MemoryStore):
        async def candidates(self, digests: Iterable[str], *, latest: bool = False) -> list[Record]:
            found = await super().candidates(digests)
            return tear(found) if self.reads <= reads else found

    torn = Torn()
    torn.records = store.records
    return torn


async def test_a_read_torn_between_two_writes_is_read_again() -> None:
    """A gap in the numbers of a shared e-mail: one of its holders was missed."""
    torn = _torn(await holding({**X1, "email": E1}, {**X2, "email": E1}), _without_first, 1)

    (result,) = await send(ours(torn), {"email": E1, "city": "Turku"})

    assert 2 == len(result.customer_ids)
    assert 2 == torn.reads


async def test_a_torn_read_holds_up_nobody_whom_it_is_not_about() -> None:
    """The others go in at once, and are not read again."""
    asked: list[set[str]] = []
    torn = _torn(await holding({**X1, "email": E1}, {**X2, "email": E1}), _without_first, 1)
    read = torn.candidates

    async def candidates(digests: Iterable[str], *, latest: bool = False) -> list[Record]:
        asked.append(set(digests))
        return list(await read(asked[-1], latest=latest))

    torn.candidates = candidates

    results = await send(ours(torn), {"external_id": "X3"}, {"email": E1, "city": "Turku"})

    assert ["CREATED", "UPDATED"] == ends(results)
    assert [2, 1] == [len(digests) for digests in asked]


async def test_somebody_is_ambiguous_only_after_two_reads_that_agree() -> None:
    """Case 12: the second holder was read while it still had the e-mail, the first when it already
    did. Here the store shows so what no longer stands."""
    store = await holding({**X1, "email": E1}, X2)
    one, two = store.records.values()
    stale = two._replace(values={**two.values, "email": E1}, rev=two.rev - 1)
    torn = _torn(store, lambda _: [one, stale], 1)

    assert ["UPDATED"] == ends(await send(ours(torn), {"email": E1, "is_forgotten": True}))


@pytest.mark.parametrize("reads", [1, 5, 30])
async def test_a_read_that_is_torn_again_and_again_is_bounded(reads: int) -> None:
    """It is a lost race each fifth time: the row waits then."""
    pauses: list[int] = []

    async def pause(failures: int) -> None:
        pauses.append(failures)

    torn = _torn(await holding({**X1, "email": E1}, {**X2, "email": E1}), _without_first, reads)
    uploads = replace(ours(torn), pause=pause)

    assert ["UPDATED"] == ends(await send(uploads, {"email": E1, "city": "Turku"}))
    assert list(range(1, reads // 5 + 1)) == pauses


async def test_a_read_that_is_always_torn_is_a_conflict() -> None:
    torn = _torn(await holding({**X1, "email": E1}, {**X2, "email": E1}), _without_first, 1000)

    assert ["REJECTED CONFLICT"] == ends(await send(ours(torn), {"email": E1, "city": "Turku"}))
