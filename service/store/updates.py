"""What is to be written of a customer, as one MongoDB update.

An update is filtered on `_id` and `rev` and sent as an upsert, so a lost race is its own
duplicate-key error. No value of a user ever stands where MongoDB reads an operator, a path or an
expression: names come from the catalogue or match `PREFIX__name`, values stand behind an operator.
"""

from typing import Any

from pymongo import UpdateOne

from service.customers.changes import ABSENT, Difference, Value, diff
from service.customers.fields import TEXT_SETS
from service.customers.identity import Write
from service.customers.records import Record, State
from service.customers.tokens import SEARCHED, TOKENS_VERSION, tokens_of

SCHEMA_VERSION = TOKENS_VERSION
"""Of the documents made now; `migration.py` brings older ones to it."""

_SEARCHED = frozenset(SEARCHED)


def update_of(write: Write) -> UpdateOne:
    """One atomic compare-and-set. It creates when the customer was never stored (`rev` 0)."""
    before, after = write.before, write.after
    operators = _creation(after) if before.rev == 0 else _changes(before, after)
    return UpdateOne({"_id": before.id, "rev": before.rev}, operators, upsert=True)


def _creation(after: Record) -> dict[str, dict[str, Any]]:
    """`schema_version` is set here alone: without it the collection takes no document, so an
    update whose customer is physically gone can't leave a fragment."""
    return {
        "$set": {
            "state": after.state.value,
            "rev": 1,
            "keys": sorted(after.keys),
            "claims": sorted(after.claims),
            "marks": sorted(after.marks),
            "created_at": after.created_at,
            "updated_at": after.updated_at,
            "schema_version": SCHEMA_VERSION,
            **_found_by(after),
            **after.values,
        }
    }


def _found_by(record: Record) -> dict[str, list[str]]:
    """Nothing where nothing finds it: an empty array would be an entry of the index."""
    if record.state is State.LIVE and (tokens := tokens_of(record.values)):
        return {"search": tokens}
    return {}


def _changes(before: Record, after: Record) -> dict[str, dict[str, Any]]:
    update = _Update()
    update.operators["$set"] = {"rev": before.rev + 1, "updated_at": after.updated_at}
    update.replace("state", before.state.value, after.state.value)
    update.replace("created_at", before.created_at, after.created_at)
    for name in ("keys", "claims", "marks"):
        update.digests(name, getattr(before, name), getattr(after, name))
    differences = diff(before.values, after.values)
    for name, difference in differences.items():
        update.value(name, difference)
    if before.state is not after.state or not _SEARCHED.isdisjoint(differences):
        update.tokens(_found_by(after))
    return update.operators


class _Update:
    """Operators by name; each path stands under one of them."""

    def __init__(self) -> None:
        self.operators: dict[str, dict[str, Any]] = {}

    def _put(self, operator: str, name: str, operand: Value) -> None:
        self.operators.setdefault(operator, {})[name] = operand

    def replace(self, name: str, before: Value, after: Value) -> None:
        if before != after:
            self._put("$set", name, after)

    def value(self, name: str, difference: Difference) -> None:
        if difference.after is ABSENT:
            self._put("$unset", name, "")
        elif name in TEXT_SETS and difference.before is not ABSENT:
            self.members(name, difference.before, difference.after)
        else:
            self._put("$set", name, difference.after)

    def digests(self, name: str, before: frozenset[str], after: frozenset[str]) -> None:
        """Digests are never given up."""
        if added := sorted(after - before):
            self._put("$addToSet", name, {"$each": added})

    def tokens(self, found_by: dict[str, list[str]]) -> None:
        """Set whole: what they rest on is of the revision that was read."""
        if found_by:
            self.operators["$set"] |= found_by
        else:
            self._put("$unset", "search", "")

    def members(self, name: str, before: list[str], after: list[str]) -> None:
        """Members added at the end or taken out; what is neither alone sets the whole.

        Setting the whole is safe, since the update applies to the revision that was read.
        """
        left = set(after)
        removed = [member for member in before if member not in left]
        if after[: len(before)] == before:
            self._put("$addToSet", name, {"$each": after[len(before) :]})
        elif after == [member for member in before if member in left]:
            self._put("$pull", name, {"$in": removed})
        else:
            self._put("$set", name, after)
