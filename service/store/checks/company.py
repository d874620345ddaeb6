"""What the registry of company fields, and converting their values, rest on."""

from typing import Any

from pymongo import ASCENDING, IndexModel, UpdateOne

from service.store.checks.check import DUPLICATE_KEY, Check, check, code_of, expect
from service.store.database import Collection
from service.store.id_ranges import id_ranges

COMPANY: list[Check] = []

_IDS = ["a", "c.", "c.-", "c.0001", "c.A9", "c.Zz_", "c._", "c.a", "c.zzzz", "d", "é"]


@check(COMPANY, "Ranges of _id that follow each other hold every document once.")
async def ranges_of_ids_hold_every_customer_once(collection: Collection) -> None:
    """All values of a field are looked at range by range, whatever ids there are."""
    await collection.insert_many([{"_id": one, "A__x": 1} for one in _IDS])
    await collection.insert_one({"_id": "c.without"})
    for count in (1, 2, 7, 64):
        found = [await _holders(collection, within.filter) for within in id_ranges(count)]
        expect(f"in {count}", sorted(_IDS), sorted(one for part in found for one in part))


@check(COMPANY, "A document is inserted by an upsert only where its _id is free.")
async def a_declaration_is_changed_by_who_read_it_last(collection: Collection) -> None:
    """The first declaration of a field and every later one is a compare-and-set."""
    codes = [
        await code_of(
            collection.update_one({"_id": "f", "rev": rev}, {"$set": {"rev": 1}}, upsert=True)
        )
        for rev in (0, 0)
    ]

    expect("codes", [None, DUPLICATE_KEY], codes)


@check(COMPANY, "$setOnInsert changes nothing of a document that is there.")
async def a_noted_name_leaves_what_is_declared(collection: Collection) -> None:
    """A name that is uploaded is noted without being looked for first."""
    await collection.insert_one({"_id": "f", "rev": 3})
    noted = [UpdateOne({"_id": one}, {"$setOnInsert": {"rev": 0}}, upsert=True) for one in "fg"]
    await collection.bulk_write(noted, ordered=False)

    expect(
        "revisions", {"f": 3, "g": 0}, {one["_id"]: one["rev"] async for one in collection.find()}
    )


@check(COMPANY, "A filter may name a field inside an object; $unset removes a whole one.")
async def work_is_told_by_its_token(collection: Collection) -> None:
    """A conversion goes on only as long as it is that of the last declaration."""
    await collection.insert_one({"_id": "f", "rev": 1, "work": {"token": "t", "after": ""}})
    other = await collection.update_one({"_id": "f", "work.token": "u"}, {"$inc": {"rev": 1}})
    own = await collection.update_one(
        {"_id": "f", "work.token": "t"}, {"$inc": {"rev": 1}, "$unset": {"work": ""}}
    )

    expect("matched", [0, 1], [other.matched_count, own.matched_count])
    expect("left", {"_id": "f", "rev": 2}, await collection.find_one())


@check(COMPANY, "An index is built over a field of any kinds, and is gone once it is dropped.")
async def an_index_of_a_company_field_comes_and_goes(collection: Collection) -> None:
    """Nothing that customers hold keeps an index from being built, and both can be done again."""
    values: list[Any] = [1, "1", True, [1, "a", [2]], {"a": [1]}, [], {}, "x" * 16_000]
    await collection.insert_many(
        [{"_id": f"{n}", "state": "live", "A__x": value} for n, value in enumerate(values)]
    )
    await collection.insert_one({"_id": "without", "state": "live"})
    keys = [("state", ASCENDING), ("A__x", ASCENDING), ("_id", ASCENDING)]
    for _ in range(2):
        await collection.create_indexes([IndexModel(keys, name="company.A__x")])
        expect("there", True, "company.A__x" in await collection.index_information())
        await collection.drop_index("company.A__x")
        expect("gone", False, "company.A__x" in await collection.index_information())


@check(COMPANY, "An estimated count is near the count.")
async def documents_are_counted_roughly(collection: Collection) -> None:
    """How many ranges are looked at, and how wide a sample's is, rests on it, and nothing else."""
    expect("none", 0, await collection.estimated_document_count(maxTimeMS=10_000))
    await collection.insert_many([{"_id": f"{n}"} for n in range(50)])

    expect("some", 50, await collection.estimated_document_count(maxTimeMS=10_000))


async def _holders(collection: Collection, within: dict[str, Any]) -> list[str]:
    where = {**within, "A__x": {"$exists": True}}
    return [one["_id"] async for one in collection.find(where, {"_id": 1})]
