"""What stored values rest on: each comes back as it went in, and none is interpreted."""

from datetime import UTC, datetime
from typing import Any

from service.store.checks.check import Check, check, expect
from service.store.database import Collection

VALUES: list[Check] = []


async def _stored(collection: Collection, values: dict[str, Any]) -> dict[str, Any]:
    """What comes back of values that an upsert, as ours are, has set; without `_id` and `rev`."""
    await collection.update_one({"_id": "a", "rev": 0}, {"$set": values}, upsert=True)
    return await collection.find_one({"_id": "a"}, {"_id": 0, "rev": 0}) or {}


async def _come_back(collection: Collection, values: dict[str, Any]) -> None:
    stored = await _stored(collection, values)
    expect("fields", sorted(values), sorted(stored))
    for name, value in values.items():
        expect(name, value, stored[name])


@check(VALUES, "Integers of 64 bits, doubles, booleans and null keep value and type.")
async def scalars_come_back(collection: Collection) -> None:
    """Numbers keep their type and all their digits, and true is not 1."""
    values = {
        "least": -(2**63),
        "greatest": 2**63 - 1,
        "past_32_bits": 2**31,
        "small": 7,
        "double": 2.0,
        "tiny": 5e-324,
        "large": 1.7976931348623157e308,
        "tenth": 0.1,
        "yes": True,
        "no": False,
        "zero": 0,
        "null": None,
    }
    await _come_back(collection, values)


@check(VALUES, "Text is UTF-8 of any code point but surrogates, not normalised, NUL included.")
async def text_comes_back(collection: Collection) -> None:
    """Text comes back code point by code point."""
    values = {
        "empty": "",
        "spaces": "  two  ",
        "astral": "\U0001f9d1\U0010ffff",
        "composed": "\u00e9",
        "decomposed": "e\u0301",
        "nul": "a\0b",
        "long": "\u20ac" * 5000,
    }
    await _come_back(collection, values)


@check(VALUES, "A value of $set is stored as it is; only its own key is read as a path.")
async def values_are_never_interpreted(collection: Collection) -> None:
    """Text with dollars and dots, and keys inside objects, are data."""
    values = {
        "operator": "$set",
        "field": "$name",
        "variable": "$$NOW",
        "path": "a.b.c",
        "list": ["$push", {"value": "$x"}],
        "object": {"text": "$y", "z": {"w": ["a.b", "$$ROOT"]}},
    }
    await _come_back(collection, values)


@check(VALUES, "Objects keep the order of their keys, arrays that of their members.")
async def objects_and_lists_come_back(collection: Collection) -> None:
    """Nested values keep their order, empty ones included, eight levels deep."""
    deep: Any = "bottom"
    for level in range(8):
        deep = {f"level{level}": [deep]}
    values = {
        "object": {"z": 1, "a": {"y": [], "b": {}}, "m": None},
        "list": [3, "x", [1, [2]], {"k": False}, 1.5, None],
        "empty_object": {},
        "empty_list": [],
        "deep": deep,
    }
    await _come_back(collection, values)


@check(VALUES, "$set of an object puts it in the place of what was there.")
async def an_object_is_replaced(collection: Collection) -> None:
    """A new object leaves nothing of the one before."""
    await collection.insert_one({"_id": "a", "acme__address": {"old": 1, "kept": 2}})
    await collection.update_one({"_id": "a"}, {"$set": {"acme__address": {"kept": 3}}})

    stored = await collection.find_one({"_id": "a"})
    expect("document", {"_id": "a", "acme__address": {"kept": 3}}, stored)


@check(VALUES, "A date-time is kept in milliseconds of UTC, before 1970 too.")
async def moments_come_back(collection: Collection) -> None:
    """Date-times come back aware of their zone, to the millisecond."""
    values = {
        "now": datetime(2026, 3, 29, 1, 30, 0, 123000, tzinfo=UTC),
        "before": datetime(1891, 6, 14, 23, 59, 59, 999000, tzinfo=UTC),
        "first": datetime(1, 1, 1, tzinfo=UTC),
        "last": datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC),
    }
    await _come_back(collection, values)


@check(VALUES, "A document has as many fields as fit into 16 MiB.")
async def a_large_customer_comes_back(collection: Collection) -> None:
    """200 company fields of 16 KiB each fit into one customer."""
    values = {f"acme__{number}": "x" * 16 * 1024 for number in range(200)}
    stored = await _stored(collection, values)

    expect("fields", len(values), len(stored))
    expect("all as they were", True, stored == values)
