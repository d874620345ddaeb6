"""A stand-in for the service: the page, and an API that holds customers in a dictionary.

It answers the page's examples and nothing more: no rule of the service is repeated here.
"""

from pathlib import Path
from typing import Any

from graphql import build_schema, graphql
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graphql_schema.page import page_response, page_routes, wants_page

Record = dict[str, Any]

SCHEMA = build_schema((Path(__file__).parent / "stand_in.graphql").read_text())


class Customers:
    """The root value: a method for each root field."""

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}

    def customer(self, _info: object, by: Record) -> Record | None:
        return self._records.get(by["externalId"])

    def customers(self, _info: object, first: int = 50, after: str | None = None) -> Record:
        records = list(self._records.values())[:first]
        page_info = {"hasNextPage": len(self._records) > first, "endCursor": None}
        return {"totalCount": len(self._records), "nodes": records, "pageInfo": page_info}

    def uploadCustomers(self, _info: object, customers: list[Record]) -> Record:  # noqa: N802
        results = [self._upload(index, row) for index, row in enumerate(customers)]
        ended = [result["status"] for result in results]
        counts = {status.lower(): ended.count(status) for status in ("CREATED", "UPDATED")}
        counts |= {"rows": len(results), "unchanged": 0, "ignored": 0, "rejected": 0}
        return {"counts": counts, "results": results, "errors": []}

    def _upload(self, index: int, row: Record) -> Record:
        external_id = row["externalId"]
        found = self._records.get(external_id)
        record = found or {"id": f"c{len(self._records)}", "tags": [], "mailingLists": []}
        record |= row | {"companyField": lambda _info, name: row["companyFields"].get(name)}
        self._records[external_id] = record
        return {
            "index": index,
            "status": "UPDATED" if found else "CREATED",
            "matchedBy": "EXTERNAL_ID" if found else None,
            "customer": record,
            "errors": [],
        }


def create_app() -> Starlette:
    customers = Customers()

    async def answer(request: Request) -> Response:
        if wants_page(request):
            return page_response()
        body = await request.json()
        result = await graphql(
            SCHEMA,
            body["query"],
            root_value=customers,
            variable_values=body.get("variables"),
            operation_name=body.get("operationName"),
        )
        return JSONResponse(result.formatted, media_type="application/graphql-response+json")

    return Starlette(routes=[Route("/graphql", answer, methods=["GET", "POST"]), *page_routes()])
