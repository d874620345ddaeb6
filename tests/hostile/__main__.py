"""Fires hostile requests at a service of its own: `scripts/hostile --help`."""

import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from tests.hostile.firing import Outcome, fire, memory, milliseconds, target
from tests.hostile.judging import Finding, grown, judged, slow
from tests.hostile.mutate import mutated
from tests.hostile.shapes import SHAPES


def main(asked: Namespace) -> int:
    """1 where something was found."""
    shots = list(mutated(SHAPES, asked.number, asked.seed))
    begun, warm = monotonic(), max(len(SHAPES), len(shots) // 5)
    with TemporaryDirectory() as directory, target(Path(directory) / "data") as (service, known):
        outcomes = fire(service, known, shots[:warm])
        before = memory(service.process.pid)
        outcomes += fire(service, known, shots[warm:], warm)
        after = memory(service.process.pid)
        log = service.log.read_text()
    logged = milliseconds(log)
    found = [*judged(outcomes, log), *slow(outcomes, logged), *grown(before, after)]
    _tell(outcomes, logged, monotonic() - begun)
    print(f"Memory: {before:.0f} MiB after {warm:,} requests, {after:.0f} MiB at the end.")
    _tell_findings(found)
    return 1 if found else 0


def _tell(outcomes: Sequence[Outcome], logged: dict[str, float], seconds: float) -> None:
    statuses = Counter("no answer" if one.status is None else str(one.status) for one in outcomes)
    counted = ", ".join(f"{number:,} of {status}" for status, number in sorted(statuses.items()))
    print(f"{len(outcomes):,} requests, {len(SHAPES)} shapes, in {seconds:.0f} s: {counted}.")
    print("Slowest by the processor:")
    for one in sorted(outcomes, key=lambda one: -one.cpu)[:8]:
        print(f"  {one.cpu:6.0f} ms, {logged.get(one.id, 0):6.0f} ms in the log: {one.shot.name}")


def _tell_findings(found: Sequence[Finding]) -> None:
    print(f"Findings: {len(found) or 'none'}.")
    for finding, number in Counter(str(one) for one in found).most_common(40):
        print(f"  {number} x {finding}")


def _asked() -> Namespace:
    parser = ArgumentParser(prog="scripts/hostile", description=__doc__)
    parser.add_argument("--number", type=int, default=10_000, help="of requests; default 10,000")
    parser.add_argument("--seed", type=int, default=0, help="of the mutations; default 0")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main(_asked()))
