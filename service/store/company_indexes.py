"""Indexes of company fields on the collection of customers."""

from pymongo import ASCENDING, IndexModel

from service.store.database import Database
from service.store.failures import told

_PREFIX = "company."


class CompanyIndexes:
    """Raises StoreUnavailable when the database does not answer in time, and StoreDefect when it
    refuses to build an index."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def build(self, name: str) -> None:
        """However long it takes. One that is there, or being built, is not built again."""
        keys = [("state", ASCENDING), (name, ASCENDING), ("_id", ASCENDING)]
        with told():
            await self._database.customers.create_indexes([IndexModel(keys, name=_PREFIX + name)])

    async def drop(self, name: str) -> None:
        async with self._database.deadline():
            await self._database.customers.drop_index(_PREFIX + name)

    async def names(self) -> set[str]:
        """Of the fields that have one, be it still being built."""
        async with self._database.deadline():
            found = await self._database.customers.index_information()
        return {name.removeprefix(_PREFIX) for name in found if name.startswith(_PREFIX)}
