"""What a page is held against: a bare route, and stock Strawberry over Beanie models."""

import contextlib
import os
from collections.abc import AsyncIterator
from datetime import datetime

import orjson
import strawberry
from beanie import init_beanie
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import DESCENDING
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from strawberry.asgi import GraphQL

from service.store.documents import CustomerDocument

FIELDS = [
    "external_id", "email", "phone_number", "canonical_id", "first_name", "last_name", "can_email",
    "can_sms", "date_joined", "last_login", "mailing_lists", "tags", "shop_id", "gender", "company",
    "street_address", "zip_code", "city", "country", "language",
]  # fmt: skip
DATABASE = "bench"
NEWEST = [("created_at", DESCENDING), ("_id", DESCENDING)]
LISTED = {"state": {"$in": ["live", "forgotten"]}}


@strawberry.type(name="Customer")
class CustomerType:
    external_id: str | None
    email: str | None
    phone_number: str | None
    canonical_id: str | None
    first_name: str | None
    last_name: str | None
    can_email: bool | None
    can_sms: bool | None
    date_joined: datetime | None
    last_login: datetime | None
    mailing_lists: list[str] | None
    tags: list[str] | None
    shop_id: str | None
    gender: str | None
    company: str | None
    street_address: str | None
    zip_code: str | None
    city: str | None
    country: str | None
    language: str | None


@strawberry.type
class Connection:
    nodes: list[CustomerType]


@strawberry.type
class Query:
    @strawberry.field
    async def customers(self, first: int) -> Connection:
        found = await CustomerDocument.find(LISTED).sort(*NEWEST).limit(first).to_list()
        return Connection(nodes=found)  # type: ignore[arg-type]


def _client() -> "AsyncIOMotorClient[dict[str, object]]":
    return AsyncIOMotorClient(os.environ["MONGODB_URI"], tz_aware=True)


def bare() -> Starlette:
    """Reads the same documents with Motor and encodes them with orjson."""
    collection = _client()[DATABASE]["customers"]
    projection = {"_id": 0, **dict.fromkeys(FIELDS, 1)}

    async def page(request: Request) -> Response:
        first = int(request.query_params["first"])
        found = await collection.find(LISTED, projection).sort(NEWEST).limit(first).to_list(first)
        return Response(orjson.dumps(found), media_type="application/json")

    return Starlette(routes=[Route("/page", page)])


def stock() -> Starlette:
    """The same query in Strawberry as it comes, over Beanie models."""

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await init_beanie(
            _client()[DATABASE], document_models=[CustomerDocument], skip_indexes=True
        )  # type: ignore[arg-type]
        yield

    schema = strawberry.Schema(query=Query)
    app = Starlette(lifespan=lifespan)
    app.mount("/graphql", GraphQL(schema, graphql_ide=None))
    return app
