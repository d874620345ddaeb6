"""One thread beside the event loop, for what takes long and waits for nothing.

It is one alone, whatever there is to do: of many, each would keep the loop waiting in its turn.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Made = TypeVar("Made")

_THREAD = ThreadPoolExecutor(1, "aside")


def aside(make: Callable[..., Made], *arguments: object) -> "asyncio.Future[Made]":
    """What `make` makes, once it is its turn."""
    return asyncio.get_running_loop().run_in_executor(_THREAD, make, *arguments)
