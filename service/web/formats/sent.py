"""What comes out of every format: rows, and where in the body each began."""

from dataclasses import dataclass, field
from typing import Protocol

from service.customers.rows import Illegible
from service.errors import ErrorCode, Fault, TooManyRows


@dataclass(slots=True)
class SentRows:
    """`lines`: on which line of the body each row begins; None where rows are not told by lines."""

    limit: int
    rows: list[object] = field(default_factory=list)
    lines: list[int] | None = None

    def add(self, *rows: object) -> None:
        """Raises TooManyRows."""
        self.rows += rows
        if len(self.rows) > self.limit:
            raise TooManyRows(self.limit)

    def add_line(self, line: int, row: object) -> None:
        """Raises TooManyRows."""
        if self.lines is None:
            self.lines = []
        self.lines.append(line)
        self.add(row)


class Format(Protocol):
    """Rows in one format, as they arrive. Both methods raise BodyInvalid and TooManyRows."""

    def feed(self, part: bytes) -> None: ...

    def close(self) -> SentRows: ...


def illegible(reason: object) -> Illegible:
    """A row that is no row: refused alone."""
    return Illegible(Fault(ErrorCode.ROW_INVALID, details={"reason": str(reason)}))
