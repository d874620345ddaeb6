"""An upload whose reply was lost on the way, sent again, leaves what one upload would have left."""

import json
import secrets
from dataclasses import replace
from typing import Any

import pytest

from tests.trouble.proxy import Exchange, Once, Proxy, cutting_after, hanging, passing
from tests.trouble.served import Served

EACH = """query Each($id: String!, $email: String!) {
  customer(by: {externalId: $id}) { externalId email firstName tags isForgotten }
  customers(where: {email: {eq: $email}}) { totalCount } }"""


def rows_of(name: str) -> list[dict[str, Any]]:
    """New people, one of them twice, one who is forgotten at once, and one who is refused."""
    people = [
        {
            "external_id": f"{name}-{n}",
            "email": f"{name}-{n}@example.org",
            "first_name": f"First{n}",
            "tags": ["a"],
        }
        for n in range(8)
    ]
    return [
        *people,
        {"external_id": f"{name}-1", "tags.add": ["b"], "first_name": ""},
        {"email": f"{name}-2@example.org", "tags.remove": ["a"]},
        {"external_id": f"{name}-3", "is_forgotten": True},
        {"external_id": f"{name}-4", "phone_number": "none"},
    ]


async def stands(served: Served, name: str) -> list[object]:
    """What is stored of the people, but for what they are called."""
    found = []
    for n in range(8):
        given = {"id": f"{name}-{n}", "email": f"{name}-{n}@example.org"}
        answer = await served.query(EACH, **given)
        found.append(json.loads(answer.text.replace(name, "x"))["data"])
    return found


LOST: dict[str, Once] = {
    "of the writes": Once("update", cutting_after),
    "of the report": Once("insert", cutting_after),
}
"""Which reply is lost."""


@pytest.mark.parametrize("key", [None, "once"], ids=["without a key", "with a key"])
@pytest.mark.parametrize("lost", LOST.values(), ids=LOST.keys())
async def test_an_upload_whose_reply_was_lost_can_be_sent_again(
    served: Served, proxy: Proxy, lost: Once, key: str | None
) -> None:
    """Nobody is there twice, and every row went in."""
    name, undisturbed = f"lost{secrets.token_hex(4)}", f"plain{secrets.token_hex(4)}"
    assert 200 == (await served.upload(rows_of(undisturbed))).status_code
    proxy.rule = once = replace(
        lost, skipped=lost.skipped + (key is not None and lost.command == "insert")
    )
    first = await served.upload(rows_of(name), key and name)
    proxy.rule = passing
    await served.until_ready()
    again = await served.upload(rows_of(name), key and name)

    assert once.has_happened
    assert 200 == again.status_code
    assert first.status_code in (200, 503)
    assert await stands(served, undisturbed) == await stands(served, name)


async def test_an_upload_whose_store_went_silent_behind_it_can_be_sent_again(
    served: Served, proxy: Proxy
) -> None:
    """What it wrote is there, and is not written again."""
    name = f"lost{secrets.token_hex(4)}"
    rows = rows_of(name)[:4]

    async def silent_from_then_on(exchange: Exchange) -> None:
        await exchange.forward()
        proxy.rule = hanging
        await hanging(exchange)

    proxy.rule = Once("update", silent_from_then_on)
    first = await served.upload(rows)
    proxy.rule = passing
    await served.until_ready()
    again = await served.upload(rows)

    assert 503 == first.status_code
    assert {"UNCHANGED"} == {row["status"] for row in again.json()["results"]}
