"""Going through the interleavings of a case: all of them, or some at random."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from tests.simulation.asking import RunsForEver
from tests.simulation.promises import Broken
from tests.simulation.staging import Case, Stage
from tests.simulation.world import Operation, World

Path = tuple[Operation, ...]


@dataclass(frozen=True)
class Finding:
    """A promise that was broken, and the way there."""

    promise: str
    case: Case
    path: Path


@dataclass
class Explored:
    """How many worlds were seen, in how many of them all was over, and what was wrong."""

    worlds: int = 0
    ends: int = 0
    finding: Finding | None = None
    is_whole: bool = False


def explore(case: Case, most: int = 1_000_000) -> Explored:
    """All interleavings, or those of the first `most` worlds; up to the first finding.

    Those that lead to the same world are followed from there once.
    """
    return _Exploration(case).run(most)


class _Exploration:
    def __init__(self, case: Case) -> None:
        self._stage = Stage.of(case)
        self._seen: set[object] = set()
        self._open: list[tuple[World, _Way]] = []
        self._explored = Explored()

    def run(self, most: int) -> Explored:
        way: _Way = None
        try:
            self._meet(self._stage.world(), None)
            while self._open and self._explored.worlds < most:
                world, way = self._open.pop()
                for operation in world.operations():
                    step = (operation, way)
                    self._meet(world.do(operation), step)
        except (Broken, RunsForEver) as error:
            self._explored.finding = Finding(str(error), self._stage.case, _path(step))
        self._explored.is_whole = not self._open
        return self._explored

    def _meet(self, world: World, way: "_Way") -> None:
        key = world.key()
        if key in self._seen:
            return
        self._seen.add(key)
        self._explored.worlds += 1
        if world.is_over:
            self._explored.ends += 1
            self._stage.judge(world)
        self._open.append((world, way))


_Way = tuple[Operation, "_Way"] | None
"""The last step, and the way to it."""


def _path(way: _Way) -> Path:
    steps: list[Operation] = []
    while way:
        step, way = way
        steps.append(step)
    return tuple(reversed(steps))


def wander(stage: Stage, random: Random) -> tuple[World, Finding | None]:
    """One interleaving at random."""
    world, steps = stage.world(), list[Operation]()
    weights = [random.choice([1, 1, 4, 30]) for _ in range(12)]
    try:
        while operations := _likely(world, random):
            chances = [weights[operation.upload % 12] for operation in operations]
            steps += random.choices(operations, chances)
            world = world.do(steps[-1])
            if random.random() < 0.1:
                random.shuffle(weights)
        stage.judge(world)
    except (Broken, RunsForEver) as error:
        return world, Finding(str(error), stage.case, tuple(steps))
    return world, None


def _likely(world: World, random: Random) -> list[Operation]:
    """An upload is cut off now and then, and of what it had sent not all lands."""
    if world.is_over and random.random() < 0.5:
        return []
    operations = sorted(world.operations(), key=str)
    if random.random() < 0.9:
        return [one for one in operations if one.what != "is cut off"] or operations
    return operations


def replay(stage: Stage, path: Iterable[Operation]) -> World:
    world = stage.world()
    for operation in path:
        world = world.do(operation)
    return world
