"""The upload route on a store of one's own."""

from typing import Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

from service.settings import Settings
from service.uploads.upload import Limits
from service.web.capacity import Capacity
from service.web.uploads import UPLOAD_ROUTES
from tests.uploads.making import KEEPS, reported_on, uploads_on

PATH = "/api/customers/upload/"


def client_on(store: Any, **state: object) -> TestClient:
    """`state`: what the process has beside settings and uploads."""
    limits = Limits(rows=3, holders=25, company_fields=200, keeps=KEEPS)
    settings = Settings(max_body_bytes=2000)
    uploads = reported_on(uploads_on(store, limits=limits))
    capacity = Capacity(settings)

    class State:
        def __init__(self, app: Any) -> None:
            self.app = app

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            made = {
                "settings": settings,
                "uploads": uploads,
                "authenticator": None,
                "trail": uploads.trail,
                "capacity": capacity,
            }
            scope["state"] = made | state
            await self.app(scope, receive, send)

    return TestClient(State(Starlette(routes=UPLOAD_ROUTES)))
