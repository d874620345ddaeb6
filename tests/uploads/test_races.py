"""Others who write between the reading and the writing."""

from collections.abc import Sequence

from service.customers.identity import Write
from service.uploads.fates import MAX_FAILURES
from tests.uploads.making import Row, ends, send, uploads_on
from tests.uploads.memory import MemoryStore, values
from tests.uploads.overtaken import Overtaken, holding, ours

E1, E2, P1 = "e1@example.org", "e2@example.org", "+447757138957"
X1, X2, X3 = ({"external_id": f"X{number}"} for number in (1, 2, 3))


class Losing(MemoryStore):
    """A store where all that is written loses its race."""

    async def write(self, writes: Sequence[Write]) -> list[Write]:
        return list(writes)


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


async def test_a_retry_waits_until_what_beat_it_is_durable() -> None:
    """Before it reads that; others may write meanwhile."""
    store = Overtaken(
        await holding(X1), write1=[{**X1, "city": "Turku"}], settle1=[{**X1, "city": "Oulu"}]
    )

    results = await send(ours(store), {**X1, "city": "Turku"})

    assert ["UPDATED"] == ends(results)
    assert ["read", "write", "settle", "read", "write"] == store.asked
    assert [{**X1, "city": "Turku"}] == values(store)


async def test_nobody_waits_for_that_who_lost_nothing() -> None:
    """Rows that were held back read what is durable as they did before."""
    store = Overtaken(await holding(X1))

    await send(ours(store), {**X1, "email": E1}, {"external_id": "X2", "email": E1})

    assert ["read", "write", "read", "write"] == store.asked


async def test_who_races_past_the_number_of_holders_counts_again() -> None:
    """Three may hold it, two do, and another upload is quicker to be the third."""
    holders = [{"external_id": f"X{number}", "email": E1} for number in range(4)]
    store = Overtaken(await holding(*holders[:2]), write1=[holders[2]])

    assert ["REJECTED IDENTIFIER_OVERSHARED"] == ends(await send(ours(store), holders[3]))
