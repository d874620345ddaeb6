"""`customer-graph keys`: keys are made, listed, exchanged and ended here, and nowhere else.

A key is printed alone on standard output, so that a program can take it from there; what is said
about it goes to standard error.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Column, Table

from graphql_schema.commands.speaking import errors, fail, settings_of
from service.access.callers import ApiKey
from service.access.keyring import Keyring
from service.access.scopes import EVERYTHING, Scope
from service.access.secrets import PresentedKey
from service.audit.events import NOWHERE, Action
from service.audit.trail import Trail
from service.customers.fields import FIELDS, is_company_field
from service.errors import NotFound, StartError, StoreUnavailable
from service.logs import configure
from service.settings import Settings
from service.store.api_keys import ApiKeys
from service.store.audit import AuditLog
from service.store.failures import StoreDefect
from service.store.opening import open_beside

keys = typer.Typer(no_args_is_help=True, help="Make, list, exchange and end keys to the service.")

ALL = "all"
_COLUMNS = ("key", "name", "scopes", "fields", "made", "last used", "ends")
_WIDE = 10_000
"""Characters: no row is folded, so that programs can read it too."""
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
Result = TypeVar("Result")

DataDir = Annotated[Path | None, typer.Option(help="Where the embedded store lives.")]
PublicId = Annotated[str, typer.Argument(help="The key's public part, before the dot.")]


@keys.command()
def make(
    name: Annotated[str, typer.Argument(help="What it is for, such as `nightly export`.")],
    scope: Annotated[
        list[str],
        typer.Option(help=f"What it may do, once or more: {', '.join(Scope)}, or {ALL}."),
    ],
    field: Annotated[
        list[str] | None,
        typer.Option(
            help="A field that it may read, once or more, such as `country` or `ACME__level`; "
            "without it: all of them."
        ),
    ] = None,
    expires: Annotated[
        str | None, typer.Option(help="How long it lasts, such as 12h or 90d; for good without.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Make a key. It is shown once: of its secret a digest alone is kept."""
    scopes, fields = _scopes(scope), _fields(field)
    lifetime = _lifetime(expires) if expires else None
    made = _with_keyring(
        data_dir, lambda keyring: keyring.make(name, scopes, fields, lifetime), _public_id
    )
    _tell(str(made))


@keys.command("list")
def list_keys(data_dir: DataDir = None) -> None:
    """List all keys, without their secrets."""
    found = _with_keyring(data_dir, lambda keyring: keyring.all())
    table = Table(*(Column(name, no_wrap=True) for name in _COLUMNS), box=None)
    for key in found:
        table.add_row(*_row(key))
    Console(width=_WIDE, highlight=False, markup=False).print(table)


@keys.command()
def rotate(
    key: PublicId,
    overlap: Annotated[
        str, typer.Option(help="How long the old key still works, such as 30m, 24h or 7d.")
    ] = "24h",
    data_dir: DataDir = None,
) -> None:
    """Make a key with the rights of another, which works on for a while and then ends."""
    lasting = _lifetime(overlap)
    made = _with_keyring(data_dir, lambda keyring: keyring.rotate(key, lasting), _public_id)
    _tell(str(made))
    errors.print(f"{key} ends in {overlap}.")


@keys.command()
def revoke(key: PublicId, data_dir: DataDir = None) -> None:
    """End a key: every running service refuses it within seconds."""
    _with_keyring(data_dir, lambda keyring: keyring.revoke(key), lambda _: key)
    errors.print(f"{key} has ended. Services that run refuse it within 5 seconds.")


def _tell(key: str) -> None:
    print(key)
    errors.print("Keep it safe: it can't be shown again.")


def _public_id(made: PresentedKey) -> str:
    return made.public_id


def _with_keyring(
    data_dir: Path | None,
    do: Callable[[Keyring], Awaitable[Result]],
    about: Callable[[Result], str] | None = None,
) -> Result:
    """`about`: the key that was made or ended, for the audit trail."""
    settings = settings_of({"data_dir": data_dir})
    configure(settings)
    try:
        return asyncio.run(_done(settings, do, about))
    except NotFound:
        fail("There is no key of this public part; `customer-graph keys list` shows them.")
    except (StartError, StoreUnavailable, StoreDefect) as error:
        fail(str(error))


async def _done(
    settings: Settings,
    do: Callable[[Keyring], Awaitable[Result]],
    about: Callable[[Result], str] | None,
) -> Result:
    async with open_beside(settings) as database:
        result = await do(Keyring(ApiKeys(database)))
        if about is not None:
            trail = Trail(AuditLog(database), timedelta(days=settings.audit_days))
            await trail.note(Action.KEY, NOWHERE, about=about(result))
        return result


def _scopes(given: list[str]) -> frozenset[Scope]:
    if ALL in given:
        return EVERYTHING
    wrong = [one for one in given if one not in EVERYTHING]
    if wrong:
        fail(f"{wrong[0]} is no scope. Expected: {', '.join(Scope)}, or {ALL}.")
    return frozenset(map(Scope, given))


def _fields(given: list[str] | None) -> list[str] | None:
    for name in given or ():
        if name not in FIELDS and not is_company_field(name):
            fail(f"{name} is no field. Expected one such as first_name, or PREFIX__name.")
    return given or None


def _lifetime(text: str) -> timedelta:
    found = re.fullmatch(r"([1-9][0-9]{0,4})([mhd])", text)
    if found is None:
        fail(f"{text} is no duration: expected minutes, hours or days, such as 30m, 24h or 90d.")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _row(key: ApiKey) -> tuple[str, ...]:
    fields = "all" if key.readable_fields is None else " ".join(sorted(key.readable_fields))
    ended = key.expires_at is not None and key.expires_at <= datetime.now(UTC)
    ends = f"{_moment(key.expires_at)} (ended)" if ended else _moment(key.expires_at)
    scopes = ALL if key.scopes == EVERYTHING else " ".join(sorted(key.scopes))
    made, used = _moment(key.created_at), _moment(key.last_used_at)
    return key.public_id, key.name, scopes, fields, made, used, ends


def _moment(at: datetime | None) -> str:
    return "never" if at is None else f"{at:%Y-%m-%d %H:%M}"
