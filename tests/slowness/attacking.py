"""Slow clients by `slowhttptest`, and quick ones beside them."""

import csv
import json
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

ASSETS = Path(__file__).parents[2] / "graphql_schema" / "graphiql" / "built" / "assets"
_LARGEST = max(ASSETS.iterdir(), key=lambda path: path.stat().st_size).name
QUERY = "{ customers(first: 100) { totalCount nodes { firstName email tags } } }"

MODES = {
    "heads": ["-H", "-u", "/graphql"],
    "bodies": ["-B", "-s", "100000", "-f", "application/json", "-u", "/graphql"],
    "reads": ["-X", "-n", "1", "-z", "5", "-w", "1", "-y", "512",
              "-u", f"/graphiql/assets/{_LARGEST}"],
}  # fmt: skip
"""A few bytes every other second; of an answer five every second, into a window of 512 at most."""


FEW = 5
"""Connections that may be open beside those of the attack."""


@dataclass(frozen=True, slots=True)
class Attack:
    """The most connections that were open at a time, and the seconds from the start until all had
    been opened, and until the service had ended all; None where that was not."""

    at_most: int
    opened: int | None
    ended: float | None


def attack(
    url: str, modes: Sequence[str], connections: int, directory: Path, seconds: float
) -> Attack:
    """So many connections in each mode at once, until none is left, or for so many seconds."""
    port = urlsplit(url).port or 80
    slow = [_begin(url, mode, connections, directory, seconds) for mode in modes]
    begun, at_most, after, ended = time.monotonic(), 0, 0.0, None
    while (now := time.monotonic() - begun) < seconds and ended is None:
        number = open_connections(port)
        if number > at_most:
            at_most, after = number, now
        if number <= FEW < at_most and now > after + 1:
            ended = now
        time.sleep(0.1)
    for process in slow:
        process.send_signal(signal.SIGINT)
        process.wait()
    opened = [_opened(directory / f"{mode}.csv", connections) for mode in modes]
    return Attack(at_most, None if None in opened else max(filter(None, opened)), ended)


def _opened(table: Path, connections: int) -> int | None:
    """By its columns: seconds, closed, pending, connected."""
    rows = [[int(cell) for cell in row[:4]] for row in list(csv.reader(table.open()))[1:]]
    return next((at for at, closed, _, now in rows if closed + now >= connections), None)


def open_connections(port: int) -> int:
    """As the system has them on the side of the service. Whoever reads slowly may not see for long
    that theirs was reset."""
    mine, established = f":{port:04X}", "01"
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    cells = (line.split() for line in lines)
    return sum(one[1].endswith(mine) and one[3] == established for one in cells)


def _begin(
    url: str, mode: str, connections: int, directory: Path, seconds: float
) -> "subprocess.Popen[bytes]":
    *how, path = MODES[mode]
    return subprocess.Popen(
        ["slowhttptest", *how, url + path, "-c", str(connections), "-r", str(connections),
         "-i", "2", "-x", "24", "-p", "5", "-l", str(int(seconds)), "-g", "-o", mode],
        cwd=directory,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


@dataclass
class Served:
    """What quick clients saw meanwhile: milliseconds of each answer, and what else came."""

    milliseconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


@contextmanager
def served(url: str) -> Iterator[Served]:
    """One that asks ten times a second at most, by a new connection each time."""
    seen, over = Served(), threading.Event()

    def ask() -> None:
        while not over.wait(0.1):
            begun = time.perf_counter()
            try:
                status = _ask(url)
                if status != 200:
                    seen.failures.append(str(status))
            except OSError as error:
                seen.failures.append(type(error).__name__)
            seen.milliseconds.append((time.perf_counter() - begun) * 1000)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield seen
    finally:
        over.set()
        asking.join()


def _ask(url: str) -> int:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        body, headers = json.dumps({"query": QUERY}), {"Content-Type": "application/json"}
        connection.request("POST", "/graphql", body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()
