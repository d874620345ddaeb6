"""The examples of the page, run as they stand and in their order."""

import json
from collections.abc import AsyncIterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from scripts.people import people
from service.store.customers import Customers
from service.store.database import ensure_indexes, open_database
from service.store.documents import DOCUMENTS, EMBEDDED_INDEXES, IDENTITY_INDEXES, READING_INDEXES
from tests.graphql.asking import Graph, graph_on
from tests.uploads.making import DIGESTER

EXAMPLES = Path(__file__).parents[2] / "graphql_schema" / "graphiql" / "examples"


async def run(graph: Graph, name: str) -> Any:
    """The data of one, which is an answer without errors."""
    (query,) = EXAMPLES.glob(f"*-{name}.graphql")
    variables = query.with_suffix(".json")
    given = json.loads(variables.read_text()) if variables.exists() else {}
    return await graph.data(query.read_text(), **given)


NAMES = [path.stem.partition("-")[2] for path in sorted(EXAMPLES.glob("*.graphql"))]
LISTS = ["query", "filter", "search", "facets", "person"]


@pytest_asyncio.fixture(scope="module")
async def demo(embedded_uri: str) -> AsyncIterator[Graph]:
    """What `scripts/demo` uploads, in small."""
    database = await open_database(embedded_uri, "examples", timeout=30, models=DOCUMENTS)
    await ensure_indexes(
        database.customers, [*IDENTITY_INDEXES, *READING_INDEXES, *EMBEDDED_INDEXES]
    )
    async with graph_on(Customers(database, DIGESTER)) as graph:
        await graph.services.uploads.upload(list(islice(people(seed=1), 1_000)))
        yield graph
    await database.client.drop_database("examples")
    await database.close()


async def test_every_example_runs_in_turn(demo: Graph) -> None:
    for name in NAMES:
        for payload in (await run(demo, name)).values():
            assert not payload.get("errors")


@pytest.mark.parametrize("name", LISTS)
async def test_an_example_finds_some_of_the_demo_without_another_before(
    demo: Graph, name: str
) -> None:
    found = await run(demo, name)

    assert found["customers"]["nodes"]


async def test_the_segment_that_an_example_saves_has_members_in_the_next(demo: Graph) -> None:
    await run(demo, "save-segment")

    segment = (await run(demo, "segments"))["segments"]["nodes"][0]

    assert segment["count"] > len(segment["members"]["nodes"]) == 3


async def test_every_facet_of_the_demo_has_buckets(demo: Graph) -> None:
    facets = (await run(demo, "facets"))["customers"]["facets"]

    assert [] == [facet["field"] for facet in facets if len(facet["buckets"]) < 2]


async def test_groups_of_the_demo_have_figures(demo: Graph) -> None:
    found = (await run(demo, "groups"))["customers"]

    assert found["aggregate"]["average"]["age"]
    assert any(group["aggregate"]["average"]["companyField"] for group in found["groups"])


async def test_company_fields_of_the_demo_are_listed_with_their_kinds(demo: Graph) -> None:
    fields = (await run(demo, "company-fields"))["companyFields"]["fields"]

    kinds = {field["name"]: {one["kind"] for one in field["usage"]["kinds"]} for field in fields}
    assert {"TEXT", "NUMBER", "BOOLEAN"} == kinds["ACME__level"]
    assert {"NUMBER"} == kinds["ACME__points"]


async def test_the_declaration_would_fit_what_the_demo_holds(demo: Graph) -> None:
    report = (await run(demo, "declare"))["declareCompanyField"]["report"]

    assert (0, 0) == (report["convertible"], report["breaking"])
    assert report["fitting"]


async def test_the_dry_run_tells_of_sound_fields_and_of_somebody_new(quick: Graph) -> None:
    """Run again, it says the same: nothing was written."""
    await run(quick, "upload")

    told = [(await run(quick, "dry-run"))["uploadCustomers"] for _ in range(2)]

    assert told[0] == told[1]
    assert ["UPDATED", "CREATED"] == [row["status"] for row in told[0]["results"]]
    known, new = told[0]["results"]
    assert ["city", "tags"] == sorted(change["field"] for change in known["changes"])
    assert ["birthDate"] == [error["field"] for error in known["errors"]]
    assert [(None, "email")] == [(one["customerId"], one["field"]) for one in new["changes"]]
