"""Uploads that race under options, each from its seed."""

from dataclasses import replace
from random import Random

import pytest

from service.customers.policies import ErrorPolicy, MultipleMatches
from service.uploads.options import UploadOptions
from tests.simulation.colliding import case
from tests.simulation.exploring import wander
from tests.simulation.staging import Stage

SCHEDULES = 5


@pytest.mark.parametrize("start", range(0, 100, 50))
@pytest.mark.parametrize(
    "options",
    [
        UploadOptions(ErrorPolicy.IGNORE_FAILED),
        UploadOptions(on_multiple_matches=MultipleMatches.REJECT),
        UploadOptions(ErrorPolicy.IGNORE_FAILED, MultipleMatches.REJECT),
    ],
    ids=["faulty fields are left out", "no row updates several", "both"],
)
def test_uploads_that_race_keep_what_is_promised(options: UploadOptions, start: int) -> None:
    for seed in range(start, start + 50):
        random = Random(seed)
        stage = Stage.of(replace(case(random), options=options))

        assert not [found for _ in range(SCHEDULES) if (found := wander(stage, random))]
