#!/usr/bin/env python
"""What the front door costs: a page of 100 customers of 20 fields whose document is known, with
every control at its default, against the same page with every control off.

    .venv/bin/python scripts/bench/front_door.py          # all of them
    .venv/bin/python scripts/bench/front_door.py --each   # and each control alone

On the embedded store, or on MONGODB_URI. CPU is the server processes' own. One process differs from
the next by some 5 %, so there are several of each, asked in turn; the ratio is that of their means,
round by round.
"""

import asyncio
import os
import sys
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import mean, median

import httpx2
from measuring import Contender, race, server
from page import KEY, PAGE, PROGRAM, QUERY, fill
from page_rivals import DATABASE
from rich.console import Console

from service.access.keyring import Keyring
from service.access.scopes import EVERYTHING
from service.settings import PREFIX, Settings
from service.store.api_keys import ApiKeys
from service.store.embedded import EmbeddedStore
from service.store.opening import open_store

INSTANCES, ROUNDS, REQUESTS = 4, 15, 60
AT_MOST = 1.15

CONTROLS = {
    "keys and scopes": {"REQUIRE_KEYS": "false"},
    "rate limits": {"RATE_LIMIT_PER_SECOND": "0"},
    "metrics": {"METRICS": "false"},
}
"""By what each is turned off. Not among them are those that no setting turns off: deadlines of
connections, which are looked at once a second and not with a request, and limits of documents,
which are looked at when a document is new and not when it is known. Nor is the audit trail: by
default it notes changes, and no reads."""

Group = list[Contender]


def ask(key: str, client: httpx2.Client, address: str) -> httpx2.Response:
    body = {"query": QUERY, "variables": {"first": PAGE}}
    return client.post(f"{address}/graphql", json=body, headers={"Authorization": f"Bearer {key}"})


async def new_key(uri: str) -> str:
    settings = Settings(mongodb_uri=uri, database=DATABASE, claims_key=KEY)
    async with open_store(settings) as store:
        return str(await Keyring(ApiKeys(store.database)).make("benchmark", EVERYTHING))


def without(*controls: str) -> dict[str, str]:
    """The environment of a service on which these are off and the others at their default."""
    return {
        "CUSTOMER_GRAPH_DATABASE": DATABASE,
        "CUSTOMER_GRAPH_CLAIMS_KEY": KEY,
        "CUSTOMER_GRAPH_REQUIRE_KEYS": "true",
        "CUSTOMER_GRAPH_RATE_LIMIT_BURST": "1000000000000",  # so that it refuses nothing
        **{PREFIX + name: value for one in controls for name, value in CONTROLS[one].items()},
    }


def compare(uri: str, key: str, *, each: bool) -> None:
    wanted = {"every control off": without(*CONTROLS), "every control on": without()}
    if each:
        wanted |= {f"{one} alone": without(*(CONTROLS.keys() - {one})) for one in CONTROLS}
    with ExitStack() as stack:
        groups = {
            name: [
                Contender(
                    name,
                    *stack.enter_context(
                        server([str(PROGRAM), "serve", "--port", "0"], uri, **environment)
                    ),
                    partial(ask, key),
                )
                for _ in range(INSTANCES)
            ]
            for name, environment in wanted.items()
        }
        in_turn = [one for instances in zip(*groups.values(), strict=True) for one in instances]
        check(in_turn, groups)
        race(in_turn, ROUNDS, REQUESTS, at_once=1)
    show(groups)


def check(contenders: Group, groups: dict[str, Group]) -> None:
    """They answer alike; and the controls are on where they are to be: a wrong key is refused."""
    with httpx2.Client(timeout=60) as client:
        answers = {one.ask(client, one.address).content for one in contenders}
        refused = ask("wrong", client, groups["every control on"][0].address)
    assert len(answers) == 1, "they answer differently"
    assert refused.status_code == 401, "a wrong key is taken"


def by_round(group: Group) -> list[float]:
    return [mean(cpu) for cpu in zip(*(one.cpu for one in group), strict=True)]


def show(groups: dict[str, Group]) -> None:
    console = Console(width=160, highlight=False)
    console.print(f"| 100 customers × 20 fields | CPU a page | of {INSTANCES} processes | to off |")
    console.print("|---|---|---|---|")
    off = by_round(groups["every control off"])
    for name, group in groups.items():
        found = by_round(group)
        alone = sorted(median(one.cpu) for one in group)
        ratio = median(one / other for one, other in zip(found, off, strict=True))
        console.print(
            f"| {name} | {median(found):.3f} ms | {alone[0]:.3f} to {alone[-1]:.3f} ms "
            f"| {ratio:.3f} |"
        )
    console.print(f"At most {AT_MOST} is aimed at. Off:")
    for control, settings in CONTROLS.items():
        told = " ".join(f"{PREFIX}{name}={value}" for name, value in settings.items())
        console.print(f"  {control}: {told}")


async def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        embedded = EmbeddedStore(Path(directory))
        uri = os.environ.get("MONGODB_URI") or await embedded.start()
        await fill(uri)
        key = await new_key(uri)
        await asyncio.to_thread(compare, uri, key, each="--each" in sys.argv)
        await embedded.stop()


asyncio.run(main())
