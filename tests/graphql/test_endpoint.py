"""The endpoint: what it takes, what it refuses, and with which status."""

import asyncio
import gzip
import json
from typing import Any, TypeAlias

import pytest
from structlog.testing import capture_logs

from service.errors import QueryTooSlow, StoreUnavailable
from service.settings import Settings
from service.store.customers import Customers
from tests.graphql.asking import Graph, graph_on
from tests.graphql.uploading import TYPED, held

VERSION = "{ service { __typename } }"
ANSWER = {"data": {"service": {"__typename": "Service"}}}
UPLOAD = 'mutation Up { uploadCustomers(customers: [{externalId: "X"}]) { uploadId } }'
READ = "query Read { service { __typename } }"
ANN = '{ customer(by: {externalId: "ann1"}) { id } }'

Kept: TypeAlias = tuple[asyncio.Event, asyncio.Event]
PREFLIGHTED = {"graphql-require-preflight": "1"}


async def test_a_query_is_answered_by_post_and_by_get(quick: Graph) -> None:
    posted = await quick.send(query=VERSION)
    got = await quick.http.get("/graphql", params={"query": VERSION}, headers=PREFLIGHTED)

    assert [(200, ANSWER)] * 2 == [(found.status_code, found.json()) for found in (posted, got)]


async def test_a_get_takes_variables_and_the_operations_name(quick: Graph) -> None:
    await quick.upload({"external_id": "X"})
    query = f"{UPLOAD} query One($id: String!) {{ customer(by: {{externalId: $id}}) {{ tags }} }}"

    found = await quick.http.get(
        "/graphql",
        params={"query": query, "operationName": "One", "variables": '{"id": "X"}'},
        headers=PREFLIGHTED,
    )

    assert {"data": {"customer": {"tags": []}}} == found.json()


@pytest.mark.parametrize(
    ("query", "name"),
    [(UPLOAD, None), (UPLOAD, "Up"), (f"{UPLOAD} {READ}", "Up")],
)
async def test_nothing_is_changed_by_get(quick: Graph, query: str, name: str | None) -> None:
    params = {"query": query} | ({"operationName": name} if name else {})

    found = await quick.http.get("/graphql", params=params, headers=PREFLIGHTED)

    assert (405, "POST") == (found.status_code, found.headers["allow"])
    assert "QUERY_INVALID" == found.json()["errors"][0]["extensions"]["code"]
    assert [] == await held(quick)


@pytest.mark.parametrize(
    "headers",
    [
        {"graphql-require-preflight": "1"}, {"apollo-require-preflight": "1"},
        {"x-requested-with": "x"}, {"content-type": "application/json"},
        {"authorization": "Bearer id.secret"},
    ],
)  # fmt: skip
async def test_a_get_shows_by_a_header_that_no_link_had_it_sent(
    quick: Graph, headers: dict[str, str]
) -> None:
    found = await quick.http.get("/graphql", params={"query": VERSION}, headers=headers)

    assert ANSWER == found.json()


@pytest.mark.parametrize(
    "headers",
    [{}, {"authorization": "Basic aWQuc2VjcmV0Og=="}, {"content-type": "text/plain"},
     {"cookie": "session=1"}],
)  # fmt: skip
async def test_a_get_that_a_link_can_send_is_refused(quick: Graph, headers: dict[str, str]) -> None:
    """A browser sends the password that was typed for Basic by itself."""
    found = await quick.http.get("/graphql", params={"query": VERSION}, headers=headers)

    assert 400 == found.status_code
    assert "header that no link" in found.json()["errors"][0]["message"]


async def test_a_request_may_be_packed_with_gzip_and_nothing_else(quick: Graph) -> None:
    body = gzip.compress(json.dumps({"query": VERSION}).encode())
    kind = {"content-type": "application/json"}

    packed, other = [
        await quick.http.post("/graphql", content=body, headers=kind | {"content-encoding": how})
        for how in ("gzip", "br")
    ]

    assert (200, ANSWER) == (packed.status_code, packed.json())
    assert (415, "gzip") == (other.status_code, other.headers["accept-encoding"])


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_other_methods_are_refused(quick: Graph, method: str) -> None:
    found = await quick.http.request(method, "/graphql", json={"query": VERSION})

    assert (405, "GET, POST") == (found.status_code, found.headers["allow"])


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "",
        "text/plain; application/json", "application/json, text/plain", "application/graphql",
        "application/json; charset=utf-16", "application/json; charset=iso-8859-1",
        "application/json; x=1", "application/json; charset", "application/jsonp", "text/json",
    ],
)  # fmt: skip
async def test_nothing_but_json_is_taken(quick: Graph, media_type: str) -> None:
    """A form on another site could send the others without asking."""
    found = await quick.raw(json.dumps({"query": UPLOAD}), **{"content-type": media_type})

    assert (415, "BODY_INVALID") == (
        found.status_code, found.json()["errors"][0]["extensions"]["code"]
    )  # fmt: skip
    assert [] == await held(quick)


async def test_two_content_types_are_none(quick: Graph) -> None:
    """One reader takes the first of them, and the next the last."""
    headers = [("content-type", "application/json")] * 2

    found = await quick.http.post(
        "/graphql", content=json.dumps({"query": VERSION}), headers=headers
    )

    assert 415 == found.status_code


@pytest.mark.parametrize(
    "media_type",
    ["application/json; charset=utf-8", "Application/JSON", 'application/json;charset="UTF-8"'],
)
async def test_json_may_name_its_charset(quick: Graph, media_type: str) -> None:
    found = await quick.raw(json.dumps({"query": VERSION}), **{"content-type": media_type})

    assert ANSWER == found.json()


NO_JSON_OF_OURS: list[str | bytes] = [
    '{"query": "{ __typename }", "query": "{ a: __typename }"}',
    '{"query": "{ __typename }", "variables": {}, "variables": {}}',
    '{"query": "{ __typename }", "variables": {"a": {"b": 1, "b": 1}}}',
    '{"query": "{ __typename }", "variables": {"a" : 1, "\\u0061": 2}}',
    '{"query": "{ __typename }", "variables": {"a": NaN}}',
    '{"query": "{ __typename }", "variables": {"a": -Infinity}}',
    '{"query": "{ __typename }", "variables": {"a": 1e400}}',
    '{"query": "{ __typename }", "variables": {"a": [[-1E+999]]}}',
    '{"query": "{ __typename }", "variables": {"a": ' + "[" * 99 + "]" * 99 + "}}",
    '{"query": "{ __typename }"}'.encode("utf-16"),
    '{"query": "{ __typename }"}'.encode("utf-16-le"),
    '{"query": "{ __typename }"}'.encode("utf-32-be"),
    b'\xef\xbb\xbf{"query": "{ __typename }"}',
    b'{"query": "{ __typename } # \xc0\xaf"}',
    b'{"query": "{ __typename } # \xed\xa0\x80"}',
    b'{"query": "{ __typename } # \xf5\x80\x80\x80"}',
    b'{"query": "{ __typename }"}\x00',
    '{"query": "{ __typename }"} {}',
]
"""Each is one where another parser takes it, and perhaps as something else."""


@pytest.mark.parametrize(
    "body",
    [
        "", "not json", "null", "3", '"text"', "[]", '[{"query": "{ __typename }"}]', "{}",
        '{"query": null}', '{"query": 3}', '{"query": ""}', '{"query": "  "}', '{"query": ["a"]}',
        '{"query": "{ __typename }", "variables": 3}', '{"query": "{a}", "variables": []}',
        '{"query": "{ __typename }", "variables": "{}"}', '{"query": "{a}", "operationName": 3}',
        '{"query": "{ __typename }", "extensions": 3}', '{"query": "{a}", "extensions": []}',
        '{"query": "{ __typename }", "operationName": {}}', '{"query": "{a}", "variables": false}',
        "{", b"\xff\xfe", b'{"query": "\xff"}', "[" * 100_000, '{"a":' * 100_000, '{"query": NaN}',
        *NO_JSON_OF_OURS,
    ],
    ids=lambda body: str(body)[:40],
)  # fmt: skip
async def test_a_body_that_is_no_request_is_refused(quick: Graph, body: str | bytes) -> None:
    found = await quick.raw(body)

    assert (400, ["BODY_INVALID"]) == (
        found.status_code, [error["extensions"]["code"] for error in found.json()["errors"]]
    )  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        "", "query=", "query=%20", "query={__typename}&variables=x", "query={a}&variables=3",
        "query={a}&variables=[]", "query={a}&extensions=3", "query={a}&extensions={",
        "query={a}&query={b}", "query={__typename}&variables={}&variables={}",
        "query={__typename}%ff", "&a=1" * 20, "query={__typename}&variables={%22a%22:1e400}",
        "query={__typename}&variables={%22a%22:1,%22a%22:2}",
    ],
)  # fmt: skip
async def test_an_address_that_is_no_request_is_refused(quick: Graph, query: str) -> None:
    found = await quick.http.get(f"/graphql?{query}", headers=PREFLIGHTED)

    assert (400, "BODY_INVALID") == (
        found.status_code, found.json()["errors"][0]["extensions"]["code"]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("query", "name"),
    [
        (READ, "Other"),
        (f"{READ} {UPLOAD}", None),
        ("fragment A on Customer { id }", None),
        ("{ nothing }", None),
        ("{", None),
        ("subscription { x }", None),
        ("query($a: Int!) { customers(first: $a) { totalCount } }", None),
        ("\ud800", None),
        ('{ customer(by: {id: "\ud800"}) { id } } \ud800', None),
    ],
    ids=lambda text: ascii(text)[:40],
)
async def test_a_request_that_does_not_fit_the_schema_is_answered_with_why(
    quick: Graph, query: str, name: str | None
) -> None:
    found = await quick.raw(json.dumps({"query": query, "operationName": name}))

    answer = found.json()
    assert (200, ["errors"]) == (found.status_code, [*answer])
    assert {"QUERY_INVALID"} == {error["extensions"]["code"] for error in answer["errors"]}


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_body_that_is_too_large_is_refused_unread(
    in_memory: Customers, streamed: bool
) -> None:
    async def chunks() -> Any:
        for _ in range(20):
            yield b" " * 100

    async with graph_on(in_memory, Settings(max_body_bytes=1024)) as graph:
        body: Any = chunks() if streamed else b" " * 2000
        found = await graph.raw(body)

    assert 413 == found.status_code
    assert "BODY_TOO_LARGE" == found.json()["errors"][0]["extensions"]["code"]


class Failing:
    """Customers whom any method fails for."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        async def fail(*_: object, **__: object) -> None:
            raise self._error

        return fail


@pytest.mark.parametrize(
    "query",
    [
        "{ customers { nodes { id } } }",
        '{ customer(by: {externalId: "X"}) { id } }',
        '{ person(canonicalId: "X") { id } }',
        '{ node(id: "x") { id } }',
        UPLOAD,
    ],
)
async def test_a_store_that_is_down_is_said_with_when_to_come_back(query: str) -> None:
    async with graph_on(Failing(StoreUnavailable())) as graph:
        found = await graph.send(query=query)

    assert 503 == found.status_code
    assert int(found.headers["retry-after"]) > 0
    ((error),) = found.json()["errors"]
    assert {
        "code": "STORE_UNAVAILABLE", "retryAfter": int(found.headers["retry-after"])
    } == error["extensions"]  # fmt: skip


async def test_what_came_before_the_store_went_down_is_an_answer() -> None:
    """A status of failure may not stand on one that has data."""
    async with graph_on(Failing(StoreUnavailable())) as graph:
        found = await graph.send(query="{ customers { totalCount } service { __typename } }")

    assert (200, {"customers": {"totalCount": None}} | ANSWER["data"]) == (
        found.status_code, found.json()["data"]
    )  # fmt: skip
    assert "STORE_UNAVAILABLE" == found.json()["errors"][0]["extensions"]["code"]


async def test_a_count_that_takes_too_long_leaves_the_page(in_memory: Customers) -> None:
    class Slow(Customers):
        async def count(self, *_: object, **__: object) -> int:
            raise QueryTooSlow

    slow = Slow.__new__(Slow)
    slow.__dict__.update(in_memory.__dict__)
    async with graph_on(slow) as graph:
        answer = await graph.answer("{ customers { totalCount nodes { id } } }")

    assert {"customers": {"totalCount": None, "nodes": []}} == answer["data"]
    assert "QUERY_TOO_SLOW" == answer["errors"][0]["extensions"]["code"]


@pytest.mark.parametrize("query", ["{ customers { nodes { id } } }", UPLOAD])
async def test_what_nobody_expected_is_masked_behind_an_id_that_the_log_has(query: str) -> None:
    secret = "ann@example.org"
    async with graph_on(Failing(KeyError(secret))) as graph:
        with capture_logs() as logs:
            answer = await graph.answer(query)

    ((error),) = answer["errors"]
    ((logged),) = [entry for entry in logs if entry["event"] == "internal_error"]
    assert "INTERNAL_ERROR" == error["extensions"]["code"]
    assert error["extensions"]["id"] == logged["id"]
    assert error["extensions"]["id"] in error["message"]
    assert "KeyError" == logged["error"]
    assert secret not in json.dumps([answer, logs])


async def test_what_fails_outside_of_any_field_is_masked_too(
    quick: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("ann@example.org")

    monkeypatch.setattr("graphql_schema.endpoint.execute", fail)
    with capture_logs() as logs:
        found = await quick.send(query=VERSION)

    ((error),) = found.json()["errors"]
    assert (500, error["extensions"]["id"]) == (found.status_code, logs[0]["id"])
    assert "ann@" not in json.dumps([found.json(), logs])


async def test_many_requests_at_once_are_answered_each_with_its_own(quick: Graph) -> None:
    ids = await quick.upload(*({"external_id": f"X{number}"} for number in range(20)))
    query = """query($by: CustomerBy!, $yes: Boolean!) {
      customer(by: $by) { id tags @include(if: $yes) } }"""

    found = await asyncio.gather(
        *(
            quick.data(query, by={"externalId": f"X{number}"}, yes=number % 2 == 0)
            for number in range(20)
        )
    )

    assert [
        {"id": customer, **({"tags": []} if number % 2 == 0 else {})}
        for number, customer in enumerate(ids)
    ] == [data["customer"] for data in found]


async def test_ten_thousand_typed_rows_are_one_request(quick: Graph, monkeypatch: Any) -> None:
    """None is sound, so that the store's speed does not matter."""
    rows = [{"externalId": "no good", "tags": ["a"]}] * 10_000

    found = await quick.data(TYPED.replace("results {", "results(only: CREATED) {"), rows=rows)

    assert (10_000, []) == (found["up"]["counts"]["rejected"], found["up"]["results"])


@pytest.mark.parametrize(
    "request_",
    [{"query": VERSION}, {"query": "{"}, {}],
    ids=["an answer", "what GraphQL refuses", "what is not well-formed"],
)
async def test_nobody_on_the_way_keeps_an_answer(quick: Graph, request_: dict[str, str]) -> None:
    found = await quick.send(**request_)

    assert ("no-store", "nosniff") == (
        found.headers["cache-control"], found.headers["x-content-type-options"]
    )  # fmt: skip


@pytest.fixture
def kept(in_memory: Customers, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """A store that has a query (the first event is set) until the second is."""
    reached, let_go = asyncio.Event(), asyncio.Event()

    async def hold(*_: object) -> list[object]:
        reached.set()
        await let_go.wait()
        return []

    monkeypatch.setattr(in_memory, "by_identifier", hold)
    return reached, let_go


async def test_past_its_capacity_it_refuses_at_once(in_memory: Customers, kept: Kept) -> None:
    """And takes more when there is room."""
    reached, let_go = kept
    async with graph_on(in_memory, Settings(max_requests=1, max_waiting=0)) as graph:
        working = asyncio.create_task(graph.send(query=ANN))
        await reached.wait()
        refused = await graph.send(query="{ __typename }")
        let_go.set()
        answers = [await working, await graph.send(query="{ __typename }")]

    assert (503, "1") == (refused.status_code, refused.headers["retry-after"])
    assert "OVERLOADED" == refused.json()["errors"][0]["extensions"]["code"]
    assert [200, 200] == [answer.status_code for answer in answers]


async def test_a_query_ends_by_its_deadline(in_memory: Customers, kept: Kept) -> None:
    async with graph_on(in_memory, Settings(request_timeout=0.01)) as graph:
        answer = await graph.send(query=ANN)

    assert "QUERY_TOO_SLOW" == answer.json()["errors"][0]["extensions"]["code"]
