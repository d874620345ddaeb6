"""The whole application on a store of which every command is seen."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.monitoring import CommandListener, CommandStartedEvent
from starlette.types import Receive, Scope, Send

from graphql_schema.app import create_app
from service.settings import Settings
from service.store import database
from tests.injection.grammar import intrusions
from tests.injection.names import is_tainted

JSON = {"Content-Type": "application/json"}
UPLOAD = "/api/customers/upload/"


class Watch(CommandListener):
    """What is wrong with the commands that were sent, and where a user's texts got to."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.reached: set[tuple[str, str]] = set()

    def started(self, event: CommandStartedEvent) -> None:
        try:
            self.told += intrusions(event.command)
        except Exception as error:  # noqa: BLE001  # the driver would keep it to itself
            self.told.append(f"{event.command_name}: not understood ({error!r})")
        if is_tainted(event.command):
            self.reached.add((event.command_name, str(event.command[event.command_name])))

    def succeeded(self, event: object) -> None: ...

    def failed(self, event: object) -> None: ...


class Front:
    """The application, asked over HTTP without a network. What it asks of the store is watched, and
    so is every answer: a failure that nobody foresaw fails the test."""

    def __init__(self, http: httpx2.AsyncClient, watch: Watch) -> None:
        self.http = http
        self.watch = watch

    async def ask(self, method: str, url: str, **given: Any) -> httpx2.Response:
        response = await self.http.request(method, url, **given)
        assert not self.watch.told, (self.watch.told, given)
        assert response.status_code < 500, (given, response.text)
        assert "INTERNAL_ERROR" not in response.text, (given, response.text)
        return response

    async def graphql(self, query: str, variables: Mapping[str, Any]) -> Any:
        body = json.dumps({"query": query, "variables": variables})
        return (await self.ask("POST", "/graphql", content=body, headers=JSON)).json()

    async def upload(self, *rows: Any, **options: str) -> Any:
        body = json.dumps({"customers": rows})
        given = {"content": body, "headers": JSON, "params": options}
        return (await self.ask("POST", UPLOAD, **given)).json()


@asynccontextmanager
async def front_on(uri: str, name: str) -> AsyncIterator[Front]:
    """On the database of that name, which is gone afterwards."""
    watch = Watch()
    settings = Settings(
        mongodb_uri=uri, database=name, claims_key="k" * 32, log_level="ERROR", require_keys=False
    )
    app = create_app(settings)

    def client(*given: Any, event_listeners: Sequence[Any] = (), **options: Any) -> Any:
        return AsyncIOMotorClient(*given, event_listeners=[*event_listeners, watch], **options)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(database, "AsyncIOMotorClient", client)
        async with app.router.lifespan_context(app) as made:
            state: dict[str, Any] = dict(made or {})

            async def served(scope: Scope, receive: Receive, send: Send) -> None:
                await app({**scope, "state": dict(state)}, receive, send)

            transport = httpx2.ASGITransport(app=served)
            async with httpx2.AsyncClient(transport=transport, base_url="http://test") as http:
                yield Front(http, watch)
            await state["database"].client.drop_database(name)
