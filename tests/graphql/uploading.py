"""The same upload in its two forms."""

from typing import Any

from service.customers.fields import TEXT_SETS, camel
from tests.graphql.asking import Graph

_PARTS = """{
  uploadId dryRun replayed
  counts { rows created updated unchanged ignored rejected }
  results { index status matchedBy customerIds errors { code field message suggestion } }
  errors { code field message suggestion }
}"""
TYPED = f"mutation($rows: [CustomerInput!]!) {{ up: uploadCustomers(customers: $rows) {_PARTS} }}"
DOCUMENTS = (
    "mutation($rows: [CustomerDocument!]!) "
    f"{{ up: uploadCustomerDocuments(documents: $rows) {_PARTS} }}"
)
EVERYTHING = """{ customers { nodes {
  externalId email phoneNumber canonicalId firstName lastName canEmail emailPermission canPush
  pushPermission dateJoined mailingLists tags birthDate houseNumber country language companyFields
  isForgotten
} } }"""


async def typed(graph: Graph, *rows: object) -> Any:
    """The payload of an upload of typed rows."""
    return (await graph.data(TYPED, rows=rows))["up"]


async def documents(graph: Graph, *rows: object) -> Any:
    """The payload of an upload of rows in the shape of the upload API."""
    return (await graph.data(DOCUMENTS, rows=rows))["up"]


def ends(payload: Any) -> list[str]:
    """How the rows ended: the status, and each fault as its code and field."""
    return [
        " ".join(
            [result["status"], *(f"{error['code']}:{error['field']}" for error in result["errors"])]
        )
        for result in payload["results"]
    ]


async def held(graph: Graph) -> Any:
    """What the customers hold, whatever their ids."""
    return (await graph.data(EVERYTHING))["customers"]["nodes"]


def as_typed_row(row: dict[str, Any]) -> dict[str, Any]:
    """A row in the shape of the upload API as a typed one."""
    made: dict[str, Any] = {}
    for key, value in row.items():
        name, _, change = key.partition(".")
        if name in TEXT_SETS or "__" not in name:
            made[camel(name) + change.capitalize()] = value
        else:
            made.setdefault("companyFields" + change.capitalize(), {})[name] = value
    return made
