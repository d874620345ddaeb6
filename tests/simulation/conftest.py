"""Uploads here say nothing in the log."""

from collections.abc import Iterator

import pytest

from tests.simulation.staging import silence


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    with silence():
        yield
