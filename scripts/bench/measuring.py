"""Measuring servers side by side: each its own process, its CPU time read from the kernel."""

import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import httpx2

SETTLING, IDLE_FOR = 2.0, 5.0
"""Seconds that servers have to come to rest, and in which they are watched while nobody asks."""


def cpu_seconds(pid: int) -> float:
    """What the threads of a process have run, to the nanosecond; those that ended do not count."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


def idle_shares(pids: Sequence[int]) -> list[float]:
    """Of one CPU, what each process uses while nobody asks it for anything: a server looks after
    itself, and one that waits for its store would count that as the request's."""
    time.sleep(SETTLING)
    before = [cpu_seconds(pid) for pid in pids]
    time.sleep(IDLE_FOR)
    return [(cpu_seconds(pid) - one) / IDLE_FOR for pid, one in zip(pids, before, strict=True)]


@dataclass
class Contender:
    """A server under measurement, and how one request is put to it. `idle`: what it uses anyway,
    of one CPU, which does not count."""

    name: str
    address: str
    pid: int
    ask: Callable[[httpx2.Client, str], httpx2.Response]
    idle: float = 0.0
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def run(self, client: httpx2.Client, requests: int, at_once: int) -> None:
        """One batch, so many of it under way at once; milliseconds a request are kept."""
        cpu, wall = cpu_seconds(self.pid), time.perf_counter()
        with ThreadPoolExecutor(at_once) as pool:
            for answer in pool.map(lambda _: self.ask(client, self.address), range(requests)):
                assert answer.status_code == 200
        taken = time.perf_counter() - wall
        used = cpu_seconds(self.pid) - cpu - taken * self.idle
        self.wall.append(taken / requests * 1000)
        self.cpu.append(used / requests * 1000)

    def row(self, rivals: "Sequence[Contender]") -> str:
        """Medians over the rounds: what a request takes, and the ratio to each rival's round by
        round, so that a noisy moment falls on both."""
        cells = [f"{median(self.cpu):.2f} ms", *(_ratio(self.cpu, one.cpu) for one in rivals)]
        cells += [f"{median(self.wall):.2f} ms", *(_ratio(self.wall, one.wall) for one in rivals)]
        return f"| {self.name} | {' | '.join(cells)} |"


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> str:
    return f"{median(one / other for one, other in zip(ours, theirs, strict=True)):.3g}"


@contextmanager
def server(command: Sequence[str], uri: str, **environment: str) -> Iterator[tuple[str, int]]:
    """A server in a process of its own, whose first line ends with its address; gives that and the
    process id."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a line a request, as a log that goes to a file
        text=True,
        env={
            **os.environ,
            "MONGODB_URI": uri,
            "CUSTOMER_GRAPH_REQUIRE_KEYS": "false",
            **environment,
        },
    )
    assert process.stdout
    try:
        address = re.search(r"http://[0-9.]+:[0-9]+", process.stdout.readline())
        if address is None:
            raise SystemExit(f"{command} did not start")
        yield address[0], process.pid
    finally:
        process.terminate()
        process.wait()


def race(contenders: list[Contender], rounds: int, requests: int, at_once: int) -> None:
    """In turn, round by round, so that a noisy moment falls on all alike; after one to warm up."""
    with httpx2.Client(timeout=60) as client:
        for contender in contenders:
            contender.run(client, requests, at_once)
            contender.cpu.clear()
            contender.wall.clear()
        shares = idle_shares([contender.pid for contender in contenders])
        for contender, share in zip(contenders, shares, strict=True):
            contender.idle = share
        for _ in range(rounds):
            for contender in contenders:
                contender.run(client, requests, at_once)
