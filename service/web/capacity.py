"""How much a process takes on at once: what is past that is refused early, before its body is read.

A request has a place from when it comes in, and needs a turn to do anything that costs more than
reading its body. Who sends a body slowly holds up nobody: turns are for those who have sent theirs.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import TypeVar

from starlette.requests import Request

from service.errors import Overloaded
from service.settings import Settings

PATIENCE = 1.0
"""Seconds that a request waits for its turn."""

SMALL = 64 * 1024
"""Bytes of a body that is taken whatever others there are: queries, and uploads of few rows."""


T = TypeVar("T")


@dataclass(slots=True)
class Lane:
    """Requests of one kind. `at_once` have a turn, `most_waiting` wait for one, in their order."""

    at_once: int
    most_waiting: int
    running: int = 0
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)

    def check(self) -> None:
        """Raises Overloaded where there is nothing to wait for."""
        if self.running >= self.at_once and len(self.waiting) >= self.most_waiting:
            raise Overloaded

    async def enter(self) -> None:
        """Raises Overloaded, at once or after PATIENCE."""
        self.check()
        if self.running < self.at_once:
            self.running += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.append(turn)
        try:
            async with asyncio.timeout(PATIENCE):
                await turn
        except TimeoutError:
            self._give_up(turn)
            raise Overloaded from None
        except BaseException:
            self._give_up(turn)
            raise

    def leave(self) -> None:
        """Whoever waits longest has the turn."""
        while self.waiting:
            turn = self.waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self.running -= 1

    def _give_up(self, turn: asyncio.Future[None]) -> None:
        """It may have come in the same moment."""
        if turn.done() and not turn.cancelled():
            self.leave()
        else:
            with suppress(ValueError):
                self.waiting.remove(turn)


class Place:
    """A request's place, to be left when the request is over."""

    __slots__ = ("_capacity", "_has_turn", "_held", "_lane")

    def __init__(self, capacity: "Capacity", lane: Lane) -> None:
        self._capacity, self._lane, self._held = capacity, lane, 0
        self._has_turn = False

    def __enter__(self) -> "Place":
        return self

    def hold(self, size: int) -> None:
        """So many bytes more of its body have come. Raises Overloaded where the bodies of all are
        too large together; the only large one never is."""
        held = self._capacity.held
        if self._held + size > SMALL and held > self._held:
            self._capacity.check(size)
        self._held += size
        self._capacity.held += size

    async def do(self, work: Callable[[], Awaitable[T]], seconds: float) -> T:
        """Does it when it is the request's turn. Raises Overloaded where that does not come, and
        TimeoutError where the work takes longer."""
        await self._lane.enter()
        self._has_turn = True
        async with asyncio.timeout(seconds):
            return await work()

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._capacity.held -= self._held
        if self._has_turn:
            self._lane.leave()


class Capacity:
    """`held`: bytes of bodies that are being read or worked on."""

    def __init__(self, settings: Settings) -> None:
        self.queries = Lane(settings.max_requests, settings.max_waiting)
        self.uploads = Lane(settings.max_uploads, settings.max_waiting)
        self.held = 0
        self._most_held = settings.max_held_bytes

    def of_query(self, request: Request) -> Place:
        """Raises Overloaded, and so does `of_upload`."""
        return self._place(request, self.queries)

    def of_upload(self, request: Request) -> Place:
        return self._place(request, self.uploads)

    def check(self, size: int) -> None:
        """Raises Overloaded where a body of so many bytes is too much beside the others."""
        if self.held and self.held + size > self._most_held:
            raise Overloaded

    def _place(self, request: Request, lane: Lane) -> Place:
        lane.check()
        declared = request.headers.get("content-length", "")
        if len(declared) > 5 and declared.isdecimal() and int(declared) > SMALL:
            self.check(int(declared))
        place = request.scope["state"]["place"] = Place(self, lane)
        return place


def place_of(request: Request) -> Place | None:
    """None where the process has no bounds, as in tests of a part."""
    place: Place | None = request.scope.get("state", {}).get("place")
    return place
