"""Uploads at random, each from its seed."""

import pytest

from tests.simulation.__main__ import findings
from tests.simulation.colliding import alone
from tests.simulation.exploring import explore
from tests.simulation.staging import Stage


@pytest.mark.parametrize("start", range(0, 1000, 100))
def test_an_upload_that_nobody_meets_is_as_its_rows_one_by_one(start: int) -> None:
    """In whatever order the writes of a round land: the customers, and what each row was told."""
    found = {seed: explore(Stage.of(alone(seed))).finding for seed in range(start, start + 100)}

    assert {} == {seed: finding for seed, finding in found.items() if finding}


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_uploads_that_race_keep_what_is_promised(start: int) -> None:
    """With some cut off, some primaries lost, and replication that lags."""
    found = [finding for seed in range(start, start + 50) for finding in findings(seed) if finding]

    assert [] == found
