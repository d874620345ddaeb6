"""What is noted of one request while it is served, for its log line, metrics and traces."""

from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(slots=True)
class Facts:
    """`operation`: type and name of the GraphQL operation, where a valid one was asked for.
    `uploads`: ids of those that went in. `codes`: of all errors that were told, one for each."""

    operation: tuple[str, str | None] | None = None
    uploads: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)


_facts: ContextVar[Facts | None] = ContextVar("facts", default=None)

begin = _facts.set


def noted() -> Facts:
    """Those of the request that is served, also in tasks that it began; elsewhere, new ones that
    nobody reads."""
    return _facts.get() or Facts()
