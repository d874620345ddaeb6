"""Simulates uploads at random for as long as one likes; `scripts/simulate --help`."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from itertools import count
from random import Random
from time import monotonic

from tests.simulation.colliding import case
from tests.simulation.exploring import Finding, wander
from tests.simulation.staging import Stage, silence
from tests.simulation.telling import shrunk, told

SCHEDULES = 20
"""Interleavings of each case."""


def findings(seed: int) -> Iterator[Finding | None]:
    """Of each interleaving of the case that the seed gives."""
    random = Random(seed)
    stage = Stage.of(case(random))
    for _ in range(SCHEDULES):
        yield wander(stage, random)


def main(asked: Namespace) -> int:
    """Up to the first finding."""
    end, runs = monotonic() + asked.seconds, 0
    for seed in count(asked.seed):
        for finding in findings(seed):
            runs += 1
            if finding:
                print(f"Seed {seed}: scripts/simulate --seed {seed} finds it again.")
                print(told(shrunk(finding)))
                return 1
        if monotonic() > end:
            print(f"{runs} interleavings of the cases {asked.seed} to {seed}: nothing found.")
            return 0
    return 0


def _asked() -> Namespace:
    parser = ArgumentParser(prog="scripts/simulate", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long; default 60")
    parser.add_argument("--seed", type=int, default=0, help="the first case; default 0")
    return parser.parse_args()


if __name__ == "__main__":
    with silence():
        raise SystemExit(main(_asked()))
