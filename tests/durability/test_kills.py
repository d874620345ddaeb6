"""Processes are killed under uploads: what was acknowledged is there, once, and nothing else."""

from pathlib import Path

import pytest

from tests.durability.faulty import CONTROLS
from tests.durability.killing import KILLS, run

TIMES = 3


@pytest.mark.parametrize("what", KILLS)
async def test_what_was_acknowledged_is_there_once_and_nothing_else(
    what: str, tmp_path: Path
) -> None:
    """After each kill, and once all was sent again that nobody acknowledged; a service on a store
    of its own holds the keys of uploads that died for longer than this may take."""
    done = await run(tmp_path, what, TIMES, seed=1, keyed=0 if what == "service" else 2)

    assert [] == done.findings
    assert TIMES == len(done.downtimes)
    assert done.load.ledger.is_settled()


@pytest.mark.parametrize(("what", "program"), CONTROLS.values(), ids=CONTROLS)
async def test_a_service_that_does_not_keep_what_it_acknowledged_is_found_out(
    what: str, program: str, tmp_path: Path
) -> None:
    """The negative control. One kill is enough."""
    done = await run(tmp_path, what, 1, seed=1, program=program)

    assert "lost" in {finding.kind for finding in done.findings}
