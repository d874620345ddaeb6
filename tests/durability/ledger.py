"""What was sent while processes were killed, and what was told of it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.races.load import Row

ERASING = {"is_forgotten": "forgotten", "is_deleted": "deleted"}
"""Which state a customer comes to by which flag."""


@dataclass(slots=True)
class Sent:
    """An upload. `people`: whom each of its rows means; `token`: what its rows leave with everybody
    whom they do not erase. `results` is None until it is acknowledged."""

    token: str
    people: list[int]
    rows: list[Row]
    key: str | None = None
    attempts: int = 0
    results: list[dict[str, Any]] | None = None


class Line(NamedTuple):
    """One row of an upload; `told` is its result, None while nobody knows its end."""

    upload: Sent
    row: Row
    told: Mapping[str, Any] | None

    @property
    def erases(self) -> str | None:
        """The state that it brings the customer to."""
        return next((ERASING[name] for name in ERASING if name in self.row), None)

    @property
    def went_in(self) -> bool:
        """It was acknowledged, and not because somebody was erased before."""
        return self.told is not None and self.told["status"] != "IGNORED"


@dataclass(slots=True)
class Ledger:
    """Every upload that ever left a writer, before it left."""

    uploads: list[Sent] = field(default_factory=list)

    def people(self) -> dict[int, list[Line]]:
        """What was sent of each."""
        lines: dict[int, list[Line]] = defaultdict(list)
        for upload in self.uploads:
            for person, line in zip(upload.people, _lines(upload), strict=True):
                lines[person].append(line)
        return lines

    def acknowledged(self) -> int:
        """Rows."""
        return sum(len(upload.results or ()) for upload in self.uploads)

    def is_settled(self) -> bool:
        return all(upload.results is not None for upload in self.uploads)


def _lines(upload: Sent) -> Iterator[Line]:
    for place, row in enumerate(upload.rows):
        yield Line(upload, row, upload.results[place] if upload.results else None)
