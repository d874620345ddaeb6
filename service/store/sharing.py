"""One reads, and all who ask meanwhile are given what came of it."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Outcome = TypeVar("Outcome")


@dataclass(slots=True)
class Shared(Generic[Outcome]):
    """Who asks a store that hangs waits as long as the first who asked, and not after all others.

    Whoever no longer waits leaves the others what they wait for.
    """

    _doing: asyncio.Task[Outcome] | None = None

    async def once(self, do: Callable[[], Coroutine[Any, Any, Outcome]]) -> Outcome:
        """Raises what was raised."""
        if self._doing is None or self._doing.done():
            self._doing = asyncio.create_task(do())
            self._doing.add_done_callback(_looked_at)
        return await asyncio.shield(self._doing)


def _looked_at(task: asyncio.Task[Any]) -> None:
    """A failure that nobody waits for any more is nobody's."""
    if not task.cancelled():
        task.exception()
