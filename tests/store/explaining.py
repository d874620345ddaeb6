"""What a store says that it did: the commands that reached it, and its plan for each."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.monitoring import CommandListener, CommandStartedEvent

from service.store.database import Database

_FIND = ("find", "filter", "projection", "sort", "limit", "hint")
_SCANS = ("COLLSCAN", "IDHACK")


class Recorder(CommandListener):
    """Every find, aggregation and update that is sent, as it can be explained: an update as a
    find."""

    def __init__(self) -> None:
        self.commands: list[dict[str, Any]] = []

    def started(self, event: CommandStartedEvent) -> None:
        command = event.command
        if event.command_name == "find":
            self.commands.append({key: command[key] for key in _FIND if key in command})
        if event.command_name == "aggregate":
            named = {key: command[key] for key in ("aggregate", "pipeline")}
            self.commands.append({**named, "cursor": {}})
        for update in command.get("updates", ()):
            self.commands.append({"find": command["update"], "filter": update["q"]})

    def succeeded(self, event: object) -> None: ...

    def failed(self, event: object) -> None: ...


class Explained(NamedTuple):
    """`used`: the indexes that serve it, `COLLSCAN` if none does. `stages`: by name. `examined`:
    how many documents are looked at."""

    used: set[str]
    stages: set[str]
    examined: int


@asynccontextmanager
async def recorded_by(
    recorder: Recorder, database: Database, store_uri: str
) -> AsyncIterator[Database]:
    """The same database, through a client that records."""
    client: Any = AsyncIOMotorClient(store_uri, event_listeners=[recorder], tz_aware=True)
    yield Database(client, database.raw.name, timeout=10)
    client.close()


async def explained(database: Database, command: Mapping[str, Any]) -> Explained:
    told = await database.raw.command({"explain": command, "verbosity": "executionStats"})
    found = told["stages"][0]["$cursor"] if "stages" in told else told
    plan = list(_stages(found["queryPlanner"]["winningPlan"]))
    names = {one["stage"] for one in plan}
    used = {one["indexName"] for one in plan if "indexName" in one}
    used |= {name for name in names if name in _SCANS}
    return Explained(used, names, found["executionStats"]["totalDocsExamined"])


def _stages(plan: Any) -> Iterator[dict[str, Any]]:
    """Every stage of a plan, however it nests."""
    if isinstance(plan, Mapping):
        if "stage" in plan:
            yield dict(plan)
        for part in plan.values():
            yield from _stages(part)
    elif isinstance(plan, list):
        for part in plan:
            yield from _stages(part)
