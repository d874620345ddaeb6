"""What a key may upload in a time, and how often an address may come without one, by HTTP."""

import base64
from collections.abc import Mapping

import pytest
from starlette.requests import Request

from service.access.rates import Rate, Rates, Remembered
from service.errors import RateLimited, Unauthenticated
from service.settings import Settings
from service.web.authentication import authenticated
from tests.access.test_rates import Clock, key
from tests.graphql.asking import Knows
from tests.uploads.memory import MemoryStore
from tests.web.uploading import PATH, client_on

KEY = {"authorization": "Bearer key"}


class Nobody:
    async def caller(self, presented: str) -> None:
        raise Unauthenticated


def test_an_upload_costs_its_rows(store: MemoryStore) -> None:
    """One that is larger than what is left goes in, and the next is told when to come."""
    rates = Rates(rows=Remembered(Rate(0.1, 3), Clock()))
    client = client_on(store, authenticator=Knows(key("a")), rates=rates)
    answers = [
        client.post(PATH, json=[{"external_id": f"{number}{each}"} for each in "ab"], headers=KEY)
        for number in range(3)
    ]
    refused = answers[-1]

    assert [200, 200, 429] == [answer.status_code for answer in answers]
    assert int(refused.headers["retry-after"]) >= 10
    assert "RATE_LIMITED" == refused.json()["errors"][0]["code"]
    assert 4 == len(store.records)


def test_a_refused_upload_is_not_read(store: MemoryStore) -> None:
    rates = Rates(rows=Remembered(Rate(0.1, 1), Clock()))
    client = client_on(store, authenticator=Knows(key("a")), rates=rates)
    client.post(PATH, json=[{"external_id": "1"}], headers=KEY)
    answer = client.post(PATH, content=b"no rows at all", headers=KEY)

    assert 429 == answer.status_code


def _request(rates: Rates, peer: str, authenticator: object, **headers: str) -> Request:
    state: Mapping[str, object] = {
        "authenticator": authenticator,
        "rates": rates,
        "settings": Settings.model_validate({"trusted_proxies": "10.0.0.1"}),
    }
    sent = {"authorization": "Basic " + base64.b64encode(b"guess:").decode(), **headers}
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in sent.items()]
    return Request({"type": "http", "client": (peer, 1), "headers": raw, "state": dict(state)})


async def tried(rates: Rates, peer: str, **headers: str) -> type[Exception]:
    with pytest.raises((Unauthenticated, RateLimited)) as refused:
        await authenticated(_request(rates, peer, Nobody(), **headers))
    return refused.type


async def test_an_address_may_fail_so_often() -> None:
    """An IPv6 network of /64 is one address; behind a proxy, whoever the proxy names."""
    rates = Rates(failures=Remembered(Rate(0.1, 3), Clock()))
    first = [await tried(rates, "2001:db8::1") for _ in range(4)]
    neighbour = await tried(rates, "2001:db8::2")
    stranger = await tried(rates, "2001:db8:0:1::2")
    behind = [await tried(rates, "10.0.0.1", x_forwarded_for="192.0.2.1") for _ in range(4)]
    beside = await tried(rates, "10.0.0.1", x_forwarded_for="192.0.2.2")

    assert [Unauthenticated] * 3 + [RateLimited] == first
    assert (RateLimited, Unauthenticated) == (neighbour, stranger)
    assert (RateLimited, Unauthenticated) == (behind[-1], beside)


async def test_whoever_has_a_key_comes_in_from_wherever() -> None:
    """Others who guess behind the same address do not lock them out."""
    rates = Rates(failures=Remembered(Rate(0.1, 1), Clock()))
    for _ in range(3):
        await tried(rates, "192.0.2.1")
    somebody = key("a")

    assert somebody is await authenticated(_request(rates, "192.0.2.1", Knows(somebody)))
