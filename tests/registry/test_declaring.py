"""What may be declared of a company field, and what a declaration is refused for."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from service.customers.declared import CompanyType, Declaration, IndexState, TypeState
from service.customers.kinds import ValueKind
from service.registry.declaring import Declared
from service.registry.fitting import Report
from service.store.company_fields import CompanyFields
from service.store.customers import Customers
from tests.registry.registering import LEVEL, Registered, registered, rows
from tests.uploads.making import DIGESTER, send


def told(declared: Declared) -> list[tuple[str, str | None]]:
    return [(fault.code.value, fault.field) for fault in declared.faults]


async def test_what_is_left_out_stays(registry: Registered) -> None:
    await registry.declare(type=CompanyType.NUMBER, description="Loyalty points")
    declared = await registry.declare(is_indexed=True)

    assert (
        Declaration(
            LEVEL,
            CompanyType.NUMBER,
            TypeState.CONVERTING,
            "Loyalty points",
            is_indexed=True,
            index_state=IndexState.BUILDING,
        )
        == declared.field
    )


async def test_empty_text_removes_the_description(registry: Registered) -> None:
    await registry.declare(description="Loyalty points")
    declared = await registry.declare(description=" ")

    assert [] == told(declared)
    assert not (await registry.fields.known()).declared


async def test_the_report_says_how_stored_values_fit(registry: Registered) -> None:
    await send(registry.uploads, *rows(1, 2.5, "3", "gold", True, ["a"], {"a": 1}))
    report = (await registry.declare(type=CompanyType.NUMBER)).report

    assert report is not None
    assert (2, 1, 4) == (report.fitting, report.convertible, report.breaking)
    assert Counter({kind: 1 for kind in ValueKind if kind is not ValueKind.NUMBER}) == report.kinds
    assert 4 == len(report.ids)


async def test_a_type_that_stored_values_break_is_refused(registry: Registered) -> None:
    """Also where others would convert."""
    await send(registry.uploads, *rows("3", "gold"))
    declared = await registry.declare(type=CompanyType.NUMBER, convert=True)

    assert [("STORED_VALUES_BREAK_TYPE", "declaration.type")] == told(declared)
    assert not (await registry.fields.known()).declared
    assert {"X0": "3", "X1": "gold"} == await registry.stored()


async def test_values_are_converted_only_where_that_is_asked_for(registry: Registered) -> None:
    await send(registry.uploads, *rows(1, "3"))
    refused = await registry.declare(type=CompanyType.NUMBER)
    taken = await registry.declare(type=CompanyType.NUMBER, convert=True)

    assert [("STORED_VALUES_BREAK_TYPE", "declaration.type")] == told(refused)
    assert [] == told(taken)


async def test_a_dry_run_reports_and_changes_nothing(registry: Registered) -> None:
    await send(registry.uploads, *rows("3"))
    declared = await registry.declare(type=CompanyType.NUMBER, convert=True, dry_run=True)

    assert Report(convertible=1) == declared.report
    assert not (await registry.fields.known()).declared


async def test_a_type_is_enforced_from_its_declaration_on(registry: Registered) -> None:
    await registry.declare(type=CompanyType.NUMBER)
    (result,) = await send(registry.uploads, *rows("gold"))

    assert ["DECLARED_TYPE"] == [fault.code for fault in result.faults]


async def test_a_type_can_be_taken_back(registry: Registered) -> None:
    await registry.declare(type=CompanyType.NUMBER)
    declared = await registry.declare(type=CompanyType.ANY)
    await send(registry.uploads, *rows("gold"))

    assert Declaration(LEVEL) == declared.field
    assert {"X0": "gold"} == await registry.stored()


@pytest.mark.parametrize("type_", [one for one in CompanyType if one is not CompanyType.BOOLEAN])
async def test_only_booleans_are_declared_not_personal(
    registry: Registered, type_: CompanyType
) -> None:
    declared = await registry.declare(type=type_, is_personal=False)

    assert [("INVALID_ARGUMENT", "declaration.isPersonal")] == told(declared)
    assert "declared BOOLEAN" in declared.faults[0].message


async def test_a_field_that_is_not_personal_stays_a_boolean(registry: Registered) -> None:
    await registry.declare(type=CompanyType.BOOLEAN, is_personal=False)
    refused = await registry.declare(type=CompanyType.TEXT)
    taken = await registry.declare(type=CompanyType.TEXT, is_personal=True)

    assert [("INVALID_ARGUMENT", "declaration.isPersonal")] == told(refused)
    assert [] == told(taken)


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("level", {}, ("INVALID_COMPANY_FIELD", "name")),
        ("ACME__a.b", {}, ("INVALID_COMPANY_FIELD", "name")),
        ("ACME__$a", {}, ("INVALID_COMPANY_FIELD", "name")),
        ("", {}, ("INVALID_COMPANY_FIELD", "name")),
        (LEVEL, {"description": "a\nb"}, ("INVALID_TEXT", "declaration.description")),
        (LEVEL, {"description": "x" * 1025}, ("TOO_LONG", "declaration.description")),
    ],
)
async def test_bad_input_is_refused_at_its_place(
    registry: Registered, name: str, given: Any, expected: tuple[str, str]
) -> None:
    assert [expected] == told(await registry.declare(name, **given))
    assert {} == await registry.fields.entries()


async def test_nothing_to_declare_declares_nothing(registry: Registered) -> None:
    declared = await registry.declare()

    assert (None, ()) == (declared.field, declared.faults)
    assert {} == await registry.fields.entries()


async def test_the_budget_of_indexes_is_kept(registry: Registered) -> None:
    """And an index that is taken back can be given to another field."""
    for number in range(20):
        await registry.declare(f"ACME__{number}", is_indexed=True)
    refused = await registry.declare(is_indexed=True)
    again = await registry.declare("ACME__3", is_indexed=True)
    await registry.declare("ACME__3", is_indexed=False)
    taken = await registry.declare(is_indexed=True)

    assert [("INDEX_BUDGET_SPENT", "declaration.isIndexed")] == told(refused)
    assert ([], []) == (told(again), told(taken))


async def test_the_last_index_goes_to_one_of_those_who_ask_at_once(
    registry: Registered, customers: Customers
) -> None:
    """Never to two."""
    for number in range(19):
        await registry.declare(f"ACME__{number}", is_indexed=True)
    asking = [registered(customers).declare(f"ACME__new_{n}", is_indexed=True) for n in range(3)]
    declared = await asyncio.gather(*asking)
    entries = (await registry.fields.entries()).values()

    assert 20 >= sum(entry.declaration.is_indexed for entry in entries)
    assert all(one.faults for one in declared if one.field and not one.field.is_indexed)


class Meeting(CompanyFields):
    """Somebody else declares the field between reading it and changing it, so many times."""

    others = 1

    async def change(self, *args: Any) -> bool:
        if self.others:
            self.others -= 1
            other = registered(Customers(self.database, DIGESTER))
            await other.declare(description=f"Theirs, {self.others}")
        return await super().change(*args)


async def test_two_who_declare_a_field_at_once_both_do(
    customers: Customers, company_fields: CompanyFields
) -> None:
    replica = registered(customers, Meeting(company_fields.database))
    await replica.declare(type=CompanyType.NUMBER)
    entry = await company_fields.entry(LEVEL)

    assert CompanyType.NUMBER is entry.declaration.type
    assert "Theirs, 0" == entry.declaration.description


async def test_who_always_meets_others_is_told_so(
    customers: Customers, company_fields: CompanyFields
) -> None:
    meeting = Meeting(company_fields.database)
    meeting.others = 100
    declared = await registered(customers, meeting).declare(type=CompanyType.NUMBER)

    assert [("CONFLICT", None)] == told(declared)
