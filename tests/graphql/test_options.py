"""Options of the mutations, and reports of uploads by their id."""

from typing import Any

import pytest

from tests.graphql.asking import Graph, stock_answer

DRY_RUN = """mutation DryRun($customers: [CustomerInput!]!) {
  uploadCustomers(
    customers: $customers, options: { dryRun: true, errorPolicy: REJECT_EVERYTHING }
  ) {
    dryRun
    counts { created updated unchanged ignored rejected }
    results {
      index status customers { id } changes { customerId field before after }
      errors { code field message }
    }
  }
}"""
PAYLOAD = """{
  uploadId dryRun replayed counts { rows rejected }
  results {
    status customer { city } customerIds changes { field before after } errors { code field }
  }
  errors { code field message }
}"""
TYPED = (
    "mutation($rows: [CustomerInput!]!, $options: UploadOptions) "
    f"{{ up: uploadCustomers(customers: $rows, options: $options) {PAYLOAD} }}"
)
DOCUMENTS = (
    "mutation($rows: [CustomerDocument!]!, $options: UploadOptions) "
    f"{{ up: uploadCustomerDocuments(documents: $rows, options: $options) {PAYLOAD} }}"
)
REPORT = f"query($id: String!) {{ up: upload(id: $id) {PAYLOAD} }}"


async def typed(graph: Graph, *rows: object, **options: object) -> Any:
    return (await graph.data(TYPED, rows=rows, options=options))["up"]


async def test_a_dry_run_of_typed_rows_answers_as_clients_are_told(graph: Graph) -> None:
    """The operation that the schema's readers are shown, on each store."""
    (known,) = await graph.upload({"email": "josh@example.org", "city": "London", "tags": ["a"]})
    row = {"email": "josh@example.org", "city": "Banbury", "tagsAdd": "vip"}

    payload = (await graph.data(DRY_RUN, customers=[row]))["uploadCustomers"]

    assert {
        "dryRun": True,
        "counts": {"created": 0, "updated": 1, "unchanged": 0, "ignored": 0, "rejected": 0},
        "results": [
            {
                "index": 0,
                "status": "UPDATED",
                "customers": [{"id": known}],
                "changes": [
                    {
                        "customerId": known, "field": "city",
                        "before": "London", "after": "Banbury",
                    },
                    {
                        "customerId": known, "field": "tags",
                        "before": ["a"], "after": ["a", "vip"],
                    },
                ],
                "errors": [],
            }
        ],
    } == payload  # fmt: skip


async def test_changes_are_named_as_their_rows_name_fields(quick: Graph) -> None:
    fields = {"dateJoined": "2015-08-28", "companyFields": {"A__n": [1, {"a": None}]}}
    documents = {"date_joined": "2015-08-28", "A__n": [1, {"a": None}]}
    dry = {"dryRun": True}

    as_typed = await typed(quick, {"externalId": "X1", **fields}, dryRun=True)
    as_documents = await quick.data(
        DOCUMENTS, rows=[{"external_id": "X1", **documents}], options=dry
    )

    changes = [
        ("externalId", "external_id", "X1"),
        ("dateJoined", "date_joined", "2015-08-28T00:00:00Z"),
        ("companyFields.A__n", "A__n", [1, {"a": None}]),
    ]
    assert [
        {"field": name, "before": None, "after": after} for name, _, after in changes
    ] == as_typed["results"][0]["changes"]
    assert [
        {"field": name, "before": None, "after": after} for _, name, after in changes
    ] == as_documents["up"]["results"][0]["changes"]


async def test_in_a_dry_run_customers_are_as_they_are_stored(quick: Graph) -> None:
    await quick.upload({"external_id": "X1", "city": "Turku"})

    payload = await typed(
        quick, {"externalId": "X1", "city": "Oulu"}, {"externalId": "X2"}, dryRun=True
    )

    assert [{"city": "Turku"}, None] == [one["customer"] for one in payload["results"]]
    assert [] == payload["results"][1]["customerIds"]


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (None, "REJECTED"),
        ({}, "REJECTED"),
        ({"idempotencyKey": None}, "REJECTED"),
        ({"errorPolicy": "IGNORE_FAILED"}, "CREATED"),
        ({"errorPolicy": "REJECT_EVERYTHING"}, "REJECTED"),
    ],
)
async def test_what_is_left_out_has_its_default(quick: Graph, options: Any, status: str) -> None:
    rows = [{"externalId": "X1", "birthDate": "never"}]

    payload = (await quick.data(TYPED, rows=rows, options=options))["up"]

    assert status == payload["results"][0]["status"]


async def test_several_matches_are_refused_where_that_is_asked_for(quick: Graph) -> None:
    email = {"email": "ann@example.org"}
    ids = await quick.upload({"external_id": "X1", **email}, {"external_id": "X2", **email})

    (result,) = (await typed(quick, email, onMultipleMatches="REJECT"))["results"]

    assert [{"code": "AMBIGUOUS_IDENTITY", "field": "email"}] == result["errors"]
    assert ids == result["customerIds"]


async def test_a_key_replays_the_payload(quick: Graph) -> None:
    rows = [{"externalId": "X1", "city": "Turku"}, {"externalId": "no good"}]
    first = await typed(quick, *rows, idempotencyKey="k")

    again = await typed(quick, *rows, idempotencyKey="k")

    assert [{"code": "INVALID_EXTERNAL_ID", "field": "externalId"}] == (
        again["results"][1]["errors"]
    )
    assert {**first, "replayed": True} == again


@pytest.mark.parametrize(
    ("key", "code"), [(" ", "IDEMPOTENCY_KEY_INVALID"), ("k", "IDEMPOTENCY_KEY_REUSED")]
)
async def test_what_is_wrong_with_a_key_stands_in_the_payload(
    quick: Graph, key: str, code: str
) -> None:
    await typed(quick, {"externalId": "X1"}, idempotencyKey="k")

    payload = await typed(quick, {"externalId": "X2"}, idempotencyKey=key)

    assert [code] == [error["code"] for error in payload["errors"]]
    assert (None, [], 0) == (payload["uploadId"], payload["results"], payload["counts"]["rows"])


async def test_a_report_is_read_by_its_id(quick: Graph) -> None:
    """As its customers are now."""
    report = await typed(quick, {"externalId": "X1"}, {"externalId": "X2", "tags": 3})
    await quick.upload({"external_id": "X1", "city": "Turku"})

    stored = (await quick.data(REPORT, id=report["uploadId"]))["up"]

    report["results"][0]["customer"]["city"] = "Turku"
    assert {**report, "replayed": True} == stored


async def test_an_upload_that_is_not_known_is_null(quick: Graph) -> None:
    assert {"up": None} == await quick.data(REPORT, id="u.1")


async def test_a_report_is_the_same_as_stock_execution_makes_it(quick: Graph) -> None:
    report = await typed(quick, {"externalId": "X1"}, {"externalId": "X2", "tags": 3})
    asked = {"id": report["uploadId"]}

    compiled = await quick.send(query=REPORT, variables=asked)

    assert await stock_answer(quick.services, REPORT, **asked) == compiled.content


async def test_changes_are_the_same_as_stock_execution_makes_them(quick: Graph) -> None:
    asked = {"rows": [{"externalId": "X1", "lastLogin": "2015-08-28"}], "options": {"dryRun": True}}

    compiled = await quick.send(query=TYPED, variables=asked)

    assert await stock_answer(quick.services, TYPED, **asked) == compiled.content
