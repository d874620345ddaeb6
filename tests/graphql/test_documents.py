"""Documents are read once, away from the event loop, and those in use are not driven out."""

import asyncio
import threading
from contextlib import suppress
from typing import Any

import pytest

from graphql_schema import documents as module
from graphql_schema.documents import MOST_DOCUMENTS, MOST_WAITING, Documents, read_document
from graphql_schema.execution import AT_A_TIME, Document
from graphql_schema.limits import Limits
from service.errors import Overloaded, QueryTooComplex
from service.settings import Settings
from tests.graphql.asking import Graph

LIMITS = Limits.of(Settings(max_query_depth=3))
SOUND, WRONG, TOO_DEEP = "{ __typename }", "{ nothing }", "{ a { b { c { d } } } }"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that were read, in order."""
    texts: list[str] = []

    def spy(text: str, limits: Limits) -> Document:
        texts.append(text)
        return read_document(text, limits)

    monkeypatch.setattr(module, "read_document", spy)
    return texts


async def ask(documents: Documents, text: str) -> None:
    with suppress(QueryTooComplex):
        await documents.get(text)


@pytest.mark.parametrize("text", [SOUND, WRONG, TOO_DEEP])
async def test_a_document_is_read_once(read: list[str], text: str) -> None:
    documents = Documents(LIMITS)
    for _ in range(3):
        await ask(documents, text)

    assert [text] == read


async def test_a_document_that_many_bring_at_once_is_read_once(read: list[str]) -> None:
    documents = Documents(LIMITS)
    await asyncio.gather(*(ask(documents, SOUND) for _ in range(20)))

    assert [SOUND] == read


@pytest.mark.parametrize("text", [SOUND, WRONG, TOO_DEEP])
async def test_documents_of_one_use_drive_none_out_that_is_in_use(
    read: list[str], text: str
) -> None:
    documents = Documents(LIMITS)
    for _ in range(2):
        await ask(documents, "{ __typename } # in use")
    for number in range(MOST_DOCUMENTS + 10):
        await ask(documents, f"{text} # {number}")
    read.clear()

    await ask(documents, "{ __typename } # in use")

    assert [] == read


@pytest.mark.parametrize("text", [WRONG, TOO_DEEP])
async def test_what_is_wrong_drives_none_out_however_often_it_comes(
    read: list[str], text: str
) -> None:
    documents = Documents(LIMITS)
    for _ in range(2):
        await ask(documents, SOUND)
    for number in range(MOST_DOCUMENTS + 10):
        for _ in range(3):
            await ask(documents, f"{text} # {number}")
    read.clear()

    await ask(documents, SOUND)

    assert [] == read


async def test_the_loop_goes_on_while_a_document_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    went_on = threading.Event()

    def slow(text: str, limits: Limits) -> Document:
        assert went_on.wait(20), "the loop was held"
        return read_document(text, limits)

    monkeypatch.setattr(module, "read_document", slow)
    reading = asyncio.ensure_future(Documents(LIMITS).get(SOUND))
    await asyncio.sleep(0)
    went_on.set()

    assert (await reading).node


async def test_more_than_can_be_read_soon_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    may_read = threading.Event()

    def slow(text: str, limits: Limits) -> Document:
        may_read.wait(20)
        return read_document(text, limits)

    monkeypatch.setattr(module, "read_document", slow)
    documents = Documents(LIMITS)
    waiting = [
        asyncio.ensure_future(documents.get(f"{SOUND} # {number}"))
        for number in range(MOST_WAITING)
    ]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await documents.get(f"{SOUND} # one more")
    may_read.set()

    assert MOST_WAITING == len(await asyncio.gather(*waiting))


async def test_who_goes_away_leaves_the_reading_to_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    may_read = threading.Event()

    def slow(text: str, limits: Limits) -> Document:
        may_read.wait(20)
        return read_document(text, limits)

    monkeypatch.setattr(module, "read_document", slow)
    documents = Documents(LIMITS)
    gone, stays = [asyncio.ensure_future(documents.get(SOUND)) for _ in range(2)]
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.sleep(0)
    may_read.set()

    assert (await stays).node


async def test_long_lists_that_are_not_compiled_give_others_their_turn(
    quick: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = AT_A_TIME * 3
    await quick.upload(*({"external_id": f"X{n}", "canonical_id": "P"} for n in range(number)))
    turns: list[int] = []
    sleep = asyncio.sleep

    async def spy(seconds: float, *rest: Any) -> None:
        turns.append(1)
        await sleep(seconds, *rest)

    monkeypatch.setattr("graphql_schema.execution.asyncio.sleep", spy)
    query = "{ customers(first: 60) { nodes { externalId person { id } } } }"
    nodes = (await quick.data(query))["customers"]["nodes"]

    assert number == len({node["externalId"] for node in nodes})
    assert 3 <= len(turns)
