"""What a test does on the page, and what it watches there."""

import asyncio
from dataclasses import dataclass, field

from playwright.async_api import ConsoleMessage, Locator, Page, Response, Route

# Polls by itself: the page's policy forbids the eval that Playwright's own waiting needs.
STORED = """
async (text) => {
  while (!localStorage["graphiql:tabState"]?.includes(text))
    await new Promise((resolve) => setTimeout(resolve, 50));
}
"""


@dataclass
class Visit:
    """The page in a browser, the other hosts it asked for, and what went wrong on it."""

    page: Page
    outside: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def tabs(self) -> Locator:
        return self.page.locator(".graphiql-tab-button")

    async def block(self, route: Route) -> None:
        self.outside.append(route.request.url)
        await route.abort()

    def note_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"{message.type}: {message.text}")

    def note_response(self, response: Response) -> None:
        if response.status >= 400:
            self.problems.append(f"{response.status}: {response.url}")

    async def open_tab(self, title: str) -> None:
        await self.tabs.filter(has_text=title).click()

    async def saved(self, text: str) -> None:
        """Waits until the browser has stored the tabs, with this text in one of them."""
        async with asyncio.timeout(10):
            await self.page.evaluate(STORED, text)

    async def run(self) -> None:
        await self.page.get_by_role("button", name="Execute query").click()
