"""Looking at stored values of company fields: all of one, and a sample of every one."""

from datetime import datetime
from typing import Any

import pytest

from service.customers.kinds import ValueKind
from service.store.company_values import CompanyValues
from service.store.customers import Customers
from service.store.id_ranges import first_range, id_ranges
from tests.graphql.stored import document, store

LEVEL = "ACME__level"


def holding(*values: Any) -> list[dict[str, Any]]:
    return [document(number, **{LEVEL: value}) for number, value in enumerate(values, 1)]


@pytest.fixture
def values(customers: Customers) -> CompanyValues:
    return CompanyValues(customers._database)


async def test_a_sample_counts_kinds_by_field(customers: Customers, values: CompanyValues) -> None:
    """Whether a moment is stored as one is no reader's business: it is a text."""
    await store(customers, holding(1, "a", 2.5, True, [1], {"a": 1}, datetime(2015, 8, 28)))
    sample = await values.sample(100)

    assert (7, True) == (sample.customers, sample.is_exact)
    assert {
        LEVEL: {
            ValueKind.NUMBER: 2,
            ValueKind.TEXT: 2,
            ValueKind.BOOLEAN: 1,
            ValueKind.LIST: 1,
            ValueKind.OBJECT: 1,
        }
    } == sample.kinds


async def test_a_sample_has_only_whom_lists_show(
    customers: Customers, values: CompanyValues
) -> None:
    erased = [document(7, state="deleted"), document(8, state="forgotten", ACME__vip=True)]
    await store(customers, [*holding(1), *erased])
    sample = await values.sample(100)

    assert (2, {LEVEL, "ACME__vip"}) == (sample.customers, set(sample.kinds))


async def test_a_sample_is_no_larger_than_asked_for_and_says_so(
    customers: Customers, values: CompanyValues
) -> None:
    await store(customers, holding(*range(9)))
    sample = await values.sample(4)

    assert not sample.is_exact
    assert 4 >= sample.customers


async def test_a_sample_of_exactly_all_is_exact(
    customers: Customers, values: CompanyValues
) -> None:
    await store(customers, holding(*range(9)))

    assert (await values.sample(9)).is_exact


async def test_nothing_but_company_fields_is_counted(
    customers: Customers, values: CompanyValues
) -> None:
    await store(customers, [document(1, email="a@example.org", tags=["a"], **{LEVEL: 1})])

    assert {LEVEL} == (await values.sample(100)).kinds.keys()


async def test_values_of_a_field_are_found_in_the_ranges_together(
    customers: Customers, values: CompanyValues, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.store.company_values.STEP", 1)
    await store(customers, [*holding(*range(5)), document(9)])
    ranges = await values.ranges()
    held = [one for within in ranges for one in await values.held(LEVEL, within)]

    assert 6 == len(ranges)
    assert list(range(5)) == sorted(one.value for one in held)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 64, 1000])
def test_ranges_follow_each_other_without_gaps(count: int) -> None:
    ranges = id_ranges(count)

    assert max(count, 1) == len(ranges)
    assert (None, None) == (ranges[0].low, ranges[-1].high)
    assert [one.high for one in ranges[:-1]] == [one.low for one in ranges[1:]]
    assert sorted(one.low or "" for one in ranges) == [one.low or "" for one in ranges]


@pytest.mark.parametrize(("part", "high"), [(0.5, "c.V--"), (0.25, "c.F--"), (1, None), (7, None)])
def test_a_part_of_the_ids_ends_where_that_part_does(part: float, high: str | None) -> None:
    assert high == first_range(part).high
