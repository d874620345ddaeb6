"""Without any one rule of the protocol, the simulation finds a promise broken."""

from random import Random

import pytest

from tests.simulation.colliding import case
from tests.simulation.exploring import Finding, explore, wander
from tests.simulation.left_out import LEFT_OUT
from tests.simulation.once_wrong import NAMED
from tests.simulation.shown import SHOWN, cases
from tests.simulation.staging import Stage


def _findings(rule: str, patch: pytest.MonkeyPatch) -> list[Finding | None]:
    """What stood before the uploads came about by all rules."""
    seed = SHOWN[rule]
    if isinstance(seed, int):
        random = Random(seed)
        stage = Stage.of(case(random))
        LEFT_OUT[rule](patch)
        return [wander(stage, random) for _ in range(20)]
    stages = [Stage.of(one) for one in cases(rule, NAMED)]
    LEFT_OUT[rule](patch)
    return [explore(stage, 50_000).finding for stage in stages]


@pytest.mark.parametrize("rule", SHOWN)
def test_the_simulation_finds_out_when_a_rule_is_left_out(
    rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert any(_findings(rule, monkeypatch))


@pytest.mark.parametrize("rule", SHOWN)
def test_with_all_rules_the_same_cases_keep_what_is_promised(
    rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LEFT_OUT, rule, lambda patch: None)

    assert not any(_findings(rule, monkeypatch))
