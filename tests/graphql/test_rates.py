"""What a key may ask for in a time, by GraphQL: refused with 429, before anything is begun."""

from dataclasses import replace
from typing import Any

from service.access.rates import Rate, Rates, Remembered
from service.store.customers import Customers
from tests.access.test_rates import Clock, key
from tests.graphql.asking import Graph, Knows, database_of, endpoint_on, services_on

COUNT = "{ customers { totalCount } }"
PAGE = "query($first: Int!) { customers(first: $first) { nodes { firstName } } }"
UPLOAD = """mutation($rows: [CustomerDocument!]!) {
  uploadCustomerDocuments(documents: $rows) { counts { created } }
}"""


def rows(number: int) -> list[dict[str, str]]:
    return [{"external_id": str(each)} for each in range(number)]


def bounded(store: Customers, *, cost: float = 1e9, rows: float = 1e9) -> Any:
    """The endpoint asked with a key that may so much at once, and next to nothing later."""
    made = Rates(*(Remembered(Rate(0.1, burst), Clock()) for burst in (cost, rows)))
    return endpoint_on(replace(services_on(store), rates=made), Knows(key("a")))


async def statuses(graph: Graph, number: int, query: str, **variables: object) -> list[int]:
    sent = [await graph.send(query=query, variables=variables) for _ in range(number)]
    return [answer.status_code for answer in sent]


async def test_a_key_that_asks_too_much_is_told_when_to_come_again(in_memory: Customers) -> None:
    async with bounded(in_memory, cost=250) as graph:
        answers = [await graph.send(query="{ __typename }") for _ in range(4)]
        refused = answers[-1]

        assert [200, 200, 200, 429] == [answer.status_code for answer in answers]
        assert int(refused.headers["retry-after"]) > 60
        (error,) = refused.json()["errors"]
        assert "RATE_LIMITED" == error["extensions"]["code"]
        assert "data" not in refused.json()


async def test_a_request_costs_what_it_may_read(in_memory: Customers) -> None:
    async with bounded(in_memory, cost=3000) as graph:
        small = await statuses(graph, 10, PAGE, first=1)
    async with bounded(in_memory, cost=3000) as graph:
        large = await statuses(graph, 10, PAGE, first=1000)

    assert [200] * 10 == small
    assert 429 in large


async def test_a_refused_mutation_is_not_begun(in_memory: Customers) -> None:
    async with bounded(in_memory, cost=50) as graph:
        await graph.send(query="{ __typename }")
        refused = await graph.send(query=UPLOAD, variables={"rows": rows(1)})

        assert 429 == refused.status_code
        assert 0 == await database_of(in_memory).customers.count_documents({})


async def test_an_upload_costs_its_rows(in_memory: Customers) -> None:
    """One that is larger than what is left goes in, and the next waits."""
    async with bounded(in_memory, rows=5) as graph:
        uploads = await statuses(graph, 3, UPLOAD, rows=rows(4))
        queries = await statuses(graph, 1, COUNT)

    assert [200, 200, 429] == uploads
    assert [200] == queries


async def test_rows_that_were_uploaded_can_be_read_of_all_the_same(in_memory: Customers) -> None:
    async with bounded(in_memory, rows=1) as graph:
        await graph.send(query=UPLOAD, variables={"rows": rows(4)})
        report = await statuses(graph, 1, '{ upload(id: "u.x") { uploadId } }')

    assert [200] == report
