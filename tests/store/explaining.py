"""What a store says that it did: the commands that reached it, and its plan for each."""

from collections.abc import Iterator, Mapping
from typing import Any

from pymongo.monitoring import CommandListener, CommandStartedEvent

from service.store.database import Database

_FIND = ("find", "filter", "projection", "sort", "limit", "hint")


class Recorder(CommandListener):
    """Every find and aggregation that is sent, as it can be explained."""

    def __init__(self) -> None:
        self.commands: list[dict[str, Any]] = []

    def started(self, event: CommandStartedEvent) -> None:
        command = event.command
        if event.command_name == "find":
            self.commands.append({key: command[key] for key in _FIND if key in command})
        if event.command_name == "aggregate":
            named = {key: command[key] for key in ("aggregate", "pipeline")}
            self.commands.append({**named, "cursor": {}})

    def succeeded(self, event: object) -> None: ...

    def failed(self, event: object) -> None: ...


def stages(plan: Any) -> Iterator[dict[str, Any]]:
    """Every stage of a plan, however it nests."""
    if isinstance(plan, Mapping):
        if "stage" in plan:
            yield dict(plan)
        for part in plan.values():
            yield from stages(part)
    elif isinstance(plan, list):
        for part in plan:
            yield from stages(part)


async def explained(database: Database, command: Mapping[str, Any]) -> tuple[set[str], set[str]]:
    """The indexes that serve it, `COLLSCAN` if none does; and the names of its stages."""
    told = await database.raw.command({"explain": command, "verbosity": "queryPlanner"})
    plan = list(stages(told.get("queryPlanner", told)))
    names = {one["stage"] for one in plan}
    used = {one["indexName"] for one in plan if "indexName" in one} | (names & {"COLLSCAN"})
    return used, names
