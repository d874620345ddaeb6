"""Which lists are fast: what serves each shape that is documented, as stores explain it."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
import pytest_asyncio

from service.queries.keyset import layout_of
from service.queries.listed import always_there
from service.queries.ordering import read_order, where_always
from service.queries.where import read_where
from service.store.customers import Customers
from service.store.database import Database
from service.store.pages import PageRequest
from tests.conftest import STORES
from tests.graphql.stored import document, store
from tests.queries.reading import TERMS
from tests.store.explaining import Recorder, explained, recorded_by
from tests.uploads.making import DIGESTER

pytestmark = pytest.mark.parametrize("store_name", [name for name in STORES if name != "mock"])

ID: Mapping[str, int] = {"_id": 1}
EVERYBODY = "COLLSCAN"


class Shape(NamedTuple):
    """What is asked, and the index that serves it: on MongoDB, and on the embedded store."""

    where: dict[str, Any]
    order: list[dict[str, str]]
    mongodb: str
    embedded: str


SHAPES: dict[str, Shape] = {
    "everybody, the newest first": Shape({}, [], "newest", EVERYBODY),
    "an e-mail": Shape({"email": {"eq": "ann7@example.org"}}, [], "keys", "keys"),
    "one of some external ids": Shape({"externalId": {"in": ["X1", "X2"]}}, [], "keys", "keys"),
    "a last name, by name": Shape(
        {"lastName": {"eq": "N7"}},
        [{"lastName": "ASC"}, {"firstName": "ASC"}],
        "by_name",
        "by_name",
    ),
    "a last name's beginning, by name": Shape(
        {"lastName": {"startsWith": "N"}},
        [{"lastName": "ASC"}, {"firstName": "ASC"}],
        "by_name",
        "by_name",
    ),
    "logged in lately, the latest first": Shape(
        {"lastLogin": {"last": {"days": 30}}}, [{"lastLogin": "DESC"}], "by_last_login",
        "by_last_login",
    ),
    "a tag": Shape({"tags": {"has": "t3"}}, [], "by_tag", "by_tag"),
    "one of some mailing lists": Shape(
        {"mailingLists": {"hasAny": ["l1", "l2"]}}, [], "by_mailing_list", "by_mailing_list"
    ),
    "by e-mail": Shape({}, [{"email": "ASC"}], "by_email", EVERYBODY),
    "changed lately, the latest first": Shape(
        {"updatedAt": {"last": {"days": 30}}}, [{"updatedAt": "DESC"}], "by_update", EVERYBODY
    ),
    "joined in a year": Shape(
        {"dateJoined": {"gte": "2020-01-01", "lt": "2021-01-01"}}, [{"dateJoined": "ASC"}],
        "by_date_joined", EVERYBODY,
    ),
    "a city": Shape({"city": {"eq": "Oulu"}}, [], "newest", EVERYBODY),
}  # fmt: skip


@pytest_asyncio.fixture
async def watched(
    customers: Customers, database: Database, store_uri: str
) -> AsyncIterator[tuple[Customers, Recorder]]:
    """Some hundred customers, read through a client that records."""
    await store(
        customers,
        [
            document(
                number,
                external_id=f"X{number}",
                email=f"ann{number}@example.org",
                last_name=f"N{number % 50}",
                tags=[f"t{number % 9}"],
                mailing_lists=[f"l{number % 9}"],
                city="Oulu" if number % 5 else "Espoo",
            )
            for number in range(300)
        ],
    )
    recorder = Recorder()
    async with recorded_by(recorder, database, store_uri) as seen:
        yield Customers(seen, DIGESTER), recorder


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
async def test_a_list_is_served_by_the_index_that_is_documented(
    watched: tuple[Customers, Recorder], database: Database, store_name: str, shape: Shape
) -> None:
    """And on MongoDB without a sort that has to see all before it shows the first."""
    customers, recorder = watched
    where = read_where(shape.where, replace(TERMS, digest=DIGESTER.digest))
    order = where_always(read_order(shape.order, TERMS), always_there(where))

    await customers.page(PageRequest(where, layout_of(order), first=10), ID)

    for command in recorder.commands:
        plan = await explained(database, command)
        if store_name == "mongodb":
            assert {shape.mongodb} == plan.used
            assert shape.mongodb == "keys" or "SORT" not in plan.stages
        else:
            assert {shape.embedded} == plan.used
