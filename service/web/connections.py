"""All open connections: how many there may be, and the deadlines that each is held to.

One look at all of them, about once a second, does it: a request arms no timer of its own.
"""

import asyncio
import resource
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from typing import Protocol

import structlog

from service.logs import tell_internal_error
from service.settings import Settings
from service.web.addresses import network_of

log = structlog.get_logger()

RESERVED_FILES = 200
"""Open files that are left for everything but connections of clients: the store's, for one."""


class Closed(StrEnum):
    """Why the service ended a connection; counted under this name."""

    SLOW_HEAD = "slow_head"
    SLOW_BODY = "slow_body"
    SLOW_READER = "slow_reader"
    TOO_MANY = "too_many"
    TOO_MANY_OF_ADDRESS = "too_many_of_address"
    MALFORMED = "malformed"


class Connection(Protocol):
    def look(self, seconds: float) -> None:
        """So much time went by since the last look."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds, and bytes a second. A transfer may fall `body` or `write` seconds behind `rate`, and
    gains nothing by being ahead of it: so a stall is borne for as long, a drip not much longer."""

    head: float
    body: float
    write: float
    idle: float
    rate: int

    @property
    def interval(self) -> float:
        """How often connections are looked at: each outlives its deadline by this at most."""
        return min(1.0, self.head / 4, self.body / 4, self.write / 4, self.idle / 4)


class Connections:
    """Made once for a process."""

    def __init__(self, settings: Settings) -> None:
        self.patience = Patience(
            head=settings.header_timeout,
            body=settings.body_timeout,
            write=settings.write_timeout,
            idle=settings.keep_alive_timeout,
            rate=settings.min_transfer_rate,
        )
        self.max_head_bytes = settings.max_head_bytes
        self.most = _as_files_allow(settings.max_connections)
        self.most_of_address = settings.max_connections_per_address
        self.closed: Counter[Closed] = Counter()
        """Why connections were ended, and how many since the start."""
        self._told = self.closed.copy()
        self._exempt = settings.trusted_proxies
        self._open: dict[Connection, str] = {}
        self._of_address: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._open)

    def admit(self, connection: Connection, peer: str) -> Closed | None:
        """Counts it in, whatever it says; else why not. Every connection that came is to `leave`.

        Of the addresses of trusted proxies there may be as many as there may be at all.
        """
        network = network_of(peer)
        self._open[connection] = network
        self._of_address[network] += 1
        if len(self._open) > self.most:
            return Closed.TOO_MANY
        if self._of_address[network] <= self.most_of_address or not self.most_of_address:
            return None
        return None if self._is_proxy(peer) else Closed.TOO_MANY_OF_ADDRESS

    def leave(self, connection: Connection) -> None:
        network = self._open.pop(connection, None)
        if network is not None:
            self._of_address[network] -= 1
            if not self._of_address[network]:
                del self._of_address[network]

    async def watch(self) -> None:
        """Looks at them for as long as it is let."""
        clock = asyncio.get_running_loop().time
        looked = clock()
        while True:
            await asyncio.sleep(self.patience.interval)
            looked, before = clock(), looked
            self.look(looked - before)

    def look(self, seconds: float) -> None:
        """At each. What was ended since the last look, in one line of the log.

        A look that is late is the service's doing, and what clients sent meanwhile waits to be
        read: they are not charged for it.
        """
        seconds = min(seconds, 2 * self.patience.interval)
        for connection in list(self._open):
            try:
                connection.look(seconds)
            except Exception as error:  # noqa: BLE001  # the deadlines of all others hold on
                tell_internal_error(error, "connections")
        if self.closed != self._told:
            ended = self.closed - self._told
            log.warning("connections_closed", **{why.value: ended[why] for why in ended})
            self._told = self.closed.copy()

    def _is_proxy(self, peer: str) -> bool:
        if not self._exempt:
            return False
        address = ip_address(peer)
        address = getattr(address, "ipv4_mapped", None) or address
        return any(address in network for network in self._exempt)


def _as_files_allow(wanted: int) -> int:
    """Asks for as many open files as so many connections take; the connections that it got."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + RESERVED_FILES
    if resource.RLIM_INFINITY not in (soft, hard):
        needed = min(needed, hard)
    if soft != resource.RLIM_INFINITY and soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
        soft = needed
    if soft == resource.RLIM_INFINITY or soft >= wanted + RESERVED_FILES:
        return wanted
    fewer = max(soft - RESERVED_FILES, 1)
    log.warning("fewer_connections", open_files=soft, max_connections=fewer)
    return fewer
