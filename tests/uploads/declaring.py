"""A registry in memory, which says what a test declares."""

from collections.abc import Iterable

from service.customers.declared import CompanyType, Declaration
from service.store.company_fields import Known

LEVEL = "ACME__level"


def of(type_: CompanyType, name: str = LEVEL, *, is_personal: bool = True) -> Declaration:
    return Declaration(name, type_, is_personal=is_personal)


class MemoryRegistry:
    def __init__(self, *declarations: Declaration) -> None:
        self.noted: list[str] = []
        self.declare(*declarations)

    def declare(self, *declarations: Declaration) -> None:
        declared = {one.name: one for one in declarations}
        self.latest = Known(declared, frozenset(declared))

    async def known(self) -> Known:
        return self.latest

    async def note(self, names: Iterable[str]) -> None:
        self.noted += names
        known = (self.latest.names or frozenset()).union(self.noted)
        self.latest = Known(self.latest.declared, known)
