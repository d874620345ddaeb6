"""What a test does on the page, and what it watches there."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import ConsoleMessage, Locator, Page, Request, Response, Route

# Polls by itself: the page's policy forbids the eval that Playwright's own waiting needs.
STORED = """
async (text) => {
  while (!localStorage["graphiql:tabState"]?.includes(text))
    await new Promise((resolve) => setTimeout(resolve, 50));
}
"""

# Typed text would get closing brackets and quotes from the editor; pasted text stays as it is.
PASTE = """
(text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true });
  document.activeElement.dispatchEvent(paste);
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

    @property
    def query(self) -> Locator:
        return self.page.locator(".graphiql-query-editor")

    @property
    def variables(self) -> Locator:
        return self.page.get_by_role("region", name="Variables")

    @property
    def headers(self) -> Locator:
        return self.page.get_by_role("region", name="Headers").locator(".graphiql-editor:visible")

    @property
    def dialogue(self) -> Locator:
        """That asks for a key."""
        return self.page.get_by_role("dialog", name="Sign in")

    @property
    def bar(self) -> Locator:
        return self.page.get_by_role("banner")

    @property
    def answer(self) -> Locator:
        return self.page.locator(".result-window")

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
        async with asyncio.timeout(30):
            await self.page.evaluate(STORED, text)

    async def write(self, editor: Locator, text: str) -> None:
        """Puts the text in place of all that stands in the editor."""
        await editor.locator(".monaco-editor").first.click()
        await self.page.keyboard.press("Control+A")
        await self.page.evaluate(PASTE, text)

    async def sign_in(self, key: str) -> None:
        """By the dialogue, which is open."""
        await self.dialogue.get_by_label("API key").fill(key)
        await self.page.keyboard.press("Enter")

    async def stored(self) -> str:
        """All that the browser keeps of this service beyond the tab."""
        kept: str = await self.page.evaluate("JSON.stringify(localStorage)")
        return kept

    async def run(self) -> Any:
        """Runs what stands in the open tab; what the service answered, as the page shows it."""
        async with self.page.expect_request_finished(_is_operation) as sent:
            await self.page.get_by_role("button", name="Execute query").click()
        response = await (await sent.value).response()
        assert response is not None
        return await response.json()


def _is_operation(request: Request) -> bool:
    """Rather than the question for the schema."""
    asked = json.loads(request.post_data or "{}").get("query", "")
    return request.method == "POST" and "__schema" not in asked
