"""Searches on each store: whoever has all the words is found once, in order, whatever else comes
and goes, and however the store is read."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from service.customers.tokens import tokens_of
from service.customers.values import ReadingRules
from service.customers.words import runs_on, words
from service.queries.conditions import all_of
from service.queries.keyset import Position
from service.queries.sample import Sample
from service.queries.search import read_search
from service.store.customers import Customers
from service.store.database import Database
from service.store.pages import PageRequest
from service.store.sampling import take_sample
from service.store.searches import EXACT_FIRST
from tests.conftest import STORES
from tests.graphql.stored import document
from tests.store.explaining import Recorder, explained, recorded_by
from tests.uploads.making import DIGESTER

RULES = ReadingRules(ZoneInfo("UTC"))
START = datetime(2024, 2, 28, tzinfo=UTC)
ID: Mapping[str, int] = {"_id": 1}
NAMES = ["Ann", "Anna", "Ánnika", "Bo", "Bob", "Carroll", "O'Carr", "山田", "太郎", "Δήμος"]
PHONES = ["+358401234567", "+447757138957", "+4477571389"]
TEXTS = [
    "a", "an", "ann", "anna", "b", "bob", "o carr", "ann bo", "carr 8957", "山", "田太", "δημ",
    "x1", "X12", "ann@example.org", "example", "org ann", "+44", "44 77", "1389", "358401234567",
    "+358401234567", "zzz",
]  # fmt: skip


def person(number: int, random: Random) -> dict[str, Any]:
    """Some of one moment, so that ids decide."""
    fields: dict[str, Any] = {
        "first_name": random.choice(NAMES),
        "last_name": random.choice(NAMES),
        "external_id": f"X{number}",
        "email": random.choice(["ann@example.org", f"bo{number}@example.org"]),
        "phone_number": random.choice(PHONES),
    }
    values = {name: value for name, value in fields.items() if random.random() < 0.7}
    made = document(number, **values)
    tokens = tokens_of(values)
    found_by = {"search": tokens} if tokens else {}
    return made | found_by | {"created_at": START + timedelta(seconds=random.randrange(30))}


def has_all(person: Mapping[str, Any], text: str) -> bool:
    """As the rules say it in words: of every word of the text, a beginning."""
    parts = [person.get(name, "") for name in ("first_name", "last_name", "external_id", "email")]
    if runs_on(parts[1], parts[0]):
        parts.append(parts[1] + parts[0])
    held = [word for part in parts for word in words(part)]
    held += [word[place:] for word in held if not word.isascii() for place in range(len(word))]
    digits: str = person.get("phone_number", "+")[1:]
    if text[0] == "+":
        return digits.startswith(text[1:])
    sought = words(text)
    whole = "".join(sought)
    if len(sought) > 1 and whole.isdigit() and digits.startswith(whole):
        return True
    return all(
        any(one.startswith(word) for one in held)
        or digits.startswith(word)
        or (len(word) >= 4 and word.isdigit() and digits.endswith(word))
        for word in sought
    )


def in_order(people: list[dict[str, Any]], text: str) -> list[str]:
    """Ids of those who are found."""
    wanted = dict(read_search(text, RULES).identifiers)
    found = [one for one in people if has_all(one, text)]
    found.sort(key=lambda one: (one["created_at"], one["_id"]), reverse=True)
    exact = [one["_id"] for one in found if any(one.get(name) == wanted[name] for name in wanted)]
    return [*exact, *(one["_id"] for one in found if one["_id"] not in exact)]


def request(customers: Customers, text: str, **paging: Any) -> PageRequest:
    search = read_search(text, RULES)
    where = customers.searches.filter_of(search)
    return PageRequest(all_of([where]), EXACT_FIRST, search, **paging)


@pytest.fixture(params=["never sampled", "at once", "in stretches"])
def how(request: pytest.FixtureRequest) -> str:
    """How a store is read: the embedded one in stretches, once it was sampled."""
    return str(request.param)


async def filled(customers: Customers, people: list[dict[str, Any]], how: str) -> None:
    await customers._collection.insert_many([dict(one) for one in people])
    naive = [one | {"created_at": one["created_at"].replace(tzinfo=None)} for one in people]
    if how != "never sampled":
        stretches = how == "in stretches"
        sample = Sample.of(naive[::2], len(people), in_stretches=stretches)
        customers.searches.sample = sample


@pytest.mark.parametrize("seed", range(2))
async def test_whoever_has_all_the_words_is_found_and_nobody_else(
    customers: Customers, how: str, seed: int
) -> None:
    """Exact identifiers first, then the newest; counted alike."""
    random = Random(seed)
    people = [person(number, random) for number in range(120)]
    await filled(customers, people, how)
    for text in TEXTS:
        asked = request(customers, text, first=200)

        page = await customers.page(asked, ID)

        expected = in_order(people, text)
        assert expected == [one["_id"] for one in page.documents], text
        assert len(expected) == await customers.count(asked.filter)
        if expected:
            assert 1 == await customers.count(asked.filter, up_to=1)


@pytest.mark.parametrize("text", ["a", "ann@example.org", "an 8957"])
@pytest.mark.parametrize("backwards", [False, True], ids=["forwards", "backwards"])
async def test_whoever_stays_is_seen_once_while_others_come_and_go(
    customers: Customers, how: str, text: str, backwards: bool
) -> None:
    random = Random(text)
    stay = [person(number, random) for number in range(60)]
    go = [person(number, random) for number in range(60, 90)]
    come = [person(number, random) for number in range(90, 120)]
    await filled(customers, stay + go, how)
    seen: list[str] = []
    position: Position | None = None
    more = True
    while more:
        paging = {"last": 3, "before": position} if backwards else {"first": 3, "after": position}
        page = await customers.page(request(customers, text, **paging), ID)
        ids = [one["_id"] for one in page.documents]
        seen = ids + seen if backwards else seen + ids
        more = page.has_previous if backwards else page.has_next
        if page.documents:
            edge = page.documents[0 if backwards else -1]
            position = EXACT_FIRST.position(edge)
        if come:
            await customers._collection.insert_one(come.pop())
            await customers._collection.delete_one({"_id": go.pop()["_id"]})

    staying = {one["_id"] for one in stay}
    assert in_order(stay, text) == [one for one in seen if one in staying]
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("store_name", [name for name in STORES if name != "mock"])
@pytest.mark.parametrize("text", ["a", "ann", "anna bo", "8957", "x12", "bo12@example.org"])
async def test_a_search_looks_through_an_index(
    customers: Customers, database: Database, store_uri: str, text: str
) -> None:
    """The page, the next and the count; and of the frequent, no more than about what a page
    needs."""
    random = Random(7)
    people = [person(number, random) for number in range(3000)]
    for number, one in enumerate(people):
        one["created_at"] = START + timedelta(seconds=number)
    await customers._collection.insert_many(people)
    recorder = Recorder()
    async with recorded_by(recorder, database, store_uri) as seen:
        recorded = Customers(seen, DIGESTER)
        recorded.searches.sample = await take_sample(database, len(people))

        page = await recorded.page(request(recorded, text, first=8), ID)
        after = EXACT_FIRST.position(page.documents[-1])
        await recorded.page(request(recorded, text, first=8, after=after), ID)
        of_pages = len(recorder.commands)
        await recorded.count(request(recorded, text, first=8).filter)

    for place, command in enumerate(recorder.commands):
        plan = await explained(database, command)
        assert plan.used <= {"search", "keys"}, command
        if place < of_pages:
            assert plan.examined < 600
