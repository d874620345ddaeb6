"""How a client takes what it is sent: how much is still on the way, and whether it gets on."""

import asyncio
import socket
import struct
import sys
from contextlib import suppress

from service.web.connections import Patience

if sys.platform == "linux":
    from fcntl import ioctl
    from termios import TIOCOUTQ

MOST_UNSENT = 128 * 1024
_NO_LINGERING = struct.pack("ii", 1, 0)


def bound_unsent(listener: socket.socket) -> None:
    """Of what its connections are to send, the system takes no more than so much ahead; else it
    keeps megabytes of memory for each that nobody reads. What is under way does not count."""
    if hasattr(socket, "TCP_NOTSENT_LOWAT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, MOST_UNSENT)


class Reader:
    """Of one connection."""

    def __init__(self, transport: asyncio.Transport, patience: Patience) -> None:
        self._transport = transport
        self._patience = patience
        self._left = 0.0
        self._unread = 0
        self._answers = self._answers_read = 0

    def unread(self) -> int:
        """Bytes that the client has not confirmed, in the process and in the system's buffers,
        where a whole answer may stand that nobody reads."""
        return self._transport.get_write_buffer_size() + _unconfirmed(self._transport)

    def is_too_slow(self, seconds: float, answers: int) -> bool:
        """Asked in turns of so many seconds; `answers` is how many were written so far. A new one
        is a sign of progress: it waits until what came before it is nearly read."""
        if answers == self._answers_read and not self._transport.get_write_buffer_size():
            return False
        unread = self.unread()
        if not unread:
            self._answers_read = answers
        elif not self._unread or answers != self._answers:
            self._left = self._patience.write + self._patience.interval
        else:
            gained = max(self._unread - unread, 0) / self._patience.rate
            self._left = min(self._patience.write, self._left + gained - seconds)
        self._unread, self._answers = unread, answers
        return bool(unread) and self._left <= 0

    def cut(self) -> None:
        """Ends the connection, and lets go of what the system still has for it."""
        given: socket.socket | None = self._transport.get_extra_info("socket")
        if given is not None:
            with suppress(OSError):
                given.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
        self._transport.abort()


def _unconfirmed(transport: asyncio.Transport) -> int:
    given: socket.socket | None = transport.get_extra_info("socket")
    if sys.platform != "linux" or given is None:
        return 0  # elsewhere the system does not say
    with suppress(OSError):
        return int.from_bytes(ioctl(given.fileno(), TIOCOUTQ, bytes(4)), sys.byteorder)
    return 0
