"""The grammar of commands: it knows an intrusion when it sees one, and takes what is sound."""

from typing import Any

import pytest
from bson import Code, Regex

from tests.injection.grammar import intrusions
from tests.injection.names import MARK, OPERAND

T = f"$where {MARK}"
NAME = f"ACME__{MARK}"


def find(**filter_: Any) -> dict[str, Any]:
    return {"find": "customers", "filter": filter_, "limit": 1, "$db": "a"}


def aggregate(*stages: Any) -> dict[str, Any]:
    return {"aggregate": "customers", "pipeline": list(stages), "cursor": {}}


def update(changed: Any, **others: Any) -> dict[str, Any]:
    return {"update": "customers", "updates": [{"q": {"_id": T}, "u": changed, **others}]}


SOUND: dict[str, dict[str, Any]] = {
    "a value": find(email=T),
    "behind an operator": find(email={"$eq": T, "$gte": T}, tags={"$in": [T, "$x"]}),
    "an object": find(**{NAME: {"$eq": {MARK: {"b": T}}}}),
    "a member": find(**{NAME: {"$elemMatch": {"$eq": T}}}),
    "not": find(city={"$not": {"$regex": rf"(?i)^(?:{MARK}|a\.b)(?![\s\S])"}}),
    "several": find(**{"$or": [{"city": T}, {"$and": [{"state": {"$in": ["live", T]}}]}]}),
    "a list": find(**{"$expr": {"$eq": [f"${NAME}", {"$literal": [T, "$x"]}]}}),
    "an end": find(email={"$regex": rf"@{MARK}\.org$"}),
    "an order": {"find": "customers", "filter": {}, "sort": {NAME: 1, "_id": -1}},
    "a facet": aggregate(
        {"$match": {"city": T}},
        {"$group": {"_id": f"${NAME}", "n": {"$sum": 1}}},
        {"$facet": {"buckets": [{"$match": {"_id": {"$in": [T]}}}]}},
    ),
    "figures": aggregate(
        {"$group": {"_id": {"key0": f"${NAME}"}, f"min_{NAME}_text": {"$min": f"${NAME}"}}}
    ),
    "an update": update(
        {"$set": {"city": T, NAME: {"a": T}}, "$addToSet": {"tags": {"$each": [T]}}}, upsert=True
    ),
    "removal": update({"$unset": {NAME: ""}, "$pull": {"tags": {"$in": [T]}}}),
    "a document": {"insert": "segments", "documents": [{"_id": "s", "where": T}]},
    "an index": {
        "createIndexes": "customers",
        "indexes": [{"key": {"state": 1, NAME: 1}, "name": f"company.{NAME}"}],
    },
    "more of it": {"getMore": 1, "collection": "customers"},
}

WRONG: dict[str, dict[str, Any]] = {
    "a collection": {"find": f"customers{MARK}", "filter": {}},
    "a database's command": {"drop": "customers"},
    "an operator at the top": find(**{"$where": T}),
    "a path": find(**{f"email.{MARK}": 1}),
    "a field inside": find(**{f"{NAME}.x": 1}),
    "a positional path": update({"$set": {"tags.$[]": T}}),
    "a field of nobody's": find(**{MARK: 1}),
    "an internal name": find(__proto__=1),
    "an operator of a user's": find(email={"$gt": OPERAND}),
    "the same in a list": find(email={"$in": [{"$gt": OPERAND}]}),
    "an operator in a value": find(**{NAME: {"$eq": {"$gt": 1}}}),
    "a bare object": find(**{NAME: {"a": T}}),
    "a bare list": find(**{NAME: [T]}),
    "where, in a field": find(email={"$where": T}),
    "an unescaped text": find(city={"$regex": f".*{MARK}"}),
    "an unescaped class": find(city={"$regex": f"^[{MARK}]"}),
    "a pattern that is none": find(city={"$regex": f"({MARK}"}),
    "a pattern of its own": find(city=Regex(MARK)),
    "code": find(city=Code(MARK)),
    "a text in an expression": find(**{"$expr": {"$eq": ["$city", MARK]}}),
    "a path in an expression": find(**{"$expr": {"$eq": ["$city", f"$email.{MARK}"]}}),
    "a variable": aggregate({"$group": {"_id": "$$ROOT"}}),
    "a function": aggregate({"$group": {"_id": {"$function": {"body": T}}}}),
    "a key of an expression": aggregate({"$group": {"_id": {MARK: "$city"}}}),
    "a stage": aggregate({"$lookup": {"from": "customers"}}),
    "a stage that writes": aggregate({"$out": MARK}),
    "an operator in a literal": aggregate({"$addFields": {"value_0": {"$literal": {"$a": 1}}}}),
    "an order": {"find": "customers", "filter": {}, "sort": {f"$x{MARK}": 1}},
    "a projection": {"find": "customers", "filter": {}, "projection": {"city": f"${MARK}"}},
    "a hint": {"find": "customers", "filter": {}, "hint": MARK},
    "let": {"find": "customers", "filter": {}, "let": {"a": MARK}},
    "an update's operator": update({"$rename": {"city": MARK}}),
    "a pipeline": update([{"$set": {"city": T}}]),
    "a replacement": update({"city": T}),
    "an operator that is set": update({"$set": {NAME: {"$gt": ""}}}),
    "a bare condition": update({"$pull": {"tags": {"$gt": ""}}}),
    "a bare member": update({"$addToSet": {"tags": T}}),
    "array filters": update({"$set": {"city": T}}, arrayFilters=[{MARK: 1}]),
    "a document's key": {"insert": "customers", "documents": [{MARK: 1}]},
    "an index": {"createIndexes": "customers", "indexes": [{"key": {MARK: 1}, "name": "a"}]},
    "an index's name": {"dropIndexes": "customers", "index": MARK},
    "a cursor's collection": {"getMore": 1, "collection": MARK},
}


@pytest.mark.parametrize("command", SOUND.values(), ids=SOUND.keys())
def test_a_sound_command_is_taken(command: dict[str, Any]) -> None:
    assert [] == intrusions(command)


@pytest.mark.parametrize("command", WRONG.values(), ids=WRONG.keys())
def test_an_intrusion_is_told(command: dict[str, Any]) -> None:
    assert intrusions(command)
