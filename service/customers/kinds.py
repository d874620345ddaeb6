"""Kinds of stored values of company fields, and how often they come."""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum

from service.customers.changes import Value
from service.customers.fields import company_fields


class ValueKind(StrEnum):
    """The kind of a stored value, as JSON has it."""

    TEXT = "TEXT"
    NUMBER = "NUMBER"
    BOOLEAN = "BOOLEAN"
    LIST = "LIST"
    OBJECT = "OBJECT"


_KINDS: Mapping[type, ValueKind] = {
    bool: ValueKind.BOOLEAN,
    int: ValueKind.NUMBER,
    float: ValueKind.NUMBER,
    list: ValueKind.LIST,
    dict: ValueKind.OBJECT,
}

Kinds = Counter[ValueKind]


def kind_of(value: Value) -> ValueKind:
    """A moment is a text, as JSON has it."""
    return _KINDS.get(type(value), ValueKind.TEXT)


def count_kinds(documents: Iterable[Mapping[str, Value]]) -> dict[str, Kinds]:
    """By company field: how many of the documents hold a value of which kind."""
    found: dict[str, Kinds] = {}
    for document in documents:
        for name in company_fields(document):
            found.setdefault(name, Counter())[kind_of(document[name])] += 1
    return found


def by_frequency(kinds: Kinds) -> list[tuple[ValueKind, int]]:
    """The most frequent first, and of equal ones in the order of `ValueKind`."""
    order = list(ValueKind)
    return sorted(kinds.items(), key=lambda kind: (-kind[1], order.index(kind[0])))
