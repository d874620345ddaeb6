"""The audit trail: what leaves an event in it, what does not, and how it is asked for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from service.access.callers import ApiKey, Caller, caller_with
from service.access.scopes import EVERYTHING, Scope
from service.errors import StoreUnavailable
from service.store.customers import Customers
from service.store.segments import Segments
from tests.graphql.asking import Graph, Knows, endpoint_on, graph_on
from tests.uploads.making import NOW

EVENTS = """query($where: AuditWhere, $first: Int, $after: String) {
  auditEvents(where: $where, first: $first, after: $after) {
    nodes { id action at keyPublicId operationName address errorCode uploadId about
      counts { rows created updated } }
    pageInfo { hasNextPage endCursor } } }"""
UPLOAD = """mutation Nightly($rows: [CustomerDocument!]!, $options: UploadOptions) {
  uploadCustomerDocuments(documents: $rows, options: $options) { uploadId counts { created } } }"""
CANARY = "canary@example.org"


def key(*scopes: Scope) -> Caller:
    return caller_with(ApiKey("k1", "a key", frozenset(scopes or EVERYTHING), None, NOW))


@asynccontextmanager
async def asked(customers: Customers, *scopes: Scope) -> AsyncIterator[tuple[Graph, Graph]]:
    """The endpoint, asked with a key of these scopes; and by whoever reads the trail."""
    async with (
        graph_on(customers, authenticator=Knows(key(*scopes))) as graph,
        endpoint_on(graph.services, Knows(key())) as admin,
    ):
        yield graph, admin


async def events(admin: Graph, **variables: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await admin.data(EVENTS, **variables))["auditEvents"]["nodes"]
    return found


async def test_an_upload_is_told_with_its_counts(customers: Customers) -> None:
    """On each store: by whom, when, from where, under which name."""
    async with asked(customers) as (graph, admin):
        rows = [{"external_id": "1", "email": CANARY}, {"external_id": "2"}]
        upload = (await graph.data(UPLOAD, rows=rows))["uploadCustomerDocuments"]

        (event,) = await events(admin)

    assert {
        "action": "UPLOAD",
        "keyPublicId": "k1",
        "operationName": "Nightly",
        "address": "127.0.0.1",
        "errorCode": None,
        "uploadId": upload["uploadId"],
        "about": None,
        "counts": {"rows": 2, "created": 2, "updated": 0},
    } == {name: value for name, value in event.items() if name not in ("id", "at")}
    assert CANARY not in str(event)


async def test_erasing_has_events_of_its_own(customers: Customers) -> None:
    async with asked(customers) as (graph, admin):
        await graph.data(UPLOAD, rows=[{"external_id": str(one)} for one in range(3)])
        erasing: list[dict[str, object]] = [
            {"external_id": "0", "is_forgotten": True},
            {"external_id": "1", "is_deleted": True},
            {"external_id": "2", "is_forgotten": False},
            {"email": "not one", "is_deleted": True},
        ]
        await graph.data(UPLOAD, rows=erasing)
        await graph.data(UPLOAD, rows=erasing)  # both are ignored now

        found = await events(admin, where={"actions": ["FORGET", "DELETE"]})

    assert {"FORGET": 1, "DELETE": 1} == {one["action"]: one["counts"]["rows"] for one in found}
    assert 2 == len(found)


@pytest.mark.parametrize(
    "options",
    [{"dryRun": True}, {"errorPolicy": "REJECT_EVERYTHING"}],
    ids=["a dry run", "refused as a whole"],
)
async def test_what_wrote_nothing_leaves_no_event(
    in_memory: Customers, options: dict[str, object]
) -> None:
    async with asked(in_memory) as (graph, admin):
        await graph.data(UPLOAD, rows=[{"external_id": "1"}, {"email": "?"}], options=options)

        assert [] == await events(admin)


async def test_an_answer_from_an_earlier_report_leaves_no_second_event(
    customers: Customers,
) -> None:
    async with asked(customers) as (graph, admin):
        for _ in range(2):
            await graph.data(
                UPLOAD, rows=[{"external_id": "1"}], options={"idempotencyKey": "once"}
            )

        assert 1 == len(await events(admin))


async def test_nothing_is_acknowledged_that_is_not_in_the_trail(
    in_memory: Customers, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(*_: object) -> None:
        raise StoreUnavailable

    async with asked(in_memory) as (graph, _):
        monkeypatch.setattr("service.store.audit.AuditLog.insert", down)
        answer = await graph.send(query=UPLOAD, variables={"rows": [{"external_id": "1"}]})

    assert 503 == answer.status_code


async def test_an_upload_that_is_cut_is_told_as_such(
    in_memory: Customers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some of its rows may be in, and nobody was told so."""

    async def down(*_: object) -> None:
        raise StoreUnavailable

    async with asked(in_memory) as (graph, admin):
        monkeypatch.setattr("service.store.customers.Customers.write", down)
        rows = [{"external_id": "1"}, {"external_id": "2", "is_forgotten": True}]
        answer = await graph.send(query=UPLOAD, variables={"rows": rows})

        found = await events(admin)

    assert 503 == answer.status_code
    assert {("UPLOAD", "STORE_UNAVAILABLE"), ("FORGET", "STORE_UNAVAILABLE")} == {
        (one["action"], one["errorCode"]) for one in found
    }
    assert {None} == {one["counts"] for one in found}


@pytest.mark.parametrize(
    ("query", "about"),
    [
        ('mutation { saveSegment(name: "s", where: {}) { segment { id } } }', "s."),
        ('mutation { declareCompanyField(name: "A__b", declaration: {}) { errors { code } } }',
         "A__b"),
    ],
    ids=["SEGMENT", "COMPANY_FIELD"],
)  # fmt: skip
async def test_other_changes_name_what_they_were_done_to(
    customers: Customers, segments: Segments, query: str, about: str
) -> None:
    async with asked(customers) as (graph, admin):
        await graph.data(query)

        (event,) = await events(admin)

    assert event["about"].startswith(about)
    assert event["counts"] is None


async def test_a_refusal_for_want_of_a_right_is_told(in_memory: Customers) -> None:
    async with asked(in_memory, Scope.CUSTOMERS_READ) as (graph, admin):
        await graph.send(query=UPLOAD, variables={"rows": []})

        (event,) = await events(admin, where={"actions": ["DENIED"]})

    assert ("FORBIDDEN", "k1") == (event["errorCode"], event["keyPublicId"])


async def test_erasing_without_the_right_is_told_too(in_memory: Customers) -> None:
    """Which is known only once the rows are."""
    async with asked(in_memory, Scope.CUSTOMERS_WRITE) as (graph, admin):
        rows = [{"external_id": "1", "is_deleted": True}]
        refused = await graph.send(query=UPLOAD, variables={"rows": rows})

        (event,) = await events(admin)

    assert 403 == refused.status_code
    assert ("DENIED", "FORBIDDEN") == (event["action"], event["errorCode"])


async def test_a_flood_of_refusals_does_not_fill_the_trail(in_memory: Customers) -> None:
    async with asked(in_memory, Scope.CUSTOMERS_READ) as (graph, admin):
        graph.services.trail.now = lambda: NOW
        for _ in range(70):
            await graph.send(query=UPLOAD, variables={"rows": []})

        assert 60 == len(await events(admin, first=100))


async def test_the_trail_is_for_admins(in_memory: Customers) -> None:
    others = EVERYTHING - {Scope.ADMIN}
    async with asked(in_memory, *others) as (graph, admin):
        await graph.data(UPLOAD, rows=[{"external_id": "1"}])
        (event,) = await events(admin)
        asking = "query($id: ID!) { node(id: $id) { id } }"

        refused = await graph.send(query=EVENTS)
        hidden = await graph.data(asking, id=event["id"])
        shown = await admin.data(asking, id=event["id"])

    assert 403 == refused.status_code
    assert {"node": None} == hidden
    assert {"node": {"id": event["id"]}} == shown


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({}, 4),
        ({"actions": ["UPLOAD"]}, 3),
        ({"actions": ["FORGET", "UPLOAD"]}, 4),
        ({"keyPublicId": "k1"}, 4),
        ({"keyPublicId": "k2"}, 0),
        ({"uploadId": "?"}, 2),
        ({"at": {"last": {"days": 1}}, "actions": ["UPLOAD"]}, 3),
        ({"at": {"olderThan": {"days": 1}}}, 0),
    ],
    ids=str,
)
async def test_it_is_asked_for_by(
    customers: Customers, where: dict[str, object], expected: int
) -> None:
    async with asked(customers) as (graph, admin):
        graph.services.trail.now = graph.services.now
        for rows in ([{"external_id": "1"}], [{"external_id": "2"}]):
            await graph.data(UPLOAD, rows=rows)
        last = await graph.data(UPLOAD, rows=[{"external_id": "1", "is_forgotten": True}])
        if "uploadId" in where:
            where = {"uploadId": last["uploadCustomerDocuments"]["uploadId"]}

        assert expected == len(await events(admin, where=where))


async def test_it_is_read_page_by_page_the_newest_first(customers: Customers) -> None:
    async with asked(customers) as (graph, admin):
        ids = [
            (await graph.data(UPLOAD, rows=[{"external_id": str(one)}]))["uploadCustomerDocuments"][
                "uploadId"
            ]
            for one in range(5)
        ]
        found: list[str] = []
        after = None
        while True:
            page = (await admin.data(EVENTS, first=2, after=after))["auditEvents"]
            found += [one["uploadId"] for one in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break

    assert sorted(ids) == sorted(found)


async def test_reading_is_told_where_it_is_set_to_be(in_memory: Customers) -> None:
    async with asked(in_memory) as (graph, admin):
        await graph.data("query Look { customers { totalCount } }")
        silent = await events(admin)
        graph.services.trail.reads = True
        await graph.data("query Look { customers { totalCount } }")
        graph.services.trail.reads = False

        (event,) = await events(admin)

    assert [] == silent
    assert ("READ", "Look") == (event["action"], event["operationName"])


async def test_whoever_asks_is_told_what_they_may_do(in_memory: Customers) -> None:
    limited = ApiKey(
        "k1", "a key", frozenset({Scope.CUSTOMERS_READ}), frozenset({"first_name", "A__b"}), NOW
    )
    query = "{ viewer { key { id publicId name expiresAt } scopes readableFields } }"
    async with graph_on(in_memory, authenticator=Knows(caller_with(limited))) as graph:
        viewer = (await graph.data(query))["viewer"]
    async with graph_on(in_memory) as graph:
        anybody = (await graph.data(query))["viewer"]

    assert {
        "key": {"id": "k1", "publicId": "k1", "name": "a key", "expiresAt": None},
        "scopes": ["CUSTOMERS_READ"],
        "readableFields": ["A__b", "firstName"],
    } == viewer
    assert (None, 6, None) == (anybody["key"], len(anybody["scopes"]), anybody["readableFields"])
