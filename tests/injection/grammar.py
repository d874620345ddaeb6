"""What commands to the store may be made of: an allow-list, by where each part stands.

A text of a user's may stand as a value behind an operator, inside `$literal`, or escaped in a
regular expression, and a company field's name where a field's name stands. Whatever else is found
is told, as is every operator, stage, command or argument that is not known here: whoever begins to
use one looks once at what of a user's can get into it.
"""

from collections.abc import Mapping
from re import compile as pattern_of
from typing import Any

from service.customers.fields import COMPANY_NAME
from tests.injection.filters import filter_in, pipeline_in
from tests.injection.names import COLLECTIONS, Told, constant_in, names_in, path_in, value_in

_OF_A_COMPANY_FIELD = pattern_of(rf"company\.({COMPANY_NAME.pattern})")
_ENVELOPE = {
    "lsid", "$db", "$clusterTime", "$readPreference", "txnNumber", "writeConcern", "readConcern",
    "maxTimeMS", "ordered", "limit", "batchSize", "singleBatch", "cursor", "allowDiskUse", "skip",
}  # fmt: skip
_QUIET = {
    "ping", "hello", "ismaster", "buildInfo", "listIndexes", "getMore", "killCursors",
    "endSessions", "collMod", "create", "listCollections",
}  # fmt: skip
"""Commands in which nothing is a user's."""


def intrusions(command: Mapping[str, Any]) -> list[str]:
    """Where something of a user's stands as more than a value; nothing for a sound command."""
    return list(_command(dict(command)))


def _command(command: dict[str, Any]) -> Told:
    name, target = next(iter(command.items()))
    if name in _QUIET:
        yield from constant_in(command, name)
        return
    if name not in _ARGUMENTS:
        yield f"{name}: an unknown command"
        return
    if target not in COLLECTIONS:
        yield f"{name}: of no collection of ours"
    for argument, operand in command.items():
        if argument in _ENVELOPE:
            yield from constant_in(operand, f"{name}.{argument}")
        elif argument in _ARGUMENTS[name]:
            yield from _ARGUMENTS[name][argument](operand, f"{name}.{argument}")
        elif argument != name:
            yield f"{name}: an unknown argument {argument}"


def _updates(node: Any, at: str) -> Told:
    for place, one in enumerate(node):
        here = f"{at}.{place}"
        yield from filter_in(one["q"], f"{here}.q")
        yield from _update(one["u"], f"{here}.u")
        yield from constant_in({key: one[key] for key in one if key not in "qu"}, here)


def _update(node: Any, at: str) -> Told:
    if not isinstance(node, Mapping):
        yield f"{at}: a pipeline"
        return
    for operator, fields in node.items():
        place = f"{at}.{operator}"
        if operator not in _UPDATES:
            yield f"{place}: an unknown operator"
            continue
        for path, operand in fields.items():
            yield from path_in(path, place)
            yield from _UPDATES[operator](operand, f"{place}.{path}")


def _each(operand: Any, at: str) -> Told:
    """Bare, an object would be one of operators, and a list a member."""
    yield from _only("$each", operand, at)


def _in(operand: Any, at: str) -> Told:
    yield from _only("$in", operand, at)


def _only(operator: str, operand: Any, at: str) -> Told:
    if isinstance(operand, Mapping) and list(operand) == [operator]:
        yield from value_in(operand[operator], at)
    else:
        yield f"{at}: a value without {operator}"


_UPDATES = {
    "$set": value_in,
    "$setOnInsert": value_in,
    "$unset": constant_in,
    "$inc": constant_in,
    "$addToSet": _each,
    "$pull": _in,
}


def _deletes(node: Any, at: str) -> Told:
    for place, one in enumerate(node):
        yield from filter_in(one["q"], f"{at}.{place}.q")
        yield from constant_in({key: one[key] for key in one if key != "q"}, at)


def _documents(node: Any, at: str) -> Told:
    for document in node:
        for name, value in document.items():
            yield from path_in(name, at)
            yield from value_in(value, f"{at}.{name}")


def _indexes(node: Any, at: str) -> Told:
    for index in node:
        yield from names_in(index["key"], f"{at}.key")
        yield from _index_name(index["name"], f"{at}.name")
        rest = {key: one for key, one in index.items() if key not in ("key", "name")}
        yield from constant_in(rest, at)


def _index_name(node: Any, at: str) -> Told:
    if not (isinstance(node, str) and _OF_A_COMPANY_FIELD.fullmatch(node)):
        yield from constant_in(node, at)


_ARGUMENTS: dict[str, dict[str, Any]] = {
    "find": {"filter": filter_in, "projection": names_in, "sort": names_in},
    "aggregate": {"pipeline": pipeline_in},
    "count": {"query": filter_in},
    "update": {"updates": _updates},
    "insert": {"documents": _documents},
    "delete": {"deletes": _deletes},
    "createIndexes": {"indexes": _indexes},
    "dropIndexes": {"index": _index_name},
}
