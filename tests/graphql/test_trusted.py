"""Trusted documents: how they are read at the start, and how requests name them."""

import json
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from graphql_schema.trusted import trusted_documents
from service.errors import StartError
from service.settings import Settings
from service.store.customers import Customers
from tests.graphql.asking import Graph, graph_on

SERVICE = "query Version { service { __typename } }"
LARGE = "query Large($first: Int) { " + " ".join(
    f"a{number}: customers(first: $first) {{ nodes {{ id }} }}" for number in range(101)
) + " }"  # fmt: skip
ANSWER = {"data": {"service": {"__typename": "Service"}}}


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def manifest(path: Path, content: object) -> Path:
    file = path / "manifest.json"
    file.write_text(json.dumps(content))
    return file


def settings(path: Path, only: bool = True) -> Settings:
    return Settings(trusted_documents=path, trusted_only=only)


@pytest_asyncio.fixture
async def trusting(in_memory: Customers, tmp_path: Path) -> AsyncIterator[Graph]:
    """Takes two documents and no others."""
    file = manifest(tmp_path, {digest(SERVICE): SERVICE, "Large": LARGE})
    async with graph_on(in_memory, settings(file)) as graph:
        yield graph


def apollos(text: str) -> dict[str, Any]:
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest(text)}}}


NAMED: dict[str, dict[str, Any]] = {
    "a hash": {"documentId": digest(SERVICE)},
    "a hash that says so": {"documentId": f"sha256:{digest(SERVICE)}"},
    "a hash in capitals": {"documentId": digest(SERVICE).upper()},
    "as Apollo does": apollos(SERVICE),
    "as Apollo does, with its text": {**apollos(SERVICE), "query": SERVICE},
    "its very text": {"query": SERVICE},
    "its operation's name": {"documentId": digest(SERVICE), "operationName": "Version"},
}


@pytest.mark.parametrize("request_", NAMED.values(), ids=NAMED.keys())
async def test_a_trusted_document_is_asked_for_by(
    trusting: Graph, request_: dict[str, Any]
) -> None:
    assert ANSWER == (await trusting.send(**request_)).json()


async def test_a_trusted_query_is_asked_for_by_get(trusting: Graph) -> None:
    headers = {"content-type": "application/json"}
    ways = [
        {"documentId": digest(SERVICE)},
        {"extensions": json.dumps(apollos(SERVICE)["extensions"])},
    ]

    found = [await trusting.http.get("/graphql", params=way, headers=headers) for way in ways]

    assert [ANSWER, ANSWER] == [one.json() for one in found]


OTHERS: dict[str, dict[str, Any]] = {
    "another text": {"query": "{ service { __typename } }"},
    "the text with a space more": {"query": SERVICE + " "},
    "introspection": {"query": "{ __schema { queryType { name } } }"},
    "an unknown name": {"documentId": "Small"},
    "an unknown hash": apollos("{ __typename }"),
    "an unknown hash with its text": {**apollos("{ __typename }"), "query": "{ __typename }"},
}


@pytest.mark.parametrize("request_", OTHERS.values(), ids=OTHERS.keys())
async def test_no_other_is_taken_where_none_is_to_be(
    trusting: Graph, request_: dict[str, Any]
) -> None:
    found = await trusting.send(**request_)

    assert (400, "QUERY_NOT_TRUSTED") == (
        found.status_code, found.json()["errors"][0]["extensions"]["code"]
    )  # fmt: skip


async def test_a_text_that_is_not_the_named_ones_is_refused(trusting: Graph) -> None:
    found = await trusting.send(documentId="Large", query=SERVICE)

    assert (400, "BODY_INVALID") == (
        found.status_code, found.json()["errors"][0]["extensions"]["code"]
    )  # fmt: skip


@pytest.mark.parametrize(
    "request_",
    [
        {"documentId": 3},
        {"documentId": ""},
        {"extensions": {"persistedQuery": 3}},
        {"extensions": {"persistedQuery": {}}},
        {"extensions": {"persistedQuery": {"sha256Hash": [1]}}},
    ],
)
async def test_a_name_that_is_no_text_is_refused(trusting: Graph, request_: dict[str, Any]) -> None:
    found = await trusting.send(**request_)

    assert (400, "BODY_INVALID") == (
        found.status_code, found.json()["errors"][0]["extensions"]["code"]
    )  # fmt: skip


async def test_a_trusted_document_may_be_larger_than_others(trusting: Graph) -> None:
    answer = (await trusting.send(documentId="Large", variables={"first": 1})).json()

    assert 101 == len(answer["data"])


async def test_a_trusted_document_may_not_cost_more_than_others(trusting: Graph) -> None:
    answer = (await trusting.send(documentId="Large", variables={"first": 1000})).json()

    assert "cost" == answer["errors"][0]["extensions"]["measure"]


async def test_others_are_taken_beside_them_unless_set_otherwise(
    in_memory: Customers, tmp_path: Path
) -> None:
    file = manifest(tmp_path, {"Version": SERVICE})
    async with graph_on(in_memory, settings(file, only=False)) as graph:
        named = await graph.send(documentId="Version")
        other = await graph.send(query="{ service { __typename } }")
        hashed = await graph.send(**OTHERS["an unknown hash with its text"])
        unknown = await graph.send(**OTHERS["an unknown hash"])

    assert [200, 200, 200, 400] == [
        found.status_code for found in (named, other, hashed, unknown)
    ]  # fmt: skip


FORMS: dict[str, tuple[object, str]] = {
    "by hashes": ({digest(SERVICE): SERVICE}, digest(SERVICE)),
    "by hashes that say so": ({f"sha256:{digest(SERVICE)}": SERVICE}, digest(SERVICE)),
    "by names": ({"Version": SERVICE}, "Version"),
    "by names, asked for by hash": ({"Version": SERVICE}, digest(SERVICE)),
    "as Apollo writes it": (
        {
            "format": "apollo-persisted-query-manifest",
            "version": 1,
            "operations": [
                {"id": digest(SERVICE), "body": SERVICE, "name": "Version", "type": "query"}
            ],
        },
        digest(SERVICE),
    ),
}


@pytest.mark.parametrize(("content", "name"), FORMS.values(), ids=FORMS.keys())
def test_a_manifest_is_read(tmp_path: Path, content: object, name: str) -> None:
    documents = trusted_documents(settings(manifest(tmp_path, content)))

    assert documents.get("", name)


def test_a_directory_is_read_by_the_names_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "version.graphql").write_text(SERVICE)
    (tmp_path / "notes.txt").write_text("not one")

    documents = trusted_documents(settings(tmp_path))

    assert documents.get("", "lists/version") is documents.get("", digest(SERVICE))


WRONG: dict[str, tuple[object, str]] = {
    "another hash": ({digest(LARGE): SERVICE}, "another hash"),
    "a field that is not there": ({"A": "{ servise }"}, "The trusted document A is not valid"),
    "no GraphQL": ({"A": "{"}, "The trusted document A is not valid"),
    "no operation": ({"A": "fragment A on Query { service { version } }"}, "A is not valid"),
    "a list": ([SERVICE], "not an object"),
    "no text": ({"A": 3}, "without a name or a text"),
    "no name": ({"": SERVICE}, "without a name or a text"),
    "Apollo's without operations": (
        {"format": "apollo-persisted-query-manifest"}, "not an object",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "said"), WRONG.values(), ids=WRONG.keys())
def test_a_manifest_that_is_wrong_stops_the_start(
    tmp_path: Path, content: object, said: str
) -> None:
    with pytest.raises(StartError, match=said):
        trusted_documents(settings(manifest(tmp_path, content)))


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "cannot be read: No such file"), (b"{", "not JSON"), (b"\xff", "not JSON")],
)
def test_a_file_that_is_none_stops_the_start(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    file = tmp_path / "manifest.json"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(StartError, match=said):
        trusted_documents(settings(file))


def test_to_trust_nothing_stops_the_start() -> None:
    with pytest.raises(StartError, match="CUSTOMER_GRAPH_TRUSTED_DOCUMENTS"):
        trusted_documents(Settings(trusted_only=True))
