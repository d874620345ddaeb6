"""What once went wrong, in all interleavings; also with one upload cut off and sent again."""

from dataclasses import replace

import pytest

from tests.simulation.exploring import explore
from tests.simulation.once_wrong import NAMED
from tests.simulation.staging import Stage


@pytest.mark.parametrize("crashes", [0, 1], ids=["", "cut off"])
@pytest.mark.parametrize("name", NAMED)
def test_every_interleaving_keeps_what_is_promised(name: str, crashes: int) -> None:
    explored = explore(Stage.of(replace(NAMED[name], crashes=crashes)))

    assert explored.finding is None
    assert explored.is_whole


@pytest.mark.parametrize("name", NAMED)
def test_so_does_a_store_whose_writes_are_replicated_later(name: str) -> None:
    explored = explore(Stage.of(replace(NAMED[name], lags=True)))

    assert explored.finding is None
    assert explored.is_whole
