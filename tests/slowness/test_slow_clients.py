"""Slow connections by the hundred at a service of its own, and others that are served."""

import json
import shutil
from pathlib import Path

from tests.needed import missing
from tests.running import Service
from tests.slowness.attacking import FEW, MODES, attack, served

CONNECTIONS = 150
"""Of each kind."""


def test_slow_clients_are_ended_and_others_are_served_meanwhile(tmp_path: Path) -> None:
    if shutil.which("slowhttptest") is None:
        missing("slowhttptest")
    deadlines = {
        f"CUSTOMER_GRAPH_{name}_TIMEOUT": "1" for name in ("HEADER", "BODY", "WRITE", "KEEP_ALIVE")
    }
    service = Service(
        tmp_path / "data", CUSTOMER_GRAPH_MAX_CONNECTIONS_PER_ADDRESS="0", **deadlines
    ).start()
    with served(service.url) as others:
        slow = attack(service.url, list(MODES), CONNECTIONS, tmp_path, 60)
    service.stop()
    lines = [json.loads(line) for line in service.log.read_text().splitlines()]
    closed = [line for line in lines if line["event"] == "connections_closed"]

    assert slow.ended is not None
    assert [] == others.failures
    for why in ("slow_head", "slow_body", "slow_reader"):
        assert CONNECTIONS - FEW <= sum(line.get(why, 0) for line in closed)
