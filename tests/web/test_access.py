"""Every request in the log, and what is said of one that failed in a way that nobody foresaw."""

from collections.abc import Awaitable, Callable

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from structlog.testing import capture_logs

from service.web.access import AccessLog

PERSON = "ann@example.org"


async def answers(_: Request) -> Response:
    return PlainTextResponse("well")


async def fails(_: Request) -> Response:
    raise LookupError(PERSON)


async def fails_in_its_midst(_: Request) -> Response:
    def parts() -> object:
        yield b"half"
        raise LookupError(PERSON)

    return StreamingResponse(parts())  # type: ignore[arg-type]


async def ask(
    endpoint: Callable[[Request], Awaitable[Response]], path: str = "/things/{name}"
) -> httpx2.Response:
    app = Starlette(routes=[Route(path, endpoint)], middleware=[Middleware(AccessLog)])
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="http://service"
    ) as client:
        return await client.get(path.format(name=PERSON), params={"email": PERSON})


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
