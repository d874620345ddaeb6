"""The service in its operator's hands: started, stopped, killed, its store hung or gone."""

import asyncio
import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx2
import pytest

from service.store.embedded import EmbeddedStore
from tests.running import Service, run_command

PATIENCE = 60.0
"""Seconds after which something that should have happened counts as not happening."""

UPLOAD = "/api/customers/upload/"
MUTATION = """
mutation Upload($rows: [CustomerDocument!]!) {
  uploadCustomerDocuments(documents: $rows) { counts { rows created } }
}"""
COUNT = "{ customers { totalCount } }"
ANN = {"external_id": "ann1", "email": "ann@example.org", "first_name": "Ann", "tags": ["a", "b"]}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One that gives its store five seconds for each operation."""
    directory = tmp_path_factory.mktemp("operations") / "data"
    running = Service(directory, CUSTOMER_GRAPH_STORE_TIMEOUT="5").start()
    yield running
    assert 0 == running.stop()


@contextmanager
def hanging(pid: int) -> Iterator[None]:
    """The process stands still meanwhile."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def eventually(condition: Callable[[], bool]) -> None:
    """Asks until it is so. Each question is one to the service, which paces them."""
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, "it never came"


def is_ready(service: Service) -> bool:
    return bool(service.client.get("/readyz").status_code == 200)


def many(prefix: str, number: int) -> list[dict[str, Any]]:
    return [
        {"external_id": f"{prefix}{n}", "first_name": f"First{n}", "tags": ["a", "b"], "A__n": n}
        for n in range(number)
    ]


def send(service: Service, rows: list[dict[str, Any]]) -> httpx2.Response:
    """By a connection of its own."""
    return httpx2.post(f"{service.url}{UPLOAD}", json={"customers": rows}, timeout=PATIENCE)


@contextmanager
def sending(service: Service, rows: list[dict[str, Any]]) -> Iterator["Future[httpx2.Response]"]:
    """An upload in its midst: some of its rows are in, most are not."""
    before = service.graphql(COUNT)["customers"]["totalCount"]
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(send, service, rows)
        eventually(lambda: service.graphql(COUNT)["customers"]["totalCount"] > before)
        assert not answer.done()
        yield answer


def by_id(service: Service, external_id: str) -> Any:
    query = """query One($id: String!) {
      customer(by: {externalId: $id}) { firstName tags n: companyField(name: "A__n") }
    }"""
    return service.graphql(query, id=external_id)["customer"]


def test_a_store_that_hangs_is_said_by_every_door(service: Service) -> None:
    """503 and when to come again; the process itself is alive, and nothing is half written."""
    body: dict[str, Any] = {
        "upload": {"customers": [ANN]},
        "mutation": {"query": MUTATION, "variables": {"rows": [ANN]}},
        "query": {"query": COUNT},
    }
    with hanging(service.store_pid()), ThreadPoolExecutor(4) as pool:
        upload = pool.submit(service.client.post, UPLOAD, json=body["upload"])
        mutation = pool.submit(service.client.post, "/graphql", json=body["mutation"])
        query = pool.submit(service.client.post, "/graphql", json=body["query"])
        ready = pool.submit(service.client.get, "/readyz")
        answers = [each.result(PATIENCE) for each in (upload, mutation, query, ready)]
        alive = service.client.get("/healthz")

    assert [503] * 4 == [answer.status_code for answer in answers]
    assert ["2"] * 4 == [answer.headers["retry-after"] for answer in answers]
    assert ["STORE_UNAVAILABLE"] == [error["code"] for error in answers[0].json()["errors"]]
    for answer in answers[1:3]:
        (error,) = answer.json()["errors"]
        assert "STORE_UNAVAILABLE" == error["extensions"]["code"]
    assert "STORE_UNAVAILABLE" == answers[3].json()["code"]
    assert 200 == alive.status_code

    eventually(lambda: is_ready(service))
    again = service.upload(ANN)
    assert {"CREATED"} == {row["status"] for row in again["results"]}
    assert ["a", "b"] == by_id(service, "ann1")["tags"]


def test_an_upload_whose_store_dies_in_its_midst_can_be_sent_again(service: Service) -> None:
    """Rows that went in stay, each whole; sent again, the others follow."""
    rows = many("killed", 1500)
    with sending(service, rows) as answer:
        os.kill(service.store_pid(), signal.SIGKILL)
        told = answer.result(PATIENCE)
    eventually(lambda: is_ready(service))
    written = [row for row in rows[::50] if by_id(service, row["external_id"])]
    for row in written:
        assert {"firstName": row["first_name"], "tags": ["a", "b"], "n": row["A__n"]} == by_id(
            service, row["external_id"]
        )
    again = send(service, rows).json()["counts"]

    assert (503, "2") == (told.status_code, told.headers["retry-after"])
    assert "STORE_UNAVAILABLE" == told.json()["errors"][0]["code"]
    assert 0 < len(written) < len(rows[::50])
    assert len(rows) == again["created"] + again["unchanged"]
    assert again["unchanged"] > 0


def test_every_request_has_an_id_in_and_out_and_in_the_log(service: Service) -> None:
    """A well-formed one is kept; any other is replaced, so that nobody writes into the log."""
    client = service.client
    kept = client.post(UPLOAD, json=[{}], headers={"X-Request-Id": "from-the-balancer.1"})
    made = client.post(UPLOAD, json=[{}], headers={"X-Request-Id": 'ann" "level": "error'})
    last = made.headers["x-request-id"]
    eventually(lambda: is_ready(service) and last in service.log.read_text())
    lines = [json.loads(line) for line in service.log.read_text().splitlines()]
    ids = [line["request_id"] for line in lines if line["event"] == "request"][-2:]

    assert "from-the-balancer.1" == kept.headers["x-request-id"]
    assert [kept.headers["x-request-id"], last] == ids
    assert last.isalnum()
    assert all({"timestamp", "level", "event"} <= line.keys() for line in lines)


def test_nothing_that_was_sent_stands_in_the_logs(service: Service) -> None:
    """Neither in the service's nor in its store's, after the store hung and died as well."""
    service.upload({**ANN, "first_name": "Zebedee"}, {"email": "zebedee@", "zebedee": 1})
    said = service.log.read_text() + (service.directory / "store.log").read_text()

    assert '"event":"request"' in said.replace(": ", ":")
    assert not [text for text in ("Zebedee", "zebedee", "First1", "ann@", "ann1") if text in said]


def test_a_port_in_use_is_told(service: Service, tmp_path: Path) -> None:
    port = service.url.rpartition(":")[2]
    status, _, said = run_command("serve", "--port", port, "--data-dir", str(tmp_path / "data"))

    assert 1 == status
    assert f"Cannot listen on 127.0.0.1 port {port}: Address already in use." in said
    assert not (tmp_path / "data").exists()


def test_arguments_win_over_the_environment(tmp_path: Path) -> None:
    """Told by where it tries to listen, which is taken."""
    with socket.create_server(("127.0.0.2", 0)) as taken:
        port = str(taken.getsockname()[1])
        arguments = ["--host", "127.0.0.2", "--port", port, "--data-dir", str(tmp_path / "data")]
        elsewhere = {"CUSTOMER_GRAPH_HOST": "127.0.0.3", "CUSTOMER_GRAPH_PORT": "0"}
        status, _, said = run_command("serve", *arguments, **elsewhere)

    assert 1 == status
    assert f"Cannot listen on 127.0.0.2 port {port}: Address already in use." in said


def test_a_stop_finishes_the_upload_that_it_accepted(tmp_path: Path) -> None:
    """Its client gets the answer, what that says is stored, and the process ends with status 0."""
    service = Service(tmp_path / "data", CUSTOMER_GRAPH_SHUTDOWN_TIMEOUT="60").start()
    rows = many("stopped", 1500)
    with sending(service, rows) as answer:
        status = service.stop()
        told = answer.result(PATIENCE)
    service.start()

    assert 0 == status
    assert 200 == told.status_code
    assert len(rows) == told.json()["counts"]["created"]
    assert len(rows) == service.graphql(COUNT)["customers"]["totalCount"]
    assert 0 == service.stop(signal.SIGINT)


def test_a_stop_cuts_an_upload_that_takes_longer_and_that_can_be_sent_again(
    tmp_path: Path,
) -> None:
    """Its client is told, nobody is let in meanwhile, and what went in stays in."""
    service = Service(tmp_path / "data", CUSTOMER_GRAPH_SHUTDOWN_TIMEOUT="0.2").start()
    rows = many("cut", 3000)
    with sending(service, rows) as answer:
        status = service.stop()
        told = answer.result(PATIENCE)
    with pytest.raises(httpx2.TransportError):
        send(service, rows[:1])
    service.start()
    again = send(service, rows).json()["counts"]

    assert 0 == status
    assert (503, "2") == (told.status_code, told.headers["retry-after"])
    assert "STOPPING" == told.json()["errors"][0]["code"]
    assert len(rows) == again["created"] + again["unchanged"]
    assert again["unchanged"] > 0
    assert 0 == service.stop()


def test_a_service_that_was_killed_starts_again_on_its_data(tmp_path: Path) -> None:
    """At once: the store that it left behind makes room. Here the settings come from the
    environment, and the host is another than the default."""
    free = socket.create_server(("127.0.0.2", 0))
    port = free.getsockname()[1]
    free.close()
    service = Service(
        tmp_path / "data",
        [],
        CUSTOMER_GRAPH_HOST="127.0.0.2",
        CUSTOMER_GRAPH_PORT=str(port),
        CUSTOMER_GRAPH_DATA_DIR=str(tmp_path / "data"),
    ).start()
    service.upload(ANN)
    store = service.store_pid()
    service.stop(signal.SIGKILL)
    service.start()

    assert f"http://127.0.0.2:{port}" == service.url
    assert store != service.store_pid()
    assert ["a", "b"] == by_id(service, "ann1")["tags"]
    assert 0 == service.stop()


def test_a_stop_ends_a_start_that_still_waits_for_its_database(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        service = Service(
            tmp_path / "data",
            MONGODB_URI=f"mongodb://127.0.0.1:{silent.getsockname()[1]}/",
            CUSTOMER_GRAPH_CLAIMS_KEY="k" * 32,
        )
        with ThreadPoolExecutor(1) as pool:
            start = pool.submit(service.start)
            silent.accept()
            service.process.send_signal(signal.SIGTERM)
            failed = start.exception(PATIENCE)

    assert isinstance(failed, AssertionError), "it said that it is ready"
    assert 0 == service.process.wait(PATIENCE)
    assert "stopped_before_it_was_ready" in service.log.read_text()
    assert "Traceback" not in service.log.read_text()


async def test_a_stop_ends_though_the_database_hangs(tmp_path: Path) -> None:
    """And who waits for an answer is told."""
    store = EmbeddedStore(tmp_path / "store", cache_size="64M")
    service = Service(
        tmp_path / "data",
        MONGODB_URI=await store.start(),
        CUSTOMER_GRAPH_CLAIMS_KEY="k" * 32,
        CUSTOMER_GRAPH_STORE_TIMEOUT="2",
    )
    await asyncio.to_thread(service.start)
    assert store.pid is not None
    with hanging(store.pid):
        waiting = HTTPConnection(service.url.removeprefix("http://"), timeout=PATIENCE)
        waiting.request("POST", UPLOAD, json.dumps([ANN]), {"Content-Type": "application/json"})
        service.client.get("/healthz")  # answered after what came before it was accepted
        status = await asyncio.to_thread(service.stop)
    answer = waiting.getresponse()
    waiting.close()
    await store.stop()

    assert 0 == status
    assert 503 == answer.status
