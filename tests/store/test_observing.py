"""What metrics tell of the database, from the driver's own events."""

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio
from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)

from service.store.database import Database, open_database
from service.store.observing import listeners
from service.telemetry.metrics import Metrics
from service.telemetry.telemetry import Telemetry

COMMANDS = "customer_graph_store_command_duration_seconds_count"
CHECKOUTS = "customer_graph_store_checkout_duration_seconds_count"
CONNECTIONS = "customer_graph_store_connections"
IN_USE = "customer_graph_store_connections_in_use"
PERSON = "ann@example.org"


class Looking(CommandListener):
    """At how many connections are in use, whenever a command begins."""

    def __init__(self, metrics: Metrics) -> None:
        self._registry = metrics.registry
        self.found: list[float | None] = []

    def started(self, _: CommandStartedEvent) -> None:
        self.found.append(self._registry.get_sample_value(IN_USE))

    def succeeded(self, _: CommandSucceededEvent) -> None: ...

    def failed(self, _: CommandFailedEvent) -> None: ...


class Watched:
    """A database, and what is told of it."""

    def __init__(self, database: Database, metrics: Metrics) -> None:
        self.database = database
        self._registry = metrics.registry

    def told(self, name: str, **labels: str) -> float | None:
        return self._registry.get_sample_value(name, labels)

    def labels(self) -> set[str]:
        """Every value of every label."""
        samples = (sample for metric in self._registry.collect() for sample in metric.samples)
        return {value for sample in samples for value in sample.labels.values()}


@pytest_asyncio.fixture
async def watched(embedded_uri: str) -> AsyncIterator[Watched]:
    metrics = Metrics(most_operations=1)
    database = await open_database(
        embedded_uri, "watched", timeout=10, listeners=listeners(Telemetry(metrics))
    )
    yield Watched(database, metrics)
    await database.close()


async def test_a_command_is_counted_by_its_name(watched: Watched) -> None:
    await watched.database.customers.find_one({"email": PERSON})

    assert 1.0 == watched.told(COMMANDS, command="find", outcome="ok")


async def test_a_command_that_failed_is_told_apart(watched: Watched) -> None:
    await asyncio.gather(
        watched.database.raw.command("collStats", PERSON, nonsense=1),
        watched.database.customers.find({"$nonsense": PERSON}).to_list(1),
        return_exceptions=True,
    )

    assert 1.0 == watched.told(COMMANDS, command="find", outcome="failed")


async def test_nothing_that_a_command_holds_is_told(watched: Watched) -> None:
    await watched.database.customers.update_one({"email": PERSON}, {"$set": {"city": PERSON}})
    await watched.database.customers.find({"email": PERSON}).to_list(1)

    assert [] == [value for value in watched.labels() if "ann" in value]


async def test_a_connection_is_in_use_while_an_operation_has_it(embedded_uri: str) -> None:
    metrics = Metrics(most_operations=1)
    looking = Looking(metrics)
    database = await open_database(
        embedded_uri, "watched", timeout=10, listeners=[*listeners(Telemetry(metrics)), looking]
    )
    await database.ping()
    await database.close()

    assert {1.0} == set(looking.found)
    assert 0.0 == metrics.registry.get_sample_value(IN_USE)


async def test_connections_are_counted_as_they_are_asked_for(watched: Watched) -> None:
    await asyncio.gather(*(watched.database.ping() for _ in range(3)))

    assert 4.0 == watched.told(CHECKOUTS, outcome="ok"), "with the one at the start"
    assert 1.0 <= (watched.told(CONNECTIONS) or 0.0) <= 3.0


async def test_connections_that_were_closed_are_counted_no_more(watched: Watched) -> None:
    await watched.database.ping()
    await watched.database.close()

    assert 0.0 == watched.told(CONNECTIONS)
