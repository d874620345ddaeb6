"""A read is no snapshot: each customer is read at its own time."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from service.customers.records import Record
from tests.uploads.making import ends, send
from tests.uploads.memory import MemoryStore
from tests.uploads.overtaken import holding, ours

E1, E2, P1 = "e1@example.org", "e2@example.org", "+447757138957"
X1, X2, X3 = ({"external_id": f"X{number}"} for number in (1, 2, 3))


def _without_first(records: list[Record]) -> list[Record]:
    return records[1:]


def _torn(store: MemoryStore, tear: Callable[[list[Record]], list[Record]], reads: int) -> Any:
    """The first `reads` of its candidates are torn."""

    class Torn(MemoryStore):
        async def candidates(self, digests: Iterable[str]) -> list[Record]:
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

    async def candidates(digests: Iterable[str]) -> list[Record]:
        asked.append(set(digests))
        return list(await read(asked[-1]))

    torn.candidates = candidates

    results = await send(ours(torn), {"external_id": "X3"}, {"email": E1, "city": "Turku"})

    assert ["CREATED", "UPDATED"] == ends(results)
    assert [2, 1] == [len(digests) for digests in asked]


async def test_somebody_is_ambiguous_only_after_two_reads_that_agree() -> None:
    """The second holder was read while it still had the e-mail, the first when it already
    did. Here the store shows so what no longer stands."""
    store = await holding({**X1, "email": E1}, X2)
    one, two = store.records.values()
    stale = two._replace(values={**two.values, "email": E1})
    store.records[two.id] = two._replace(rev=two.rev + 1)
    torn = _torn(store, lambda _: [one, stale], 2)  # whoever erases reads twice

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
