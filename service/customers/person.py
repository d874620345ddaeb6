"""Several records of one person as one view, field by field."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from service.customers.fields import STORED, Kind, is_company_field

Document = Mapping[str, Any]

MERGED_BY = frozenset({"_id", "created_at", "updated_at"})
"""What merging reads of a record beside the fields that are merged."""


def merge(documents: Iterable[Document]) -> dict[str, Any]:
    """The records of one person as one document: catalogue and company fields, nothing else.

    The record updated last says what a field is, if it has a value there. Sets unite, the oldest
    record's members first. A permission is given only if every record that speaks of it gives it.
    """
    records = sorted(documents, key=lambda record: (record["updated_at"], record["_id"]))
    merged: dict[str, Any] = {}
    for record in records:
        merged |= {name: value for name, value in record.items() if is_company_field(name)}
    for field in STORED:
        given = [record[field.name] for record in records if record.get(field.name) is not None]
        if given:
            merged[field.name] = _merged(field.kind, field.name, given, records)
    return merged


def _merged(kind: Kind, name: str, given: Sequence[Any], records: Sequence[Document]) -> Any:
    """`given`: the values of a field, that of the record updated last at the end."""
    if kind is Kind.PERMISSION:
        return all(given)
    if kind is Kind.TEXT_SET:
        oldest_first = sorted(records, key=lambda record: (record["created_at"], record["_id"]))
        members = (member for record in oldest_first for member in record.get(name) or ())
        return list(dict.fromkeys(members))
    return given[-1]
