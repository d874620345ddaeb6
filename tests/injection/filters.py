"""Filters, expressions and stages of aggregations: what may stand in each part of them."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from tests.injection.names import Told, constant_in, is_tainted, names_in, path_in, value_in

_VALUE = {"$eq", "$ne", "$gt", "$gte", "$lt", "$lte"}
_VALUES = {"$in", "$nin", "$all"}
_CONSTANT = {"$exists", "$type", "$size"}
_EXPRESSIONS = {
    "$add", "$and", "$avg", "$cond", "$concat", "$concatArrays", "$convert", "$dateToString",
    "$divide", "$eq", "$floor", "$gt", "$gte", "$ifNull", "$in", "$isArray", "$let", "$lt", "$lte",
    "$max", "$min", "$multiply", "$ne", "$setUnion", "$substrBytes", "$subtract", "$sum", "$switch",
    "$toInt", "$type",
}  # fmt: skip


def filter_in(node: Any, at: str) -> Told:
    if not isinstance(node, Mapping):
        yield f"{at}: a filter that is none"
        return
    for key, operand in node.items():
        if key in ("$and", "$or", "$nor"):
            for place, one in enumerate(operand):
                yield from filter_in(one, f"{at}.{key}.{place}")
        elif key == "$expr":
            yield from _expression(operand, f"{at}.$expr")
        else:
            yield from path_in(key, at)
            yield from _condition(operand, f"{at}.{key}")


def _condition(operand: Any, at: str) -> Told:
    if not isinstance(operand, Mapping):
        yield from _bare(operand, at)
    elif operand and all(str(key).startswith("$") for key in operand):
        yield from _operators(operand, at)
    else:
        yield f"{at}: an object without an operator before it"


def _bare(operand: Any, at: str) -> Told:
    if isinstance(operand, list) and is_tainted(operand):
        yield f"{at}: a list without an operator before it"
    yield from value_in(operand, at)


def _operators(node: Mapping[str, Any], at: str) -> Told:
    for name, operand in node.items():
        place = f"{at}.{name}"
        if name in _VALUE or name in _VALUES and isinstance(operand, list):
            yield from value_in(operand, place)
        elif name in ("$not", "$elemMatch") and isinstance(operand, Mapping):
            yield from _condition(operand, place)
        elif name == "$regex":
            yield from _pattern(operand, place)
        elif name in _CONSTANT:
            yield from constant_in(operand, place)
        else:
            yield f"{place}: an unknown operator"


_parser: Any = import_module("re._parser")
_AT_AN_END = r"(?![\s\S])"
_PLAIN = {"LITERAL", "AT", "BRANCH", "SUBPATTERN"}


def _pattern(pattern: Any, at: str) -> Told:
    """With a text of a user's in it: nothing but literal characters, the ends of texts, and a
    choice between such."""
    if not isinstance(pattern, str):
        yield f"{at}: a pattern that is no text"
        return
    if not is_tainted(pattern):
        return
    try:
        parsed = _parser.parse(pattern.removesuffix(_AT_AN_END))
    except Exception as error:  # noqa: BLE001  # however it fails, it was no escaped text
        yield f"{at}: no regular expression ({type(error).__name__})"
        return
    used = set(_used(parsed)) - _PLAIN
    if used:
        yield f"{at}: a pattern with {', '.join(sorted(used))}"


def _used(parsed: Any) -> Iterator[str]:
    for operator, argument in parsed:
        yield str(operator)
        if str(operator) == "BRANCH":
            for branch in argument[1]:
                yield from _used(branch)
        elif str(operator) == "SUBPATTERN":
            yield from _used(argument[3])


# -- Expressions and stages --


def _expression(node: Any, at: str) -> Told:
    if isinstance(node, Mapping):
        yield from _operation(node, at)
    elif isinstance(node, list | tuple):
        for place, one in enumerate(node):
            yield from _expression(one, f"{at}.{place}")
    elif isinstance(node, str) and node.startswith("$$"):
        if node != "$$n":
            yield f"{at}: an unknown variable {node!r}"
    elif isinstance(node, str) and node.startswith("$"):
        yield from path_in(node[1:], at)
    else:
        yield from constant_in(node, at)
        yield from value_in(node, at)


def _operation(node: Mapping[str, Any], at: str) -> Told:
    for key, operand in node.items():
        place = f"{at}.{key}"
        if key == "$literal":
            yield from value_in(operand, place)
        elif key in _EXPRESSIONS:
            yield from _expression(operand, place)
        elif key.startswith("$"):
            yield f"{place}: an unknown operator"
        else:
            if key not in _OF_OPERATORS:
                yield from path_in(key, at)
            yield from _expression(operand, place)


_OF_OPERATORS = {
    "if", "then", "else", "branches", "case", "default", "vars", "in", "input", "to", "onError",
    "onNull", "date", "format", "timezone",
}  # fmt: skip
"""Names of arguments, which are no fields."""


def pipeline_in(node: Any, at: str) -> Told:
    for place, stage in enumerate(node):
        ((name, operand),) = stage.items()
        if name in _STAGES:
            yield from _STAGES[name](operand, f"{at}.{place}.{name}")
        else:
            yield f"{at}.{place}: an unknown stage {name}"


def _facet(node: Any, at: str) -> Told:
    for name, pipeline in node.items():
        yield from path_in(name, at)
        yield from pipeline_in(pipeline, f"{at}.{name}")


def _unwind(node: Any, at: str) -> Told:
    yield from _expression(node["path"] if isinstance(node, Mapping) else node, at)


_STAGES = {
    "$match": filter_in,
    "$sort": names_in,
    "$project": _expression,
    "$addFields": _expression,
    "$group": _expression,
    "$unwind": _unwind,
    "$limit": constant_in,
    "$sample": constant_in,
    "$count": constant_in,
    "$facet": _facet,
}
