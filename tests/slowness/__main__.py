"""A thousand slow connections of each kind, one kind after the other: scripts/slow-clients."""

import shutil
import tempfile
import time
from argparse import ArgumentParser
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from tests.running import Service
from tests.slowness.attacking import MODES, Attack, Served, attack, served

WITHIN = 10
"""Seconds after the last was opened, in which all are ended."""

SIZE, PARTS = 16 * 2**20, 160


def upload_slowly(url: str) -> int:
    """16 MiB by an honest client, as blanks in front of a row, over some 16 seconds."""
    row = b'[{"external_id": "slow1"}]'
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    connection.putrequest("POST", "/api/customers/upload/")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(SIZE))
    connection.endheaders()
    blanks = b" " * (SIZE - len(row))
    for start in range(0, len(blanks), SIZE // PARTS):
        connection.send(blanks[start : start + SIZE // PARTS])
        time.sleep(0.1)
    connection.send(row)
    return connection.getresponse().status


def told(mode: str, connections: int, slow: Attack, others: Served, status: int) -> bool:
    answers = sorted(others.milliseconds)
    good = (
        slow.opened is not None
        and slow.ended is not None
        and slow.ended - slow.opened <= WITHIN
        and not others.failures
        and status == 200
    )
    cells = [
        mode,
        f"{connections} within {slow.opened} s, {slow.at_most} at a time",
        "never" if slow.ended is None else f"{slow.ended:.1f} s",
        f"{len(answers)}, {len(others.failures)} failed",
        f"{answers[len(answers) // 2]:.0f} ms",
        f"{answers[-1]:.0f} ms",
        str(status) + ("" if good else " NOT GOOD"),
    ]
    print(f"| {' | '.join(cells)} |", flush=True)
    return good


COLUMNS = [
    "slow",
    "opened",
    "all ended after",
    "others' queries",
    "median",
    "slowest",
    "slow upload",
]


def main(connections: int) -> int:
    if shutil.which("slowhttptest") is None:
        print("slowhttptest is needed: apt install slowhttptest")
        return 2
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        service = Service(
            directory / "data",
            CUSTOMER_GRAPH_MAX_CONNECTIONS_PER_ADDRESS="0",
            CUSTOMER_GRAPH_MAX_CONNECTIONS=str(connections + 200),
        ).start()
        service.upload(*({"external_id": f"c{n}", "first_name": f"N{n}"} for n in range(300)))
        print(f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|", flush=True)
        good = True
        with ThreadPoolExecutor(1) as pool:
            for mode in MODES:
                upload = pool.submit(upload_slowly, service.url)
                with served(service.url) as others:
                    slow = attack(service.url, [mode], connections, directory, 60)
                good &= told(mode, connections, slow, others, upload.result())
        service.stop()
    return 0 if good else 1


if __name__ == "__main__":
    parser = ArgumentParser(prog="scripts/slow-clients", description=__doc__)
    parser.add_argument("--connections", type=int, default=1000)
    raise SystemExit(main(parser.parse_args().connections))
