"""Draws that depend on the seed alone.

Only `Random.random` gives the same in every version of Python; its other methods need not.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from random import Random
from typing import TypeVar

T = TypeVar("T")

_EASE = 2.0
_LARGEST = 120


class Chance:
    """What comes by chance, from one seed, on a day."""

    __slots__ = ("draw", "today")

    def __init__(self, seed: int, today: date) -> None:
        self.draw = Random(seed).random
        self.today = today

    def happens(self, probability: float) -> bool:
        return self.draw() < probability

    def up_to(self, end: int) -> int:
        """A number from 0, below the end."""
        return int(self.draw() * end)

    def pick(self, table: Sequence[T]) -> T:
        return table[int(self.draw() * len(table))]

    def some(self, table: Sequence[T], most: int) -> list[T]:
        """Up to so many that differ; fewer where the table gives one twice."""
        return list(dict.fromkeys([self.pick(table) for _ in range(self.up_to(most + 1))]))

    def digits(self, pattern: str) -> str:
        """The pattern with a digit for each `#` and a capital for each `@`."""
        return "".join(
            "0123456789"[int(self.draw() * 10)]
            if sign == "#"
            else "ABCDEFGHJKLMNPRSTUVWXY"[int(self.draw() * 22)]
            if sign == "@"
            else sign
            for sign in pattern
        )


def weighted(shares: Mapping[T, int]) -> tuple[T, ...]:
    """A table that holds each as often as its share says."""
    return tuple(one for one, share in shares.items() for _ in range(share))


def zipf(ranked: Sequence[T]) -> tuple[T, ...]:
    """A table that holds the first most often, the others by their rank."""
    return tuple(
        one
        for rank, one in enumerate(ranked)
        for _ in range(max(1, round(_LARGEST * _EASE / (rank + _EASE))))
    )
