"""The command `customer-graph`."""

import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Annotated, NoReturn

import structlog
import typer
import uvicorn
from rich.text import Text

from graphql_schema.app import create_app
from graphql_schema.commands.keys import keys
from graphql_schema.commands.speaking import console, errors, fail, settings_of
from graphql_schema.schema import sdl
from service import __version__
from service.errors import StartError, StoreUnavailable
from service.logs import configure
from service.settings import Settings
from service.store.checks import CheckResult, run_checks
from service.store.database import open_database
from service.store.embedded import EmbeddedStore
from service.store.failures import StoreDefect
from service.strays import take_over
from service.uploads.stopping import CUT, Stop
from service.web.protocol import BoundedProtocol
from service.web.unread import bound_unsent

log = structlog.get_logger()
cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
cli.add_typer(keys, name="keys")


def main() -> None:
    cli()


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Where the embedded store lives.")] = None,
) -> None:
    """Run the service. Every setting is an environment variable too: CUSTOMER_GRAPH_…"""
    settings = settings_of({"host": host, "port": port, "data_dir": data_dir})
    configure(settings)
    take_over()
    first_keys: list[str] = []
    stop = Stop(settings.shutdown_timeout)
    app = create_app(settings, first_keys.append, stop)
    listener = _listen(settings)
    config = uvicorn.Config(
        app,
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # nothing here asks who or how, and anybody can claim to be a proxy
        timeout_graceful_shutdown=ceil(settings.shutdown_timeout + CUT),
    )
    try:
        _Server(config, first_keys, stop).run(sockets=[listener])
    except SystemExit:  # how the server ends when the application does not start
        errors.print(
            getattr(app.state, "start_error", "The service could not start; see the log."),
            style="red",
        )
        _leave(1)
    except asyncio.CancelledError:
        log.info("stopped_before_it_was_ready")
    _leave(0)


@cli.command()
def doctor(
    uri: Annotated[
        str | None, typer.Option(help="The MongoDB to examine; else that of MONGODB_URI.")
    ] = None,
) -> None:
    """Check that a MongoDB does all that the service needs of it, in a scratch database.

    Without an address: the embedded store, on a scratch directory.
    """
    settings = settings_of({"mongodb_uri": uri})
    configure(settings)
    try:
        results = asyncio.run(_examine(settings))
    except (StartError, StoreUnavailable) as error:
        fail(str(error))
    except StoreDefect as error:
        fail(
            f"The MongoDB refuses to be examined ({error}): the user needs the right to make "
            "and drop a scratch database."
        )
    for result in results:
        told = ("passes", "green") if result.passed else ("fails ", "red")
        console.print(Text.assemble(told, f"  {result.name}: {result.check.description}"))
        if not result.passed:
            console.print(f"        {result.reason}")
    failed = sum(not result.passed for result in results)
    if failed:
        fail(f"{failed} of {len(results)} checks failed: this store is not supported.")
    console.print(f"All {len(results)} checks pass: this store is supported.")


async def _examine(settings: Settings) -> list[CheckResult]:
    async with AsyncExitStack() as stack:
        if settings.mongodb_uri is not None:
            uri = settings.mongodb_uri.get_secret_value()
        else:
            scratch = stack.enter_context(TemporaryDirectory())
            embedded = EmbeddedStore(Path(scratch))
            stack.push_async_callback(embedded.stop)
            uri = await embedded.start()
        database = await open_database(uri, settings.database, timeout=settings.store_timeout)
        stack.push_async_callback(database.close)
        return await run_checks(database)


@cli.command()
def schema() -> None:
    """Print the GraphQL schema."""
    print(sdl(), end="")


@cli.command()
def version() -> None:
    """Print the version."""
    print(__version__)


class _Server(uvicorn.Server):
    """Says where to go once it is ready, and ends with status 0 when it is told to stop.

    Told so while it starts, it does not start: what has begun is cancelled.
    """

    _starting: asyncio.Task[None] | None = None

    def __init__(self, config: uvicorn.Config, first_keys: Sequence[str], stop: Stop) -> None:
        super().__init__(config)
        self._first_keys = first_keys
        self._stop = stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._starting = asyncio.create_task(super().startup(sockets))
        await self._starting
        self._starting = None
        gc.freeze()  # what was made so far stays: collecting garbage need not look through it
        gc.set_threshold(100_000)  # an upload holds so many objects, none of which is garbage yet
        if self.started and sockets:
            host, port = sockets[0].getsockname()[:2]
            host = f"[{host}]" if ":" in host else host
            page = f"http://{host}:{port}/graphql"
            console.print(f"Customer Graph {__version__} is ready: {page}")
            for key in self._first_keys:
                console.print(f"The first key, told this once: {page}#key={key}")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stop.begin()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, _frame: FrameType | None) -> None:
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True
        if self._starting is not None:
            self._starting.get_loop().call_soon_threadsafe(self._starting.cancel)


def _leave(status: int) -> NoReturn:
    """Ends without waiting for the driver's threads: one that asks a silent database never ends."""
    sys.stdout.flush()
    os._exit(status)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        address = (settings.host, settings.port)
        listener = socket.create_server(address, family=family, backlog=2048)
    except OSError as error:
        reason = str(error.strerror).partition(" (")[0]
        fail(f"Cannot listen on {settings.host} port {settings.port}: {reason}.")
    bound_unsent(listener)
    return listener
