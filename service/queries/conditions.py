"""Conditions on one field, and how several are put together.

No text of a user is ever an operator, a path or an expression: it stands as the operand of an
operator that is written here, and in regular expressions it is escaped.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from service.customers.texts import MAX_TEXT, is_storable
from service.errors import InvalidArgument
from service.queries.terms import Filter, listed

Reader = Callable[[object, str], Any]
"""Reads a value at a place of the query into what is stored."""

Operators = Mapping[str, Any]
"""MongoDB's operators on one field, each with its operand."""

LONGEST_PATTERN = 1000
"""Bytes of a regular expression that the embedded store takes."""

_AROUND = 40
"""Bytes of one that stand around the texts in it, at most."""

_MOST_TO_ONE = 4
"""Characters at most that NFC makes one of."""

_RANGES = {"lt": "$lt", "lte": "$lte", "gt": "$gt", "gte": "$gte"}


def all_of(filters: Iterable[Filter]) -> Filter:
    """One filter that all of them make. Flat where it can be: stores use an index for that."""
    whole: Filter = {}
    apart: list[Filter] = []
    for one in filters:
        if _clashes(whole, one):
            apart.append(one)
        else:
            for path, operand in one.items():
                whole[path] = {**whole[path], **operand} if path in whole else operand
    return {**whole, "$and": [*whole.get("$and", []), *apart]} if apart else whole


def _clashes(whole: Filter, one: Filter) -> bool:
    for path, operand in one.items():
        if path in whole and not (
            _are_operators(operand)
            and _are_operators(whole[path])
            and whole[path].keys().isdisjoint(operand)
        ):
            return True
    return False


def _are_operators(operand: object) -> bool:
    return isinstance(operand, dict) and bool(operand) and all(k[:1] == "$" for k in operand)


def on(path: str, operators: Operators) -> Filter:
    """A filter of the operators on one field. An `$or` of operators, and `$not` of one, becomes one
    of filters, since MongoDB knows no other."""
    if "$or" in operators:
        return {"$or": [{path: one} for one in operators["$or"]]}
    if "$or" in operators.get("$not", ()):
        return {"$nor": [{path: one} for one in operators["$not"]["$or"]]}
    return {path: operators}


def none_of(one: Filter) -> Filter:
    return {"$nor": [one]}


def any_of(filters: list[Filter]) -> Filter:
    """At least one of them, of one at least."""
    return {"$or": filters} if len(filters) > 1 else filters[0]


def comparisons(given: Mapping[str, Any], at: str, read: Reader) -> list[Operators]:
    """Of `eq ne in notIn lt lte gt gte`, those that are given."""
    found: list[Operators] = []
    if "eq" in given:
        found.append({"$eq": read(given["eq"], f"{at}.eq")})
    if "ne" in given:
        found.append({"$ne": read(given["ne"], f"{at}.ne")})
    for name, operator in (("in", "$in"), ("notIn", "$nin")):
        if name in given:
            found.append({operator: members(given[name], f"{at}.{name}", read)})
    found += ranges(given, at, read)
    return found


def ranges(given: Mapping[str, Any], at: str, read: Reader) -> list[Operators]:
    """Raises InvalidArgument where nothing lies between the bounds."""
    bounds = {name: read(given[name], f"{at}.{name}") for name in _RANGES if name in given}
    for low in ("gt", "gte"):
        for high in ("lt", "lte"):
            if low in bounds and high in bounds:
                _check_between(at, bounds[low], bounds[high], open_=(low, high) != ("gte", "lte"))
    return [{_RANGES[name]: bound} for name, bound in bounds.items()]


def _check_between(at: str, low: Any, high: Any, *, open_: bool) -> None:
    if type(low) is type(high) and (low > high or (open_ and low == high)):
        raise InvalidArgument(at, "nothing lies between these bounds")


def members(given: object, at: str, read: Reader) -> list[Any]:
    return [read(one, f"{at}.{place}") for place, one in enumerate(listed(given, at))]


def existence(given: Mapping[str, Any], at: str) -> list[Operators]:
    """`exists`. Raises InvalidArgument for what is absent and meets another condition too."""
    if "exists" not in given:
        return []
    if given["exists"]:
        return [{"$ne": None}]
    if set(given) - {"exists", "ignoreCase", "name"}:
        raise InvalidArgument(f"{at}.exists", "what is absent meets no other condition")
    return [{"$eq": None}]


def fragment(raw: object, at: str, limit: int = MAX_TEXT) -> str:
    """A part of a text, spaces and all, in the form that texts are stored in."""
    if not isinstance(raw, str) or not raw:
        raise InvalidArgument(at, "expected some text")
    text = unicodedata.normalize("NFC", raw[: limit * _MOST_TO_ONE + 1])
    if len(text) > limit or not is_storable(text):
        raise InvalidArgument(at, f"expected at most {limit} characters that can be stored")
    return text


def begins_with(text: str) -> Operators:
    """As a range, which an index serves: texts are ordered by their code points."""
    after = _after_all_with(text)
    return {"$gte": text, "$lt": after} if after else {"$gte": text}


def _after_all_with(text: str) -> str | None:
    """The least text that is greater than all that begin with this one."""
    for place in range(len(text) - 1, -1, -1):
        code = ord(text[place]) + 1
        if code == 0xD800:  # lone surrogates are no text
            code = 0xE000
        if code <= 0x10FFFF:
            return text[:place] + chr(code)
    return None


def sought(text: str, at: str) -> str:
    """A text that goes into a regular expression. Raises InvalidArgument where it is too long."""
    if len(re.escape(text).encode()) > LONGEST_PATTERN - _AROUND:
        raise InvalidArgument(at, "too long to be looked for so; 240 characters never are")
    return text


def has_within(text: str, *, ignore_case: bool = False) -> Operators:
    return _matching(re.escape(text), ignore_case)


def begins_as(text: str) -> Operators:
    """Case aside."""
    return _matching(f"^{re.escape(text)}", True)


def equals_as(*texts: str) -> Operators:
    """One of them, case aside, in as many regular expressions as their lengths take. Each ends
    where nothing follows: a dollar sign would let a line's end follow."""
    parts = [rf"^(?:{'|'.join(one)})(?![\s\S])" for one in _in_parts(map(re.escape, texts))]
    found = [_matching(part, True) for part in parts]
    return found[0] if len(found) == 1 else {"$or": found}


def _in_parts(texts: Iterable[str]) -> list[list[str]]:
    """Together in the same order, in lists none of which is too long for one pattern."""
    parts: list[list[str]] = []
    left = 0
    for text in texts:
        size = len(text.encode()) + 1
        if size > left:
            parts.append([])
            left = LONGEST_PATTERN - _AROUND + 1
        parts[-1].append(text)
        left -= size
    return parts


def _matching(pattern: str, ignore_case: bool) -> Operators:
    """The pattern says itself that case is ignored: options may not stand under `$not`."""
    return {"$regex": f"(?i){pattern}" if ignore_case else pattern}
