"""Servers that accept connections and then say nothing, or nothing but who they are."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import bson

_REPLY, _QUERY, _MESSAGE = 1, 2004, 2013
_GREETING = {
    "ismaster": True,
    "isWritablePrimary": True,
    "helloOk": True,
    "minWireVersion": 0,
    "maxWireVersion": 21,
    "maxBsonObjectSize": 16 * 2**20,
    "maxMessageSizeBytes": 48_000_000,
    "maxWriteBatchSize": 100_000,
    "logicalSessionTimeoutMinutes": 30,
    "ok": 1,
}


@asynccontextmanager
async def silent_server(*, greets: bool) -> AsyncIterator[str]:
    """Its address. With `greets` it answers `hello` and hangs at the first one that follows."""
    connections: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connections.add(task)
        while message := await _read(reader):
            if greets and (greeting := _greeting(*message)):
                writer.write(greeting)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"mongodb://ann:secret@127.0.0.1:{port}/" if not greets else _without_user(port)
    finally:
        server.close()
        for task in connections:
            task.cancel()


def _without_user(port: int) -> str:
    return f"mongodb://127.0.0.1:{port}/?directConnection=true"


async def _read(reader: asyncio.StreamReader) -> tuple[int, int, bytes] | None:
    """Number, kind and content of the next message; None at the end."""
    try:
        length, number, _, kind = struct.unpack("<iiii", await reader.readexactly(16))
        return number, kind, await reader.readexactly(length - 16)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


def _greeting(number: int, kind: int, content: bytes) -> bytes | None:
    document = bson.encode(_GREETING)
    if kind == _QUERY:
        content, kind = struct.pack("<iqii", 8, 0, 0, 1) + document, _REPLY
    elif kind == _MESSAGE and b"hello\0" in content[:32]:
        content = struct.pack("<ib", 0, 0) + document
    else:
        return None
    return struct.pack("<iiii", 16 + len(content), 0, number, kind) + content
