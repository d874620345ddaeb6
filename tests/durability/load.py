"""Writers that send without end, and send again what nobody acknowledged."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

import httpx2

from tests.durability.ledger import Ledger, Sent
from tests.durability.writing import Writer, prepared
from tests.races.load import person

WRITERS = 6
PROBES = 80_000
"""The number of the first person whom probes write."""
UPLOAD = "/api/customers/upload/"
AGAIN = 0.05
"""Seconds after which a writer that was refused or cut off comes again."""
EXPECTED = {503, 409}
"""Statuses of a refusal, which comes with a time to come again: the store is down, or the key of an
upload that died is still held."""


@dataclass
class Load:
    """Presses one address for as long as its gate is open. `answers` counts how uploads ended."""

    url: str
    random: Random
    keyed: int
    ledger: Ledger = field(default_factory=Ledger)
    answers: Counter[str] = field(default_factory=Counter)
    epoch: int = 0
    is_ending: bool = False
    _client: httpx2.AsyncClient = field(init=False)
    _gate: asyncio.Event = field(default_factory=asyncio.Event)
    _busy: int = 0
    _idle: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        limits = httpx2.Limits(max_connections=None)
        self._client = httpx2.AsyncClient(base_url=self.url, timeout=60, limits=limits)

    @asynccontextmanager
    async def pressing(self) -> AsyncIterator[None]:
        async with self._client, asyncio.TaskGroup() as writers:
            for number in range(WRITERS):
                writer = Writer(number, self.random, keyed=number < self.keyed)
                writers.create_task(self._write(writer))
            self.open()
            try:
                yield
            finally:
                self.is_ending = True
                self.open()

    def open(self) -> None:
        self._gate.set()

    def close(self) -> None:
        """Nobody begins anything any more."""
        self._gate.clear()

    async def answers_more(self, number: int) -> None:
        """So many have been answered since."""
        wanted = self.answers.total() + number
        async with self._idle:
            await self._idle.wait_for(lambda: self.answers.total() >= wanted)

    async def quiet(self) -> None:
        """What was begun has ended."""
        async with self._idle:
            await self._idle.wait_for(lambda: self._busy == 0)

    async def probe(self) -> None:
        """Somebody who asks though the gate is closed, until it is acknowledged."""
        token = f"probe{self.epoch}"
        number = PROBES + self.epoch
        sent = Sent(token, [number], [person(number) | prepared(token)])
        self.ledger.uploads.append(sent)
        while sent.results is None:
            await self._try(sent)

    async def _write(self, writer: Writer) -> None:
        """One after the other: of each writer, one upload at most is not acknowledged."""
        while not self.is_ending:
            await self._gate.wait()
            sent = writer.next(self.epoch)
            self.ledger.uploads.append(sent)
            while sent.results is None:
                await self._gate.wait()
                await self._counted(sent)

    async def _counted(self, sent: Sent) -> None:
        self._busy += 1
        await self._try(sent)
        self._busy -= 1
        async with self._idle:
            self._idle.notify_all()

    async def _try(self, sent: Sent) -> None:
        headers = {"Idempotency-Key": sent.key} if sent.key else {}
        sent.attempts += 1
        try:
            answer = await self._client.post(UPLOAD, json=sent.rows, headers=headers)
        except httpx2.TransportError:
            self.answers["cut off"] += 1
            await asyncio.sleep(AGAIN)
            return
        self.answers[str(answer.status_code)] += 1
        if answer.status_code == 200:
            sent.results = answer.json()["results"]
        elif answer.status_code not in EXPECTED or "retry-after" not in answer.headers:
            raise AssertionError(f"{answer.status_code}: {answer.text}")
        else:
            await asyncio.sleep(AGAIN)
