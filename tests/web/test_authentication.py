"""The `Authorization` header: what is a key in it, and what is not."""

import base64
from collections.abc import Mapping

import pytest
from starlette.requests import Request

from service.access.callers import ANYBODY, Caller
from service.access.scopes import Scope
from service.errors import Unauthenticated
from service.web.authentication import authenticated

KEY = f"k{'0' * 16}.{'A' * 43}"
ID, _, SECRET = KEY.partition(".")
SOMEBODY = Caller(None, frozenset({Scope.CUSTOMERS_READ}))


class OneKey:
    async def caller(self, presented: str) -> Caller:
        if presented != KEY:
            raise Unauthenticated
        return SOMEBODY


def _request(*given: str, authenticator: object = None) -> Request:
    headers = [(b"authorization", one.encode()) for one in given]
    state: Mapping[str, object] = {"authenticator": authenticator or OneKey()}
    return Request({"type": "http", "headers": headers, "state": dict(state)})


def _basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(f"Bearer {KEY}", id="bearer"),
        pytest.param(f"bearer {KEY}", id="scheme in lower case"),
        pytest.param(_basic(f"{KEY}:"), id="curl -u KEY:"),
        pytest.param(_basic(KEY), id="without a colon"),
        pytest.param(_basic(f"{ID}:{SECRET}"), id="curl -u ID:SECRET"),
    ],
)
async def test_a_key_is_taken_as(header: str) -> None:
    request = _request(header)

    assert SOMEBODY is await authenticated(request)
    assert SOMEBODY is request.state.caller


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param([], id="none"),
        pytest.param([""], id="empty"),
        pytest.param([KEY], id="no scheme"),
        pytest.param([f"Token {KEY}"], id="another scheme"),
        pytest.param(["Bearer"], id="no key"),
        pytest.param([f"Bearer {KEY}x"], id="another key"),
        pytest.param(["Basic !!!"], id="not base64"),
        pytest.param(["Basic " + base64.b64encode(b"\xff\xfe").decode()], id="not utf-8"),
        pytest.param([_basic(f"{KEY}:password")], id="key and a password"),
        pytest.param([f"Bearer {KEY}", f"Bearer {KEY}"], id="twice"),
        pytest.param([f"Bearer {KEY}" + " " * 600], id="a long header"),
    ],
)
async def test_nobody_is_let_in_with(headers: list[str]) -> None:
    with pytest.raises(Unauthenticated):
        await authenticated(_request(*headers))


async def test_without_keys_everybody_is_let_in() -> None:
    request = _request()
    request.scope["state"]["authenticator"] = None

    assert ANYBODY is await authenticated(request)


async def test_a_process_that_does_not_say_whether_it_needs_keys_lets_nobody_in() -> None:
    request = _request()
    del request.scope["state"]["authenticator"]

    with pytest.raises(KeyError):
        await authenticated(request)
