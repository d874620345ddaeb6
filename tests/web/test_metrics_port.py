"""`/metrics` at both ports, on a service as its users run it."""

import json
import re
import socket
from collections.abc import Iterator

import httpx2
import pytest

from tests.running import Service, run_command

ANN = {"external_id": "ann1", "email": "ann@example.org", "first_name": "Canary", "A__b": "canary"}
READS = "query Reads($id: String!) { customer(by: {externalId: $id}) { firstName email } }"


class Told:
    """What the port tells, as a scraper reads it."""

    def __init__(self, address: str) -> None:
        self.address = address

    def text(self) -> str:
        answer = httpx2.get(f"{self.address}/metrics")
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        return answer.text

    def value(self, series: str) -> float | None:
        """Of a series as it is written there; None: it is not there."""
        found = re.search(rf"^{re.escape(series)} (\S+)$", self.text(), re.MULTILINE)
        return float(found[1]) if found else None


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One that has taken a customer, and told her once."""
    directory = tmp_path_factory.mktemp("metrics") / "data"
    running = Service(directory, CUSTOMER_GRAPH_METRICS_PORT="0").start()
    running.upload(ANN, {"first_name": "Nobody"})
    assert {"customer": {"firstName": "Canary", "email": ANN["email"]}} == running.graphql(
        READS, id=ANN["external_id"]
    )
    yield running
    assert 0 == running.stop()


@pytest.fixture(scope="module")
def told(service: Service) -> Told:
    lines = map(json.loads, service.log.read_text().splitlines())
    ready = next(line for line in lines if line["event"] == "metrics_ready")
    return Told(f"http://{ready['host']}:{ready['port']}")


@pytest.mark.parametrize(
    ("series", "value"),
    [
        (
            "customer_graph_http_request_duration_seconds_count"
            '{method="POST",route="/api/customers/upload/",status="200"}',
            1.0,
        ),
        (
            "customer_graph_graphql_operation_duration_seconds_count"
            '{operation="Reads",type="query"}',
            1.0,
        ),
        ('customer_graph_upload_rows_total{status="CREATED"}', 1.0),
        ('customer_graph_upload_rows_total{status="REJECTED"}', 1.0),
        ("customer_graph_uploads_in_progress", 0.0),
        ("customer_graph_http_requests_in_progress", 0.0),
        ("customer_graph_store_connections_in_use", 0.0),
    ],
)
def test_what_was_done_is_counted(told: Told, series: str, value: float) -> None:
    assert value == told.value(series)


@pytest.mark.parametrize(
    "name",
    [
        "customer_graph_store_command_duration_seconds_count",
        "customer_graph_event_loop_lag_seconds_count",
        "customer_graph_build_info",
        "process_resident_memory_bytes",
    ],
)
def test_the_service_itself_is_told(told: Told, name: str) -> None:
    assert f"\n{name}" in told.text()


def test_nobody_is_in_the_metrics(service: Service, told: Told) -> None:
    """Not in what was stored, nor in an address, a method or an error that somebody is named in."""
    service.client.get(f"/api/customers/upload/{ANN['external_id']}/")
    service.client.request("CANARY", "/graphql")
    service.client.get("/canary", params={"email": ANN["email"]})
    service.client.post("/graphql", json={"query": "query Canary { canary }"})

    assert [] == re.findall("(?i)canary|ann1|ann@", told.text())


def test_the_port_tells_nothing_else(told: Told) -> None:
    assert 404 == httpx2.get(f"{told.address}/graphql").status_code


def test_the_services_own_port_tells_the_same(service: Service) -> None:
    """To whoever may do everything, where no keys are needed."""
    answer = service.client.get("/metrics")

    assert 200 == answer.status_code
    assert "\ncustomer_graph_http_requests_in_progress 1.0" in answer.text


def test_metrics_listen_on_loopback_unless_told_otherwise(told: Told) -> None:
    assert told.address.startswith("http://127.0.0.1:")


def test_a_port_that_is_taken_stops_the_start() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        status, _, said = run_command("serve", "--port", "0", CUSTOMER_GRAPH_METRICS_PORT=port)

    assert 1 == status
    assert f"Cannot tell metrics on 127.0.0.1 port {port}: Address already in use." in said
    assert "CUSTOMER_GRAPH_METRICS_PORT" in said
