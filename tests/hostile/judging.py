"""What may not come of a hostile request."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from tests.hostile.firing import Outcome

GROWTH = 0.15
"""Of the memory that was held when everything had been fired once, how much more may be held."""

MOST_MILLISECONDS = 250
REFUSED_BY_PROTOCOL = frozenset({501, 505})
"""What HTTP calls a transfer coding and a version that a server does not speak."""


@dataclass(frozen=True, slots=True)
class Finding:
    kind: str
    shot: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.shot}: {self.what}"


def judged(outcomes: Iterable[Outcome], log: str) -> list[Finding]:
    """What is wrong, whatever the machine is doing besides."""
    outcomes = list(outcomes)
    names = {one.id: one.shot.name for one in outcomes}
    return [*_answers(outcomes), *_told(log, names)]


def _answers(outcomes: Iterable[Outcome]) -> Iterable[Finding]:
    for one in outcomes:
        if one.status is None:
            if one.shot.raw is None:
                yield Finding("unanswered", one.shot.name, "")
        elif one.status >= 500 and not _meant(one):
            yield Finding(str(one.status), one.shot.name, one.body[:300].decode(errors="replace"))


def _meant(one: Outcome) -> bool:
    if one.status in REFUSED_BY_PROTOCOL:
        return one.shot.raw is not None
    return one.status == 503 and b'"OVERLOADED"' in one.body


def _told(log: str, names: dict[str, str]) -> Iterable[Finding]:
    """Failures that the log has, be they answered or not; and lines that are no events."""
    for line in log.splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            yield Finding("no event", "", line[:300])
            continue
        if event.get("level") in ("error", "critical"):
            shot = names.get(event.get("request_id", ""), "?")
            yield Finding(event["event"], shot, str(event.get("frames", event))[-300:])


def slow(outcomes: Iterable[Outcome], logged: dict[str, float]) -> list[Finding]:
    """Those whose processing took too long by both clocks: the log's, and the processor's."""
    return [
        Finding(
            "slow", one.shot.name, f"{one.cpu:.0f} ms of CPU, {logged.get(one.id)} ms in the log"
        )
        for one in outcomes
        if min(one.cpu, logged.get(one.id, one.cpu)) > MOST_MILLISECONDS
    ]


def grown(before: float, after: float) -> list[Finding]:
    """MiB."""
    if after <= before * (1 + GROWTH):
        return []
    return [Finding("memory", "all", f"{before:.0f} MiB before, {after:.0f} MiB after")]
