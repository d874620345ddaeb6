"""Buckets that replicas share, on each store. No test waits."""

from collections import Counter
from typing import Any

import pytest

from service.access.rates import Rate, Remembered
from service.access.shared_rates import Shared, make_rates
from service.errors import RateLimited
from service.settings import Settings
from service.store.database import Database
from service.store.rate_limits import RateLimits
from tests.access.test_rates import Clock

RATE = Rate(10, 50)


class Counted(RateLimits):
    """Says how often the store was asked."""

    asked: Counter[str] = Counter()

    async def take(self, *arguments: Any) -> float | None:
        self.asked["take"] += 1
        return await super().take(*arguments)

    async def full_at(self, *arguments: Any) -> float:
        self.asked["full_at"] += 1
        return await super().full_at(*arguments)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limits(database: Database) -> Counted:
    Counted.asked.clear()
    return Counted(database)


def replica(limits: RateLimits, clock: Clock) -> Shared:
    return Shared(limits, RATE, "cost", clock)


async def had(*replicas: Shared, most: int = 1000) -> int:
    """Tokens that they give out in turns until one refuses."""
    for number in range(most):
        try:
            await replicas[number % len(replicas)].spend("a", 1)
        except RateLimited:
            return number
    return most


async def test_replicas_give_out_one_bucket_together(limits: Counted, clock: Clock) -> None:
    """And what is left of the last portion that each had borrowed."""
    together = await had(replica(limits, clock), replica(limits, clock), replica(limits, clock))

    assert 50 - 3 * 10 <= together <= 50 + 3 * 10


async def test_it_fills_for_all(limits: Counted, clock: Clock) -> None:
    one, other = replica(limits, clock), replica(limits, clock)
    await had(one)
    clock.seconds += 2.5

    assert 20 <= await had(other) <= 40


async def test_the_store_is_asked_once_for_what_a_second_gives(
    limits: Counted, clock: Clock
) -> None:
    one = replica(limits, clock)
    for _ in range(10):
        await one.spend("a", 1)

    assert {"take": 1} == limits.asked


async def test_a_refusal_is_remembered(limits: Counted, clock: Clock) -> None:
    """Whoever hammers on costs the store nothing."""
    one = replica(limits, clock)
    await one.spend("a", 500)
    await had(one)
    limits.asked.clear()
    for _ in range(10):
        assert 0 == await had(one)

    assert {} == limits.asked


async def test_what_one_replica_owes_is_known_to_the_others(limits: Counted, clock: Clock) -> None:
    await replica(limits, clock).spend("a", 500)
    with pytest.raises(RateLimited) as refused:
        await replica(limits, clock).admit("a")

    assert 44 <= refused.value.retry_after <= 46


async def test_who_comes_when_told_to_is_let_in(limits: Counted, clock: Clock) -> None:
    one = replica(limits, clock)
    await one.spend("a", 500)
    with pytest.raises(RateLimited) as refused:
        await one.admit("a")
    clock.seconds += refused.value.retry_after

    await one.admit("a")


async def test_what_was_borrowed_and_not_used_is_not_used_later(
    limits: Counted, clock: Clock
) -> None:
    one, other = replica(limits, clock), replica(limits, clock)
    await one.spend("a", 1)
    clock.seconds += 3
    await other.spend("a", 500)
    with pytest.raises(RateLimited):
        await one.spend("a", 1)


async def test_kinds_and_keys_have_buckets_of_their_own(limits: Counted, clock: Clock) -> None:
    await replica(limits, clock).spend("a", 500)
    await replica(limits, clock).spend("b", 1)
    await Shared(limits, RATE, "rows", clock).spend("a", 1)


async def test_no_address_goes_into_the_store(database: Database) -> None:
    """Failures of addresses are counted by each replica."""
    settings = Settings.model_validate({"rate_limit_store": "shared"})
    made = make_rates(settings, RateLimits(database))

    assert isinstance(made.cost, Shared)
    assert isinstance(made.failures, Remembered)


async def test_a_bound_of_nothing_is_none(database: Database) -> None:
    off = {"rate_limit_per_second": 0, "upload_rows_per_second": 0, "failed_keys_per_second": 0}
    made = make_rates(Settings.model_validate(off), RateLimits(database))

    assert (None, None, None) == (made.cost, made.rows, made.failures)
