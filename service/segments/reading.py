"""Saved segments as what they are now: filters, or what is wrong with them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from service.errors import Fault, Forbidden, InvalidArgument
from service.queries.segments import Conditions, all_named
from service.queries.terms import Filter, Given, Terms
from service.queries.where import read_where
from service.store.segments import SavedSegment, Segments


class Shape(NamedTuple):
    """Saved conditions beside what the API takes now: as it would take them, None where it does not
    for these problems."""

    where: Given | None
    problems: Sequence[InvalidArgument] = ()


@dataclass(frozen=True, slots=True)
class ReadSegment:
    """`filter`: whom it means now; None where the conditions are no longer allowed, for these
    problems."""

    saved: SavedSegment
    filter: Filter | None
    problems: tuple[Fault, ...] = ()
    forbidden: Forbidden | None = None
    """Where the conditions tell of a field that whoever asks may not read: there is no filter."""


@dataclass(frozen=True, slots=True)
class SegmentReader:
    """`shape` holds saved conditions against the API."""

    store: Segments
    shape: Callable[[Given], Shape]

    async def terms(self, terms: Terms, *wheres: object) -> Terms:
        """With the segments that conditions name."""
        named = await self.named(wheres, terms.max_depth)
        return replace(terms, segments=self.conditions(named.values()))

    async def named(self, wheres: Iterable[object], max_depth: int) -> dict[str, SavedSegment]:
        """The segments in conditions, and in theirs, by id. What stands too deep to be read is not
        looked for, and nothing is looked for twice, so that this ends."""
        found: dict[str, SavedSegment] = {}
        wanted, looked_for = all_named(wheres), set[str]()
        for _ in range(max_depth):
            if not wanted:
                break
            looked_for |= wanted
            saved = await self.store.by_ids(wanted)
            found |= saved
            wanted = all_named(one.where for one in saved.values()) - looked_for
        return found

    def conditions(self, segments: Iterable[SavedSegment]) -> Conditions:
        return {one.id: self.shape(one.where).where for one in segments}

    async def read(self, segments: Sequence[SavedSegment], terms: Terms) -> list[ReadSegment]:
        """In the same order, with all that they name read at once."""
        wide = await self.terms(terms, *[one.where for one in segments])
        return [self._read(one, wide) for one in segments]

    def _read(self, saved: SavedSegment, terms: Terms) -> ReadSegment:
        shape = self.shape(saved.where)
        if shape.where is None:
            return ReadSegment(saved, None, tuple(map(_fault, shape.problems)))
        try:
            terms.check_saved(shape.where)
            return ReadSegment(saved, read_where(shape.where, terms.of_saved))
        except Forbidden as error:
            return ReadSegment(saved, None, forbidden=error)
        except InvalidArgument as error:
            return ReadSegment(saved, None, (_fault(error),))


def _fault(error: InvalidArgument) -> Fault:
    return Fault(error.code, field=error.argument, details=error.details)
