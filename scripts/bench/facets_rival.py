"""What a facet is held against: a route that sends the bare aggregation to Motor, and encodes what
comes with orjson."""

import os
from typing import Any

import orjson
from filled import DATABASE
from motor.motor_asyncio import AsyncIOMotorClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

LISTED = {"$match": {"state": {"$in": ["live", "forgotten"]}}}
COUNTED = {"n": {"$sum": 1}}
LARGEST = [{"$sort": {"n": -1, "_id": 1}}, {"$limit": 11}]
LATEST = [{"$sort": {"_id": -1}}, {"$limit": 61}]
MONTH = {"$dateToString": {"date": "$date_joined", "format": "%Y-%m"}}

PIPELINES: dict[str, list[dict[str, Any]]] = {
    "email": [LISTED, {"$group": {"_id": "$email", **COUNTED}}, *LARGEST],
    "lastName": [LISTED, {"$group": {"_id": "$last_name", **COUNTED}}, *LARGEST],
    "country": [LISTED, {"$group": {"_id": "$country", **COUNTED}}, *LARGEST],
    "dateJoined": [LISTED, {"$group": {"_id": MONTH, **COUNTED}}, *LATEST],
    "tags": [LISTED, {"$unwind": "$tags"}, {"$group": {"_id": "$tags", **COUNTED}}, *LARGEST],
}
"""As one would write them by hand: the largest values, or the latest months, and nobody's count."""


def bare() -> Starlette:
    client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(os.environ["MONGODB_URI"])
    collection = client[DATABASE]["customers"]

    async def facet(request: Request) -> Response:
        cursor = collection.aggregate(PIPELINES[request.query_params["field"]])
        return Response(orjson.dumps(await cursor.to_list(None)), media_type="application/json")

    return Starlette(routes=[Route("/facet", facet)])
