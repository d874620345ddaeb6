"""`/metrics` at the service's own port, for keys alone that may read it."""

from collections.abc import Iterable
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from service.access.callers import Caller
from service.access.scopes import EVERYTHING, Scope
from service.errors import Unauthenticated
from service.telemetry.metrics import Metrics
from service.telemetry.telemetry import SILENT, Telemetry
from service.web.metrics import METRICS_ROUTES


class Knows:
    """One key."""

    def __init__(self, scopes: Iterable[Scope]) -> None:
        self._scopes = frozenset(scopes)

    async def caller(self, presented: str) -> Caller:
        if presented != "key":
            raise Unauthenticated
        return Caller(None, self._scopes)


async def asked(
    scopes: Iterable[Scope], key: str = "key", telemetry: Telemetry | None = None
) -> httpx2.Response:
    routes: Any = Starlette(routes=METRICS_ROUTES)
    state = {
        "authenticator": Knows(scopes),
        "telemetry": telemetry or Telemetry(Metrics(most_operations=1)),
    }

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await routes({**scope, "state": dict(state)}, receive, send)

    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as http:
        return await http.get("/metrics", headers={"authorization": f"Bearer {key}"})


async def test_a_key_with_the_scope_admin_is_told() -> None:
    answer = await asked({Scope.ADMIN})

    assert 200 == answer.status_code
    assert "customer_graph_build_info{" in answer.text


@pytest.mark.parametrize(
    ("scopes", "key", "status", "code"),
    [
        (EVERYTHING - {Scope.ADMIN}, "key", 403, "FORBIDDEN"),
        (EVERYTHING, "another", 401, "UNAUTHENTICATED"),
    ],
)
async def test_nobody_else_is_told(
    scopes: frozenset[Scope], key: str, status: int, code: str
) -> None:
    answer = await asked(scopes, key)

    assert (status, [code]) == (
        answer.status_code,
        [error["code"] for error in answer.json()["errors"]],
    )


async def test_where_metrics_are_off_there_are_none() -> None:
    assert 404 == (await asked(EVERYTHING, telemetry=SILENT)).status_code
