"""What is written down of what was done: who, what, when, from where, and no customer's data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from service.access.callers import ANYBODY, Caller
from service.errors import ErrorCode


class Action(StrEnum):
    """What kind of thing was done; of an upload each of what its rows did to people."""

    UPLOAD = "UPLOAD"
    FORGET = "FORGET"
    DELETE = "DELETE"
    READ = "READ"
    SEGMENT = "SEGMENT"
    COMPANY_FIELD = "COMPANY_FIELD"
    KEY = "KEY"
    DENIED = "DENIED"


@dataclass(frozen=True, slots=True)
class Origin:
    """Whoever asks, from where. `address`: None for the command line; `operation`: the name of the
    GraphQL operation, where there is one."""

    caller: Caller = ANYBODY
    address: str | None = None
    operation: str | None = None

    @property
    def key(self) -> str | None:
        """The public part of the key."""
        return self.caller.key.public_id if self.caller.key else None


NOWHERE = Origin()
"""The service itself, and whoever runs without keys on this machine."""


@dataclass(frozen=True, slots=True)
class Event:
    """`key`: the public part of the key it was done with. `about`: the public part of the key that
    was made or ended, the id of the segment, the name of the company field. `counts`: of the rows
    of an upload; of FORGET and DELETE only `rows`."""

    id: str
    at: datetime
    action: Action
    key: str | None = None
    address: str | None = None
    operation: str | None = None
    error: ErrorCode | None = None
    upload_id: str | None = None
    about: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
