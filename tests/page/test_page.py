"""The GraphiQL page and its files, as they are served."""

import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from graphql_schema.page import page_response, page_routes, wants_page
from service.web.access import AccessLog

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=page_routes()))


def html() -> str:
    return bytes(page_response().body).decode()


def asset_paths() -> list[str]:
    return re.findall(r'(?:src|href)="([^"]+)"', html())


class TestWantsPage:
    @pytest.mark.parametrize(
        ("method", "accept", "wanted"),
        [
            ("GET", FIREFOX, True),
            ("HEAD", FIREFOX, True),
            ("GET", "TEXT/HTML", True),
            ("GET", "application/json;q=0.5, text/html", True),
            ("POST", FIREFOX, False),
            ("GET", "*/*", False),
            ("GET", None, False),
            ("GET", "", False),
            ("GET", "application/graphql-response+json, application/json;q=0.9", False),
            ("GET", "text/html, application/json", False),
            ("GET", "text/html;q=0.5, application/json", False),
            ("GET", "text/html;q=0", False),
            ("GET", "text/html;q=nonsense", False),
        ],
    )
    def test_a_get_that_prefers_html_wants_the_page(
        self, method: str, accept: str | None, wanted: bool
    ) -> None:
        """A browser gets the page, and whoever takes JSON as gladly gets JSON."""
        headers = [] if accept is None else [(b"accept", accept.encode())]
        request = Request({"type": "http", "method": method, "headers": headers})

        assert wanted == wants_page(request)


class TestServing:
    def test_the_page_names_files_of_this_service_alone(self) -> None:
        """Every address in the HTML is a path of this service, with a hash in its name."""
        paths = asset_paths()

        assert paths
        assert [] == [p for p in paths if not re.fullmatch(r"/graphiql/assets/[\w.-]+", p)]

    def test_the_page_may_load_and_ask_nothing_but_this_service(self) -> None:
        """The policy denies everything it does not name, and names no other host."""
        policy = page_response().headers["content-security-policy"].split("; ")

        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "connect-src 'self'" in policy
        assert "http" not in " ".join(policy)

    def test_the_page_is_checked_for_changes_at_every_visit(self) -> None:
        """A new release shows at once, since the HTML names the files of its own release."""
        assert "no-cache" == page_response().headers["cache-control"]

    def test_files_may_be_kept_for_good(self, client: TestClient) -> None:
        """A file with a hash in its name is asked for once."""
        for path in asset_paths():
            response = client.get(path)

            assert 200 == response.status_code
            assert "public, max-age=31536000, immutable" == response.headers["cache-control"]
            assert "nosniff" == response.headers["x-content-type-options"]

    def test_files_travel_compressed_where_that_is_understood(self, client: TestClient) -> None:
        """The same bytes arrive either way."""
        path = next(p for p in asset_paths() if p.endswith(".js"))

        zipped = client.get(path, headers={"accept-encoding": "gzip"})
        plain = client.get(path, headers={"accept-encoding": "identity"})

        assert "gzip" == zipped.headers["content-encoding"]
        assert "content-encoding" not in plain.headers
        assert plain.content == zipped.content

    def test_files_leave_no_line_in_the_log(self) -> None:
        """Opening the page asks for some thirty; the log would show little else."""
        app = Starlette(routes=page_routes(), middleware=[Middleware(AccessLog)])

        with capture_logs() as lines:
            response = TestClient(app).get(asset_paths()[0])

        assert 200 == response.status_code
        assert [] == lines

    @pytest.mark.parametrize("name", ["nothing.js", "..%2Findex.html", "%2e%2e/index.html", ""])
    def test_nothing_but_the_files_is_served(self, client: TestClient, name: str) -> None:
        """No path leads out of the folder."""
        assert 404 == client.get(f"/graphiql/assets/{name}").status_code

    def test_every_built_file_can_be_served(self, client: TestClient) -> None:
        """No file that the page may ask for is of an unknown kind."""
        built = Path(__file__).parents[2] / "graphql_schema/graphiql/built/assets"

        for path in built.iterdir():
            assert 200 == client.get(f"/graphiql/assets/{path.name}").status_code
