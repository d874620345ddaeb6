"""HTTP/1.1 as the service speaks it: uvicorn's, with bounds that uvicorn has none of.

A client gets so long for the head of a request, for its body, for taking its answer, and for
thinking of the next request. A head has a size. What a proxy in front could read in another way
than the service does is refused, rather than read.
"""

import asyncio
from enum import Enum, auto
from http import HTTPStatus
from typing import Any

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from service.web.connections import Closed, Connections
from service.web.unread import Reader

MOST_HEADERS = 100
MOST_PIPELINED = 16
"""Requests of one connection that wait for an answer to the one before them."""

_OF_UPGRADES = frozenset({b"connection", b"upgrade", b"http2-settings"})

_MESSAGES = {
    400: b"This is no request of HTTP/1.1, or one that can be read in two ways.\n",
    408: b"The request did not arrive in time.\n",
    429: b"There are too many connections from this address.\n",
    431: b"The head of the request is too large.\n",
    501: b"Transfer-Encoding can be chunked alone.\n",
    503: b"There are too many connections.\n",
    505: b"HTTP/1.1 is spoken here.\n",
}


class _Phase(Enum):
    """What the client is at."""

    NEW = auto()
    HEAD = auto()
    BODY = auto()
    ANSWER = auto()
    IDLE = auto()


class _Refused(Exception):
    """Raised inside the parser, which passes on another in its place."""


class BoundedProtocol(HttpToolsProtocol):
    """One connection. The state of the application has what all share: `connections`."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._shared: Connections = app_state["connections"]
        self._patience = self._shared.patience
        self._phase = _Phase.NEW
        self._left = self._patience.head + self._patience.interval  # seconds for what it is at
        self._fed = self._received = self._received_before = 0
        self._head_bytes = self._bytes_beside_body = self._answers = 0
        self._upgrading = False
        self._status = 400  # of what the parser refuses

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._reader = Reader(transport, self._patience)
        why = self._shared.admit(self, self.client[0] if self.client else "")
        if why is not None:
            self._refuse(503 if why is Closed.TOO_MANY else 429, why)

    def connection_lost(self, exc: Exception | None) -> None:
        self._shared.leave(self)
        super().connection_lost(exc)

    # What arrives

    def data_received(self, data: bytes) -> None:
        self._fed = len(data)
        self._received += self._fed
        before = self._phase
        if before is _Phase.BODY:
            self._bytes_beside_body += self._fed
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._read_without_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self._refuse(self._status, Closed.MALFORMED)
        else:
            if before is self._phase is _Phase.BODY:
                self._bound(self._bytes_beside_body)  # trailers, extensions of chunks
            elif self._phase is _Phase.HEAD and before is not _Phase.BODY:
                self._head_bytes += self._fed
                self._bound(self._head_bytes)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._phase is not _Phase.NEW:  # which has been waited for
            self._left = self._patience.head + self._patience.interval
        self._phase = _Phase.HEAD
        self._head_bytes = 0
        self._upgrading = False

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._phase is not _Phase.HEAD:
            return  # behind the body, where a proxy has not looked for what it adds or removes
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        if self.parser.should_upgrade():
            self._upgrading = True
            if self.parser.get_method() == b"CONNECT":
                raise _Refused
            return
        if (fault := self._fault_of_head()) is not None:
            self._status = fault
            raise _Refused
        super().on_headers_complete()
        self._phase = _Phase.BODY
        self._left = self._patience.body + self._patience.interval
        self._bytes_beside_body = 0
        self._received_before = self._received
        if self.expect_100_continue:  # refused, it may leave out the body or not: nobody can tell
            self.cycle.keep_alive = False
        if len(self.pipeline) > MOST_PIPELINED:
            raise _Refused

    def on_body(self, body: bytes) -> None:
        self._bytes_beside_body = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        if self._upgrading:
            return
        super().on_message_complete()
        self._phase = _Phase.ANSWER
        if self.cycle.response_complete:
            self._rest()

    def _fault_of_head(self) -> int | None:
        """The status of what has no bounds in the parser, and of what that takes but a proxy may
        not read alike."""
        names = [name for name, _ in self.headers]
        limit = self._shared.max_head_bytes
        if len(names) > MOST_HEADERS:
            return 431
        if self._head_bytes + self._fed > limit and self._size_of_head() > limit:
            return 431
        version = self.parser.get_http_version()
        if version not in ("1.1", "1.0"):
            return 505
        if names.count(b"host") != 1 and (version == "1.1" or b"host" in names):
            return 400
        if b"transfer-encoding" not in names:
            return None
        given = [value.lower() for name, value in self.headers if name == b"transfer-encoding"]
        return None if version == "1.1" and given == [b"chunked"] else 501

    def _size_of_head(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _read_without_upgrade(self, rest: bytes) -> None:
        """As if it had not been asked for. The parser takes what follows for another protocol, and
        some clients ask for HTTP/2 in this way with a body behind."""
        lines = [
            b"%s %s HTTP/%s"
            % (
                self.parser.get_method(),
                self.url,
                self.parser.get_http_version().encode(),
            ),
            *(b"%s: %s" % header for header in self.headers if header[0] not in _OF_UPGRADES),
        ]
        self.parser = httptools.HttpRequestParser(self)
        self.data_received(b"\r\n".join(lines) + b"\r\n\r\n" + rest)

    def _bound(self, size: int) -> None:
        if size > self._shared.max_head_bytes:
            self._refuse(431, Closed.MALFORMED)

    # What is answered

    def on_response_complete(self) -> None:
        """uvicorn's, but that no timer is begun."""
        self.server_state.total_requests += 1
        self._answers += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self._start_asgi_task(cycle, app)
        else:
            self._rest()

    def _rest(self) -> None:
        """Nothing is owed. What the client is in the midst of, it gets its time for anew."""
        if self._phase is _Phase.ANSWER:
            self._phase = _Phase.IDLE
        times = {_Phase.IDLE: self._patience.idle, _Phase.BODY: self._patience.body}
        self._left = times.get(self._phase, self._patience.head) + self._patience.interval

    def _refuse(self, status: int, why: Closed) -> None:
        """Ends the connection, with an answer if it is this request's turn to be answered."""
        self._shared.closed[why] += 1
        if self._is_next_to_be_answered():
            self.transport.write(self._answer(status))
        self.pipeline.clear()
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.close()

    def _is_next_to_be_answered(self) -> bool:
        if self.cycle is None:
            return True
        if self._phase is _Phase.BODY:
            return not self.pipeline and not self.cycle.response_started
        return self.cycle.response_complete

    def _answer(self, status: int) -> bytes:
        message = _MESSAGES[status]
        headers = [
            *self.server_state.default_headers,
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(message)).encode()),
            (b"connection", b"close"),
            *([(b"retry-after", b"1")] if status in (429, 503) else []),
        ]
        first = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode()
        lines = [first, *(b"%s: %s" % header for header in headers)]
        return b"\r\n".join(lines) + b"\r\n\r\n" + message

    # Deadlines

    def look(self, seconds: float) -> None:
        if self._reader.is_too_slow(seconds, self._answers):
            self._shared.closed[Closed.SLOW_READER] += 1
            self._reader.cut()
        elif not self.transport.is_closing() and self._phase is not _Phase.ANSWER:
            self._wait(seconds)
            if self._left <= 0:
                self._end()

    def _wait(self, seconds: float) -> None:
        """The client's time goes by, unless it waits itself."""
        patience, cycle = self._patience, self.cycle
        if self._phase is _Phase.BODY and not cycle.response_complete:
            gained = (self._received - self._received_before) / patience.rate
            self._received_before = self._received
            if self.flow.read_paused or self.pipeline or cycle.waiting_for_100_continue:
                gained = patience.body
            self._left = min(patience.body, self._left + gained - seconds)
        elif self._phase is not _Phase.HEAD or self._is_next_to_be_answered():
            self._left -= seconds

    def _end(self) -> None:
        """The client's time is up."""
        if self._phase is _Phase.IDLE:
            if not self._reader.unread():  # who still reads is held to reading
                self.transport.close()
        elif self._phase is _Phase.BODY:
            if self.cycle.response_complete:
                self.transport.close()
            else:
                self._refuse(408, Closed.SLOW_BODY)
        elif self._received:
            self._refuse(408, Closed.SLOW_HEAD)
        else:
            self.transport.close()
