"""Updates: what they may hold, whatever users send, and that they do what the write says."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import bson
import mongomock
from hypothesis import given, settings
from hypothesis import strategies as st

from service.customers.changes import same
from service.customers.fields import STORED, TEXT_SETS, is_company_field
from service.customers.identity import Write
from service.customers.records import Record, State, new_record
from service.customers.tokens import tokens_of
from service.store.customers import Customers
from service.store.updates import update_of
from tests.customers.strategies import HOSTILE_ROWS, HOSTILE_TEXTS, PLAUSIBLE_ROWS
from tests.uploads.making import NOW, uploads_on
from tests.uploads.memory import MemoryStore

OPERATORS = {"$set", "$unset", "$addToSet", "$pull"}
ARRAYS = {"keys", "claims", "marks"}
INTERNAL = ARRAYS | {"state", "rev", "created_at", "updated_at", "schema_version", "search"}
PATHS = INTERNAL | {field.name for field in STORED}


class Update(NamedTuple):
    """What the driver is given."""

    where: dict[str, Any]
    operators: dict[str, Any]
    upsert: bool

    @classmethod
    def of(cls, write: Write) -> "Update":
        update = update_of(write)
        where, operators = dict(update._filter), update._doc
        assert isinstance(operators, dict), "no pipeline"
        return cls(where, operators, update._upsert is True)


class Recording(MemoryStore):
    """Keeps the updates that a database would get."""

    def __init__(self) -> None:
        super().__init__()
        self.updates: list[Update] = []

    async def write(self, writes: Sequence[Write]) -> list[Write]:
        self.updates += [Update.of(write) for write in writes]
        return await super().write(writes)


async def updates_of(uploaded: list[list[Any]]) -> list[Update]:
    store = Recording()
    for rows in uploaded:
        await uploads_on(store).upload(rows)
    return store.updates


def check_filter(where: Mapping[str, Any]) -> None:
    assert ["_id", "rev"] == list(where)
    assert isinstance(where["_id"], str)
    assert where["_id"].startswith("c.")
    assert type(where["rev"]) is int


def check_path(path: str) -> None:
    assert path in PATHS or is_company_field(path)
    assert not {"$", ".", "\0"} & set(path)


def check_operand(operator: str, path: str, operand: Any) -> None:
    """Nothing under an operator but a value, or a list of texts under the one word for it."""
    if operator == "$set":
        check_stored(operand)
        return
    if operator == "$unset":
        assert operand == ""
        return
    assert path in ARRAYS or path in TEXT_SETS
    assert ["$each" if operator == "$addToSet" else "$in"] == list(operand)
    (members,) = operand.values()
    assert [str] * len(members) == [type(member) for member in members]


def check_stored(value: Any) -> None:
    """An object that is stored holds no name that a database gives a meaning to."""
    if isinstance(value, dict):
        assert not any(not name or {"$", ".", "\0"} & set(name) for name in value)
        value = list(value.values())
    if isinstance(value, list):
        for member in value:
            check_stored(member)


def check_update(update: Update) -> None:
    check_filter(update.where)
    assert update.upsert
    assert OPERATORS >= set(update.operators)
    paths = [path for operands in update.operators.values() for path in operands]
    assert len(paths) == len(set(paths)), "no path stands under two operators"
    for operator, operands in update.operators.items():
        for path, operand in operands.items():
            check_path(path)
            check_operand(operator, path, operand)


@settings(max_examples=250, deadline=None)
@given(st.lists(st.lists(HOSTILE_ROWS | PLAUSIBLE_ROWS, max_size=3), min_size=1, max_size=3))
async def test_rule_5_no_text_of_a_user_becomes_an_operator_a_path_or_an_expression(
    uploaded: list[list[Any]],
) -> None:
    """Whatever keys and values rows hold: operators and paths come from lists of what is allowed,
    and everything that is written can be."""
    for update in await updates_of(uploaded):
        check_update(update)
        assert bson.encode(update.operators)


async def test_rule_5_hostile_rows_that_are_taken_are_written_as_they_are() -> None:
    """The property above would hold too if all of these were refused."""
    row = {
        "external_id": "X1",
        "first_name": "$where",
        "tags": ["$$ROOT"],
        "A__a": {"b": "$first_name"},
        "A__b": ["$set"],
    }
    added = {"external_id": "X1", "tags.add": ["$each", "a.b"], "A__a": "", "A__b.add": "$in"}
    taken = {"external_id": "X1", "tags.remove": ["$$ROOT", "$gt"], "first_name": ""}

    created, first, second = await updates_of([[row], [added], [taken]])

    assert row.items() <= created.operators["$set"].items()
    assert {"tags": {"$each": ["$each", "a.b"]}} == first.operators["$addToSet"]
    assert {"A__a": ""} == first.operators["$unset"]
    assert ["$set", "$in"] == first.operators["$set"]["A__b"]
    assert {"tags": {"$in": ["$$ROOT"]}} == second.operators["$pull"]
    assert {"first_name": ""} == second.operators["$unset"]


BEFORE = new_record("c.0", {}, datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC))._replace(
    rev=7,
    values={"external_id": "X1", "tags": ["a", "b", "c"], "city": "Turku", "A__x": {"k": [1]}},
    keys=frozenset({"1.a"}),
    claims=frozenset({"1.a#1"}),
)


def changed(**values: object) -> Record:
    """Fields that are None go away."""
    after = {**BEFORE.values, **values}
    kept = {name: value for name, value in after.items() if value is not None}
    return BEFORE._replace(values=kept, updated_at=NOW)


CASES: dict[str, Record] = {
    "one text set": changed(first_name="Ann"),
    "one text replaced": changed(city="Åbo"),
    "fields removed": changed(city=None, tags=None, A__x=None),
    "members added": changed(tags=["a", "b", "c", "$each", "d"]),
    "members removed": changed(tags=["b"]),
    "all members removed": changed(tags=[]),
    "members added and removed": changed(tags=["b", "c", "d"]),
    "members in another order": changed(tags=["c", "b", "a"]),
    "other members": changed(tags=["x"]),
    "another set": changed(mailing_lists=["news"]),
    "an empty set": changed(mailing_lists=[]),
    "an object replaced, not merged": changed(A__x={"other": 1}),
    "an object that is like an operator": changed(A__x={"each": ["a"]}),
    "a list for an object": changed(A__x=[1, True, 1.5, None, {"k": "$v"}]),
    "true for one": changed(A__y=True),
    "the largest number": changed(A__y=2**63 - 1),
    "hostile texts": changed(first_name="$city", A__y="$$ROOT", gender="a.b"),
    "a moment": changed(last_login=datetime(2015, 11, 25, 13, 11, 23, 999000, tzinfo=UTC)),
    "a permission": changed(can_email=False),
    "nothing but the time": changed(),
    "digests taken": changed(email="a@b.test")._replace(
        keys=frozenset({"1.a", "1.b", "1.c"}),
        claims=frozenset({"1.a#1", "1.b#1"}),
    ),
    "forgotten": BEFORE._replace(
        state=State.FORGOTTEN,
        values={"country": "GB", "can_email": False},
        marks=frozenset({"1.a", "1.b"}),
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        updated_at=NOW,
    ),
    "deleted": BEFORE._replace(state=State.DELETED, values={}, marks=frozenset({"1.a"})),
}


def named(record: Record, name: str) -> Record:
    """With digests of its own, since claims are unique."""

    def own(digests: frozenset[str]) -> frozenset[str]:
        return frozenset(f"{digest[:3]}{name}{digest[3:]}" for digest in digests)

    return record._replace(
        id=f"c.{name}",
        keys=own(record.keys),
        claims=own(record.claims),
        marks=own(record.marks),
    )


async def test_the_update_of_a_write_makes_what_the_write_says(customers: Customers) -> None:
    """On a store: first each customer as it was, then as it is to be."""
    writes = {
        name: Write(named(BEFORE, str(n)), named(after, str(n)), (n,))
        for n, (name, after) in enumerate(CASES.items())
    }
    creations = [
        Write(write.before._replace(rev=0), write.before._replace(rev=0), write.rows)
        for write in writes.values()
    ]
    updates = [
        Write(write.before._replace(rev=1), write.after, write.rows) for write in writes.values()
    ]

    assert [] == await customers.write(creations)
    assert [] == await customers.write(updates)

    digests = {digest for write in writes.values() for digest in write.after.keys}
    stored = {record.id: record for record in await customers.candidates(digests)}
    assert {name: write.after._replace(rev=2) for name, write in writes.items()} == {
        name: stored[write.after.id] for name, write in writes.items()
    }


async def test_a_write_of_another_revision_changes_nothing(customers: Customers) -> None:
    """An update, which as an insert would be no customer, and a second creation."""
    record = BEFORE._replace(rev=0)
    await customers.write([Write(record, record, (0,))])
    late = Write(BEFORE._replace(rev=7), changed(city="Oulu"), (0,))
    again = Write(record, changed(city="Oulu"), (0,))

    assert [late] == await customers.write([late]), "a lost race, not a store that is down"
    assert [again] == await customers.write([again])
    assert [BEFORE._replace(rev=1)] == await customers.candidates(BEFORE.keys)


SETS = st.lists(HOSTILE_TEXTS.filter(lambda text: text.isprintable()), max_size=5, unique=True)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "tags": SETS,
        "mailing_lists": SETS,
        "first_name": st.sampled_from(["Ann", "$where", "Bo"]),
        "can_email": st.booleans(),
        "A__x": st.sampled_from([1, True, [], ["a"], [True], {"k": 1}, {"k": True, "l": []}]),
    },
)


@settings(max_examples=200, deadline=None)
@given(VALUES, VALUES)
def test_an_update_leads_from_any_values_to_any_others(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    """In memory; the order of members included. Tokens are those of the values, or absent."""
    was, now = BEFORE._replace(values=before), BEFORE._replace(values=after, updated_at=NOW)
    collection: Any = mongomock.MongoClient(tz_aware=True).database.customers
    tokens = {"search": tokens_of(before)} if tokens_of(before) else {}
    collection.insert_one({"_id": was.id, "rev": was.rev, **before, **tokens})
    update = Update.of(Write(was, now, (0,)))

    collection.update_one(update.where, update.operators)

    (stored,) = collection.find({}, {"_id": 0, "rev": 0, "updated_at": 0})
    found_by = stored.pop("search", None)
    assert (set(tokens_of(after)) or None) == (found_by and set(found_by))
    assert same(after, stored)
    check_update(update)
