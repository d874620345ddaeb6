"""Processes that are killed under load, and what is wrong with the customers then."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from socket import create_server
from time import monotonic

from service.store.embedded import EmbeddedStore
from tests.durability.checking import Finding
from tests.durability.load import Load
from tests.durability.reading import check
from tests.running import START, Service

KEY = "k" * 32
"""That of the digests that tests make."""
DATABASE = "customer_graph"
MOST = 20
"""Uploads that are answered before a kill, at most; more are under way."""
MOMENT = 0.2
"""Seconds after the last of those, at most."""
STOPPED = 10.0
"""Seconds that a stop may take, whatever is under way."""


@dataclass
class Run:
    """How it went. `downtimes`: seconds from each kill to the next acknowledgement; `stops`: what
    stops took."""

    load: Load
    random: Random
    downtimes: list[float] = field(default_factory=list)
    stops: list[float] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


Kill = Callable[[Service, Run], Awaitable[None]]


async def kill_store(service: Service, done: Run) -> None:
    """The service lives, and has to start it again."""
    os.kill(service.store_pid(), signal.SIGKILL)


async def kill_service(service: Service, done: Run) -> None:
    """In a fifth of the cases once more, while it starts again."""
    await _end(service)
    while done.random.random() < 0.2:
        service.launch()
        await asyncio.sleep(done.random.uniform(0.1, 2.5))
        await _end(service)
    await _start(service)


async def kill_both(service: Service, done: Run) -> None:
    """One soon after the other, or the service alone, whom its store follows."""
    random, store = done.random, service.store_pid()
    what = random.randrange(3)
    if what == 0:
        os.kill(store, signal.SIGKILL)
        await asyncio.sleep(random.uniform(0, 0.02))
    service.process.kill()
    if what == 1:
        await asyncio.sleep(random.uniform(0, 0.02))
        with suppress(ProcessLookupError):
            os.kill(store, signal.SIGKILL)
    await kill_service(service, done)


async def stop_service(service: Service, done: Run) -> None:
    """No kill: it is told to stop."""
    begun = monotonic()
    service.process.terminate()
    status = await asyncio.to_thread(service.process.wait)
    done.stops.append(monotonic() - begun)
    if status or done.stops[-1] > STOPPED:
        done.findings.append(Finding("stop", f"status {status} after {done.stops[-1]:.1f} s"))
    await _start(service)


KILLS: dict[str, Kill] = {
    "store": kill_store,
    "service": kill_service,
    "both": kill_both,
    "stop": stop_service,
}


async def run(
    directory: Path, what: str, times: int, seed: int, *, keyed: int = 2, program: str = START
) -> Run:
    """Ends at the first kill that left something wrong."""
    random = Random(seed)
    async with _serving(directory, program, alone=what == "service") as (service, uri):
        done = Run(Load(service.url, random, keyed), random)
        async with done.load.pressing():
            for done.load.epoch in range(times):
                await done.load.answers_more(random.randrange(MOST))
                await asyncio.sleep(random.uniform(0, MOMENT))
                await _kill(KILLS[what], service, done)
                done.findings += await check(uri(), DATABASE, done.load.ledger)
                if done.findings:
                    break
                done.load.open()
        done.findings += await check(uri(), DATABASE, done.load.ledger)
    return done


async def _kill(kill: Kill, service: Service, done: Run) -> None:
    """Whoever waits for an answer then is left without, and somebody else asks until there is one
    again."""
    done.load.close()
    begun = monotonic()
    await kill(service, done)
    await done.load.probe()
    done.downtimes.append(monotonic() - begun)
    await done.load.quiet()


async def _start(service: Service) -> None:
    service.client.close()
    await asyncio.to_thread(service.start)


async def _end(service: Service) -> None:
    if service.process.poll() is None:
        service.process.kill()
    await asyncio.to_thread(service.process.wait)


@asynccontextmanager
async def _serving(
    directory: Path, program: str, *, alone: bool
) -> AsyncIterator[tuple[Service, Callable[[], str]]]:
    """A service, and where its store is; `alone`: one that is not its child."""
    async with AsyncExitStack() as stack:
        given = {"CUSTOMER_GRAPH_CLAIMS_KEY": KEY}
        if alone:
            store = EmbeddedStore(directory / "alone", cache_size="128M")
            given["MONGODB_URI"] = await store.start()
            stack.push_async_callback(store.stop)
        arguments = ["--port", str(_free_port()), "--data-dir", str(directory / "data")]
        service = Service(directory / "data", arguments, **given)
        service.program = program
        stack.callback(service.kill)
        await asyncio.to_thread(service.start)
        yield service, (lambda: store.address) if alone else service.store_uri


def _free_port() -> int:
    """The same after each kill, so that programs find the service again."""
    with create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
