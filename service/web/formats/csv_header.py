"""The header line of a table: what separates its cells, and what each column means."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.customers.fields import is_company_field
from service.customers.keys import KNOWN
from service.errors import BodyInvalid
from service.web.formats.csv_cells import CellReader, reader_of
from service.web.formats.sent import illegible

DELIMITERS = (",", ";", "\t")

_LONGEST_HEADER = 128 * 1024
"""Characters, as many as the library's reader takes in one cell."""

_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t])"?\s*', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CsvTerms:
    """How a table is written. `charset` and `delimiter` None are found. `empty` is what an empty
    cell stands for: None says nothing of the field, an empty text removes it.
    """

    charset: str | None = None
    delimiter: str | None = None
    empty: str | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """`readers`: of the columns that are more than text. `nameless`: the places of those without a
    header.
    """

    delimiter: str
    keys: Sequence[str]
    readers: Sequence[tuple[str, CellReader]]
    nameless: Sequence[int]
    empty: str | None

    def row(self, cells: Sequence[str]) -> object:
        """A row as JSON has it, or an illegible one."""
        if len(cells) != len(self.keys):
            return illegible(
                f"expected as many cells as the header has, {len(self.keys)}, found {len(cells)}"
            )
        if self.nameless and any(cells[place].strip() for place in self.nameless):
            return illegible("a cell in a column without a header")
        row: dict[str, object] = dict(zip(self.keys, cells, strict=True))
        if "" in cells or any(map(str.isspace, cells)):
            row |= {key: self.empty for key, cell in row.items() if not str(cell).strip()}
        for key, read in self.readers:
            cell = row[key]
            if isinstance(cell, str) and cell:
                row[key] = read(cell)
        if self.nameless:
            del row[""]
        return row


def declared_delimiter(line: str) -> str | None:
    """That of a line such as `sep=;`, which files made for spreadsheets begin with."""
    match = _SEPARATOR_LINE.fullmatch(line)
    return match[1] if match else None


def columns(line: str, terms: CsvTerms) -> Columns:
    """Raises BodyInvalid. The separator, if none was declared, is the one that gives the most
    columns of ours."""
    if len(line) > _LONGEST_HEADER:
        raise BodyInvalid(f"its header line has more than {_LONGEST_HEADER} characters")
    delimiters = [terms.delimiter] if terms.delimiter else DELIMITERS
    headers = {delimiter: _keys(line, delimiter) for delimiter in delimiters}
    delimiter = max(headers, key=lambda one: (_known(headers[one]), len(headers[one])))
    keys = headers[delimiter]
    if not _known(keys):
        raise BodyInvalid("no column of its header line is a field of customers")
    _refuse_twins(keys)
    return Columns(
        delimiter,
        keys,
        [(key, reader) for key in keys if (reader := reader_of(key))],
        [place for place, key in enumerate(keys) if not key],
        terms.empty,
    )


def _keys(line: str, delimiter: str) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error:
        return []
    return [cell.strip() for cell in cells]


def _known(keys: Sequence[str]) -> int:
    return sum(key in KNOWN or is_company_field(key.partition(".")[0]) for key in keys)


def _refuse_twins(keys: Sequence[str]) -> None:
    """Which of the two would count is not known."""
    first: dict[str, int] = {}
    for number, key in enumerate(keys, 1):
        if key and first.setdefault(key, number) != number:
            raise BodyInvalid(f"columns {first[key]} and {number} have the same header")
