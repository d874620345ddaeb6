"""`scripts/demo` as its users run it, against real services."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from scripts.people.filling import CannotFill
from scripts.people.serving import Held, is_address, spare_others
from tests.running import Service

ROOT = Path(__file__).parent.parent.parent
COUNT = "{ customers(first: 1) { totalCount } }"


def _command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "scripts.people", *map(str, arguments)]


def _demo(*arguments: object, key: str | None = None) -> tuple[int, str, str]:
    """What it ends with, and what it says on standard output and error."""
    environment = os.environ | ({"CUSTOMER_GRAPH_KEY": key} if key else {})
    ended = subprocess.run(
        _command(*arguments),
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
        env=environment,
    )
    return ended.returncode, ended.stdout, ended.stderr


def _held(service: Service) -> int:
    count: int = service.graphql(COUNT)["customers"]["totalCount"]
    return count


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    running = Service(tmp_path_factory.mktemp("demo") / "data").start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """It takes small uploads, and the company fields of another company."""
    settings = {"CUSTOMER_GRAPH_MAX_UPLOAD_ROWS": "10", "CUSTOMER_GRAPH_COMPANY": "OTHER"}
    running = Service(tmp_path_factory.mktemp("narrow") / "data", **settings).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """It asks for keys."""
    directory = tmp_path_factory.mktemp("guarded") / "data"
    running = Service(directory, CUSTOMER_GRAPH_REQUIRE_KEYS="true").start()
    yield running
    running.stop()


@pytest.fixture
def other_program() -> Iterator[str]:
    """The address of something else."""
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    Thread(target=server.serve_forever).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_it_fills_the_service_that_runs(service: Service) -> None:
    before = _held(service)
    status, told, _ = _demo("--url", service.url, "--customers", 700, "--seed", 11)

    assert (0, 700) == (status, _held(service) - before)
    assert "700 created" in told


def test_run_again_it_changes_nothing(service: Service) -> None:
    arguments = ("--url", service.url, "--customers", 60, "--seed", 12)
    _demo(*arguments)
    status, told, _ = _demo(*arguments)

    assert (0, True) == (status, "60 unchanged" in told)


def test_where_none_runs_it_starts_one_and_goes_on_serving(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{_free_port()}"
    command = _command("--url", url, "--customers", 30, "--data-dir", tmp_path / "demo")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout
    told = [next(process.stdout) for _ in range(5)]
    again = _demo("--url", url, "--customers", 30)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)

    assert f"Serving them at {url}/graphql until Ctrl-C.\n" in told
    assert (0, True, 0) == (again[0], "30 unchanged" in again[1], process.returncode)


def test_a_service_that_asks_for_keys_is_filled_with_one(guarded: Service) -> None:
    status, told, _ = _demo("--url", guarded.url, "--customers", 20, key=guarded.key)

    assert (0, 20) == (status, _held(guarded))
    assert "20 created" in told


def test_without_a_key_it_says_where_it_would_take_one_from(guarded: Service) -> None:
    status, _, told = _demo("--url", guarded.url, "--customers", 20)

    assert 1 == status
    assert "needs a key with customers:read and customers:write" in told
    assert "CUSTOMER_GRAPH_KEY" in told


def test_refused_rows_are_told_by_code_and_field(narrow: Service) -> None:
    status, told, _ = _demo("--url", narrow.url, "--customers", 10)

    assert 1 == status
    assert "rejected" in told
    assert "INVALID_COMPANY_FIELD at ACME__level" in told


def test_a_service_that_refuses_an_upload_gives_the_reason(narrow: Service) -> None:
    status, _, told = _demo("--url", narrow.url, "--customers", 50)

    assert 1 == status
    assert "The service refuses an upload: TOO_MANY_ROWS" in told


def test_another_program_at_the_address_is_not_filled(other_program: str) -> None:
    status, _, told = _demo("--url", other_program)

    assert 1 == status
    assert f"What answers at {other_program} is no Customer Graph" in told


def test_no_service_is_started_on_another_machine() -> None:
    status, _, told = _demo("--url", "http://host.invalid:8000")

    assert 1 == status
    assert "No service answers at http://host.invalid:8000" in told


@pytest.mark.parametrize(
    "url",
    ["foo", "http://", "http://127.0.0.1:99999", "http://127.0.0.1:0", "http://[::1", "ftp://a"],
)
def test_what_is_no_address_is_not_taken_for_one(url: str) -> None:
    assert not is_address(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://[::1]:8000", "https://a.example"])
def test_an_address_is_taken_for_one(url: str) -> None:
    assert is_address(url)


def test_a_data_directory_in_use_is_told(service: Service) -> None:
    url = f"http://127.0.0.1:{_free_port()}"
    status, _, told = _demo("--url", url, "--data-dir", service.directory)

    assert 1 == status
    assert "is in use by another service" in told


def test_interrupted_it_says_how_far_it_came(service: Service) -> None:
    before = _held(service)
    command = _command("--url", service.url, "--customers", 400_000, "--seed", 13)
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    while _held(service) < before + 1000:  # so that the first upload has surely been answered
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)

    assert 130 == process.returncode
    assert "of 400,000 rows were taken. Run it again to go on" in told


def test_made_up_people_get_among_others_only_where_somebody_said_so() -> None:
    with pytest.raises(CannotFill, match="--url http://127.0.0.1:8000"):
        spare_others(Held(customers=3, has_it=False), "http://127.0.0.1:8000")


def test_a_filling_that_was_begun_goes_on_by_itself() -> None:
    spare_others(Held(customers=3, has_it=True), "http://127.0.0.1:8000")
