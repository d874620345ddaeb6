"""Uploads hold to what is declared of company fields, also when that changes in their midst."""

from collections.abc import Sequence
from typing import Any

import pytest

from service.customers.declared import CompanyType
from service.customers.identity import Write
from service.customers.policies import ErrorPolicy
from service.uploads.options import UploadOptions
from tests.uploads.declaring import LEVEL, MemoryRegistry, of
from tests.uploads.making import ends, send, uploads_on
from tests.uploads.memory import MemoryStore, values

X1 = {"external_id": "X1"}


class Overtaken(MemoryStore):
    """Something is declared once the rows were read, and before they are written."""

    def __init__(self, registry: MemoryRegistry, type_: CompanyType) -> None:
        super().__init__()
        self._registry, self._type = registry, type_

    async def candidates(self, *args: Any, **kwargs: Any) -> Any:
        if not self.reads:
            self._registry.declare(of(self._type))
        return await super().candidates(*args, **kwargs)


class Watched(MemoryStore):
    """Knows how many names were noted when it was first written to."""

    def __init__(self, registry: MemoryRegistry) -> None:
        super().__init__()
        self._registry = registry
        self.noted_before: list[str] = []

    async def write(self, writes: Sequence[Write]) -> list[Write]:
        self.noted_before = list(self._registry.noted)
        return await super().write(writes)


@pytest.mark.parametrize(
    ("type_", "row", "expected"),
    [
        (CompanyType.TEXT, {LEVEL: 3}, "3"),
        (CompanyType.NUMBER, {LEVEL: "3"}, 3),
        (CompanyType.LIST, {LEVEL: "chess"}, ["chess"]),
        (CompanyType.LIST, {f"{LEVEL}.add": 3}, [3]),
        (CompanyType.LIST, {LEVEL: "chess", f"{LEVEL}.add": "go"}, ["chess", "go"]),
        (CompanyType.LIST, {LEVEL: ["a", "b"], f"{LEVEL}.remove": "a"}, ["b"]),
    ],
)
async def test_a_row_is_read_as_declared(type_: CompanyType, row: Any, expected: object) -> None:
    store = MemoryStore()
    await send(uploads_on(store, registry=MemoryRegistry(of(type_))), X1 | row)

    assert [{"external_id": "X1", LEVEL: expected}] == values(store)


@pytest.mark.parametrize(
    ("type_", "row", "field"),
    [
        (CompanyType.NUMBER, {LEVEL: "gold"}, LEVEL),
        (CompanyType.TEXT, {LEVEL: ["gold"]}, LEVEL),
        (CompanyType.TEXT, {f"{LEVEL}.add": ["gold"]}, f"{LEVEL}.add"),
        (CompanyType.TEXT, {f"{LEVEL}.remove": "gold"}, f"{LEVEL}.remove"),
        (CompanyType.OBJECT, {f"{LEVEL}.add": [{}]}, f"{LEVEL}.add"),
    ],
)
async def test_a_value_of_another_type_refuses_its_row_and_names_the_field(
    type_: CompanyType, row: Any, field: str
) -> None:
    store = MemoryStore()
    (result,) = await send(uploads_on(store, registry=MemoryRegistry(of(type_))), X1 | row)

    assert [("DECLARED_TYPE", field)] == [(fault.code, fault.field) for fault in result.faults]
    assert [] == values(store)


async def test_a_faulty_field_is_left_out_where_that_is_asked_for() -> None:
    store = MemoryStore()
    uploads = uploads_on(store, registry=MemoryRegistry(of(CompanyType.NUMBER)))
    options = UploadOptions(error_policy=ErrorPolicy.IGNORE_FAILED)
    results = await send(uploads, X1 | {LEVEL: "gold", "city": "Epwell"}, options=options)

    assert ["CREATED DECLARED_TYPE"] == ends(results)
    assert [{"external_id": "X1", "city": "Epwell"}] == values(store)


async def test_empty_text_removes_a_field_of_any_type() -> None:
    store = MemoryStore()
    uploads = uploads_on(store, registry=MemoryRegistry(of(CompanyType.NUMBER)))
    await send(uploads, X1 | {LEVEL: 3})
    await send(uploads, X1 | {LEVEL: ""})

    assert [X1] == values(store)


async def test_the_same_moment_in_other_words_changes_nothing() -> None:
    uploads = uploads_on(MemoryStore(), registry=MemoryRegistry(of(CompanyType.DATE_TIME)))
    await send(uploads, X1 | {LEVEL: "2015-08-28T14:10:00Z"})
    again = await send(uploads, X1 | {LEVEL: "2015-08-28T17:10:00+03:00"})

    assert ["UNCHANGED"] == ends(again)


async def test_a_type_declared_while_an_upload_runs_is_enforced_before_it_writes() -> None:
    """A value that does not fit, read before anybody declared so, is never stored."""
    registry = MemoryRegistry()
    store = Overtaken(registry, CompanyType.NUMBER)
    results = await send(
        uploads_on(store, registry=registry),
        X1 | {LEVEL: "3"},
        {"external_id": "X2", LEVEL: "gold"},
    )

    assert ["CREATED", "REJECTED DECLARED_TYPE"] == ends(results)
    assert [{"external_id": "X1", LEVEL: 3}] == values(store)


async def test_a_type_taken_back_while_an_upload_runs_is_enforced_no_more() -> None:
    registry = MemoryRegistry(of(CompanyType.LIST))
    store = Overtaken(registry, CompanyType.ANY)
    await send(uploads_on(store, registry=registry), X1 | {LEVEL: 3})

    assert [{"external_id": "X1", LEVEL: 3}] == values(store)


async def test_a_dry_run_says_what_is_declared_too() -> None:
    uploads = uploads_on(MemoryStore(), registry=MemoryRegistry(of(CompanyType.NUMBER)))
    results = await send(uploads, X1 | {LEVEL: "gold"}, options=UploadOptions(dry_run=True))

    assert ["REJECTED DECLARED_TYPE"] == ends(results)


async def test_forgetting_keeps_what_is_declared_not_personal_and_nothing_else() -> None:
    registry = MemoryRegistry(
        of(CompanyType.BOOLEAN, "ACME__member", is_personal=False), of(CompanyType.BOOLEAN)
    )
    store = MemoryStore()
    uploads = uploads_on(store, registry=registry)
    await send(uploads, X1 | {"ACME__member": True, LEVEL: True, "ACME__other": True})
    await send(uploads, X1 | {"is_forgotten": True})

    (record,) = store.records.values()
    assert True is record.values["ACME__member"]
    assert not {LEVEL, "ACME__other"} & record.values.keys()


async def test_forgetting_erases_a_text_whatever_is_declared_of_its_field() -> None:
    """Stored before the field was declared, and not converted yet."""
    registry, store = MemoryRegistry(), MemoryStore()
    uploads = uploads_on(store, registry=registry)
    await send(uploads, X1 | {LEVEL: "a secret"})
    registry.declare(of(CompanyType.BOOLEAN, is_personal=False))
    await send(uploads, X1 | {"is_forgotten": True})

    (record,) = store.records.values()
    assert LEVEL not in record.values


async def test_names_are_noted_before_their_values_are_stored() -> None:
    registry = MemoryRegistry()
    store = Watched(registry)
    await send(uploads_on(store, registry=registry), X1 | {LEVEL: 3, "city": "Epwell"})

    assert [LEVEL] == store.noted_before


async def test_a_row_that_is_refused_brings_no_name_into_use() -> None:
    registry = MemoryRegistry()
    await send(uploads_on(MemoryStore(), registry=registry), {LEVEL: 3})

    assert [] == registry.noted
