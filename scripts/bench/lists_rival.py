"""What a list is held against: a route that sends the same filter, order and projection to Motor,
and encodes what comes with orjson. Its pages go on by keyset too, in one query with `$or`."""

import os
from datetime import datetime
from typing import Any

import orjson
from filled import DATABASE
from motor.motor_asyncio import AsyncIOMotorClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

SELECTED = [
    "id", "external_id", "email", "phone_number", "first_name", "last_name", "can_email",
    "date_joined", "last_login", "tags", "city", "country",
]  # fmt: skip


def bare() -> Starlette:
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(os.environ["MONGODB_URI"])
    collection = client[DATABASE]["customers"]
    projection = dict.fromkeys(["_id", *SELECTED[1:]], 1)

    async def page(request: Request) -> Response:
        given = request.query_params
        sort, first = given["sort"], int(given["first"])
        direction = -1 if sort.startswith("-") else 1
        name = sort.removeprefix("-")
        where = orjson.loads(given["where"])
        if (after := orjson.loads(given["after"])) is not None:
            where = {"$and": [where, _beyond(name, direction, *after)]}
        order = [(name, direction), ("_id", direction)]
        found = await collection.find(where, projection).sort(order).limit(first + 1).to_list(None)
        return Response(orjson.dumps(found[:first]), media_type="application/json")

    return Starlette(routes=[Route("/page", page)])


def _beyond(name: str, direction: int, value: Any, last: str) -> dict[str, Any]:
    past = "$gt" if direction > 0 else "$lt"
    if name == "last_login":
        value = datetime.fromisoformat(value)
    return {"$or": [{name: value, "_id": {past: last}}, {name: {past: value}}]}
