"""Going through the interleavings of a case: all of them, or some at random."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from tests.simulation.asking import RunsForEver
from tests.simulation.promises import Broken
from tests.simulation.staging import Case, Stage
from tests.simulation.world import Operation, World


@dataclass(frozen=True)
class Finding:
    """A promise that was broken, and the way there."""

    promise: str
    case: Case
    path: tuple[Operation, ...]


@dataclass
class Explored:
    """How many worlds were seen, in how many of them all was over, and what was wrong.

    `is_whole`: there are no others.
    """

    worlds: int = 0
    ends: int = 0
    finding: Finding | None = None
    is_whole: bool = False


def explore(stage: Stage, most: int = 1_000_000) -> Explored:
    """All interleavings, or those of the first `most` worlds; up to the first finding.

    Those that lead to the same world are followed from there once.
    """
    return _Exploration(stage).run(most)


_Way = tuple[Operation, "_Way"] | None
"""The last step, and the way to it."""


class _Exploration:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._seen: set[object] = set()
        self._open: list[tuple[World, _Way]] = []
        self._explored = Explored()

    def run(self, most: int) -> Explored:
        way: _Way = None
        try:
            self._meet(self._stage.world(), way)
            while self._open and self._explored.worlds < most:
                world, before = self._open.pop()
                for operation in world.operations():
                    way = (operation, before)
                    self._meet(world.do(operation), way)
        except (Broken, RunsForEver) as error:
            self._explored.finding = Finding(str(error), self._stage.case, _path(way))
        self._explored.is_whole = not self._open
        return self._explored

    def _meet(self, world: World, way: _Way) -> None:
        key = world.key()
        if key in self._seen:
            return
        self._seen.add(key)
        self._explored.worlds += 1
        if world.is_over:
            self._explored.ends += 1
            self._stage.judge(world)
        self._open.append((world, way))


def _path(way: _Way) -> tuple[Operation, ...]:
    steps: list[Operation] = []
    while way:
        step, way = way
        steps.append(step)
    return tuple(reversed(steps))


UPLOADS = 12
"""More than there ever are, with those that are sent again."""


def wander(stage: Stage, random: Random) -> Finding | None:
    """One interleaving at random: some uploads are much quicker than others, and by turns."""
    world, steps = stage.world(), list[Operation]()
    speeds = [random.choice([1, 1, 4, 30]) for _ in range(UPLOADS)]
    try:
        while operations := _likely(world, random):
            chances = [speeds[operation.upload] for operation in operations]
            steps += random.choices(operations, chances)
            world = world.do(steps[-1])
            if random.random() < 0.1:
                random.shuffle(speeds)
        stage.judge(world)
    except (Broken, RunsForEver) as error:
        return Finding(str(error), stage.case, tuple(steps))
    return None


_RARE = {"is cut off", "loses its primary", "changes its primary"}


def _likely(world: World, random: Random) -> list[Operation]:
    """Nothing breaks but now and then, and what was sent before an upload was cut off may never
    land."""
    if world.is_over and random.random() < 0.5:
        return []
    operations = sorted(world.operations(), key=str)
    if random.random() < 0.9:
        return [one for one in operations if one.what not in _RARE]
    return operations


def replay(stage: Stage, path: Iterable[Operation]) -> World:
    world = stage.world()
    for operation in path:
        world = world.do(operation)
    return world
