"""Operations that schemathesis makes of the schema, against a service of its own; see
`scripts/fuzz-schema`.

It is run as its users run it, with a check of ours in place of its own: see `promises`.
"""

import os
import re
import subprocess
import sys
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.hostile.firing import target
from tests.hostile.judging import Finding, judged

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "graphql_schema/schema.graphql"
OPERATIONS = 18
"""Root fields; each gets so many cases of its own."""


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """`told` is schemathesis's own summary, and `findings` what the service's log says besides."""

    status: int
    cases: int
    told: str
    findings: list[Finding]


def fuzz(directory: Path, examples: int, seed: int, workers: int = 1) -> Fuzzed:
    """So many cases for each operation."""
    with target(directory) as (service, known):
        ended = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "run", str(SCHEMA)),
                *("--url", f"{service.url}/graphql", "-H", f"Authorization: Bearer {known.key}"),
                *("--checks", "is_foreseen", "--phases", "fuzzing", "--continue-on-failure"),
                *("-n", str(examples), "--seed", str(seed), "-w", str(workers), "--no-color"),
                *("--suppress-health-check", "all", "--warnings", "off"),
            ],
            cwd=directory.parent,  # where it keeps what it found
            env=os.environ
            | {"SCHEMATHESIS_HOOKS": "tests.hostile.promises", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
        )
        log = service.log.read_text()
    told = ended.stdout + ended.stderr
    cases = re.search(r"([\d,]+) generated", told)
    number = int(cases.group(1).replace(",", "")) if cases else 0
    return Fuzzed(ended.returncode, number, told, judged([], log))


def main() -> int:
    """1 where something was found."""
    parser = ArgumentParser(prog="scripts/fuzz-schema", description=__doc__)
    parser.add_argument("--number", type=int, default=10_000, help="of cases; default 10,000")
    parser.add_argument("--seed", type=int, default=0, help="of the cases; default 0")
    parser.add_argument("--workers", type=int, default=2, help="at a time; default 2")
    asked = parser.parse_args()
    with TemporaryDirectory() as directory:
        each = -(-asked.number // OPERATIONS)
        fuzzed = fuzz(Path(directory) / "data", each, asked.seed, asked.workers)
    print(fuzzed.told)
    print(f"{fuzzed.cases:,} cases. Findings in the log: {len(fuzzed.findings) or 'none'}.")
    print(*map(str, fuzzed.findings[:20]), sep="\n")
    return 1 if fuzzed.status or fuzzed.findings or fuzzed.cases < asked.number else 0


if __name__ == "__main__":
    sys.exit(main())
