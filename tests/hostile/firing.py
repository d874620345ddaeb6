"""Fires requests at a running service, one at a time, and tells what came of each."""

import json
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.hostile.shots import Known, Shot
from tests.running import Service

PATIENCE = 30.0
"""Seconds until a well-formed request counts as not answered."""

MOMENT = 0.05
"""Seconds that one that is not well-formed is waited for; its answer is in the log as well."""

PEOPLE = [
    {
        "external_id": f"person-{n}", "email": f"person{n}@example.org", "first_name": f"First{n}",
        "city": ["London", "Oslo", "横浜"][n % 3], "country": ["GB", "NO", "JP"][n % 3],
        "tags": ["a", "b"][: n % 3], "date_joined": f"2020-01-{n % 28 + 1:02}",
        "canonical_id": f"p{n % 20}", "A__level": n % 7, "A__list": [n, "x"],
    }
    for n in range(60)
]  # fmt: skip
NO_BOUNDS = {
    "CUSTOMER_GRAPH_REQUIRE_KEYS": "true",
    "CUSTOMER_GRAPH_RATE_LIMIT_PER_SECOND": "0",
    "CUSTOMER_GRAPH_UPLOAD_ROWS_PER_SECOND": "0",
    "CUSTOMER_GRAPH_FAILED_KEYS_PER_SECOND": "0",
}
"""Rates would keep most of what is fired from ever being read."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`status` is None where nothing came. `cpu` is milliseconds of the service's process, all of
    its threads, until the answer was there."""

    shot: Shot
    id: str
    status: int | None
    body: bytes = b""
    cpu: float = 0.0


@contextmanager
def target(directory: Path) -> Iterator[tuple[Service, Known]]:
    """A service with a key and some people in it, for nobody but us."""
    service = Service(directory, **NO_BOUNDS).start()
    try:
        yield service, _filled(service)
    finally:
        service.stop()


def _filled(service: Service) -> Known:
    upload = service.upload(*PEOPLE)["upload_id"]
    found = service.graphql("{ customers(first: 1) { nodes { id } pageInfo { endCursor } } }")[
        "customers"
    ]
    segment = service.graphql(
        'mutation { saveSegment(name: "a", where: {city: {eq: "Oslo"}}) { segment { id } } }'
    )["saveSegment"]["segment"]["id"]
    assert service.key
    return Known(
        service.key, found["nodes"][0]["id"], found["pageInfo"]["endCursor"], segment, upload
    )


def fire(service: Service, known: Known, shots: Iterable[Shot], start: int = 0) -> list[Outcome]:
    """Each on a connection of its own."""
    port = int(service.url.rpartition(":")[2])
    return [_fired(service, port, known, shot, f"h{n}") for n, shot in enumerate(shots, start)]


def _fired(service: Service, port: int, known: Known, shot: Shot, request_id: str) -> Outcome:
    before = cpu(service.process.pid)
    answer = _exchanged(port, shot.wire(known, request_id), MOMENT if shot.raw else PATIENCE)
    spent = cpu(service.process.pid) - before
    head, _, body = answer.partition(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1]) if head.startswith(b"HTTP/1.1 ") else None
    return Outcome(shot, request_id, status, body, spent)


def _exchanged(port: int, sent: bytes, patience: float) -> bytes:
    """What is answered until all of it is there, the service ends the connection or patience does.
    A service that has seen enough may hang up while it is still being told."""
    answer = b""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), patience) as connection:
        with suppress(OSError):
            connection.sendall(sent)
        while not _whole(answer) and (part := connection.recv(1 << 16)):
            answer += part
    return answer


def _whole(answer: bytes) -> bool:
    head, ended, body = answer.partition(b"\r\n\r\n")
    _, given, length = head.lower().partition(b"\r\ncontent-length:")
    return bool(ended and given) and len(body) >= int(length.partition(b"\r\n")[0])


def cpu(pid: int) -> float:
    """Milliseconds that all threads of a process have run."""
    spent = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):  # a thread that ended meanwhile
            spent += int((task / "schedstat").read_text().split()[0])
    return spent / 1e6


def memory(pid: int) -> float:
    """Resident, in MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def milliseconds(log: str) -> dict[str, float]:
    """What the service's own log says of each request, by its id."""
    lines = (json.loads(line) for line in log.splitlines() if '"milliseconds"' in line)
    return {line["request_id"]: line["milliseconds"] for line in lines}
