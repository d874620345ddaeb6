"""Raw connections to the protocol of the service, whose time goes by as a test says."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from service.settings import Settings
from service.web.connections import Connections
from service.web.protocol import BoundedProtocol
from service.web.unread import bound_unsent

PATIENCE = 10.0
"""Seconds after which something that should have happened counts as not happening."""


@dataclass
class Client:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def answer(self) -> tuple[int, Any]:
        """The status and the body of one answer."""
        async with asyncio.timeout(PATIENCE):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower()
            size = int(head.partition("content-length: ")[2].partition("\r\n")[0] or 0)
            body = await self.reader.readexactly(size)
        text = "application/json" not in head
        return int(head.split(" ")[1]), body.decode() if text else json.loads(body)

    async def rest(self) -> bytes:
        """What comes until the service ends the connection; it fails if it does not."""
        async with asyncio.timeout(PATIENCE):
            return await self.reader.read()


@dataclass
class Server:
    connections: Connections
    port: int
    clients: list[Client] = field(default_factory=list)
    received: int = 0

    async def connect(self, data: bytes = b"", source: str = "127.0.0.1") -> Client:
        """A connection that has sent so much, and the service has read it."""
        client = Client(
            *await asyncio.open_connection("127.0.0.1", self.port, local_addr=(source, 0))
        )
        self.clients.append(client)
        before = self.received
        client.send(data)
        await until(lambda: self.received - before >= len(data))
        return client

    async def send(self, client: Client, data: bytes) -> None:
        """And the service has read it."""
        before = self.received
        client.send(data)
        await until(lambda: self.received - before >= len(data))

    def unread(self) -> int:
        """Bytes that clients were sent and have not taken."""
        return sum(connection._reader.unread() for connection in self.connections._open)  # type: ignore[attr-defined]

    async def pass_by(self, seconds: int) -> None:
        """So much time goes by, in looks a second apart."""
        for _ in range(seconds):
            for _ in range(10):  # what the service has to do, it has done by then
                await asyncio.sleep(0)
            self.connections.look(1.0)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110  # of the kernel's doings there is no event
            await asyncio.sleep(0)


@dataclass
class App:
    """Answers with what it was asked: `/early` before it has read the body; `/later` and `/held`
    once it is let, which it waits for before it reads the body, and after; `/large` with as many
    bytes as the query says."""

    let: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[str] = field(default_factory=list)
    disconnected: int = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked.append(scope["path"])
        if scope["path"] == "/later":
            await self.let.wait()
        body = b"" if scope["path"] == "/early" else await self._read(receive)
        if scope["path"] == "/held":
            await self.let.wait()
        told = {
            "method": scope["method"],
            "path": scope["path"],
            "body": body.decode(),
            "headers": [name.decode() for name, _ in scope["headers"]],
        }
        large = scope["path"] == "/large"
        content = bytes(int(scope["query_string"])) if large else json.dumps(told).encode()
        headers = [
            (b"content-type", b"text/plain" if large else b"application/json"),
            (b"content-length", str(len(content)).encode()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _read(self, receive: Any) -> bytes:
        body, more = b"", True
        while more:
            message = await receive()
            self.disconnected += message["type"] == "http.disconnect"
            body += message.get("body", b"")
            more = message.get("more_body", False)
        return body


@asynccontextmanager
async def serving(app: Any, **settings: object) -> AsyncIterator[Server]:
    """With a second between looks unless a deadline is less than four."""
    server = Server(Connections(Settings.model_validate(settings)), 0)
    config = uvicorn.Config(app, http=BoundedProtocol, ws="none", log_config=None, access_log=False)
    config.load()
    state = ServerState()

    class Counted(BoundedProtocol):
        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            server.received += len(data)

    listener = await asyncio.get_running_loop().create_server(
        lambda: Counted(config, state, {"connections": server.connections}), "127.0.0.1", 0
    )
    server.port = listener.sockets[0].getsockname()[1]
    bound_unsent(listener.sockets[0])
    yield server
    for client in server.clients:
        client.writer.close()
    listener.close()
    for connection in list(state.connections):
        connection.transport.abort()
    for task in state.tasks:
        task.cancel()
    await asyncio.gather(*state.tasks, return_exceptions=True)
