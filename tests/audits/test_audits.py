"""The audits of GraphQL over HTTP by its working group's own package, on the running service."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.needed import missing
from tests.running import Service

AUDIT = Path(__file__).parents[2] / "scripts" / "audit"
NO_NODE = 2
LONGEST = 300
"""Seconds, most of them for the packages of a first run."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """It asks for keys, as it does wherever it is reached."""
    data = tmp_path_factory.mktemp("service") / "data"
    running = Service(data, CUSTOMER_GRAPH_REQUIRE_KEYS="true").start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def audits(service: Service) -> dict[str, Any]:
    """Each by its id."""
    assert service.key
    ended = subprocess.run(
        [AUDIT, f"{service.url}/graphql", service.key],
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
    if ended.returncode == NO_NODE:
        missing("Node.js with npm, to audit the service")
    assert 0 == ended.returncode, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def test_all_61_audits_are_made(audits: dict[str, Any]) -> None:
    assert 61 == len(audits)


def test_every_must_should_and_may_is_met(audits: dict[str, Any]) -> None:
    failed = {id_: audit for id_, audit in audits.items() if audit["status"] != "ok"}

    assert {} == failed
