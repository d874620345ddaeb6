"""A key that is limited to some fields: it learns nothing of the others, by no way of asking."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from graphql import get_named_type

from graphql_schema.readable import FIELDS, TYPES
from graphql_schema.schema import core_schema
from service.access.callers import Caller
from service.access.scopes import EVERYTHING
from service.queries.named_fields import fields_named
from service.store.customers import Customers
from tests.graphql.asking import Graph, Knows, endpoint_on, graph_on

MAY = frozenset({"country", "can_email", "tags", "first_name", "ACME__level"})
LIMITED = Caller(None, EVERYTHING, MAY)
TELLING = {"CustomerWhere", "CustomerOrder", "CustomerBuckets", "CustomerBy"}
"""Input types that name fields."""


@pytest_asyncio.fixture
async def graph(in_memory: Customers) -> AsyncIterator[Graph]:
    """Asked by whoever may read some; `everybody` saved what `saved` holds."""
    async with graph_on(in_memory) as whole:
        await whole.upload(
            {"external_id": "1", "email": "a@example.org", "country": "FI", "ACME__level": 1}
        )
        for name, where in (("allowed", '{country: {eq: "FI"}}'), ("other", '{city: {eq: "X"}}')):
            await whole.data(
                f'mutation {{ saveSegment(name: "{name}", where: {where}) {{ segment {{ id }} }} }}'
            )
        async with endpoint_on(whole.services, Knows(LIMITED)) as limited:
            yield limited


async def _codes(graph: Graph, query: str, **variables: object) -> set[str]:
    answer = (await graph.send(query=query, variables=variables)).json()
    return {error["extensions"]["code"] for error in answer.get("errors", [])}


@pytest.mark.parametrize(
    "query",
    [
        "{ customers { nodes { id createdAt country canEmail emailPermission tags } } }",
        "{ customers { nodes { isForgotten isDeleted updatedAt __typename } } }",
        '{ customers { nodes { companyField(name: "ACME__level") } } }',
        '{ customers { nodes { companyFields(names: ["ACME__level"]) } } }',
        '{ customers(where: {country: {eq: "FI"}, or: [{tags: {has: "a"}}]}) { totalCount } }',
        "{ customers(orderBy: [{country: ASC}, {createdAt: DESC}]) { totalCount } }",
        "{ customers { facets(of: [{country: {}}]) { field } } }",
        "{ customers { aggregate { count filled { country } } } }",
        '{ customer(by: {id: "c.1"}) { country } }',
        "{ segments { nodes { name count members { totalCount } } } }",
    ],
)
async def test_what_it_may_read_it_reads(graph: Graph, query: str) -> None:
    if "segments" in query:  # of which the other tells of a field that is not its own
        query = query.replace("segments", 'segments(search: "allowed")')

    assert set() == await _codes(graph, query)


@pytest.mark.parametrize(
    "query",
    [
        "{ customers { nodes { email } } }",
        "{ customers { nodes { smsPermission } } }",
        "{ customers { edges { node { ...F } } } } fragment F on Profile { lastName }",
        "{ customers { nodes { person { id } } } }",
        "{ customers { nodes { companyFields } } }",
        '{ customers { nodes { companyFields(names: ["ACME__level", "ACME__other"]) } } }',
        '{ customers { nodes { companyField(name: "ACME__other") } } }',
        "{ customers { nodes { country @skip(if: true) city @skip(if: true) } } }",
        "{ customers(where: {email: {exists: true}}) { totalCount } }",
        '{ customers(where: {not: {and: [{or: [{city: {eq: "X"}}]}]}}) { totalCount } }',
        '{ customers(where: {companyFields: [{name: "ACME__other", eq: 1}]}) { totalCount } }',
        "{ customers(orderBy: [{country: ASC}, {lastName: ASC}]) { totalCount } }",
        '{ customers(orderBy: [{companyField: {name: "ACME__other"}}]) { totalCount } }',
        '{ customers(search: "a") { totalCount } }',
        "{ customers { facets(of: [{country: {}}, {email: {}}]) { field } } }",
        '{ customers { facets(of: [{companyField: {name: "ACME__other"}}]) { field } } }',
        "{ customers { groups(by: [{birthDate: {}}]) { count } } }",
        "{ customers { aggregate { distinct { email } } } }",
        "{ customers { aggregate { max { lastLogin } } } }",
        "{ customers { aggregate { average { age } } } }",
        '{ customer(by: {email: "a@example.org"}) { id } }',
        '{ person(canonicalId: "1") { id } }',
        '{ nodes(ids: ["c.1"]) { ... on Customer { phoneNumber } } }',
        '{ node(id: "c.1") { ... on Person { firstName email } } }',
        "{ segments { nodes { where } } }",
        '{ segments { nodes { members(where: {city: {eq: "X"}}) { totalCount } } } }',
        '{ companyField(name: "ACME__level") { usage { customers } } }',
        'mutation { saveSegment(name: "x", where: {city: {eq: "X"}}) { errors { code } } }',
        "mutation { uploadCustomers(customers: []) { results { customer { city } } } }",
        "mutation { uploadCustomers(customers: []) { results { changes { after } } } }",
        "query($w: CustomerWhere) { service { version } customers(where: $w) { totalCount } }",
    ],
)
async def test_what_it_may_not_read_refuses_the_whole(graph: Graph, query: str) -> None:
    where = {"and": [{"city": {"eq": "X"}}]}
    variables = {"w": where} if "$w" in query else {}
    answer = await graph.send(query=query, variables=variables)

    assert 403 == answer.status_code
    assert ["FORBIDDEN"] == [one["extensions"]["code"] for one in answer.json()["errors"]]
    assert "data" not in answer.json()


@pytest.mark.parametrize("field", ["count", "members { totalCount }", 'contains(customerId: "c")'])
async def test_segments_of_other_fields_tell_nothing(graph: Graph, field: str) -> None:
    """Conditions that others saved are not to be asked by either."""
    answer = await graph.send(query=f'{{ segments(search: "other") {{ nodes {{ {field} }} }} }}')

    (found,) = answer.json()["data"]["segments"]["nodes"]
    assert [None] == list(found.values())
    assert "FORBIDDEN" == answer.json()["errors"][0]["extensions"]["code"]


async def test_a_segment_of_other_fields_is_no_condition(graph: Graph) -> None:
    ids = {
        one["name"]: one["id"]
        for one in (await graph.data("{ segments { nodes { id name } } }"))["segments"]["nodes"]
    }
    query = "query($w: CustomerWhere) { customers(where: $w) { totalCount } }"

    allowed = await _codes(graph, query, w={"segment": {"in": [ids["allowed"]]}})
    other = await _codes(graph, query, w={"not": {"segment": {"notIn": [ids["other"]]}}})

    assert (set(), {"FORBIDDEN"}) == (allowed, other)


@pytest.mark.parametrize("name", TYPES)
def test_every_field_of_a_type_that_shows_values_is_known(name: str) -> None:
    """A new one can't be forgotten."""
    type_: Any = core_schema.type_map[name]

    assert set(type_.fields) <= set(TYPES[name])


def test_every_field_that_takes_names_of_fields_is_known() -> None:
    taking = {
        (type_.name, name)
        for type_ in core_schema.type_map.values()
        for name, field in getattr(type_, "fields", {}).items()
        for argument in getattr(field, "args", {}).values()
        if get_named_type(argument.type).name in TELLING
    }

    known = {(name, field) for name, fields in TYPES.items() for field in fields}
    assert taking <= set(FIELDS) | known


@pytest.mark.parametrize("name", sorted(TELLING))
def test_every_key_of_an_input_names_its_field(name: str) -> None:
    """But for those that name none, which are few and listed."""
    type_: Any = core_schema.type_map[name]
    none = {"and", "or", "not", "segment", "id", "isForgotten", "createdAt", "updatedAt"}

    for key in set(type_.fields) - none:
        given = {key: {"name": "ACME__level"}} if key.startswith("companyField") else {key: {}}
        (named,) = fields_named(given)

        assert named == "ACME__level" or named.replace("_", "") == key.lower()


def test_a_key_that_nobody_knows_is_named_as_it_stands() -> None:
    assert ["shoeSize"] == list(fields_named([{"not": {"shoeSize": {}}}]))
