"""Whom lists show: the live and the forgotten, or the live alone where nobody else is meant."""

from collections.abc import Mapping
from typing import Any

from service.customers.fields import PERMISSIONS, STORED, SURVIVORS
from service.customers.records import State
from service.queries.terms import Filter

LIVE = State.LIVE.value
LISTED = (LIVE, State.FORGOTTEN.value)

_ERASED = frozenset(field.name for field in STORED) - SURVIVORS - frozenset(PERMISSIONS)
"""What no forgotten customer has."""

_OF_THE_PRESENT = frozenset({"$gt", "$gte", "$lt", "$lte", "$regex", "$all", "$elemMatch"})


def listed(where: Filter) -> Filter:
    """With the states of those who are listed, unless the filter itself says which.

    One state rather than two where it can be: the database then follows one part of an index.
    """
    if "state" in where:
        return where
    if any(path in _ERASED and _needs_a_value(operand) for path, operand in where.items()):
        return {"state": LIVE, **where}
    return {"state": {"$in": list(LISTED)}, **where}


def always_there(where: Filter) -> frozenset[str]:
    """Paths that all who meet the filter have a value of."""
    return frozenset(path for path, operand in where.items() if _needs_a_value(operand))


def _needs_a_value(operand: Any) -> bool:
    """Whether what is absent meets it not."""
    if not isinstance(operand, Mapping):
        return operand is not None
    if operand.keys() & _OF_THE_PRESENT:
        return True
    if "$in" in operand and None not in operand["$in"]:
        return True
    return operand.get("$eq") is not None or ("$ne" in operand and operand["$ne"] is None)
