"""Metrics, as Prometheus reads them.

How many series there can be is bounded, whoever asks for what: methods and names of operations come
from clients, and past a bound they are all "other".
"""

import asyncio
import platform
from collections.abc import Callable, Iterable, Mapping

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
)

from service import __version__
from service.telemetry.facts import Facts

PREFIX = "customer_graph"
SECONDS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER, NONE = "other", "-"
LONGEST_NAME = 64
"""Characters of an operation's name that is told."""

LOOK_EVERY = 0.5
"""Seconds between two looks at how late the event loop is."""


class Metrics:
    """Those of one process. `most_operations`: names of GraphQL operations that are told apart, the
    first to come."""

    def __init__(self, most_operations: int) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # one more series for each, which says when it began
        self.registry = CollectorRegistry()
        self.http = HttpMetrics(self.registry, most_operations)
        self.uploads = UploadMetrics(self.registry)
        self.store = StoreMetrics(self.registry)
        self.lag = _histogram(
            self.registry,
            "event_loop_lag_seconds",
            f"How late the event loop is, looked at every {LOOK_EVERY} seconds.",
        )
        build = Info(f"{PREFIX}_build", "The version that runs.", registry=self.registry)
        build.info({"version": __version__, "python": platform.python_version()})
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)

    async def watch_loop(self) -> None:
        """Looks at how late the loop is, until it is cancelled."""
        clock = _clock()
        while True:
            due = clock() + LOOK_EVERY
            await asyncio.sleep(LOOK_EVERY)
            self.lag.observe(max(0.0, clock() - due))


class HttpMetrics:
    """Of requests, and of the GraphQL operations in them."""

    def __init__(self, registry: CollectorRegistry, most_operations: int) -> None:
        self.under_way = _gauge(
            registry, "http_requests_in_progress", "Requests that are being served."
        )
        self._requests = _histogram(
            registry,
            "http_request_duration_seconds",
            "Requests, by the seconds until their answer was sent.",
            ("method", "route", "status"),
        )
        self._operations = _histogram(
            registry,
            "graphql_operation_duration_seconds",
            "Valid GraphQL requests, by the seconds until their answer was sent.",
            ("type", "operation"),
        )
        self._errors = _counter(registry, "errors", "Errors that clients were told.", ("code",))
        self._by_request: dict[tuple[str, str | None, int], Histogram] = {}
        self._by_operation: dict[tuple[str, str | None], Histogram] = {}
        self._names: set[str] = set()
        self._most_operations = most_operations

    def answered(
        self, method: str, route: str | None, status: int, seconds: float, facts: Facts
    ) -> None:
        """`route` is its template, never a path."""
        request = self._by_request.get((method, route, status))
        (request or self._request(method, route, status)).observe(seconds)
        if facts.operation is not None:
            operation = self._by_operation.get(facts.operation)
            (operation or self._operation(*facts.operation)).observe(seconds)
        for code in facts.codes:
            self._errors.labels(code).inc()

    def _request(self, method: str, route: str | None, status: int) -> Histogram:
        if method not in METHODS:  # nor kept: there is no end of them
            return self._requests.labels(OTHER, route or NONE, status)
        made = self._by_request[method, route, status] = self._requests.labels(
            method, route or NONE, status
        )
        return made

    def _operation(self, kind: str, name: str | None) -> Histogram:
        if name is not None and not self._is_told(name):
            return self._operations.labels(kind, OTHER)
        made = self._by_operation[kind, name] = self._operations.labels(kind, name or NONE)
        return made

    def _is_told(self, name: str) -> bool:
        if len(name) > LONGEST_NAME:
            return False
        if len(self._names) < self._most_operations:
            self._names.add(name)
        return name in self._names


class UploadMetrics:
    def __init__(self, registry: CollectorRegistry) -> None:
        self.under_way = _gauge(
            registry, "uploads_in_progress", "Uploads whose rows are being read or written."
        )
        self._rows = _counter(registry, "upload_rows", "Rows of uploads that ended.", ("status",))

    def ended(self, rows: Mapping[str, int]) -> None:
        """How many rows ended with which status."""
        for status, number in rows.items():
            self._rows.labels(status).inc(number)


class StoreMetrics:
    """Of the database, as the driver sees it. Observed in its threads."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._commands = _histogram(
            registry,
            "store_command_duration_seconds",
            "Commands to the database, by the seconds until it answered.",
            ("command", "outcome"),
        )
        self.connections = _gauge(
            registry, "store_connections", "Connections to the database, used and idle."
        )
        self.in_use = _gauge(
            registry, "store_connections_in_use", "Connections that an operation has."
        )
        checkouts = _histogram(
            registry,
            "store_checkout_duration_seconds",
            "Connections asked of the pool, by the seconds that an operation waited for one.",
            ("outcome",),
        )
        self.checked_out, self.not_checked_out = checkouts.labels("ok"), checkouts.labels("failed")
        self._by_command: dict[tuple[str, str], Histogram] = {}

    def command(self, name: str, outcome: str, seconds: float) -> None:
        known = self._by_command.get((name, outcome))
        if known is None:
            known = self._by_command[name, outcome] = self._commands.labels(name, outcome)
        known.observe(seconds)


def _clock() -> Callable[[], float]:
    return asyncio.get_running_loop().time


def _histogram(
    registry: CollectorRegistry, name: str, told: str, labels: Iterable[str] = ()
) -> Histogram:
    return Histogram(f"{PREFIX}_{name}", told, labels, buckets=SECONDS, registry=registry)


def _gauge(registry: CollectorRegistry, name: str, told: str, labels: Iterable[str] = ()) -> Gauge:
    return Gauge(f"{PREFIX}_{name}", told, labels, registry=registry)


def _counter(registry: CollectorRegistry, name: str, told: str, labels: Iterable[str]) -> Counter:
    return Counter(f"{PREFIX}_{name}", told, labels, registry=registry)
