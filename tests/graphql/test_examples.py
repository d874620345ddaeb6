"""The examples of the page, run as they stand and in their order."""

import json
from pathlib import Path
from typing import Any

from tests.graphql.asking import Graph

EXAMPLES = Path(__file__).parents[2] / "graphql_schema" / "graphiql" / "examples"


async def run(graph: Graph, name: str) -> Any:
    """The data of one, which is an answer without errors."""
    (query,) = EXAMPLES.glob(f"*-{name}.graphql")
    variables = query.with_suffix(".json")
    given = json.loads(variables.read_text()) if variables.exists() else {}
    return await graph.data(query.read_text(), **given)


async def test_every_example_runs(quick: Graph) -> None:
    for path in sorted(EXAMPLES.glob("*.graphql")):
        for payload in (await run(quick, path.stem.partition("-")[2])).values():
            assert not payload.get("errors")


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
