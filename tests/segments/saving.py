"""Segments saved in tests: ids in sequence, a shape that takes everything."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from service.segments.reading import SegmentReader, Shape
from service.segments.saving import Draft, SegmentSaving
from service.store.segments import SavedSegment, Segments
from tests.queries.reading import TERMS

OULU = {"city": {"eq": "Oulu"}}


def saving_on(store: Segments) -> SegmentSaving:
    ids = count(1)
    return SegmentSaving(SegmentReader(store, Shape), lambda: f"s.{next(ids)}")


async def save(
    saving: SegmentSaving, name: str, where: Mapping[str, Any] = OULU, **draft: Any
) -> SavedSegment:
    return await saving.save(Draft(name, where, **draft), TERMS)


def naming(*segment_ids: str) -> dict[str, Any]:
    return {"segment": {"in": list(segment_ids)}}


async def stored(store: Segments, *segment_ids: str) -> list[SavedSegment]:
    found = await store.by_ids(segment_ids)
    return [found[one] for one in segment_ids]
