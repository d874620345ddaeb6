"""Headless Chromium, and the service whose page it opens."""

import os
import secrets
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from threading import Thread
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, async_playwright, expect
from starlette.types import ASGIApp

from graphql_schema.app import create_app
from service.access.keyring import Keyring
from service.settings import Settings
from service.store.api_keys import ApiKeys
from service.store.database import open_database
from service.store.documents import DOCUMENTS
from tests.needed import missing
from tests.page.door import Door
from tests.page.visit import Visit

expect.set_options(timeout=30_000)  # a busy machine takes its time to load the page

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]

REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy violation: ${event.effectiveDirective} ${event.blockedURI}`));
"""


@pytest.fixture(scope="session")
def chromium() -> str:
    named = os.environ.get("CUSTOMER_GRAPH_CHROMIUM")
    return (
        named
        or shutil.which("chromium")
        or missing("Chromium: install it, or name it in CUSTOMER_GRAPH_CHROMIUM")
    )


@pytest_asyncio.fixture(scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
def settings(embedded_uri: str) -> Settings:
    """A service that asks for no keys, with nobody in its database yet."""
    return Settings(
        mongodb_uri=embedded_uri,
        database=f"test_{secrets.token_hex(6)}",
        claims_key="k" * 32,
        require_keys=False,
    )


@pytest.fixture
def page_url(settings: Settings) -> Iterator[str]:
    """Where the service shows the page."""
    with _serving(create_app(settings)) as url:
        yield url


@pytest_asyncio.fixture
async def door(settings: Settings, embedded_uri: str) -> AsyncIterator[Door]:
    """To the service as it asks for keys."""
    asking = settings.model_copy(update={"require_keys": True})
    database = await open_database(embedded_uri, settings.database, timeout=10, models=DOCUMENTS)
    yield Door(create_app(asking), Keyring(ApiKeys(database)))
    await database.close()


@pytest.fixture
def door_url(door: Door) -> Iterator[str]:
    with _serving(door) as url:
        yield url


@pytest_asyncio.fixture
async def visit(browser: Browser, page_url: str) -> AsyncIterator[Visit]:
    """The page, opened by somebody who was never there, every other host out of reach."""
    async with _visiting(browser, page_url) as visit:
        await visit.page.goto(page_url)
        yield visit


@pytest_asyncio.fixture
async def stranger(browser: Browser, door_url: str) -> AsyncIterator[Visit]:
    """The same, on their way to the service that asks for keys."""
    async with _visiting(browser, door_url) as visit:
        yield visit


@contextmanager
def _serving(app: ASGIApp) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="on", log_config=None))
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/graphql"
    server.should_exit = True
    thread.join()


@asynccontextmanager
async def _visiting(browser: Browser, url: str) -> AsyncIterator[Visit]:
    home = urlsplit(url).netloc
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    page = await context.new_page()
    visit = Visit(page)
    await context.add_init_script(REPORT_VIOLATIONS)
    await context.route(lambda url: urlsplit(url).netloc != home, visit.block)
    page.on("console", visit.note_console)
    page.on("response", visit.note_response)
    page.on("pageerror", lambda error: visit.problems.append(f"exception: {error}"))
    page.on("requestfailed", lambda request: visit.problems.append(f"failed: {request.url}"))
    yield visit
    await context.close()
