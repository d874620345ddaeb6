"""Whose address a request came from: the peer's, or what a proxy that is trusted says of it."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from itertools import islice

from starlette.types import Scope

Networks = Sequence[IPv4Network | IPv6Network]

UNKNOWN = "unknown"
"""The address of a peer that has none, such as one on a socket of the file system."""

_MOST_HOPS = 32


def client_address(scope: Scope) -> str:
    """Of whoever asks, in the shortest spelling; the port is left out.

    The peer of the connection, unless `trusted_proxies` has it: then the rightmost address in
    `X-Forwarded-For` that is no trusted proxy's. What stands left of that, anybody can have
    written. An entry that is no address ends the search at the proxy that passed it on.
    """
    peer: str = (scope.get("client") or (UNKNOWN,))[0]
    trusted: Networks = scope["state"]["settings"].trusted_proxies
    if not trusted:
        return peer
    nearest = _spelt(peer)
    if nearest is None:
        return peer
    for entry in islice(_forwarded(scope), _MOST_HOPS):
        if not _is_among(nearest, trusted):
            break
        further = _spelt(entry)
        if further is None:
            break
        nearest = further
    return nearest


def network_of(address: str) -> str:
    """What counts as one whoever: an IPv4 address, or the /64 that an IPv6 address stands in, of
    which a single machine has all."""
    if ":" not in address:
        return address
    spelt = _spelt(address) or address
    return str(IPv6Network((spelt, 64), strict=False)) if ":" in spelt else spelt


def _forwarded(scope: Scope) -> Iterator[str]:
    """What stands in `X-Forwarded-For`, the last first."""
    for name, value in reversed(scope["headers"]):
        if name == b"x-forwarded-for":
            yield from reversed(value.decode("latin-1").split(","))


def _spelt(entry: str) -> str | None:
    """The address in an entry, in its usual spelling; None if there is none."""
    entry = entry.strip()
    if entry.startswith("["):  # [2001:db8::1]:4711
        entry = entry[1:].partition("]")[0]
    elif entry.count(":") == 1:  # 192.0.2.1:4711
        entry = entry.partition(":")[0]
    try:
        address = ip_address(entry)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Address(int(address)))  # without a zone
    return str(address)


def _is_among(address: str, networks: Networks) -> bool:
    parsed = ip_address(address)
    return any(parsed in network for network in networks)
