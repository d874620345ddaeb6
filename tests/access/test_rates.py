"""Buckets: what a key may take of them, and when again. No test waits."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.access import rates
from service.access.callers import ANYBODY, ApiKey, Caller
from service.access.rates import Rate, Rates, Remembered
from service.access.scopes import EVERYTHING
from service.errors import RateLimited

TOKENS = st.floats(0.1, 500)
PAUSES = st.floats(0, 100)


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def bucket(clock: Clock) -> Remembered:
    """Of ten tokens, with two more a second."""
    return Remembered(Rate(2, 10), clock)


async def taken(allowance: Remembered, tokens: float, name: str = "a") -> int | None:
    """None: they were had; else the seconds that the refusal says."""
    try:
        await allowance.spend(name, tokens)
    except RateLimited as refused:
        return refused.retry_after
    return None


async def test_what_was_saved_up_can_be_had_at_once_and_no_more(bucket: Remembered) -> None:
    assert [None] * 10 == [await taken(bucket, 1) for _ in range(10)]
    assert 1 == await taken(bucket, 1)


async def test_a_bucket_fills_with_time_and_not_further(bucket: Remembered, clock: Clock) -> None:
    await taken(bucket, 10)
    clock.seconds += 1.5
    soon = [await taken(bucket, 1) for _ in range(4)]
    clock.seconds += 3600
    late = [await taken(bucket, 1) for _ in range(11)]

    assert [None, None, None, 1] == soon
    assert [None] * 10 + [1] == late


async def test_what_is_larger_than_the_bucket_is_paid_for_afterwards(
    bucket: Remembered, clock: Clock
) -> None:
    first = await taken(bucket, 50)
    refused = await taken(bucket, 1)
    clock.seconds += 20.1
    after = await taken(bucket, 1)

    assert (None, 21, None) == (first, refused, after)


async def test_each_has_a_bucket_of_its_own(bucket: Remembered) -> None:
    await taken(bucket, 50)

    assert None is await taken(bucket, 1, "b")


async def test_what_is_owed_is_refused_to_the_next(bucket: Remembered) -> None:
    await bucket.admit("a")
    await bucket.owe("a", 50)
    with pytest.raises(RateLimited):
        await bucket.admit("a")


@given(st.lists(st.tuples(PAUSES, TOKENS), max_size=50))
async def test_nobody_gets_more_than_the_rate_and_what_was_saved_up(
    asked: list[tuple[float, float]],
) -> None:
    """But for one debt."""
    clock = Clock()
    bucket = Remembered(Rate(2, 10), clock)
    had, begun, last = 0.0, clock.seconds, 0.0
    for pause, tokens in asked:
        clock.seconds += pause
        if await taken(bucket, tokens) is None:
            had, last = had + tokens, tokens

        assert had - last <= 10 + 2 * (clock.seconds - begun) + 1e-6


@given(st.lists(TOKENS, min_size=1, max_size=50))
async def test_who_keeps_to_the_rate_is_never_refused(asked: list[float]) -> None:
    clock = Clock()
    bucket = Remembered(Rate(2, 10), clock)
    for tokens in asked:
        assert await taken(bucket, tokens) is None
        clock.seconds += tokens / 2


@given(st.lists(st.tuples(PAUSES, TOKENS), max_size=20))
async def test_who_comes_when_told_to_is_let_in(asked: list[tuple[float, float]]) -> None:
    clock = Clock()
    bucket = Remembered(Rate(2, 10), clock)
    for pause, tokens in asked:
        clock.seconds += pause
        wait = await taken(bucket, tokens)
        if wait is not None:
            clock.seconds += wait

            assert await taken(bucket, tokens) is None


async def test_names_without_end_do_not_fill_the_memory(
    bucket: Remembered, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And whoever owes most is remembered longest."""
    monkeypatch.setattr(rates, "MOST_NAMES", 100)
    await taken(bucket, 1000, "owes")
    for number in range(1000):
        await taken(bucket, 1, str(number))

    assert len(bucket._full_at) <= 100
    assert await taken(bucket, 1, "owes")


def key(name: str) -> Caller:
    made = ApiKey(name, name, EVERYTHING, None, datetime.now(UTC))
    return Caller(made, EVERYTHING)


async def test_keys_are_bound_each_by_itself_and_nobody_is_without_keys(clock: Clock) -> None:
    bounds = Rates(cost=Remembered(Rate(1, 1), clock), rows=Remembered(Rate(1, 1), clock))
    for caller in (key("a"), key("b"), ANYBODY, ANYBODY):
        await bounds.ask(caller, 5)
        await bounds.upload(caller, 5)

    for again in (bounds.ask(key("a"), 5), bounds.upload(key("a"), 5)):
        with pytest.raises(RateLimited):
            await again
