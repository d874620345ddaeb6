"""Filters as stages: what an index finds alone comes first; no range ends with its own value."""

from datetime import UTC, datetime
from typing import Any

import pytest

from service.queries.keyset import NEWEST_FIRST
from service.store.matching import matching, ordered

LIVE = {"state": "live"}


def test_a_token_is_a_stage_of_its_own() -> None:
    found, rest = matching({**LIVE, "search": "ann", "city": "Oulu", "keys": "1.a"})

    assert {"$match": {**LIVE, "search": "ann"}} == found
    assert {"$match": {"city": "Oulu", "keys": "1.a"}} == rest


def test_digests_are_a_stage_of_their_own() -> None:
    assert [{"$match": {"keys": "1.a"}}, {"$match": LIVE}] == matching({**LIVE, "keys": "1.a"})


def test_what_no_index_finds_alone_is_one_stage() -> None:
    assert [{"$match": {**LIVE, "city": "Oulu"}}] == matching({**LIVE, "city": "Oulu"})


def test_those_who_are_listed_are_sorted() -> None:
    expected = {"state": {"$in": ["live", "forgotten"]}, "country": "FI"}

    assert [
        {"$match": expected},
        {"$sort": {"created_at": -1, "_id": -1}},
    ] == ordered({"country": "FI"}, {}, NEWEST_FIRST)


ENDS: dict[str, tuple[Any, Any]] = {
    "text": ("b", {"$lt": "b\0"}),
    "moment": (
        datetime(2026, 1, 1, tzinfo=UTC),
        {"$lt": datetime(2026, 1, 1, 0, 0, 0, 1000, tzinfo=UTC)},
    ),
    "the last moment": (datetime.max.replace(tzinfo=UTC), None),
    "float": (2.5, {"$lt": 2.5000000000000004}),
    "whole number": (4, {"$lt": 4.000000000000001}),
    "large number": (2**60, {"$lt": 2**60 + 1}),
    "largest number": (2**63 - 1, None),
}


@pytest.mark.parametrize(("end", "expected"), ENDS.values(), ids=ENDS.keys())
def test_up_to_a_value_is_below_the_next(end: Any, expected: Any) -> None:
    (stage,) = matching({**LIVE, "x": {"$gt": "a", "$lte": end}})

    assert {"$gt": "a", **(expected or {"$lte": end})} == stage["$match"]["x"]
