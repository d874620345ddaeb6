"""Saved segments as conditions: which ones a `where` names, and what a saved one may hold."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from service.customers.fields import CATALOGUE
from service.errors import InvalidArgument, SegmentCycle
from service.queries.terms import Given

MAX_NAMED = 50
"""Segments in one `where`, each as often as it is named, with those that they name themselves."""

MAX_CODE = 4
"""Digits of a phone number that name no more than a country, or an area of one."""

Conditions = Mapping[str, Given | None]
"""Those of saved segments, by id; None where they are no longer allowed."""

_TELLING = frozenset({"id", *(field.camel_name for field in CATALOGUE if field.tells_who)})
_SILENT = frozenset({"exists", "domain", "ignoreCase"})
"""Operators whose operand is nobody's own."""


def named_in(where: object) -> Iterator[str]:
    """Ids of the segments that it names, as often as it does. Passes over what can't be read."""
    waiting = [where]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, Mapping):
            waiting += [one[name] for name in ("and", "or", "not") if name in one]
            yield from _members(one.get("segment"))


def _members(given: object) -> Iterator[str]:
    lists = given.values() if isinstance(given, Mapping) else ()
    for ids in lists:
        yield from (one for one in (ids if isinstance(ids, list) else [ids]) if type(one) is str)


def check_named(
    where: object, conditions: Conditions, at: str, *, within: tuple[str, ...] = ()
) -> int:
    """How many segments are in it. Raises InvalidArgument for too many, SegmentCycle for one that
    would be read within itself; `within`: those that the conditions are of."""
    total = 0
    for segment_id in named_in(where):
        if segment_id in within:
            raise SegmentCycle(at)
        inner = conditions.get(segment_id)
        total += 1 + check_named(inner, conditions, at, within=(*within, segment_id))
        if total > MAX_NAMED:
            raise InvalidArgument(
                at, f"names more than {MAX_NAMED} segments, with those that they name themselves"
            )
    return total


def check_keepable(where: Given, at: str) -> None:
    """Raises InvalidArgument at the first condition that holds what forgetting would have to erase:
    a value of a field that tells who somebody is."""
    for name, operand in where.items():
        place = f"{at}.{name}"
        if name in ("and", "or"):
            for number, one in enumerate(operand):
                check_keepable(one, f"{place}.{number}")
        elif name == "not":
            check_keepable(operand, place)
        elif name in _TELLING:
            _check_silent(name, operand, place)


def _check_silent(name: str, given: Given, at: str) -> None:
    for operator, operand in given.items():
        if operator in _SILENT or (name == "phoneNumber" and _is_code(operator, operand)):
            continue
        allowed = _ALLOWED.get(name, "`exists`")
        raise InvalidArgument(
            f"{at}.{operator}",
            "a saved segment keeps no values that tell who somebody is, or they would stay when "
            f"the customer is forgotten; of this field it takes {allowed}. Give the customers a "
            "tag instead, which forgetting erases",
        )


_ALLOWED = {
    "id": "none",
    "email": "`exists` and `domain`",
    "phoneNumber": f"`exists` and a `startsWith` of at most {MAX_CODE} digits",
}


def _is_code(operator: str, operand: Any) -> bool:
    return operator == "startsWith" and sum(map(str.isdigit, operand)) <= MAX_CODE


def all_named(wheres: Iterable[object]) -> set[str]:
    return {segment_id for where in wheres for segment_id in named_in(where)}
