"""What a request reads of customers' documents, as MongoDB takes it."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from graphql_schema.plain import Reads
from service.customers.fields import STORED

Projection = Mapping[str, int]

INTERNAL = frozenset({"rev", "keys", "claims", "marks", "schema_version"})
"""Keys of a document that nobody may select."""

_NAMED = INTERNAL | {"state", "created_at", "updated_at"} | {field.name for field in STORED}


class Projector(Protocol):
    """What is selected under the field that `info` is of."""

    def projection(self, info: Any, type_name: str, always: Iterable[str] = ()) -> Projection:
        """For the objects of that type that are selected under a field, down to fields that load
        their own; `always` is read too, and so is `_id`."""

    def selects(self, info: Any, *path: str) -> bool:
        """Whether a field is selected under a field, the path to it through objects."""

    def reaches(self, info: Any, type_name: str) -> bool:
        """Whether objects of that type are selected under a field, as `projection` looks there."""


def projection_of(reads: Reads, always: Iterable[str] = ()) -> Projection:
    """With every company field, whose names nobody knows, what else is not needed is left out."""
    needed = reads.keys | frozenset(always)
    if reads.every_company_field:
        return dict.fromkeys(sorted(_NAMED - needed), 0)
    return dict.fromkeys(sorted(needed | {"_id"}), 1)


class _Everything:
    """Selections that nobody looked at."""

    def projection(self, *_: Any) -> Projection:
        return dict.fromkeys(sorted(INTERNAL), 0)

    def selects(self, *_: Any) -> bool:
        return True

    def reaches(self, *_: Any) -> bool:
        return True


EVERYTHING: Projector = _Everything()
