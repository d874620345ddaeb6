"""Kills processes under load as often as one likes; `scripts/kill --help`."""

import asyncio
import logging
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from tests.durability.faulty import CONTROLS
from tests.durability.killing import KILLS, Run, run
from tests.running import START


def main(asked: Namespace) -> int:
    """1 where something was wrong, or a service that is wrong was not found out."""
    good = [_tried(what, START, asked) for what in asked.what or KILLS]
    bad = [_tried(what, program, asked, name) for name, (what, program) in CONTROLS.items()]
    wrong = [done for done in good if done.findings]
    unseen = [done for done in bad if not any(one.kind == "lost" for one in done.findings)]
    print("Nothing was lost, twice or unexplained." if not wrong else "SOMETHING IS WRONG.")
    print("The negative controls were found out." if not unseen else "A CONTROL WAS NOT FOUND OUT.")
    return 1 if wrong or unseen else 0


def _tried(what: str, program: str, asked: Namespace, name: str = "") -> Run:
    begun = monotonic()
    with TemporaryDirectory() as directory:
        done = asyncio.run(run(Path(directory), what, asked.times, asked.seed, program=program))
    ledger, waits = done.load.ledger, sorted(done.downtimes)
    print(
        f"{name or what}: {len(waits)} times in {monotonic() - begun:.0f} s; "
        f"{len(ledger.uploads)} uploads with {ledger.acknowledged()} rows acknowledged, "
        f"{sum(upload.attempts > 1 for upload in ledger.uploads)} of them sent again; "
        f"answers: {_counted(done.load.answers)}; "
        f"served again after {waits[len(waits) // 2]:.1f} s, at most {waits[-1]:.1f} s; "
        f"{f'stopped within {max(done.stops):.1f} s; ' if done.stops else ''}"
        f"findings: {_counted(Counter(one.kind for one in done.findings)) or 'none'}",
        flush=True,
    )
    for finding in done.findings[:10] if not name else ():
        print(f"  {finding.kind}: {finding.what}", flush=True)
    return done


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))


def _asked() -> Namespace:
    parser = ArgumentParser(prog="scripts/kill", description=__doc__)
    parser.add_argument("what", nargs="*", choices=[*KILLS, []], help="what to kill; default all")
    parser.add_argument("--times", type=int, default=30, help="how often each; default 30")
    parser.add_argument("--seed", type=int, default=0, help="of the moments and uploads")
    return parser.parse_args()


if __name__ == "__main__":
    logging.disable()
    sys.exit(main(_asked()))
