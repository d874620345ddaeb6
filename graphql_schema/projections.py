"""What a request reads of customers' documents, as MongoDB takes it."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Protocol

from graphql_schema.plain import Reads
from service.customers.fields import STORED

Projection = Mapping[str, int]
Path = tuple[str, ...]
"""Names of fields, each of the object that the one before holds."""

INTERNAL = frozenset({"rev", "keys", "claims", "marks", "search", "schema_version"})
"""Keys of a document that nobody may select."""

_NAMED = INTERNAL | {"state", "created_at", "updated_at"} | {field.name for field in STORED}


class Projector(Protocol):
    """What is selected under the field that `info` is of."""

    def projection(self, info: Any, type_name: str, always: Iterable[str] = ()) -> Projection:
        """For the objects of that type that are selected under a field, down to fields that load
        their own; `always` is read too."""

    def selected(self, info: Any, paths: Collection[Path]) -> frozenset[Path]:
        """Those of the fields that are selected under a field, by the path to each."""

    def reaches(self, info: Any, type_name: str) -> bool:
        """Whether objects of that type are selected under a field, as `projection` looks there."""


def projection_of(reads: Reads, always: Iterable[str] = ()) -> Projection:
    """With every company field, whose names nobody knows, what else is not needed is left out."""
    needed = reads.keys | frozenset(always)
    if reads.every_company_field:
        return dict.fromkeys(sorted(_NAMED - needed), 0)
    named = dict.fromkeys(sorted(needed or {"_id"}), 1)
    return named if "_id" in named else {**named, "_id": 0}


class _Everything:
    """Selections that nobody looked at."""

    def projection(self, *_: Any) -> Projection:
        return dict.fromkeys(sorted(INTERNAL), 0)

    def selected(self, _: Any, paths: Collection[Path]) -> frozenset[Path]:
        return frozenset(paths)

    def reaches(self, *_: Any) -> bool:
        return True


EVERYTHING: Projector = _Everything()
