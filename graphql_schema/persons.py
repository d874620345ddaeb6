"""Persons: loading and merging the records that share a canonical id."""

import asyncio
from typing import Any

from graphql_schema.context import Context, Info
from service.customers.person import MERGED_BY, merge

_PURPOSE = "person"
_PREFIX = "p."


class PersonDocument(dict[str, Any]):
    """The records of a person, merged; `_id` is the person's own."""


def person_id(context: Context, canonical_id: str) -> str:
    return _PREFIX + context.services.sealer.seal(_PURPOSE, [canonical_id])


def canonical_id_of(context: Context, node_id: str) -> str | None:
    """The canonical id that a person's id stands for; None for what is no person's id."""
    if not node_id.startswith(_PREFIX):
        return None
    try:
        canonical_id: str
        (canonical_id,) = context.services.sealer.open(_PURPOSE, node_id.removeprefix(_PREFIX))
    except ValueError:
        return None
    return canonical_id


async def load_person(info: Info, canonical_id: str) -> PersonDocument | None:
    """None when no live record has the canonical id. Once for each in a request and selection."""
    context = info.context
    projection = context.projector.projection(info, "Person", MERGED_BY)
    key = (canonical_id, tuple(projection.items()))
    if key not in context.persons:
        context.persons[key] = asyncio.ensure_future(_load(context, canonical_id, projection))
    loaded: PersonDocument | None = await context.persons[key]
    return loaded


async def _load(context: Context, canonical_id: str, projection: Any) -> PersonDocument | None:
    services = context.services
    records = await services.customers.by_canonical_id(
        canonical_id, projection, limit=services.settings.max_page_size
    )
    if not records:
        return None
    merged = merge(records)
    own = {"_id": person_id(context, canonical_id), "canonical_id": canonical_id}
    return PersonDocument(merged | own)
