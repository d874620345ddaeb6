"""A proxy between the service and its store, that does to each exchange what a rule says.

It knows MongoDB's messages by their headers and the name of their command, no more.
"""

import asyncio
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias

import bson

_HEADER = struct.Struct("<iiii")
_MESSAGE = 2013
_LARGEST = 64 * 2**20

Rule: TypeAlias = Callable[["Exchange"], Awaitable[None]]


@dataclass(slots=True)
class Exchange:
    """A message of the service, and what becomes of its reply."""

    request: bytes
    client: asyncio.StreamWriter
    server: tuple[asyncio.StreamReader, asyncio.StreamWriter]

    @property
    def command(self) -> str:
        """Such as `find`; empty in the first message of a connection, which is an older one."""
        if _HEADER.unpack_from(self.request)[3] != _MESSAGE:
            return ""
        return self.request[26 : self.request.index(b"\0", 26)].decode()

    @property
    def is_greeting(self) -> bool:
        return self.command in ("", "hello", "isMaster", "ismaster")

    async def forward(self) -> bytes:
        """The store's reply."""
        reader, writer = self.server
        writer.write(self.request)
        return await read_message(reader)

    def answer(self, reply: bytes) -> None:
        self.client.write(reply)

    def fail(self, error: Mapping[str, Any]) -> None:
        """Answers in the store's place."""
        number = _HEADER.unpack_from(self.request)[1]
        content = struct.pack("<ib", 0, 0) + bson.encode({"ok": 0.0, **error})
        self.answer(_HEADER.pack(_HEADER.size + len(content), 0, number, _MESSAGE) + content)

    def cut(self) -> None:
        """Ends the connection without a word."""
        self.client.transport.abort()


async def read_message(reader: asyncio.StreamReader) -> bytes:
    header = await reader.readexactly(_HEADER.size)
    return header + await reader.readexactly(_HEADER.unpack(header)[0] - _HEADER.size)


async def forever() -> NoReturn:
    await asyncio.Event().wait()
    raise AssertionError


async def passing(exchange: Exchange) -> None:
    exchange.answer(await exchange.forward())


async def hanging(exchange: Exchange) -> None:
    """Nothing goes either way, nor ever will on this connection."""
    await forever()


async def losing_the_reply(exchange: Exchange) -> None:
    """The store does what it is told, and nobody hears of it."""
    await exchange.forward()
    await forever()


async def cutting_before(exchange: Exchange) -> None:
    exchange.cut()


async def cutting_after(exchange: Exchange) -> None:
    """The store does what it is told, and the connection ends."""
    await exchange.forward()
    exchange.cut()


async def stalling(exchange: Exchange) -> None:
    """Half a reply, and then nothing."""
    reply = await exchange.forward()
    exchange.answer(reply[: len(reply) // 2])
    await forever()


async def half_closing(exchange: Exchange) -> None:
    """The store says that it will say no more, in the midst of a reply, but goes on listening."""
    reply = await exchange.forward()
    exchange.answer(reply[: len(reply) // 2])
    exchange.client.write_eof()
    await forever()


def delaying(seconds: float) -> Rule:
    async def rule(exchange: Exchange) -> None:
        await asyncio.sleep(seconds)
        await passing(exchange)

    return rule


def failing(error: Mapping[str, Any]) -> Rule:
    """The store is there, and refuses whatever it is asked."""

    async def rule(exchange: Exchange) -> None:
        if exchange.is_greeting:
            await passing(exchange)
        else:
            exchange.fail(error)

    return rule


def greeting_alone(exchange: Exchange) -> Awaitable[None]:
    return passing(exchange) if exchange.is_greeting else hanging(exchange)


@dataclass(slots=True)
class Once:
    """The rule for the next exchange of the command, `skipped` of them aside."""

    command: str
    rule: Rule
    skipped: int = 0
    has_happened: bool = False

    async def __call__(self, exchange: Exchange) -> None:
        if self.has_happened or exchange.command != self.command:
            return await passing(exchange)
        if self.skipped:
            self.skipped -= 1
            return await passing(exchange)
        self.has_happened = True
        return await self.rule(exchange)


class Proxy:
    """Set `rule`, and it holds for every exchange that begins from then on."""

    def __init__(self, port: int) -> None:
        self.rule: Rule = passing
        self.port = 0
        self._store = port
        self._server: asyncio.Server | None = None
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    @property
    def address(self) -> str:
        return f"mongodb://127.0.0.1:{self.port}/?directConnection=true&retryWrites=false"

    async def come(self) -> None:
        """Listens, on the same port as before."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def go(self) -> None:
        """Ends all connections, and refuses others."""
        assert self._server
        self._server.close()
        self.drop()

    def drop(self) -> None:
        """Ends all connections."""
        for task, writer in list(self._connections.items()):
            writer.transport.abort()
            task.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._connections[task] = writer
        upstream = None
        try:
            upstream = await asyncio.open_connection("127.0.0.1", self._store, limit=_LARGEST)
            with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
                while True:
                    exchange = Exchange(await read_message(reader), writer, upstream)
                    await self.rule(exchange)
                    await writer.drain()
        finally:
            writer.transport.abort()
            if upstream:
                upstream[1].transport.abort()
            del self._connections[task]


@asynccontextmanager
async def proxied(port: int) -> AsyncIterator[Proxy]:
    """A proxy of the store at the port."""
    proxy = Proxy(port)
    await proxy.come()
    try:
        yield proxy
    finally:
        await proxy.go()
