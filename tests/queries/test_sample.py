"""What a sample tells: which word to look for, and how much time a page needs."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from service.customers.values import ReadingRules
from service.queries.sample import Sample, longest
from service.queries.search import Search, read_search

BEGIN = datetime(2026, 1, 1)
RULES = ReadingRules(ZoneInfo("UTC"))


def sought(text: str) -> Search:
    return read_search(text, RULES)


def moment(number: int) -> datetime:
    return BEGIN + timedelta(minutes=number)


def sample(*tokens: list[str], customers: int = 100, in_stretches: bool = True) -> Sample:
    """Of customers with these tokens, one a minute."""
    documents: list[dict[str, Any]] = [
        {"created_at": moment(number), "search": several} for number, several in enumerate(tokens)
    ]
    return Sample.of(documents, customers, in_stretches=in_stretches)


def test_the_rarest_word_is_looked_for() -> None:
    known = sample(*[["jame", "ann"]] * 3, *[["ann"]] * 3)

    assert ("jame",) == known.rarest(sought("ann jame")).tokens
    assert ("bob",) == known.rarest(sought("ann james bob")).tokens


def test_of_the_rare_the_end_of_a_number_or_the_longest_is_looked_for() -> None:
    known = sample(*[["ann"]] * 6)

    assert ("8957",) == known.rarest(sought("bob 8957 ann")).tokens
    assert ("carr",) == known.rarest(sought("bo carr ann")).tokens


def test_a_word_with_several_tokens_is_as_frequent_as_they_are_together() -> None:
    known = sample(*[["3895"]] * 4, *[["8957"]] * 4, *[["ann"]] * 6)

    assert ("ann",) == known.rarest(sought("38957 ann")).tokens


def test_what_few_share_is_not_kept() -> None:
    known = sample(["jame"], ["jame"], ["ann"], ["ann"], ["ann"])

    assert {"ann"} == known.tokens.keys()


def test_without_a_sample_the_end_of_a_number_or_the_longest_word_is_looked_for() -> None:
    assert ("8957",) == longest(sought("james 8957 abcdefgh 1")).tokens
    assert ("jame",) == longest(sought("jo james a")).tokens


def test_a_store_that_stops_by_itself_is_asked_for_all_time() -> None:
    assert () == sample(["ann"], in_stretches=False).moments


@given(
    st.lists(st.integers(0, 50), max_size=60),
    st.integers(1, 100_000),
    st.integers(1, 20),
    st.sampled_from([1, -1]),
    st.none() | st.integers(-1, 51),
)
def test_the_stretches_are_all_time_and_do_not_overlap(
    minutes: list[int], customers: int, limit: int, direction: int, bound: int | None
) -> None:
    """Whatever the sample tells: within the bounds, each moment is in one of them, in order."""
    documents = [{"created_at": moment(minute), "search": ["ann"]} for minute in minutes]
    known = Sample.of(documents, customers, in_stretches=True)
    operator = "$lt" if direction < 0 else "$gt"
    bounds = {} if bound is None else {"created_at": {operator: moment(bound)}}

    stretches = list(known.stretches(sought("ann"), limit, bounds, direction))

    moments = [moment(0) + timedelta(seconds=seconds) for seconds in range(-120, 52 * 60, 20)]
    met = [one for one in moments if bound is None or within(one, bounds)]
    met = met[::direction]
    assert met == [one for stretch in stretches for one in met if within(one, stretch)]


def within(one: datetime, stretch: dict[str, Any]) -> bool:
    tests = {
        "$lt": one.__lt__,
        "$lte": one.__le__,
        "$gt": one.__gt__,
        "$gte": one.__ge__,
    }
    return all(tests[name](bound) for name, bound in stretch.get("created_at", {}).items())


def test_the_first_stretch_is_half_as_long_again_as_a_page_needs() -> None:
    """Of 10,000, every tenth is called Ann, so twenty of them take 200, and the stretch is 300: of
    the sample thirty."""
    tokens = [["ann"] if number % 10 == 0 else [] for number in range(1000)]
    known = sample(*tokens, customers=10_000)

    first, second, *_ = known.stretches(sought("ann"), 20, {}, -1)

    assert {"created_at": {"$gte": moment(970)}} == first
    assert {"created_at": {"$gte": moment(850), "$lt": moment(970)}} == second


def test_a_rare_word_is_looked_for_in_all_time_at_once() -> None:
    known = sample(*[["ann"]] * 1000, customers=50_000)
    before = {"created_at": {"$lt": moment(500)}}

    assert [{}] == list(known.stretches(sought("bob"), 51, before, -1))
