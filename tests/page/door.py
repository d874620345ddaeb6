"""The service as it asks for keys, and what its visitors showed at the door."""

from dataclasses import dataclass, field

from starlette.types import ASGIApp, Receive, Scope, Send

from service.access.keyring import Keyring
from service.access.scopes import EVERYTHING
from service.access.scopes import Scope as Right

_KEY = b"authorization"


@dataclass
class Door:
    """`seen` are the requests, `presented` what each operation had as its key."""

    app: ASGIApp
    keyring: Keyring
    seen: list[Scope] = field(default_factory=list)
    presented: list[str] = field(default_factory=list)
    _ended: set[str] = field(default_factory=set)

    async def make(self, *lacking: Right) -> str:
        """A key to everything but that."""
        return str(await self.keyring.make("a visitor", EVERYTHING - set(lacking)))

    def end(self, key: str) -> None:
        """At once, rather than when the service looks at what is stored of it again."""
        self._ended.add(key)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.seen.append(scope)
        if scope["type"] != "http" or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        key = dict(scope["headers"]).get(_KEY, b"").decode().removeprefix("Bearer ")
        self.presented.append(key)
        if key in self._ended:
            headers = [(name, value) for name, value in scope["headers"] if name != _KEY]
            scope = {**scope, "headers": headers}
        await self.app(scope, receive, send)
