"""What may stand where: names of ours, names of company fields, values, and nothing of a user's."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from re import compile as pattern_of
from typing import Any

from service.customers.fields import COMPANY_NAME
from service.store.documents import DOCUMENTS

MARK = "zqx"
"""Stands in every text that tests send as a user."""

OPERAND = f"{MARK}operand"
"""What stands behind each operator that a user sends. Nothing takes such an object, so it is in no
command, whatever stands before it."""

Told = Iterator[str]

_FIELDS = {
    name
    for model in DOCUMENTS
    for field_name, field in model.model_fields.items()
    for name in (field_name, field.alias)
    if name
}
COLLECTIONS = {str(vars(model)["Settings"].name) for model in DOCUMENTS}
_MADE = pattern_of(
    r"(rank|value)_\d|_?(key|value|range)\d?|n|exact|found|vars|in|buckets|missing|nowhere|all|token|"
    r"phase|after|(filled|distinct|min|max|average)_(?P<field>\w+?)(_(number|text|moment))?"
)
"""Names of what commands make themselves, and of what stands inside the service's own fields."""


def is_tainted(node: Any) -> bool:
    """Whether a user's text stands anywhere in it, as a key or as a value."""
    if isinstance(node, Mapping):
        return any(is_tainted(key) or is_tainted(value) for key, value in node.items())
    if isinstance(node, list | tuple):
        return any(map(is_tainted, node))
    return MARK in (str(node) if isinstance(node, str) else repr(node)).casefold()


def constant_in(node: Any, at: str) -> Told:
    if is_tainted(node):
        yield f"{at}: a user's text"


def path_in(path: Any, at: str) -> Told:
    """A field of ours, or a company field; inside of one nothing is looked for."""
    if not isinstance(path, str):
        yield f"{at}: a path that is no text"
        return
    first, *rest = path.split(".")
    if COMPANY_NAME.fullmatch(path):
        return
    if first not in _FIELDS and not _is_made(first):
        yield f"{at}: no field of ours: {path!r}"
    if not all(map(_is_made, rest)) or (is_tainted(path) and not _is_made(path)):
        yield f"{at}: into a field: {path!r}"


def _is_made(name: str) -> bool:
    found = _MADE.fullmatch(name)
    if not found:
        return False
    of = found["field"]
    return of is None or of in (*_FIELDS, "age") or COMPANY_NAME.fullmatch(of) is not None


def names_in(node: Any, at: str) -> Told:
    """A sort or a projection: fields, each with a number."""
    for path, operand in dict(node).items():
        yield from path_in(path, at)
        if operand not in (0, 1, -1):
            yield f"{at}: more than a number for {path!r}"


def value_in(node: Any, at: str) -> Told:
    if isinstance(node, Mapping):
        for key, value in node.items():
            if not isinstance(key, str) or not key or key[0] == "$" or "." in key or "\0" in key:
                yield f"{at}: a value with the key {key!r}"
            yield from value_in(value, at)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from value_in(value, at)
    elif type(node) is str:
        if node == OPERAND:
            yield f"{at}: the operand of a user's operator"
    elif not isinstance(node, bool | int | float | datetime | bytes | None):
        yield f"{at}: a {type(node).__name__}"
