"""Uploads rows to a running service, batch by batch."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import httpx2
import orjson

from scripts.people.records import Row

BATCH = 500
"""Rows of an upload: enough to cost little each, few enough for the progress to be seen."""

ATTEMPTS = 5
"""Of an upload whose service says that it can't just now."""

_NDJSON = {"content-type": "application/x-ndjson"}


class CannotFill(Exception):
    """Why the service takes no rows, in words for whoever started this."""


@dataclass
class Filled:
    """What came of the rows so far.

    `counts`: by status, and `rows`. `faults`: by code and field. `resent`: uploads that the service
    could not finish at once; of their rows, those that had gone in count as unchanged.
    """

    counts: Counter[str] = field(default_factory=Counter)
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)
    resent: int = 0
    seconds: float = 0.0

    def add(self, report: Any) -> None:
        self.counts.update(report["counts"])
        for result in report["results"]:
            for fault in result["errors"]:
                self.faults[fault["code"], fault["field"] or "the row"] += 1


def fill(client: httpx2.Client, rows: Iterable[Row], filled: Filled) -> Iterator[int]:
    """Counts into `filled`, and gives the number of rows of each batch. Raises CannotFill."""
    left, begun = iter(rows), time.perf_counter()
    while batch := list(islice(left, BATCH)):
        filled.add(_upload(client, batch, filled))
        filled.seconds = time.perf_counter() - begun
        yield len(batch)


def _upload(client: httpx2.Client, batch: list[Row], filled: Filled) -> Any:
    body = b"\n".join(map(orjson.dumps, batch))
    for _ in range(ATTEMPTS):
        answer = _post(client, body)
        if answer.status_code == 200:
            return answer.json()
        if answer.status_code not in (429, 503):
            break
        filled.resent += answer.status_code == 503
        time.sleep(float(answer.headers.get("retry-after", "1")))
    raise CannotFill(f"The service refuses an upload: {_reason(answer)}")


def _post(client: httpx2.Client, body: bytes) -> httpx2.Response:
    try:
        return client.post("/api/customers/upload/", content=body, headers=_NDJSON)
    except httpx2.TransportError as error:
        raise CannotFill(f"The service is gone: {error}.") from None


def _reason(answer: httpx2.Response) -> str:
    """Its own words, where it has some."""
    try:
        (fault, *_) = answer.json()["errors"]
        return f"{fault['code']}: {fault['message']}"
    except (ValueError, KeyError, TypeError):
        return f"HTTP {answer.status_code}."
