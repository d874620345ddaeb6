"""Who asks, and what they may do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from service.access.scopes import EVERYTHING, Scope
from service.errors import Forbidden


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret. `readable_fields`: by the catalogue's names and full names of
    company fields; None: all of them."""

    public_id: str
    name: str
    scopes: frozenset[Scope]
    readable_fields: frozenset[str] | None
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever sent a request. `key` is None where the service runs without keys."""

    key: ApiKey | None
    scopes: frozenset[Scope]
    readable_fields: frozenset[str] | None = None

    def require(self, scopes: Iterable[Scope]) -> None:
        """Raises Forbidden, which names the first scope that is missing."""
        for scope in scopes:
            if scope not in self.scopes:
                raise Forbidden(f"it lacks the scope {scope}")

    def require_field(self, name: str) -> None:
        """Raises Forbidden unless the field may be read, and so filtered, ordered and counted by.
        The field is named: it was named by whoever asks."""
        if self.readable_fields is not None and name not in self.readable_fields:
            raise Forbidden(f"it may not read the field {name}")


ANYBODY = Caller(None, EVERYTHING)
"""Where the service runs without keys."""


def caller_with(key: ApiKey) -> Caller:
    return Caller(key, key.scopes, key.readable_fields)
