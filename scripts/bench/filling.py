#!/usr/bin/env python
"""A store that is filled with made-up people: what a customer costs as it grows.

    .venv/bin/python scripts/bench/filling.py [CUSTOMERS]

On an embedded store of its own, through HTTP, as `scripts/demo` does it.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import httpx2
from measuring import server
from rich.console import Console

from scripts.people import Row, people
from scripts.people.filling import Filled, fill

PROGRAM = [sys.executable, "-c", "from graphql_schema.cli import main; main()", "serve"]
CUSTOMERS, STEPS, SETTLING = 50_000, 10, 10
"""SETTLING: seconds after which the store has written what it has to."""
TICKS = os.sysconf("SC_CLK_TCK")
console = Console(width=160, highlight=False)


class Used(NamedTuple):
    """By the service and by its store: seconds of CPU; and the time."""

    service: float
    store: float
    time: float


def child(pid: int) -> int:
    (one,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(one)


def cpu_seconds(pid: int) -> float:
    """Of all its threads, those that ended too."""
    numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(numbers[11]) + int(numbers[12])) / TICKS


def most_memory(pid: int) -> float:
    """Megabytes held at most."""
    told = Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2]
    return int(told.split()[0]) / 1000


def used(service: int, store: int) -> Used:
    return Used(cpu_seconds(service), cpu_seconds(store), time.perf_counter())


def disk(directory: Path) -> float:
    """Megabytes."""
    return sum(one.stat().st_blocks * 512 for one in directory.rglob("*")) / 1e6


def parts(customers: int) -> Iterator[Iterator[Row]]:
    rows = people()
    for _ in range(STEPS):
        yield islice(rows, customers // STEPS)


def measure(address: str, pid: int, directory: Path, customers: int) -> None:
    store, filled = child(pid), Filled()
    console.print("| customers | CPU of the service a row | CPU of the store | time a row |")
    console.print(f"|{'---|' * 4}")
    with httpx2.Client(base_url=address, timeout=600) as client:
        for part in parts(customers):
            before = used(pid, store)
            rows = sum(fill(client, part, filled))
            spent = [
                (now - then) / rows * 1e6
                for now, then in zip(used(pid, store), before, strict=True)
            ]
            cells = " | ".join(f"{one:.0f} µs" for one in spent)
            console.print(f"| {filled.counts['rows']:,} | {cells} |")
    time.sleep(SETTLING)
    console.print(
        f"\nMemory at most: service {most_memory(pid):.0f} MB, store {most_memory(store):.0f} MB. "
        f"Disk: {disk(directory):.0f} MB."
    )


def main() -> None:
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else CUSTOMERS
    with tempfile.TemporaryDirectory() as directory:
        command = [*PROGRAM, "--port", "0", "--data-dir", directory]
        with server(command, "") as (address, pid):
            measure(address, pid, Path(directory), customers)


main()
