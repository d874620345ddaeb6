"""What is watched of the service, and by what. Where nothing is, nothing is done."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.errors import StartError
from service.settings import Settings
from service.telemetry.facts import Facts
from service.telemetry.metrics import LONGEST_NAME, Metrics

if TYPE_CHECKING:
    from service.telemetry.traces import RequestSpan, Traces

_NOTHING = nullcontext()


@dataclass(frozen=True, slots=True)
class Telemetry:
    """Each is None where the settings turn it off."""

    metrics: Metrics | None = None
    traces: "Traces | None" = None

    @classmethod
    def of(cls, settings: Settings) -> "Telemetry":
        """Raises StartError where traces are wanted and what makes them is not installed."""
        return cls(
            metrics=Metrics(settings.metrics_operations) if settings.metrics else None,
            traces=_traces(settings) if settings.traces_to else None,
        )

    def asked(self, headers: Iterable[tuple[bytes, bytes]]) -> "RequestSpan | None":
        """A request came in. What is given is for `answered`."""
        if self.metrics is not None:
            self.metrics.http.under_way.inc()
        return None if self.traces is None else self.traces.asked(headers)

    def answered(
        self,
        begun: "RequestSpan | None",
        method: str,
        route: str | None,
        status: int,
        seconds: float,
        facts: Facts,
    ) -> None:
        """And is done. `route` is its template, never a path."""
        if self.metrics is not None:
            self.metrics.http.under_way.dec()
            self.metrics.http.answered(method, route, status, seconds, facts)
        if begun is not None and self.traces is not None:
            self.traces.answered(begun, method, route, status)

    def operation(self, operation: tuple[str, str | None] | None) -> AbstractContextManager[None]:
        """A GraphQL operation of this type and name runs meanwhile."""
        if self.traces is None or operation is None:
            return _NOTHING
        kind, name = operation
        facts = {"graphql.operation.type": kind}
        if name is None or len(name) > LONGEST_NAME:
            return self.traces.span(kind, facts)
        return self.traces.span(f"{kind} {name}", {**facts, "graphql.operation.name": name})

    @contextmanager
    def uploading(self, rows: int) -> Iterator[None]:
        """An upload is under way meanwhile."""
        under_way = self.metrics.uploads.under_way.track_inprogress() if self.metrics else _NOTHING
        span = self.traces.span("upload", {"upload.rows": rows}) if self.traces else _NOTHING
        with under_way, span:
            yield

    def uploaded(self, rows: Mapping[str, int]) -> None:
        """How many rows of an upload ended with which status."""
        if self.metrics is not None:
            self.metrics.uploads.ended(rows)


def _traces(settings: Settings) -> "Traces":
    try:
        from service.telemetry.traces import Traces
    except ImportError:
        raise StartError(
            "CUSTOMER_GRAPH_TRACES_TO is set, and what makes traces is not installed: install "
            "customer-graph[otel], or leave it out."
        ) from None
    return Traces.of(settings)


SILENT = Telemetry()
