"""Uploads through GraphQL: the two forms are one, and the rules hold in both."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from service.settings import Settings
from service.store.customers import Customers
from tests.graphql.asking import Graph, graph_on
from tests.graphql.uploading import as_typed_row, documents, ends, held, typed

X1 = {"external_id": "X1"}
BATCHES: dict[str, list[list[dict[str, Any]]]] = {
    "a customer": [[{**X1, "email": "A@example.org", "first_name": "Ann", "can_email": True}]],
    "an empty text removes, null does not": [
        [{**X1, "first_name": "Ann", "last_name": "B", "can_push": True, "ACME__a": 1}],
        [{**X1, "first_name": "", "last_name": None, "can_push": "", "ACME__a": ""}],
        [{**X1, "ACME__a": None}],
    ],
    "an empty identifier": [
        [{**X1, "email": "a@example.org"}],
        [{**X1, "email": ""}, {"external_id": "", "email": "a@example.org"}],
    ],
    "zero, false and the empty set are values": [
        [{**X1, "tags": ["a"], "can_push": True, "house_number": 3, "ACME__n": 1}],
        [{**X1, "tags": [], "can_push": False, "house_number": 0, "ACME__n": 0, "ACME__f": False}],
    ],
    "sets": [
        [{**X1, "tags": ["a", "b"], "mailing_lists": "news"}],
        [{**X1, "tags.add": ["c", "a"], "tags.remove": "b", "mailing_lists.remove": ["news"]}],
        [{**X1, "tags": ["z"], "tags.add": ["y", "z"], "tags.remove": ["z"]}],
    ],
    "company lists": [
        [{**X1, "ACME__h": ["golf"]}],
        [{**X1, "ACME__h.add": ["chess", {"a": 1}], "ACME__h.remove": "golf"}],
        [{**X1, "ACME__new.add": "x"}],
        [{**X1, "ACME__text": "t", "ACME__text.add": ["x"]}],
    ],
    "numbers as texts, codes in any case": [
        [{"external_id": 2319490132, "house_number": 3.5, "country": "gb", "language": "EN"}],
    ],
    "the same again": [[{**X1, "tags": ["a"]}], [{**X1, "tags": ["a"]}]],
    "several rows of one customer": [
        [{**X1, "tags": ["a"]}, {**X1, "tags.add": ["b"]}, {**X1, "first_name": "A", "tags": []}],
    ],
    "those who share an e-mail": [
        [{**X1, "email": "f@example.org"}, {"external_id": "X2", "email": "f@example.org"}],
        [{"email": "F@example.org", "can_email": False}],
    ],
    "forgetting and deleting": [
        [{**X1, "email": "a@example.org", "country": "GB"}, {"external_id": "X2"}],
        [{"email": "a@example.org", "is_forgotten": True}],
        [{"external_id": "X2", "is_deleted": True}],
        [{**X1, "first_name": "Ann", "is_forgotten": False}, {"external_id": "X2"}],
    ],
    "faults": [
        [
            {**X1, "email": "nobody", "phone_number": "040", "birth_date": "1991-02-30"},
            {"first_name": "Ann"},
            {**X1, "tags": 3, "can_email": "yes", "country": "XX", "language": "english"},
            {**X1, "ACME__o": {"$set": 1}, "ACME__p": {"a.b": 1}, "ACME__q": "\x00"},
            {**X1, "mailing_lists.add": 3, "tags.remove": {"a": 1}, "date_joined": "then"},
            {},
        ],
    ],
}  # fmt: skip


def without_ids(payload: dict[str, Any]) -> dict[str, Any]:
    """The payload with fields named as documents name them, and without the upload's id.

    A row's faults stand in the order of its fields, which is the schema's in a typed row.
    """
    for result in payload["results"]:
        for error in result["errors"]:
            error["field"] = NAMED.get(error["field"], error["field"])
        result["errors"].sort(key=lambda error: error["field"] or "")
    return {name: value for name, value in payload.items() if name != "uploadId"}


NAMED = {
    **{as_typed: key for key in (
        "external_id", "phone_number", "birth_date", "can_email", "date_joined", "tags.remove",
        "mailing_lists.add",
    ) for as_typed in as_typed_row({key: 1})},
    **{f"companyFields.ACME__{end}": f"ACME__{end}" for end in "opq"},
    "companyFieldsAdd.ACME__text": "ACME__text.add",
}  # fmt: skip


@pytest.mark.parametrize("batches", BATCHES.values(), ids=BATCHES.keys())
async def test_typed_rows_and_documents_do_the_same(
    in_memory: Customers, customers: Customers, batches: list[list[dict[str, Any]]]
) -> None:
    """On a store in memory as documents, and on each store as typed rows."""
    async with graph_on(in_memory) as plain, graph_on(customers) as graph:
        for batch in batches:
            as_documents = await documents(plain, *batch)
            as_typed = await typed(graph, *map(as_typed_row, batch))

            assert without_ids(as_documents) == without_ids(as_typed)
        assert await held(plain) == await held(graph)


async def test_what_is_null_or_empty_in_a_typed_row_is_as_in_any(graph: Graph) -> None:
    await typed(
        graph,
        {"externalId": "X1", "firstName": "Ann", "lastName": "B", "tags": ["a"],
         "companyFields": {"ACME__a": 1, "ACME__b": [1]}},
    )  # fmt: skip
    again = {
        "externalId": "X1", "firstName": None, "lastName": "", "tags": None, "tagsAdd": ["b"],
        "companyFields": {"ACME__a": None, "ACME__b": ""}, "companyFieldsAdd": None,
        "isForgotten": None, "isDeleted": False, "email": None,
    }  # fmt: skip

    payload = await typed(graph, again)

    assert ["UPDATED"] == ends(payload)
    ((found),) = await held(graph)
    assert ("Ann", None, ["a", "b"], {"ACME__a": 1}) == (
        found["firstName"], found["lastName"], found["tags"], found["companyFields"]
    )  # fmt: skip


async def test_a_literal_is_as_a_variable(graph: Graph) -> None:
    query = """mutation($city: TextValue, $absent: TextValue, $hobby: JSON) {
      uploadCustomers(customers: {externalId: 12, city: $city, gender: $absent, tags: "vip",
        canEmail: true, birthDate: null, companyFields: {ACME__h: [$hobby, 2, 1.5, {a: null}]}})
      { results { status customer { externalId city gender tags canEmail companyFields } } } }"""

    found = await graph.data(query, city="Ely", hobby={"chess": [1]})

    assert {
        "status": "CREATED",
        "customer": {
            "externalId": "12",
            "city": "Ely",
            "gender": None,
            "tags": ["vip"],
            "canEmail": True,
            "companyFields": {"ACME__h": [{"chess": [1]}, 2, 1.5, {"a": None}]},
        },
    } == found["uploadCustomers"]["results"][0]


async def test_counts_and_results_are_of_every_row(graph: Graph) -> None:
    await typed(graph, {"externalId": "old"}, {"externalId": "gone"}, {"externalId": "same"})
    await typed(graph, {"externalId": "gone", "isDeleted": True})

    payload = await typed(
        graph,
        {"externalId": "new", "email": "new@example.org"},
        {"externalId": "old", "city": "Ely"},
        {"externalId": "same"},
        {"externalId": "gone"},
        {"city": "Ely"},
        {"email": "new@example.org", "city": "Ely"},
    )

    assert {
        "rows": 6, "created": 1, "updated": 2, "unchanged": 1, "ignored": 1, "rejected": 1
    } == payload["counts"]  # fmt: skip
    assert [
        "CREATED", "UPDATED", "UNCHANGED", "IGNORED DELETED:externalId",
        "REJECTED MISSING_IDENTIFIER:None", "UPDATED",
    ] == ends(payload)  # fmt: skip
    assert [None, "EXTERNAL_ID", "EXTERNAL_ID", "EXTERNAL_ID", None, "EMAIL"] == [
        result["matchedBy"] for result in payload["results"]
    ]
    assert [0, 1, 2, 3, 4, 5] == [result["index"] for result in payload["results"]]
    assert [1, 1, 1, 0, 0, 1] == [len(result["customerIds"]) for result in payload["results"]]
    assert (False, False, []) == (payload["dryRun"], payload["replayed"], payload["errors"])
    assert payload["uploadId"]


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        ("", [0, 1, 2]),
        ("(only: null)", [0, 1, 2]),
        ("(only: [])", []),
        ("(only: REJECTED)", [1]),
        ("(only: [CREATED, REJECTED])", [0, 1, 2]),
        ("(only: [IGNORED])", []),
    ],
)
async def test_only_results_that_are_asked_for_are_shown(
    quick: Graph, only: str, expected: list[int]
) -> None:
    found = await quick.data(f"""mutation {{ uploadCustomers(customers:
      [{{externalId: "A"}}, {{city: "Ely"}}, {{externalId: "B"}}]
    ) {{ results{only} {{ index }} counts {{ rows }} }} }}""")

    assert {
        "results": [{"index": index} for index in expected], "counts": {"rows": 3}
    } == found["uploadCustomers"]  # fmt: skip


async def test_customers_that_a_row_met_are_shown_as_they_are_after_the_upload(
    graph: Graph,
) -> None:
    family = {"email": "f@example.org"}
    await typed(graph, {"externalId": "A", **family}, {"externalId": "B", **family})
    query = """mutation($rows: [CustomerInput!]!) { uploadCustomers(customers: $rows) { results {
      status customer { ...C } customers { ...C } errors { code } } } }
      fragment C on Customer { externalId city isDeleted isForgotten }"""
    rows = [
        {**family, "city": "Ely"},
        {"externalId": "A", "city": "Bath"},
        {**family, "isForgotten": True},
        {"externalId": "B", "isDeleted": True},
    ]

    results = (await graph.data(query, rows=rows))["uploadCustomers"]["results"]
    results[2]["customers"].sort(key=lambda customer: customer["externalId"] or "Z")

    a = {"externalId": "A", "city": "Bath", "isDeleted": False, "isForgotten": False}
    b = {"externalId": None, "city": None, "isDeleted": True, "isForgotten": False}
    assert [
        {"status": "UPDATED", "customer": None, "customers": [a, b], "errors": []},
        {"status": "UPDATED", "customer": a, "customers": [a], "errors": []},
        {
            "status": "REJECTED",
            "customer": None,
            "customers": [a, b],
            "errors": [{"code": "AMBIGUOUS_IDENTITY"}],
        },
        {"status": "UPDATED", "customer": b, "customers": [b], "errors": []},
    ] == results


@pytest.mark.parametrize("form", [typed, documents])
async def test_more_rows_than_are_allowed_apply_nothing(in_memory: Customers, form: Any) -> None:
    async with graph_on(in_memory, Settings(max_upload_rows=2)) as graph:
        payload = await form(graph, {"email": "a@b.fi"}, {"email": "c@b.fi"}, {"email": "d@b.fi"})

        assert (None, [], 0) == (
            payload["uploadId"], payload["results"], payload["counts"]["rows"]
        )  # fmt: skip
        assert ["TOO_MANY_ROWS"] == [error["code"] for error in payload["errors"]]
        assert "2 rows" in payload["errors"][0]["message"]
        assert [] == await held(graph)
        assert ["CREATED", "CREATED"] == ends(
            await form(graph, {"email": "a@b.fi"}, {"email": "c@b.fi"})
        )


@pytest.mark.parametrize("form", [typed, documents])
async def test_no_rows_are_an_upload_too(quick: Graph, form: Any) -> None:
    payload = await form(quick)

    assert (0, [], []) == (payload["counts"]["rows"], payload["results"], payload["errors"])


async def test_two_uploads_in_one_request_go_one_after_the_other(quick: Graph) -> None:
    found = await quick.data("""mutation {
      a: uploadCustomers(customers: [{externalId: "X", tags: "a"}]) { results { status } }
      b: uploadCustomers(customers: [{externalId: "X", tagsAdd: "b"}]) {
        results { status customer { tags } } }
    }""")

    assert [{"status": "CREATED"}] == found["a"]["results"]
    assert [{"status": "UPDATED", "customer": {"tags": ["a", "b"]}}] == found["b"]["results"]


async def test_a_person_is_shown_as_each_upload_of_the_request_left_it(quick: Graph) -> None:
    parts = "{ results { customer { person { city } } } }"
    found = await quick.data(f"""mutation {{
      a: uploadCustomers(customers: [{{externalId: "X", canonicalId: "P", city: "Ely"}}]) {parts}
      b: uploadCustomers(customers: [{{externalId: "X", city: "Bath"}}]) {parts}
    }}""")

    assert ["Ely", "Bath"] == [
        found[upload]["results"][0]["customer"]["person"]["city"] for upload in ("a", "b")
    ]


async def test_the_log_knows_an_upload_by_its_id_and_counts(quick: Graph) -> None:
    with capture_logs() as logs:
        payload = await typed(quick, {"externalId": "A"}, {"externalId": "B"}, {"city": "Ely"})

    assert [
        {"event": "upload", "log_level": "info", "id": payload["uploadId"], "rows": 3,
         "created": 2, "rejected": 1}
    ] == logs  # fmt: skip
