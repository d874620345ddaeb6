"""Which pages of other origins may ask: those of the setting, and no others."""

import pytest
from starlette.testclient import TestClient

from graphql_schema.app import create_app
from service.settings import Settings

ORIGIN = "https://app.example.org"
PATHS = ["/graphql", "/api/customers/upload/"]


@pytest.fixture
def client() -> TestClient:
    """It is asked what needs no store: leave, and whether it is alive."""
    return TestClient(create_app(Settings(cors_origins=f"{ORIGIN}, http://localhost:5173")))


def preflight(origin: str, headers: str = "authorization,content-type") -> dict[str, str]:
    return {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": headers,
    }


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("origin", [ORIGIN, "http://localhost:5173"])
def test_a_page_that_is_named_may_ask(client: TestClient, path: str, origin: str) -> None:
    """It is told so without a key: browsers ask for leave without one."""
    answer = client.options(path, headers=preflight(origin))

    assert (200, origin) == (answer.status_code, answer.headers["access-control-allow-origin"])


@pytest.mark.parametrize(
    "header",
    [
        "Authorization", "Content-Type", "Content-Encoding", "Idempotency-Key", "X-Request-Id",
        "GraphQL-Require-Preflight", "Apollo-Require-Preflight", "X-Requested-With",
    ],
)  # fmt: skip
def test_it_may_send_what_requests_have(client: TestClient, header: str) -> None:
    answer = client.options("/graphql", headers=preflight(ORIGIN, header))

    assert 200 == answer.status_code
    assert header in answer.headers["access-control-allow-headers"]


@pytest.mark.parametrize(
    "origin",
    [
        "https://example.org", "http://app.example.org", "https://app.example.org:8443",
        "https://app.example.org.evil.example", "https://evil.example", "null",
        "https://sub.app.example.org", "https://app.example.organic", "",
    ],
)  # fmt: skip
def test_no_other_page_may(client: TestClient, origin: str) -> None:
    asked = client.options("/graphql", headers=preflight(origin))
    sent = client.get("/healthz", headers={"origin": origin})

    assert 400 <= asked.status_code < 500
    assert "access-control-allow-origin" not in {*asked.headers, *sent.headers}


def test_it_reads_the_request_id_and_when_to_come_again(client: TestClient) -> None:
    answer = client.get("/healthz", headers={"origin": ORIGIN})

    assert ORIGIN == answer.headers["access-control-allow-origin"]
    assert "Retry-After, X-Request-Id" == answer.headers["access-control-expose-headers"]
    assert "Origin" in answer.headers["vary"]


def test_nothing_that_the_browser_keeps_is_sent(client: TestClient) -> None:
    """Neither cookies nor the password that was typed for Basic."""
    answers = [
        client.options("/graphql", headers=preflight(ORIGIN)),
        client.get("/healthz", headers={"origin": ORIGIN}),
    ]

    assert not any("access-control-allow-credentials" in answer.headers for answer in answers)


def test_without_the_setting_nobody_may() -> None:
    client = TestClient(create_app(Settings()))

    answer = client.get("/healthz", headers={"origin": ORIGIN})

    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert "CORSMiddleware" not in str(create_app(Settings()).user_middleware)
