"""Metrics: what is counted of requests, and that nobody can make them grow."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from service.telemetry import metrics as counting
from service.telemetry.facts import Facts
from service.telemetry.metrics import Metrics

OPERATIONS = "customer_graph_graphql_operation_duration_seconds"
REQUESTS = "customer_graph_http_request_duration_seconds"


@pytest.fixture
def metrics() -> Metrics:
    """Which tell three operations apart."""
    return Metrics(most_operations=3)


def labels(registry: CollectorRegistry, name: str) -> list[dict[str, str]]:
    """Of the series of a histogram."""
    return [
        sample.labels
        for metric in registry.collect()
        for sample in metric.samples
        if sample.name == f"{name}_count"
    ]


def answered(metrics: Metrics, **changed: Any) -> None:
    request: dict[str, Any] = {
        "method": "POST", "route": "/graphql", "status": 200, "seconds": 0.02, "facts": Facts(),
    }  # fmt: skip
    metrics.http.answered(**request | changed)


def asked_for(metrics: Metrics, *names: str | None) -> list[str]:
    """The operations that are told after requests for these, in the order of the alphabet."""
    for name in names:
        answered(metrics, facts=Facts(operation=("query", name)))
    return sorted(found["operation"] for found in labels(metrics.registry, OPERATIONS))


def test_a_request_is_counted_by_method_route_and_status(metrics: Metrics) -> None:
    answered(metrics, status=503)
    answered(metrics, status=503)
    told = {"method": "POST", "route": "/graphql", "status": "503"}

    assert [told] == labels(metrics.registry, REQUESTS)
    assert 2.0 == metrics.registry.get_sample_value(f"{REQUESTS}_count", told)
    assert 0.04 == metrics.registry.get_sample_value(f"{REQUESTS}_sum", told)


def test_a_request_that_met_no_route_is_told_by_none(metrics: Metrics) -> None:
    answered(metrics, route=None, status=404)

    assert ["-"] == [found["route"] for found in labels(metrics.registry, REQUESTS)]


def test_methods_that_clients_make_up_are_one(metrics: Metrics) -> None:
    for number in range(50):
        answered(metrics, method=f"METHOD{number}")

    assert ["other"] == [found["method"] for found in labels(metrics.registry, REQUESTS)]
    assert {} == metrics.http._by_request


def test_an_operation_is_told_by_its_name(metrics: Metrics) -> None:
    assert ["-", "Page", "Person"] == asked_for(metrics, "Person", "Page", None, "Page")


def test_names_of_operations_past_the_bound_are_one(metrics: Metrics) -> None:
    """Those that came first keep theirs."""
    names = [f"Hostile{number}" for number in range(1000)]

    assert ["-", "Hostile0", "Hostile1", "Page", "other"] == asked_for(
        metrics, "Page", *names, None, "Page"
    )


def test_names_of_operations_past_the_bound_are_not_kept(metrics: Metrics) -> None:
    asked_for(metrics, *(f"Hostile{number}" for number in range(1000)))

    assert 3 == len(metrics.http._by_operation) == len(metrics.http._names)


def test_a_name_takes_one_place_for_all_types_of_operations(metrics: Metrics) -> None:
    answered(metrics, facts=Facts(operation=("mutation", "Page")))

    assert ["A", "B", "Page", "Page", "other"] == asked_for(metrics, "Page", "A", "B", "C")


def test_a_long_name_of_an_operation_is_not_told(metrics: Metrics) -> None:
    assert ["a" * 64, "other"] == asked_for(metrics, "a" * 65, "a" * 64)


def test_errors_are_counted_by_code(metrics: Metrics) -> None:
    answered(metrics, facts=Facts(codes=["FORBIDDEN", "FORBIDDEN"]))

    assert 2.0 == metrics.registry.get_sample_value(
        "customer_graph_errors_total", {"code": "FORBIDDEN"}
    )


async def test_a_loop_that_was_held_up_is_late(
    metrics: Metrics, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By how long it slept past the moment at which it was to look."""
    readings = [10.0, 10.25]

    def clock() -> float:
        if not readings:
            raise asyncio.CancelledError  # seen enough
        return readings.pop(0)

    monkeypatch.setattr(counting, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(counting, "_clock", lambda: clock)
    with suppress(asyncio.CancelledError):
        await metrics.watch_loop()

    assert 0.25 == metrics.registry.get_sample_value("customer_graph_event_loop_lag_seconds_sum")
