"""Load past capacity: what is still answered, and what the process takes: `overload.py [seconds]`.

Connections from several addresses of loopback. Each asks again as soon as it has an answer, or,
after a refusal, a second later. There are as many as there are turns, then four times as many as
there are turns and places to wait, and then the first number again.
"""

import asyncio
import json
import os
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests.running import Service

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
TURNS, WAITING = 64, 256
REFUSED = 503
QUERY = "{ customers(first: 20) { nodes { externalId firstName lastName email tags } } }"
BODY = json.dumps({"query": QUERY}).encode()
REQUEST = (
    b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
)
LENGTH = re.compile(rb"content-length: (\d+)", re.I)


async def ask(port: int, number: int, until: float, ended: Counter[int]) -> None:
    """Whatever has no answer counts as 0."""
    while time.monotonic() < until:
        try:
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", port, local_addr=(f"127.0.1.{1 + number // 150}", 0)
            )
            while time.monotonic() < until:
                writer.write(REQUEST)
                head = await reader.readuntil(b"\r\n\r\n")
                length = LENGTH.search(head)
                await reader.readexactly(int(length[1]) if length else 0)
                status = int(head[9:12])
                ended[status] += 1
                if status == REFUSED:
                    await asyncio.sleep(1)
            writer.close()
        except (OSError, asyncio.IncompleteReadError):
            ended[0] += 1


async def load(port: int, connections: int) -> Counter[int]:
    ended: Counter[int] = Counter()
    until = time.monotonic() + SECONDS
    await asyncio.gather(*(ask(port, number, until, ended) for number in range(connections)))
    return ended


def cpu_of(pid: int) -> float:
    """Seconds so far."""
    told = Path(f"/proc/{pid}/stat").read_text().split()
    return (int(told[13]) + int(told[14])) / os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> int:
    """In MiB, at most so far."""
    told = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", told)[1]) // 1024


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        service = Service(
            Path(scratch) / "data",
            CUSTOMER_GRAPH_MAX_REQUESTS=str(TURNS),
            CUSTOMER_GRAPH_MAX_WAITING=str(WAITING),
        ).start()
        service.upload(
            *({"external_id": f"X{n}", "first_name": f"F{n}", "tags": ["a"]} for n in range(100))
        )
        port = int(service.url.rpartition(":")[2])
        for connections in (TURNS, 4 * (TURNS + WAITING), TURNS):
            before = cpu_of(service.process.pid)
            ended = asyncio.run(load(port, connections))
            cpu = cpu_of(service.process.pid) - before
            rate = {status: round(number / SECONDS) for status, number in sorted(ended.items())}
            print(
                f"{connections} connections: a second {rate}, "
                f"{cpu:.1f} s of CPU, {resident(service.process.pid)} MiB"
            )
        service.stop()


main()
