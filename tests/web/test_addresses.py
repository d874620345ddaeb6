"""Whose address a request came from."""

from typing import Any

import pytest

from service.settings import Settings
from service.web.addresses import client_address, network_of


def scope(peer: str, *forwarded: str, trusted: str = "10.0.0.0/8, fd00::1") -> dict[str, Any]:
    """Each of `forwarded` is a header of its own."""
    settings = Settings.model_validate({"trusted_proxies": trusted})
    return {
        "client": (peer, 4711),
        "headers": [(b"x-forwarded-for", value.encode()) for value in forwarded],
        "state": {"settings": settings},
    }


def test_without_a_trusted_proxy_the_peer_is_who_asks() -> None:
    """Whatever its headers say."""
    assert "192.0.2.1" == client_address(scope("192.0.2.1", "198.51.100.7", trusted=""))
    assert "10.0.0.1" == client_address(scope("10.0.0.1", "198.51.100.7", trusted=""))


def test_a_peer_that_is_no_proxy_is_not_believed() -> None:
    assert "192.0.2.1" == client_address(scope("192.0.2.1", "198.51.100.7"))


@pytest.mark.parametrize(
    ("forwarded", "found"),
    [
        (["198.51.100.7"], "198.51.100.7"),
        (["203.0.113.5, 198.51.100.7"], "198.51.100.7"),
        (["203.0.113.5", "198.51.100.7"], "198.51.100.7"),
        (["203.0.113.5, 198.51.100.7, 10.1.2.3"], "198.51.100.7"),
        (["198.51.100.7:4711 , fd00:0::1"], "198.51.100.7"),
        (["[2001:DB8:0::7]:4711"], "2001:db8::7"),
        (["::ffff:198.51.100.7"], "198.51.100.7"),
        (["10.1.1.1, 10.1.2.3"], "10.1.1.1"),
    ],
)
def test_behind_a_proxy_the_rightmost_that_is_no_proxy_is_who_asks(
    forwarded: list[str], found: str
) -> None:
    assert found == client_address(scope("10.0.0.1", *forwarded))


@pytest.mark.parametrize("entry", ["", "unknown", "_hidden", "198.51.100", "1.2.3.4.5", "\udcff"])
def test_what_is_no_address_is_the_proxys_that_passed_it_on(entry: str) -> None:
    """Nothing left of it is believed."""
    given = scope("10.0.0.1")
    value = f"203.0.113.5, {entry}, 10.0.0.9".encode(errors="surrogateescape")
    given["headers"] = [(b"x-forwarded-for", value)]

    assert "10.0.0.9" == client_address(given)


def test_a_peer_in_ipv6_spelling_of_ipv4_is_the_proxy_that_it_is() -> None:
    assert "198.51.100.7" == client_address(scope("::ffff:10.0.0.1", "198.51.100.7"))


def test_a_list_without_end_is_not_followed() -> None:
    assert "10.0.0.1" == client_address(scope("10.0.0.1", "198.51.100.7" + ",10.0.0.1" * 10_000))


def test_a_peer_without_an_address_is_unknown() -> None:
    assert "unknown" == client_address(scope("") | {"client": None})


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_an_ipv6_address_counts_as_its_network(address: str, network: str) -> None:
    """A single machine may use all the addresses of it."""
    assert network == network_of(address)
