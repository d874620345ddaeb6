"""Traces, as OpenTelemetry takes them: of requests, GraphQL operations, uploads, and commands to
the database. Needs the extra `otel`, and is imported only where traces are wanted.

Spans have names that the service knows itself, and counts: no document, no variables, no filters,
no texts of errors. All of those hold personal data.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import Any, NamedTuple

import structlog
from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from service import __version__
from service.settings import Settings
from service.telemetry.metrics import METHODS, NONE, OTHER

SENDING, ENDING = 5.0, 2.0
"""Seconds that one sending may take, and that a stop waits for what was not sent yet."""

_PARENT = TraceContextTextMapPropagator()
log = structlog.get_logger()


class RequestSpan(NamedTuple):
    span: Span
    token: Any


class CommandSpan(NamedTuple):
    span: Span

    def end(self, *, failed: bool) -> None:
        if failed:
            self.span.set_status(Status(StatusCode.ERROR))
        self.span.end()


class Traces:
    """Spans of one process. `share`: of the traces that begin here, how many are kept; those that
    began elsewhere are kept if they are there."""

    def __init__(self, exporter: SpanExporter, share: float) -> None:
        self._provider = TracerProvider(
            sampler=ParentBasedTraceIdRatio(share),
            resource=Resource.create(
                {"service.name": "customer-graph", "service.version": __version__}
            ),
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("customer-graph", __version__)

    @classmethod
    def of(cls, settings: Settings) -> "Traces":
        logger = logging.getLogger("opentelemetry")
        logger.propagate, logger.handlers = False, [_Told()]
        return cls(OTLPSpanExporter(settings.traces_to, timeout=SENDING), settings.traces_share)

    def asked(self, headers: Iterable[tuple[bytes, bytes]]) -> RequestSpan:
        """Begins the span of a request, in the trace that its `traceparent` names. What else the
        client says of that trace is not taken: it may be anything."""
        parent = next((value for name, value in headers if name == b"traceparent"), b"")
        came_in = _PARENT.extract({"traceparent": parent.decode("latin-1")})
        span = self._tracer.start_span("request", came_in, SpanKind.SERVER)
        return RequestSpan(span, contexts.attach(trace.set_span_in_context(span)))

    def answered(self, begun: RequestSpan, method: str, route: str | None, status: int) -> None:
        """`route` is its template, never a path."""
        span = begun.span
        if span.is_recording():
            told = method if method in METHODS else OTHER
            span.update_name(f"{told} {route or NONE}")
            span.set_attributes(
                {
                    "http.request.method": told,
                    "http.route": route or NONE,
                    "http.response.status_code": status,
                }
            )
            if status >= 500:
                span.set_status(Status(StatusCode.ERROR))
        contexts.detach(begun.token)
        span.end()

    @contextmanager
    def span(self, name: str, facts: Mapping[str, str | int]) -> Iterator[None]:
        """What is done inside. Errors leave no text in it."""
        with self._tracer.start_as_current_span(
            name,
            attributes=facts,
            record_exception=False,
            set_status_on_exception=False,
        ):
            yield

    def command(self, name: str, collection: str | None) -> CommandSpan | None:
        """Begins the span of a command to the database; None outside of requests that are kept."""
        if not trace.get_current_span().is_recording():
            return None
        facts = {"db.system.name": "mongodb", "db.operation.name": name}
        if collection is not None:
            facts["db.collection.name"] = collection
        told = name if collection is None else f"{name} {collection}"
        return CommandSpan(self._tracer.start_span(told, kind=SpanKind.CLIENT, attributes=facts))

    def end(self) -> None:
        """Sends what was not sent yet, if that can be done soon."""
        sending = Thread(target=self._provider.force_flush, daemon=True)
        sending.start()
        sending.join(ENDING)


class _Told(logging.Handler):
    """What the library says of itself, as a line like the others, without its text."""

    def emit(self, record: logging.LogRecord) -> None:
        log.warning("traces_not_sent", source=record.name)
