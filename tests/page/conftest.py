"""Headless Chromium, and the service whose page it opens."""

import os
import secrets
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from threading import Thread
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, async_playwright

from graphql_schema.app import create_app
from service.settings import Settings
from tests.needed import missing
from tests.page.visit import Visit

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
def page_url(embedded_uri: str) -> Iterator[str]:
    """Where the service shows the page, with nobody in its database yet."""
    settings = Settings(
        mongodb_uri=embedded_uri,
        database=f"test_{secrets.token_hex(6)}",
        claims_key="k" * 32,
        require_keys=False,
    )
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(settings), lifespan="on", log_config=None))
    thread = Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/graphql"
    server.should_exit = True
    thread.join()


@pytest_asyncio.fixture
async def visit(browser: Browser, page_url: str) -> AsyncIterator[Visit]:
    """The page, opened by somebody who was never there, every other host out of reach."""
    home = urlsplit(page_url).netloc
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    page = await context.new_page()
    visit = Visit(page)
    await context.add_init_script(REPORT_VIOLATIONS)
    await context.route(lambda url: urlsplit(url).netloc != home, visit.block)
    page.on("console", visit.note_console)
    page.on("response", visit.note_response)
    page.on("pageerror", lambda error: visit.problems.append(f"exception: {error}"))
    page.on("requestfailed", lambda request: visit.problems.append(f"failed: {request.url}"))
    await page.goto(page_url)
    yield visit
    await context.close()
