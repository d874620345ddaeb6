"""Measuring servers side by side: each its own process, its CPU time read from the kernel."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import httpx2

TICKS = os.sysconf("SC_CLK_TCK")
HERE = Path(__file__).parent


def cpu_seconds(pid: int) -> float:
    """User and system time of a process, its threads included."""
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / TICKS


@dataclass
class Contender:
    """A server under measurement, and how one request is put to it."""

    name: str
    address: str
    pid: int
    ask: Callable[[httpx2.Client, str], httpx2.Response]
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def run(self, client: httpx2.Client, requests: int) -> None:
        """One batch; milliseconds a request are kept."""
        cpu, wall = cpu_seconds(self.pid), time.perf_counter()
        for _ in range(requests):
            assert self.ask(client, self.address).status_code == 200
        self.wall.append((time.perf_counter() - wall) / requests * 1000)
        self.cpu.append((cpu_seconds(self.pid) - cpu) / requests * 1000)

    def row(self, rival: "Contender") -> str:
        cpu, wall = median(self.cpu), median(self.wall)
        return (
            f"| {self.name} | {cpu:.2f} ms | {cpu / median(rival.cpu):.2f} "
            f"| {wall:.2f} ms | {wall / median(rival.wall):.2f} |"
        )


@contextmanager
def server(app: str, uri: str, **environment: str) -> Iterator[tuple[str, int]]:
    """An ASGI application in a process of its own; gives its address and process id."""
    command = [sys.executable, str(HERE / "serving.py"), app]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "MONGODB_URI": uri, **environment},
    )
    assert process.stdout
    try:
        port = process.stdout.readline().strip()
        if not port:
            raise SystemExit(f"{app} did not start")
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait()


def race(contenders: list[Contender], rounds: int, requests: int) -> None:
    """In turn, round by round, so that a noisy moment falls on all alike."""
    with httpx2.Client(timeout=60) as client:
        for contender in contenders:
            contender.run(client, requests)
            contender.cpu.clear()
            contender.wall.clear()
        for _ in range(rounds):
            for contender in contenders:
                contender.run(client, requests)
