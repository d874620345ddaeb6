"""`scripts/demo`: a service full of made-up people."""

import signal
import subprocess
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import httpx2
import typer
from rich.console import Console

from scripts.people import MOST, Row, people
from scripts.people.filling import CannotFill, Filled, fill
from scripts.people.serving import held, is_address, spare_others, started
from scripts.people.telling import progress, summary

YESTERDAY = datetime.combine(date.today() - timedelta(1), time.min)
"""Today is not over: somebody could have logged in later than now."""

HERE = "http://127.0.0.1:8000"
TIMEOUT = 120.0
INTERRUPTED = 130
"""The status of a program that Ctrl-C ended."""

console = Console(highlight=False, soft_wrap=True, markup=False)
errors = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)


cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@cli.command()
def demo(
    customers: Annotated[int, typer.Option(min=1, max=MOST, help="How many to make.")] = 10_000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same people.")] = 1,
    url: Annotated[str | None, typer.Option(help=f"The service to fill, if not {HERE}.")] = None,
    until: Annotated[
        datetime,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="The last day on which anything happened.",
            show_default="yesterday",
        ),
    ] = YESTERDAY,
    key: Annotated[
        str | None,
        typer.Option(
            envvar="CUSTOMER_GRAPH_KEY",
            help="A key to the service, with customers:read and customers:write.",
            show_default=False,
        ),
    ] = None,
    data_dir: Annotated[
        Path, typer.Option(help="Where a service that is started here keeps them.")
    ] = Path("data-demo"),
) -> None:
    """Fill a service with made-up people.

    Where none runs at the address, one is started, on an embedded store of its
    own, and goes on serving; it asks for no keys. To run it again adds nobody:
    the same people come, on another day with later logins.
    """
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, _interrupt)
    filled = Filled()
    try:
        with ExitStack() as stack:
            client = stack.enter_context(_client(url or HERE, key))
            process = _service(stack, client, seed, data_dir, is_named=url is not None)
            _fill(client, islice(people(seed, until.date()), customers), customers, filled)
            if process:
                _go_on(process, client, data_dir)
    except CannotFill as error:
        _end(1, str(error), filled, customers)
    except KeyboardInterrupt:
        _end(INTERRUPTED, "Interrupted.", filled, customers)
    raise typer.Exit(1 if filled.counts["rejected"] else 0)


def _client(url: str, key: str | None) -> httpx2.Client:
    address = url.rstrip("/").removesuffix("/graphql")
    if not is_address(address):
        raise CannotFill(f"{url} is not an address of a service, such as {HERE}.")
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return httpx2.Client(base_url=address, timeout=TIMEOUT, headers=headers)


def _service(
    stack: ExitStack, client: httpx2.Client, seed: int, data_dir: Path, *, is_named: bool
) -> subprocess.Popen[str] | None:
    """The process, where one had to be started."""
    first = next(row["external_id"] for row in people(seed) if "external_id" in row)
    found = held(client, first)
    if found is None:
        console.print(f"No service runs at {client.base_url}: starting one ...")
        return stack.enter_context(started(str(client.base_url), data_dir))
    if not is_named:
        spare_others(found, str(client.base_url))
    return None


def _fill(client: httpx2.Client, rows: Iterable[Row], total: int, filled: Filled) -> None:
    with progress(console, total) as advance:
        for done in fill(client, rows, filled):
            advance(done)
    console.print(summary(filled))


def _go_on(process: subprocess.Popen[str], client: httpx2.Client, data_dir: Path) -> None:
    """Until it is interrupted, which is how this is meant to end."""
    console.print(
        f"Serving them at {client.base_url}/graphql until Ctrl-C.\n"
        f"They stay in {data_dir}: scripts/serve --data-dir {data_dir}"
    )
    try:
        process.wait()
    except KeyboardInterrupt:
        return
    raise CannotFill(f"The service has stopped: see {data_dir / 'service.log'}.")


def _end(status: int, reason: str, filled: Filled, customers: int) -> NoReturn:
    """How far it came, if it began."""
    errors.print(reason, style="red")
    if done := filled.counts["rows"]:
        errors.print(
            f"{done:,} of {customers:,} rows were taken. Run it again to go on: nobody comes twice."
        )
    raise typer.Exit(status)


def _interrupt(_sign: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    cli(prog_name="scripts/demo")
