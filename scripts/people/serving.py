"""The service to fill: one that runs at an address, or one that is started there."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx2

from scripts.people.filling import CannotFill

_PROGRAM = [sys.executable, "-c", "from graphql_schema.cli import main; main()", "serve"]
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_ASK = """query($id: String!) {
  customers(first: 1) { totalCount }
  customer(by: {externalId: $id}) { id }
}"""


def is_address(url: str) -> bool:
    """Of a service: with a host, and a port that there can be."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


class Held(NamedTuple):
    """How many customers a service has, and whether the one that was asked for is among them."""

    customers: int
    has_it: bool


def held(client: httpx2.Client, external_id: object) -> Held | None:
    """None where nothing answers. Raises CannotFill where something else does, or wants a key."""
    body = {"query": _ASK, "variables": {"id": str(external_id)}}
    try:
        answer = client.post("/graphql", json=body)
    except httpx2.TransportError:
        return None
    if answer.status_code in (401, 403):
        raise CannotFill(
            f"The service at {client.base_url} needs a key with customers:read and "
            "customers:write: give one in CUSTOMER_GRAPH_KEY, or as --key."
        )
    try:
        data = answer.json()["data"]
        return Held(data["customers"]["totalCount"], data["customer"] is not None)
    except (ValueError, KeyError, TypeError):
        raise CannotFill(
            f"What answers at {client.base_url} is no Customer Graph that can be asked "
            f"(HTTP {answer.status_code})."
        ) from None


def spare_others(found: Held, url: str) -> None:
    """Made-up people get among others only where somebody said so. Raises CannotFill."""
    if found.customers and not found.has_it:
        raise CannotFill(
            f"The service at {url} holds {found.customers:,} customers already. "
            f"To put made-up people among them: scripts/demo --url {url}"
        )


@contextmanager
def started(url: str, data_dir: Path) -> Iterator[subprocess.Popen[str]]:
    """A service of its own at the address, on the embedded store, ready; stopped in the end.

    Raises CannotFill.
    """
    address = urlsplit(url)
    if address.hostname not in _LOOPBACK or address.scheme != "http":
        raise CannotFill(f"No service answers at {url}, and none can be started there.")
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = data_dir / "service.log"
    log.touch(mode=0o600)
    arguments = ["--host", address.hostname, "--port", str(address.port or 80)]
    with log.open("w") as errors:
        process = subprocess.Popen(
            [*_PROGRAM, *arguments, "--data-dir", str(data_dir)],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=_environment(),
        )
    try:
        _wait_until_ready(process, log)
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        process.wait()


def _environment() -> dict[str, str]:
    """Without the address of a database: made-up people do not go where real ones may be. Without
    keys: nobody else reaches it, and a key would be told at the first start alone."""
    databases = {"MONGODB_URI", "CUSTOMER_GRAPH_MONGODB_URI"}
    kept = {name: value for name, value in os.environ.items() if name not in databases}
    return kept | {"CUSTOMER_GRAPH_REQUIRE_KEYS": "false"}


def _wait_until_ready(process: subprocess.Popen[str], log: Path) -> None:
    assert process.stdout
    if not process.stdout.readline():
        process.wait()
        told = [line for line in log.read_text().splitlines() if not line.startswith("{")]
        raise CannotFill("The service does not start. " + " ".join(told))
