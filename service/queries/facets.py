"""Facets: how customers divide by one field, as stages and as what comes of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple

from service.customers.fields import is_company_field
from service.customers.records import State
from service.queries.buckets import MISSING, Bucket, ByValue, Row, Stage, Way
from service.queries.calendar import Expression
from service.queries.terms import Filter, Given

STATE = "state"


class Holds(Enum):
    """What a field may hold. Of a list, each different member counts once."""

    ONE = auto()
    SET = auto()
    ANYTHING = auto()


@dataclass(frozen=True, slots=True)
class Dimension:
    """One field, and the way its customers are sorted into buckets.

    `field` is its name as it is shown, `path` the document's; a company field has one for both.
    """

    field: str
    path: str
    way: Way
    holds: Holds = Holds.ONE
    ignores_own_filter: bool = False

    @property
    def value(self) -> Expression:
        """Of a document; of a list, all of it, with MISSING in place of nothing."""
        own = f"${self.path}"
        if self.path == STATE:
            return {"$eq": [own, State.FORGOTTEN.value]}
        if self.holds is Holds.ONE:
            return own
        there = {"$ifNull": [own, MISSING]}
        if self.holds is Holds.SET:
            return there
        return {"$cond": [{"$isArray": own}, {"$setUnion": [own, []]}, there]}

    @property
    def is_plain(self) -> bool:
        """Whether it is grouped by as it is stored, as an index may have it."""
        return self.holds is Holds.ONE and isinstance(self.way, ByValue)

    def key(self, value: Expression) -> Expression:
        """What is grouped by; `value` is a list's member, where it is one. MISSING without the
        field (null, if the key is plain), null in no bucket."""
        is_there = {"$gt": [value, None]} if self.holds is Holds.ONE else {"$ne": [value, MISSING]}
        return self.way.key(value, {"$cond": [is_there, None, MISSING]})

    def filter(self, buckets: Sequence[Bucket]) -> Filter:
        """Who may be in one of the buckets or lack the field, where a query can tell."""
        if not isinstance(self.way, ByValue) or self.path == STATE:
            return {}
        return {self.path: {"$in": [*(bucket.key for bucket in buckets), None]}}


class Facet(NamedTuple):
    """How customers divide. `other`: those in no bucket that is shown; of lists, members."""

    field: str
    buckets: list[Bucket]
    missing: int
    other: int


def facet_stages(dimension: Dimension) -> list[Stage]:
    """What follows the stage that finds the customers."""
    missing = None if dimension.is_plain else MISSING
    parts = {
        "buckets": dimension.way.rows(),
        "missing": [{"$match": {"_id": missing}}],
        "nowhere": [{"$match": {"_id": None}}],
        "all": [{"$group": {"_id": None, "n": {"$sum": "$n"}}}],
    }
    return [*_grouped(dimension), {"$facet": parts}]


def _grouped(dimension: Dimension) -> list[Stage]:
    """How many there are of each key. Lists are grouped whole before they are taken apart, since
    many customers have the same: the embedded store then takes a sixth of the time."""
    stages: list[Stage] = []
    value, key = dimension.value, "$_key"
    if dimension.holds is not Holds.ONE and isinstance(dimension.way, ByValue):
        return [_counted(value, 1), {"$unwind": "$_id"}, _counted("$_id", "$n")]
    if dimension.holds is not Holds.ONE:
        stages += [{"$project": {"_id": 0, "_value": value}}, {"$unwind": "$_value"}]
        value = "$_value"
    if dimension.way.overlaps:
        apart = {"path": key, "preserveNullAndEmptyArrays": True}
        stages += [{"$project": {"_id": 0, "_key": dimension.key(value)}}, {"$unwind": apart}]
    else:
        key = dimension.key(value)
    return [*stages, _counted(key, 1)]


def _counted(key: Expression, n: Expression) -> Stage:
    return {"$group": {"_id": key, "n": {"$sum": n}}}


def read_facet(dimension: Dimension, rows: Sequence[Mapping[str, list[Row]]]) -> Facet:
    """Of what the stages gave."""
    (parts,) = rows
    buckets = dimension.way.buckets(parts["buckets"])
    missing = _sum(parts["missing"])
    if dimension.way.overlaps:
        other = _sum(parts["nowhere"])
    else:
        other = _sum(parts["all"]) - missing - sum(bucket.count for bucket in buckets)
    return Facet(dimension.field, buckets, missing, other)


def without_own_condition(where: Given, dimension: Dimension) -> Given:
    """Without the conditions at the top that are on the dimension's field."""
    if not is_company_field(dimension.field):
        return {name: given for name, given in where.items() if name != dimension.field}
    fields = where.get("companyFields", [])
    several = fields if isinstance(fields, list) else [fields]
    others = [one for one in several if one["name"] != dimension.field]
    if len(others) == len(several):
        return where
    rest = {name: given for name, given in where.items() if name != "companyFields"}
    return {**rest, "companyFields": others} if others else rest


def _sum(rows: Sequence[Row]) -> int:
    return sum(row["n"] for row in rows)
