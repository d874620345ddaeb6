"""A store that is slow, hung, gone, or primary no more: who waits is told early, and all is well
when it is back.

The store has a minute for each operation here.
"""

import asyncio

import httpx2
import pytest

from service.store import THREADS
from tests.trouble.proxy import (
    Proxy,
    Rule,
    cutting_after,
    cutting_before,
    delaying,
    failing,
    greeting_alone,
    half_closing,
    hanging,
    losing_the_reply,
    passing,
    stalling,
)
from tests.trouble.served import Served

ANN = {"external_id": "ann1", "email": "ann@example.org", "first_name": "Ann"}

TROUBLE: dict[str, Rule] = {
    "it hangs": hanging,
    "it greets and hangs": greeting_alone,
    "its replies are lost": losing_the_reply,
    "its replies stall": stalling,
    "its replies are late": delaying(5),
    "it half closes": half_closing,
    "it closes before": cutting_before,
    "it closes after": cutting_after,
    "it is primary no more": failing({"code": 10107, "errmsg": "not primary"}),
    "it steps down": failing({"code": 189, "errmsg": "primary stepped down"}),
    "its state changes": failing({"code": 11602, "errmsg": "operation was interrupted"}),
}


def is_told(answer: httpx2.Response) -> bool:
    """That the store does not answer, and when to come again."""
    assert "STORE_UNAVAILABLE" in answer.text, answer.text
    return (503, "2") == (answer.status_code, answer.headers["retry-after"])


@pytest.mark.parametrize("rule", TROUBLE.values(), ids=TROUBLE.keys())
async def test_a_store_in_trouble_is_told_at_every_door_and_found_again(
    served: Served, proxy: Proxy, rule: Rule
) -> None:
    proxy.rule = rule
    queries = (served.query() for _ in range(THREADS + 8))
    told = await asyncio.gather(served.upload([ANN]), served.client.get("/readyz"), *queries)
    proxy.rule = passing
    await served.until_ready()
    await asyncio.gather(*(served.answered() for _ in range(THREADS + 8)))
    sent = await served.upload([ANN])

    assert all(map(is_told, told))
    assert sent.json()["results"][0]["status"] in ("CREATED", "UNCHANGED")


async def test_a_store_that_is_gone_is_told_and_found_again(served: Served, proxy: Proxy) -> None:
    """Connections are refused."""
    await proxy.go()
    told = await asyncio.gather(served.query(), served.upload([ANN]), served.client.get("/readyz"))
    await proxy.come()
    await served.until_ready()

    assert all(map(is_told, told))
    assert 200 == (await served.upload([ANN])).status_code
