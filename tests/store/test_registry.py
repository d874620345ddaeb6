"""The registry in the store: what is declared, what is in use, and how old what is known may be."""

import asyncio
from dataclasses import replace

import pytest

from service.customers.declared import CompanyType, Declaration, IndexState, TypeState
from service.errors import StoreUnavailable
from service.store.company_fields import CompanyFields, Entry, Phase, Work
from service.store.database import Database

LEVEL = "ACME__level"
DECLARED = Declaration(
    LEVEL,
    CompanyType.BOOLEAN,
    TypeState.CONVERTING,
    "How loyal",
    is_indexed=True,
    index_state=IndexState.BUILDING,
    is_personal=False,
)
WORK = Work("t1", Phase.CONVERT, "c.7")


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def declare(fields: CompanyFields, declaration: Declaration, **more: object) -> Entry:
    before = await fields.entry(declaration.name)
    assert await fields.change(before, Entry(declaration, **more))  # type: ignore[arg-type]
    return await fields.entry(declaration.name)


async def test_what_is_declared_comes_back_as_it_was_put(company_fields: CompanyFields) -> None:
    await declare(company_fields, DECLARED, work=WORK)

    assert {LEVEL: Entry(DECLARED, 1, WORK)} == await company_fields.entries()


async def test_what_is_taken_back_is_gone(company_fields: CompanyFields) -> None:
    await declare(company_fields, DECLARED, work=WORK)
    await declare(company_fields, Declaration(LEVEL))

    assert Entry(Declaration(LEVEL), 2) == await company_fields.entry(LEVEL)


async def test_of_two_who_declare_at_once_one_is_told_so(company_fields: CompanyFields) -> None:
    before = await company_fields.entry(LEVEL)
    changed = [
        await company_fields.change(before, Entry(replace(DECLARED, description=text)))
        for text in ("one", "two")
    ]

    assert [True, False] == changed
    assert "one" == (await company_fields.entry(LEVEL)).declaration.description


async def test_what_is_known_is_read_again_once_it_is_too_old(
    database: Database, company_fields: CompanyFields
) -> None:
    """Another replica's declaration is seen after a second at the latest."""
    clock = Clock()
    other = CompanyFields(database, clock)
    before = await other.known()
    await declare(company_fields, DECLARED)
    clock.now = 1.0
    still = await other.known()
    clock.now = 1.1
    after = await other.known()

    assert before.declared is still.declared
    assert {LEVEL} == after.declared.keys()


async def test_what_did_not_change_is_the_same_object(
    database: Database, company_fields: CompanyFields
) -> None:
    """Who compares needs to look at nothing else."""
    await declare(company_fields, DECLARED)
    first = await company_fields.known()
    second = await company_fields.reread()

    assert first.declared is second.declared
    assert first.names is second.names


async def test_ones_own_declaration_is_known_at_once(company_fields: CompanyFields) -> None:
    await company_fields.known()
    await declare(company_fields, DECLARED)

    assert {LEVEL} == (await company_fields.known()).declared.keys()


async def test_a_name_that_was_uploaded_is_known_and_not_declared(
    company_fields: CompanyFields,
) -> None:
    await company_fields.known()
    await company_fields.note({LEVEL})
    known = await company_fields.reread()

    assert frozenset({LEVEL}) == known.names
    assert not known.declared


async def test_noting_a_name_leaves_what_is_declared(
    database: Database, company_fields: CompanyFields
) -> None:
    """Also where a replica does not know of the declaration yet."""
    entry = await declare(company_fields, DECLARED)
    await CompanyFields(database).note({LEVEL, "ACME__new"})

    assert entry == await company_fields.entry(LEVEL)


async def test_past_so_many_names_nobody_says_which_are_in_use(
    company_fields: CompanyFields, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.store.company_fields.MOST_NAMES", 2)
    await company_fields.known()
    await company_fields.note({"A__1", "A__2", "A__3", "A__4"})
    known = await company_fields.reread()

    assert known.names is None
    assert 3 == len(await company_fields.entries())


async def test_work_goes_on_as_long_as_it_is_that_of_the_last_declaration(
    company_fields: CompanyFields,
) -> None:
    await declare(company_fields, DECLARED, work=WORK)
    further = WORK._replace(phase=Phase.VERIFY, after="c.9")

    assert await company_fields.advance(LEVEL, WORK, further)
    assert further == (await company_fields.entry(LEVEL)).work
    await declare(company_fields, DECLARED, work=Work("t2", Phase.CONVERT))
    assert not await company_fields.advance(LEVEL, WORK, TypeState.ENFORCED)
    assert not await company_fields.is_current(LEVEL, WORK)


async def test_work_that_ended_leaves_how(company_fields: CompanyFields) -> None:
    await declare(company_fields, DECLARED, work=WORK)
    await company_fields.advance(LEVEL, WORK, TypeState.FAILED)
    entry = await company_fields.entry(LEVEL)

    assert (TypeState.FAILED, None) == (entry.declaration.type_state, entry.work)


async def test_an_index_is_told_of_as_long_as_it_is_wanted(company_fields: CompanyFields) -> None:
    entry = await declare(company_fields, DECLARED)

    assert await company_fields.tell_index(entry, IndexState.READY)
    assert IndexState.READY is (await company_fields.entry(LEVEL)).declaration.index_state
    await declare(company_fields, Declaration(LEVEL))
    assert not await company_fields.tell_index(entry, IndexState.FAILED)


async def test_a_store_that_hangs_keeps_everybody_waiting_once(database: Database) -> None:
    """However many ask: they are told together, and not one after the other."""
    looks = 0

    class Hanging(CompanyFields):
        async def entries(self) -> dict[str, Entry]:
            nonlocal looks
            looks += 1
            await asyncio.sleep(0)
            raise StoreUnavailable

    fields = Hanging(database)
    told = await asyncio.gather(*(fields.known() for _ in range(9)), return_exceptions=True)

    assert {StoreUnavailable} == {type(one) for one in told}
    assert 1 == looks


async def test_who_waits_no_longer_leaves_the_others_what_they_wait_for(
    company_fields: CompanyFields,
) -> None:
    asking = [asyncio.create_task(company_fields.known()) for _ in range(2)]
    await asyncio.sleep(0)
    asking[0].cancel()

    assert frozenset() == (await asking[1]).names
