"""What the driver tells of its commands and its pool, made into metrics. It tells in its threads.

Commands come with all that they hold: nothing but their names is taken from them.
"""

from typing import TYPE_CHECKING, TypeAlias

from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
    ConnectionCheckedInEvent,
    ConnectionCheckedOutEvent,
    ConnectionCheckOutFailedEvent,
    ConnectionCheckOutStartedEvent,
    ConnectionClosedEvent,
    ConnectionCreatedEvent,
    ConnectionPoolListener,
    ConnectionReadyEvent,
    PoolClearedEvent,
    PoolClosedEvent,
    PoolCreatedEvent,
    PoolReadyEvent,
)

from service.telemetry.metrics import StoreMetrics
from service.telemetry.telemetry import Telemetry

if TYPE_CHECKING:
    from service.telemetry.traces import CommandSpan, Traces

Listener: TypeAlias = CommandListener | ConnectionPoolListener


class CommandTimes(CommandListener):
    def __init__(self, metrics: StoreMetrics) -> None:
        self._metrics = metrics

    def started(self, _: CommandStartedEvent) -> None: ...

    def succeeded(self, event: CommandSucceededEvent) -> None:
        self._metrics.command(event.command_name, "ok", event.duration_micros / 1e6)

    def failed(self, event: CommandFailedEvent) -> None:
        self._metrics.command(event.command_name, "failed", event.duration_micros / 1e6)


class CommandSpans(CommandListener):
    """A span for each command of a request whose trace is kept."""

    def __init__(self, traces: "Traces") -> None:
        self._traces = traces
        self._begun: dict[int, CommandSpan] = {}

    def started(self, event: CommandStartedEvent) -> None:
        name, command = event.command_name, event.command
        collection = command.get("collection" if name == "getMore" else name)
        span = self._traces.command(name, collection if isinstance(collection, str) else None)
        if span is not None:
            self._begun[event.request_id] = span

    def succeeded(self, event: CommandSucceededEvent) -> None:
        self._end(event)

    def failed(self, event: CommandFailedEvent) -> None:
        self._end(event, failed=True)

    def _end(
        self, event: CommandSucceededEvent | CommandFailedEvent, *, failed: bool = False
    ) -> None:
        span = self._begun.pop(event.request_id, None)
        if span is not None:
            span.end(failed=failed)


class PoolUse(ConnectionPoolListener):
    """Each connection is created and closed once, and closed only when no operation has it."""

    def __init__(self, metrics: StoreMetrics) -> None:
        self._metrics = metrics

    def connection_created(self, _: ConnectionCreatedEvent) -> None:
        self._metrics.connections.inc()

    def connection_closed(self, _: ConnectionClosedEvent) -> None:
        self._metrics.connections.dec()

    def connection_checked_out(self, event: ConnectionCheckedOutEvent) -> None:
        self._metrics.in_use.inc()
        self._metrics.checked_out.observe(event.duration or 0.0)

    def connection_check_out_failed(self, event: ConnectionCheckOutFailedEvent) -> None:
        self._metrics.not_checked_out.observe(event.duration or 0.0)

    def connection_checked_in(self, _: ConnectionCheckedInEvent) -> None:
        self._metrics.in_use.dec()

    def connection_check_out_started(self, _: ConnectionCheckOutStartedEvent) -> None: ...

    def connection_ready(self, _: ConnectionReadyEvent) -> None: ...

    def pool_created(self, _: PoolCreatedEvent) -> None: ...

    def pool_ready(self, _: PoolReadyEvent) -> None: ...

    def pool_cleared(self, _: PoolClearedEvent) -> None: ...

    def pool_closed(self, _: PoolClosedEvent) -> None: ...


def listeners(telemetry: Telemetry) -> list[Listener]:
    """For the driver: the fewer there are, the less it prepares for them."""
    metrics, traces = telemetry.metrics, telemetry.traces
    found: list[Listener] = []
    if metrics is not None:
        found += [CommandTimes(metrics.store), PoolUse(metrics.store)]
    if traces is not None:
        found.append(CommandSpans(traces))
    return found
