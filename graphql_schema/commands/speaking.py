"""How commands speak: to people on standard error, results on standard output; and their settings,
of which a wrong one is told by its name."""

from collections.abc import Mapping
from typing import Any, NoReturn

import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from rich.console import Console

from service.settings import Settings, misspelt

console = Console(highlight=False, soft_wrap=True, markup=False)
errors = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)


def settings_of(given: Mapping[str, Any]) -> Settings:
    for name, meant in misspelt().items():
        fail(f"{name} is not a setting. Did you mean {meant}?")
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        wrong = (f"{_variable(fault['loc'])}: {_told(fault)}" for fault in error.errors())
        fail("A setting is wrong. " + "; ".join(wrong))


def _told(fault: ErrorDetails) -> str:
    if fault["type"] == "too_short":  # which counts a secret's characters as items
        return f"at least {fault['ctx']['min_length']} characters are needed"
    return fault["msg"].removeprefix("Value error, ")


def _variable(location: tuple[int | str, ...]) -> str:
    name = str(location[0])
    return name if name.isupper() else f"CUSTOMER_GRAPH_{name.upper()}"


def fail(reason: str) -> NoReturn:
    errors.print(reason, style="red")
    raise typer.Exit(1)
