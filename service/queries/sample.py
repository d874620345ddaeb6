"""What a sample of customers tells of all of them: which tokens are frequent, and when customers
were made. What is found never rests on it, only how fast.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from math import ceil, prod
from typing import Any

from service.customers.tokens import LAST_DIGITS
from service.queries.search import Part, Search
from service.queries.terms import Filter

SIZE = 1000
"""Customers in a sample."""

_FREQUENT = 3
"""How often a token stands in a sample to be kept: what few people share stays out of memory."""

_SELDOM = 0.5
"""How often a token stands in a sample that is not known to be frequent, about."""

_SURE = 1.5
"""How many times those who are needed are expected in the first stretch."""

_FEW = 60
"""Customers who may be read although a page needs fewer: as many reads in parts cost more."""

_TOGETHER = 0.1
"""How many of those who have the rarest word have another one too, at least: names go together."""

_GROWTH = 4
"""How much longer each stretch is than the one before."""


@dataclass(frozen=True, slots=True)
class Sample:
    """`size` customers, of so many. `tokens`: how many have each, of the frequent ones. `moments`:
    when they were made, in order; empty where the store stops at a limit by itself."""

    size: int
    customers: int
    tokens: Mapping[str, int]
    moments: Sequence[datetime] = ()

    @classmethod
    def of(
        cls, documents: Sequence[Mapping[str, Any]], customers: int, *, in_stretches: bool
    ) -> "Sample":
        counted = Counter(chain.from_iterable(one.get("search", ()) for one in documents))
        frequent = {token: count for token, count in counted.items() if count >= _FREQUENT}
        moments = sorted(one["created_at"] for one in documents) if in_stretches else ()
        return cls(max(len(documents), 1), customers, frequent, moments)

    def share(self, part: Part) -> float:
        """Of the customers, those who have one of the part's tokens."""
        return min(1.0, sum(self.tokens.get(token, _SELDOM) for token in part.tokens) / self.size)

    def rarest(self, search: Search) -> Part:
        """Of those that the sample does not tell apart, as `longest` says."""
        return max(search.parts, key=lambda part: (-self.share(part), _length(part)))

    def stretches(
        self, search: Search, limit: int, bounds: Filter, direction: int
    ) -> Iterator[Filter]:
        """The bounds on `created_at` in parts, to be read one after another until there are
        enough. The first should do, and no part is much longer than what is needed."""
        rarest, *others = sorted(map(self.share, search.parts))
        if rarest * self.customers <= _FEW:
            yield {}
            return
        found = rarest * prod(max(share, _TOGETHER) for share in others)
        needed = limit / max(found, 1 / self.customers)
        first = ceil(needed * _SURE * self.size / self.customers)
        within = bounds.get("created_at", {})
        if direction < 0:
            yield from self._older(within.get("$lt"), first)
        else:
            yield from self._newer(within.get("$gt"), first)

    def _older(self, end: datetime | None, length: int) -> Iterator[Filter]:
        place = len(self.moments) if end is None else bisect_left(self.moments, end)
        while (place := place - length) > 0:
            begin = self.moments[place]
            yield _stretch({"$gte": begin, "$lt": end})
            end, length = begin, length * _GROWTH
        yield _stretch({"$lt": end})

    def _newer(self, begin: datetime | None, length: int) -> Iterator[Filter]:
        """A stretch holds its begin and not its end, as the embedded store finds them well."""
        place = -1 if begin is None else bisect_right(self.moments, begin) - 1
        above = "$gt"
        while (place := place + length) < len(self.moments) - 1:
            end = self.moments[place]
            yield _stretch({above: begin, "$lt": end})
            above, begin, length = "$gte", end, length * _GROWTH
        yield _stretch({above: begin})


def longest(search: Search) -> Part:
    """The rarest part, as far as its looks tell: the end of a phone number, or the longest."""
    return max(search.parts, key=_length)


def _length(part: Part) -> tuple[bool, int]:
    token = part.tokens[-1]
    return len(token) >= LAST_DIGITS and token.isdigit(), len(token)


def _stretch(bounds: Mapping[str, datetime | None]) -> Filter:
    given: Filter = {name: bound for name, bound in bounds.items() if bound is not None}
    return {"created_at": given} if given else {}
