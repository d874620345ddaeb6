"""Every request in the log, and what is said of one that failed in a way that nobody foresaw."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from structlog.contextvars import get_contextvars
from structlog.testing import capture_logs

from service.access.callers import ApiKey, caller_with
from service.telemetry.facts import noted
from service.web.access import AccessLog

PERSON = "ann@example.org"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
KNOWN = caller_with(
    ApiKey(
        public_id="k1",
        name=PERSON,
        scopes=frozenset(),
        readable_fields=None,
        created_at=datetime(2026, 3, 14, tzinfo=UTC),
    )
)


async def answers(_: Request) -> Response:
    return PlainTextResponse("well")


async def notes(request: Request) -> Response:
    request.state.caller = KNOWN
    noted().operation = ("mutation", "Send")
    noted().uploads.append("u.1")
    noted().codes.extend(["FORBIDDEN", "CONFLICT", "CONFLICT"])
    return PlainTextResponse("well")


async def fails(_: Request) -> Response:
    raise LookupError(PERSON)


async def fails_in_its_midst(_: Request) -> Response:
    def parts() -> object:
        yield b"half"
        raise LookupError(PERSON)

    return StreamingResponse(parts())  # type: ignore[arg-type]


async def ask(
    endpoint: Callable[[Request], Awaitable[Response]],
    path: str = "/things/{name}",
    **headers: str,
) -> httpx2.Response:
    app = Starlette(routes=[Route(path, endpoint)], middleware=[Middleware(AccessLog)])
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="http://service"
    ) as client:
        return await client.get(path.format(name=PERSON), params={"email": PERSON}, headers=headers)


async def test_a_request_is_logged_by_its_route() -> None:
    """Neither the path as it came, nor the query string, nor the body."""
    with capture_logs() as logs:
        answer = await ask(answers)
    (line,) = logs

    assert 200 == answer.status_code
    assert ("request", "GET", "/things/{name}", 200) == tuple(
        line[key] for key in ("event", "method", "route", "status")
    )
    assert PERSON not in repr(logs)


async def test_what_was_noted_of_a_request_is_logged() -> None:
    """The key by its public part alone."""
    with capture_logs() as logs:
        await ask(notes)
    (line,) = logs

    assert {
        "key": "k1",
        "operation_type": "mutation",
        "operation": "Send",
        "uploads": ["u.1"],
        "codes": ["CONFLICT", "FORBIDDEN"],
    } == {key: line[key] for key in ("key", "operation_type", "operation", "uploads", "codes")}


async def test_nothing_is_noted_from_one_request_to_the_next() -> None:
    with capture_logs() as logs:
        await ask(notes)
        await ask(answers)

    assert {"key", "operation", "uploads", "codes"}.isdisjoint(logs[1])


async def in_its_trace(traceparent: str) -> str | None:
    """What the lines of a request with this header say of its trace."""
    told: list[str | None] = []

    async def looks(_: Request) -> Response:
        told.append(get_contextvars().get("trace_id"))
        return PlainTextResponse("well")

    await ask(looks, traceparent=traceparent)
    return told[0]


async def test_lines_of_a_request_name_the_trace_that_it_is_part_of() -> None:
    assert TRACE == await in_its_trace(f"00-{TRACE}-00f067aa0ba902b7-01")


@pytest.mark.parametrize(
    "traceparent",
    [
        "",
        PERSON,
        f"00-{TRACE}-00f067aa0ba902b7",
        f"ff-{TRACE}-00f067aa0ba902b7-01",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-00f067aa0ba902b7-01",
        f"00-{TRACE}-00f067aa0ba902b7-01-{PERSON}",
    ],
)
async def test_a_trace_that_is_none_is_not_named(traceparent: str) -> None:
    assert None is await in_its_trace(traceparent)


async def test_a_question_about_health_is_not_logged() -> None:
    with capture_logs() as logs:
        await ask(answers, "/healthz")

    assert [] == logs


async def test_a_failure_that_nobody_foresaw_is_answered_with_an_id_that_the_log_has() -> None:
    """The log says where it was and of which class; its text, which may hold a person, nobody."""
    with capture_logs() as logs:
        answer = await ask(fails)
    (error,) = answer.json()["errors"]
    told, request = logs

    assert 500 == answer.status_code == request["status"]
    assert "INTERNAL_ERROR" == error["code"]
    assert answer.headers["x-request-id"] == told["id"]
    assert told["id"] in error["message"]
    assert "LookupError" == told["error"]
    assert any("test_access.py" in frame and frame.endswith(" fails") for frame in told["frames"])
    assert PERSON not in answer.text + repr(logs)


async def test_half_an_answer_is_never_made_to_look_whole() -> None:
    """The failure goes on to the server, which cuts the connection."""
    with capture_logs() as logs, pytest.raises(LookupError):
        await ask(fails_in_its_midst)

    assert PERSON not in repr(logs)
