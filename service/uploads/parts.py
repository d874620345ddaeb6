"""Parts of an upload: rows that are read, and read again when what is declared has changed.

A row that was read without a declaration must not be written once that is enforced. So whoever
writes asks first whether the rows still stand as they were read: what is known of the registry is
some seconds old at most, and a write ends within its deadline. After both have passed, nothing that
was read without the declaration can reach the store any more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from service.customers.declared import Declarations
from service.customers.fields import FIELDS
from service.customers.rows import Row, read_row
from service.customers.values import ReadingRules
from service.store.company_fields import NOTHING_KNOWN, Known


class Registry(Protocol):
    """What uploads need of it; `service.store.company_fields.CompanyFields` is it."""

    async def known(self) -> Known:
        """As it was `FRESH` seconds ago at most; `declared` is the same object as long as nothing
        in it changed."""

    async def note(self, names: Iterable[str]) -> None:
        """These are in use, from now on at the latest."""


class NoRegistry:
    """Nothing is declared, and nothing noted."""

    async def known(self) -> Known:
        return NOTHING_KNOWN

    async def note(self, names: Iterable[str]) -> None:
        pass


@dataclass(slots=True)
class Part:
    """`raw` are the rows of the whole upload, `rows` those of this part, as they were read by
    `rules`."""

    raw: Sequence[object]
    rules: ReadingRules
    registry: Registry
    rows: list[Row]

    @property
    def declared(self) -> Declarations:
        return self.rules.declared

    async def stands(self) -> bool:
        """Whether what is declared is as it was when the rows were read."""
        return (await self.registry.known()).declared is self.declared

    async def current(self, rows: list[Row]) -> list[Row]:
        """These rows as they are read now."""
        known = await self.registry.known()
        if known.declared is self.declared:
            return rows
        self.rules = replace(self.rules, declared=known.declared)
        return [read_row(row.index, self.raw[row.index], self.rules) for row in rows]

    async def note_names(self, rows: Iterable[Row]) -> None:
        """Company fields that nobody knew of yet are in use from now on."""
        known = (await self.registry.known()).names
        if known is None:
            return
        expected = known.union(FIELDS)
        changes = [row.change for row in rows if not expected.issuperset(row.change)]
        if changes:
            await self.registry.note({name for change in changes for name in change} - expected)
