"""The GraphiQL page of a service that asks for keys."""

import json

from playwright.async_api import Route, expect

from service.access.scopes import Scope as Right
from tests.page.door import Door
from tests.page.visit import Visit


def public_part(key: str) -> str:
    return key.partition(".")[0]


def secret(key: str) -> str:
    return key.partition(".")[2]


async def signed_in(visit: Visit, key: str) -> None:
    await expect(visit.bar).to_contain_text(f"Signed in as {public_part(key)}")
    await expect(visit.dialogue).to_be_hidden()


async def too_much(route: Route) -> None:
    """As the service answers a key that sends too much."""
    refusal = {"errors": [{"message": "No.", "extensions": {"code": "RATE_LIMITED"}}]}
    await route.fulfill(status=429, json=refusal, headers={"retry-after": "3000"})


class TestDialogue:
    async def test_a_stranger_is_asked_for_a_key(self, stranger: Visit, door_url: str) -> None:
        """And told where keys come from; the cursor stands where the key goes."""
        await stranger.page.goto(door_url)

        await expect(stranger.dialogue).to_contain_text("customer-graph keys make")
        await expect(stranger.dialogue.get_by_label("API key")).to_be_focused()

    async def test_it_can_be_put_off(self, stranger: Visit, door_url: str) -> None:
        """By the keyboard; the page offers it from then on."""
        await stranger.page.goto(door_url)
        await expect(stranger.dialogue.get_by_label("API key")).to_be_focused()
        await stranger.page.keyboard.press("Escape")
        await expect(stranger.dialogue).to_be_hidden()
        await expect(stranger.bar).to_contain_text("Not signed in")
        await stranger.bar.get_by_role("button", name="Sign in").click()

        await expect(stranger.dialogue).to_be_visible()

    async def test_a_key_signs_in(self, stranger: Visit, door: Door, door_url: str) -> None:
        """Everything that is asked from then on is asked with it, and its secret is not shown."""
        key = await door.make()
        await stranger.page.goto(door_url)
        await stranger.sign_in(f" {key}\n")
        await signed_in(stranger, key)
        answer = await stranger.run()

        assert 2 == answer["data"]["uploadCustomers"]["counts"]["created"]
        assert ["", key] == sorted(set(door.presented))
        assert secret(key) not in await stranger.page.inner_text("body")

    async def test_a_key_that_is_not_taken_is_said_so(
        self, stranger: Visit, door: Door, door_url: str
    ) -> None:
        """And the dialogue stays; so it does for what is no key at all, which is not sent."""
        await stranger.page.goto(door_url)
        await stranger.sign_in("k0123456789abcdef.of-nobody")
        await expect(stranger.dialogue).to_contain_text("The service does not take this key")
        await stranger.sign_in("tomato")
        await expect(stranger.dialogue).to_contain_text("A key has two parts")

        assert ["", "k0123456789abcdef.of-nobody"] == sorted(set(door.presented))
        assert await stranger.page.evaluate("sessionStorage.length") == 0


class TestLink:
    async def test_it_signs_in_and_the_key_leaves_the_address(
        self, stranger: Visit, door: Door, door_url: str
    ) -> None:
        """No entry of the tab's history has it either: going back leads to where one was before."""
        key = await door.make()
        await stranger.page.goto("about:blank")
        await stranger.page.goto(f"{door_url}#key={key}")
        await signed_in(stranger, key)
        await stranger.page.go_back()
        before = stranger.page.url
        await stranger.page.go_forward()

        assert ("about:blank", door_url) == (before, stranger.page.url)

    async def test_the_key_is_gone_before_anything_else_is_loaded(
        self, stranger: Visit, door: Door, door_url: str
    ) -> None:
        """The address is clean while the page itself is still on its way."""
        held: list[Route] = []
        await stranger.page.route("**/assets/index-*.js", lambda route: held.append(route))
        await stranger.page.goto(f"{door_url}#key={await door.make()}", wait_until="commit")

        await expect(stranger.page).to_have_url(door_url)
        await expect(stranger.page.get_by_text("Loading GraphiQL")).to_be_visible()
        for route in held:
            await route.abort()

    async def test_the_service_sees_nothing_of_it(
        self, stranger: Visit, door: Door, door_url: str
    ) -> None:
        """No request has the secret in its address or in a header other than the one for keys."""
        key = await door.make()
        await stranger.page.goto(f"{door_url}#key={key}")
        await signed_in(stranger, key)
        await stranger.run()

        told = [
            (scope["raw_path"], scope["query_string"], value)
            for scope in door.seen
            for name, value in scope["headers"]
            if name != b"authorization"
        ]
        assert key in door.presented
        assert secret(key) not in repr(told)

    async def test_it_signs_in_where_the_page_is_open_already(
        self, stranger: Visit, door: Door, door_url: str
    ) -> None:
        """A browser loads nothing anew for it."""
        key = await door.make()
        await stranger.page.goto(door_url)
        await expect(stranger.dialogue).to_be_visible()
        await stranger.page.goto(f"{door_url}#key={key}")

        await signed_in(stranger, key)
        await expect(stranger.page).to_have_url(door_url)


class TestKeeping:
    async def test_the_key_is_kept_by_the_tab_alone(
        self, stranger: Visit, door: Door, door_url: str
    ) -> None:
        """It outlives a reload, and another tab is asked for one."""
        key = await door.make()
        await stranger.page.goto(f"{door_url}#key={key}")
        await signed_in(stranger, key)
        await stranger.page.reload()
        await signed_in(stranger, key)
        await stranger.run()
        await stranger.saved("mutation Upload")
        other = Visit(await stranger.page.context.new_page())
        await other.page.goto(door_url)

        await expect(other.dialogue).to_be_visible()
        assert secret(key) not in await stranger.stored()

    async def test_a_key_among_the_headers_is_used_and_not_kept(
        self, stranger: Visit, door: Door, door_url: str
    ) -> None:
        """What is typed there goes before the key of the tab, and into no storage."""
        key, typed = await door.make(), await door.make()
        await stranger.page.goto(f"{door_url}#key={key}")
        await signed_in(stranger, key)
        await stranger.page.get_by_role("button", name="Headers").click()
        await stranger.write(stranger.headers, json.dumps({"AUTHORIZATION": f"Bearer {typed}"}))
        await expect(stranger.headers).to_contain_text(public_part(typed))
        await stranger.run()
        await stranger.page.get_by_role("button", name="Show History").click()
        await expect(stranger.page.locator(".graphiql-history-item")).to_have_count(1)

        assert typed == door.presented[-1]
        assert "graphiql:queries" in await stranger.stored()
        assert secret(typed) not in await stranger.stored()

    async def test_signing_out_forgets_the_key_and_the_answers(
        self, stranger: Visit, door: Door, door_url: str
    ) -> None:
        key = await door.make()
        await stranger.page.goto(f"{door_url}#key={key}")
        await signed_in(stranger, key)
        await stranger.run()
        await expect(stranger.answer).to_contain_text("James")
        await stranger.bar.get_by_role("button", name="Sign out").click()

        await expect(stranger.dialogue).to_be_visible()
        await expect(stranger.answer).not_to_contain_text("James")
        assert await stranger.page.evaluate("sessionStorage.length") == 0


class TestRefusals:
    async def test_a_key_that_is_revoked_is_asked_for_again(
        self, stranger: Visit, door: Door, door_url: str
    ) -> None:
        """What stands in the tabs stays, and runs with the next key."""
        first, second = await door.make(), await door.make()
        await stranger.page.goto(f"{door_url}#key={first}")
        await signed_in(stranger, first)
        await stranger.write(stranger.query, "query Mine { customers { totalCount } }")
        door.end(first)
        await stranger.run()
        await expect(stranger.dialogue).to_contain_text(public_part(first))
        await stranger.sign_in(second)
        await signed_in(stranger, second)
        answer = await stranger.run()

        assert {"data": {"customers": {"totalCount": 0}}} == answer

    async def test_without_the_schema_operations_run(
        self, stranger: Visit, door: Door, door_url: str
    ) -> None:
        """A key that may not read it opens the page without documentation, which is said."""
        key = await door.make(Right.SCHEMA_READ)
        await stranger.page.goto(f"{door_url}#key={key}")
        await signed_in(stranger, key)
        await expect(stranger.bar.get_by_role("status")).to_contain_text("schema:read")
        answer = await stranger.run()

        assert 2 == answer["data"]["uploadCustomers"]["counts"]["created"]

    async def test_too_much_at_once_says_when_to_ask_again(
        self, stranger: Visit, door: Door, door_url: str
    ) -> None:
        key = await door.make()
        await stranger.page.goto(f"{door_url}#key={key}")
        await signed_in(stranger, key)
        await stranger.page.route("**/graphql", too_much)
        await stranger.run()
        await expect(stranger.bar.get_by_role("status")).to_contain_text("Ask again from")
        await stranger.page.unroute("**/graphql")
        await stranger.run()

        await expect(stranger.bar.get_by_role("status")).to_be_empty()


async def test_where_no_key_is_asked_for_nothing_is_said_of_keys(visit: Visit) -> None:
    await visit.run()

    await expect(visit.answer).to_contain_text("James")
    await expect(visit.bar).to_have_count(0)
    await expect(visit.dialogue).to_have_count(0)
