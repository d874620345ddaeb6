"""Rows for several customers, of whom some were written and others lost a race."""

from tests.uploads.making import ends, send
from tests.uploads.memory import values
from tests.uploads.overtaken import Overtaken, holding, ours

E1, E2, P1 = "e1@example.org", "e2@example.org", "+447757138957"
X1, X2, X3 = ({"external_id": f"X{number}"} for number in (1, 2, 3))


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
    """The second holder loses the e-mail, then the first; the row was for both."""
    store = await holding({**X1, "email": E1}, {**X2, "email": E1})
    overtaken = Overtaken(store, write1=[{**X2, "email": ""}], read2=[{**X1, "email": E2}])

    (result,) = await send(ours(overtaken), {"email": E1, "city": "Turku"})

    assert "UPDATED" == result.status
    assert ("c.0001",) == result.customer_ids
    assert [{**X1, "email": E2, "city": "Turku"}, X2] == values(store)


async def test_a_row_that_was_applied_is_not_made_somebody_elses() -> None:
    """When nobody has the e-mail any more, the phone number finds somebody to adopt it."""
    holders = [{**X1, "email": E1, "phone_number": P1}, {**X2, "email": E1, "phone_number": P1}]
    overtaken = Overtaken(
        await holding(*holders),
        write1=[{**X2, "email": ""}],
        read2=[{**X1, "email": "", "phone_number": ""}],
    )

    results = await send(ours(overtaken), {"email": E1, "phone_number": P1, "city": "Turku"})

    assert ["UPDATED AMBIGUOUS_IDENTITY"] == ends(results)
    assert [{**X1, "city": "Turku"}, {**X2, "phone_number": P1}] == values(overtaken)


async def test_a_row_is_at_fault_only_for_whom_it_was_not_applied_to() -> None:
    """The lists to which it adds were replaced meanwhile, one where it was written before that."""
    store = await holding({**X1, "email": E1}, {**X2, "email": E1})
    overtaken = Overtaken(store, write1=[{**X2, "A__m": 7}], read2=[{**X1, "A__l": 7}])

    (result,) = await send(ours(overtaken), {"email": E1, "A__l.add": ["a"], "A__m.add": ["a"]})

    assert ["UPDATED NOT_A_LIST"] == ends([result])
    assert ["A__m"] == [fault.field for fault in result.faults]


async def test_a_row_that_wrote_is_no_less_so_when_the_others_are_erased() -> None:
    store = await holding({**X1, "email": E1}, {**X2, "email": E1})
    overtaken = Overtaken(store, write1=[{**X2, "is_forgotten": True}], read2=[{**X1, "email": ""}])

    (result,) = await send(ours(overtaken), {"email": E1, "city": "Turku"})

    assert ["UPDATED"] == ends([result])
    assert ("c.0001",) == result.customer_ids


async def test_a_row_that_wrote_says_so_though_its_retry_finds_nothing_to_do() -> None:
    """The other holder was given the same value meanwhile."""
    store = await holding({**X1, "email": E1}, {**X2, "email": E1})
    overtaken = Overtaken(store, write1=[{**X2, "city": "Turku"}])

    (result,) = await send(ours(overtaken), {"email": E1, "city": "Turku"})

    assert "UPDATED" == result.status
    assert tuple(store.records) == result.customer_ids


async def test_a_row_that_was_applied_and_wrote_nothing_still_met_whom_it_met() -> None:
    """Another row changed the first holder; the second, who was to be changed, lost the e-mail."""
    store = await holding({**X1, "email": E1, "city": "Turku"}, {**X2, "email": E1})
    overtaken = Overtaken(store, write1=[{**X2, "email": ""}], read2=[{**X1, "email": E2}])

    _, result = await send(
        ours(overtaken), {**X1, "last_name": "Ash"}, {"email": E1, "city": "Turku"}
    )

    assert ("UNCHANGED", "email") == (result.status, result.matched_by)
    assert ("c.0001",) == result.customer_ids


async def test_a_row_that_wrote_nothing_and_is_ignored_in_the_end_met_nobody() -> None:
    """Ids would tie whoever was erased to whom else the row meant."""
    store = await holding({**X1, "email": E1, "city": "Turku"}, {**X2, "email": E1})
    overtaken = Overtaken(store, write1=[{**X2, "is_forgotten": True}], read2=[{**X1, "email": ""}])

    _, result = await send(
        ours(overtaken), {**X1, "last_name": "Ash"}, {"email": E1, "city": "Turku"}
    )

    assert ["IGNORED FORGOTTEN"] == ends([result])
    assert () == result.customer_ids


async def test_a_row_that_wrote_in_its_second_attempt_of_three_says_so() -> None:
    """Of three holders the first had the value before, and the last was given it meanwhile."""
    store = await holding({**X1, "email": E1, "city": "Turku"}, {**X2, "email": E1}, {**X3})
    overtaken = Overtaken(
        store,
        write1=[{**X2, "last_name": "Ash"}],
        read2=[{**X3, "email": E1}],
        write2=[{**X3, "city": "Turku"}],
    )

    _, result = await send(
        ours(overtaken), {**X1, "last_name": "Ash"}, {"email": E1, "city": "Turku"}
    )

    assert "UPDATED" == result.status
    assert set(store.records) == set(result.customer_ids)
