"""Through no entrance does a text of a user's become an operator, a path or an expression."""

import csv
import io
import json
import secrets
from collections.abc import AsyncIterator, Sequence
from random import Random
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.injection.asking import ENTRANCES, asked_at_random, seeded, swept
from tests.injection.entrances import Entrance
from tests.injection.hostile import KEYS, OBJECTS, TAKEN, TEXTS
from tests.injection.names import MARK
from tests.injection.serving import UPLOAD, Front, front_on

AGAIN = {
    "query.segment.members": 6,
    "mutation.saveSegment": 6,
    "query.customers.facets": 2,
    "query.customers.groups": 4,
}
"""Others have the same places: of theirs one in so many is asked at."""

VALUES = st.sampled_from([*TEXTS, *TAKEN, *OBJECTS, "", None, True, 3])
ROWS = st.lists(
    st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=5), min_size=1, max_size=4
).map(lambda rows: [{"external_id": f"{MARK}{place}", **row} for place, row in enumerate(rows)])
AT_RANDOM = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest_asyncio.fixture(scope="module")
async def front(embedded_uri: str) -> AsyncIterator[Front]:
    async with front_on(embedded_uri, f"test_{secrets.token_hex(6)}") as front:
        yield front


@pytest_asyncio.fixture(scope="module")
async def ids(front: Front) -> dict[str, str]:
    return await seeded(front)


@pytest.mark.parametrize("entrance", ENTRANCES, ids=[one.name for one in ENTRANCES])
async def test_whatever_stands_at_a_place_is_a_value(
    front: Front, ids: dict[str, str], entrance: Entrance
) -> None:
    random = Random(entrance.name)
    rarely = AGAIN.get(entrance.name, 1)

    def choose(several: Sequence[Any]) -> list[Any]:
        return [] if random.randrange(rarely) else [random.choice(several)]

    assert await swept(front, entrance, ids, choose)


@AT_RANDOM
@given(data=st.data())
async def test_whatever_is_asked_at_once_is_values(
    front: Front, ids: dict[str, str], data: st.DataObject
) -> None:
    entrance = data.draw(st.sampled_from(ENTRANCES))

    await asked_at_random(front, entrance, ids, lambda most: data.draw(st.integers(0, most - 1)))


@pytest.mark.parametrize("part", range(3))
async def test_each_value_under_each_key_of_a_row_is_a_value(front: Front, part: int) -> None:
    """One in a row, so that no other fault keeps it out. Of the pairs, nearly a quarter."""
    pairs = [(key, value) for key in KEYS for value in [*TEXTS, *TAKEN, *OBJECTS]][part::13]
    rows = [
        {"external_id": f"{MARK}-{part}-{number}", key: value}
        for number, (key, value) in enumerate(pairs)
    ]

    report = await front.upload(*rows)

    assert len(rows) == len(report["results"])


@AT_RANDOM
@given(ROWS)
async def test_whatever_rows_hold_is_values(front: Front, rows: list[dict[str, Any]]) -> None:
    lines = "\n".join(map(json.dumps, rows))
    header = list(dict.fromkeys(key for row in rows for key in row))
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(header)
    writer.writerows([str(row.get(key, "")) for key in header] for row in rows)
    bodies = {
        "application/json": json.dumps({"customers": rows}),
        "application/x-ndjson": lines,
        "text/csv": table.getvalue(),
    }

    for kind, body in bodies.items():
        content = body.encode(errors="surrogatepass")
        await front.ask("POST", UPLOAD, content=content, headers={"Content-Type": kind})


@pytest.mark.parametrize("text", [text for text in TEXTS if text.isprintable()])
async def test_what_stands_beside_a_body_is_values(front: Front, text: str) -> None:
    """In headers, in the address, in options and in what GraphQL is told of a request."""
    sent = text.encode()
    row = {"customers": [{"external_id": f"{MARK}beside"}]}
    headers = {"Idempotency-Key": sent, "X-Request-Id": sent, "Cookie": sent, "Referer": sent}
    query = {"query": "{ service { version } }", "operationName": text, "variables": {text: text}}

    await front.ask("POST", UPLOAD, json=row, headers=headers)
    for option in ("error_policy", "dry_run", "on_multiple_matches", text):
        await front.ask("POST", UPLOAD, json=row, params={option: text})
    await front.ask("POST", UPLOAD, json=row, headers={"Content-Type": sent})
    await front.ask("GET", f"{UPLOAD}{text}/")
    await front.ask("POST", "/graphql", json=query)
    await front.ask("GET", "/graphql", params={**query, "variables": json.dumps({text: text})})


FIND = """query($eq: String!, $json: JSON!) {
  text: customers(where: {firstName: {eq: $eq}}) { nodes { firstName } }
  member: customers(where: {tags: {has: $eq}}) { nodes { tags } }
  part: customers(where: {firstName: {contains: $eq, ignoreCase: true}}) { nodes { firstName } }
  value: customers(where: {companyFields: {name: "ACME__held", eq: $json}}) { nodes {
    companyField(name: "ACME__held") } } }"""


async def test_what_is_taken_is_stored_and_compared_as_it_came(front: Front) -> None:
    """Who holds a hostile text is found by it, and nobody else."""
    held = [text for text in TEXTS if text.isprintable()]
    rows = [
        {"external_id": f"held{place}", "first_name": text, "tags": [text], "ACME__held": text}
        for place, text in enumerate(held)
    ]
    report = await front.upload(*rows)
    assert [] == [result["errors"] for result in report["results"] if result["errors"]]

    for text in held:
        found = (await front.graphql(FIND, {"eq": text, "json": text}))["data"]

        assert {text} == {one["firstName"] for one in found["text"]["nodes"]}
        assert {text} == {tag for one in found["member"]["nodes"] for tag in one["tags"]}
        assert {text} == {one["companyField"] for one in found["value"]["nodes"]}
        parts = {one["firstName"] for one in found["part"]["nodes"]}
        assert text in parts
        assert all(text.casefold() in one.casefold() for one in parts)


async def test_objects_that_are_taken_are_compared_whole(front: Front) -> None:
    taken = []
    for place, value in enumerate(OBJECTS):
        row = {"external_id": f"object{place}", "ACME__held": value}
        (result,) = (await front.upload(row))["results"]
        found = await front.graphql(FIND, {"eq": MARK, "json": value})
        if result["status"] == "REJECTED":
            assert found["errors"], value
        else:
            taken.append(value)
            nodes = found["data"]["value"]["nodes"]
            assert [value] == [one["companyField"] for one in nodes]

    assert not [one for one in taken if "$" in "".join(one if isinstance(one, dict) else [])]
    assert taken


async def test_a_users_text_does_reach_the_store(front: Front, ids: dict[str, str]) -> None:
    """Or nothing would be shown here: by every kind of command that takes one."""
    random = Random("reach")
    front.watch.reached.clear()
    await front.upload({"external_id": f"{MARK}new", "city": MARK, f"ACME__{MARK}_unheard": 1})
    for entrance in ENTRANCES:
        if entrance.name in ("query.customers", "query.customers.facets", "mutation.saveSegment"):
            await swept(front, entrance, ids, lambda several: several[: not random.randrange(9)])

    assert {
        ("find", "customers"),
        ("aggregate", "customers"),
        ("update", "customers"),
        ("insert", "segments"),
        ("update", "company_fields"),
    } <= front.watch.reached
