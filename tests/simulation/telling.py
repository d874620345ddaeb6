"""A finding in words, and the smallest case that still breaks the promise."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from tests.simulation.exploring import Finding, explore, wander
from tests.simulation.staging import Case, Rows, Stage
from tests.simulation.world import Operation


def told(finding: Finding) -> str:
    case = finding.case
    lines = [f"Broken: {finding.promise}", f"crashes={case.crashes} lags={case.lags}"]
    lines += [f"before    {row}" for row in case.before]
    lines += [f"upload {n}  {row}" for n, rows in enumerate(case.uploads) for row in rows]
    return "\n".join([*lines, *(_step(operation) for operation in finding.path)])


def _step(operation: Operation) -> str:
    who = f"upload {operation.upload}" if operation.upload >= 0 else "the store"
    return f"    {who} {operation.what} {operation.where}".rstrip()


def shrunk(finding: Finding, tries: int = 300) -> Finding:
    """As long as leaving something out leaves it broken."""
    for tried, smaller in enumerate(_smaller(finding.case), 1):
        if tried > tries:
            break
        if found := _found(smaller):
            return shrunk(found, tries - tried)
    return finding


def _found(case: Case) -> Finding | None:
    stage = Stage.of(case)
    return explore(stage, 2_000).finding or next(
        filter(None, (wander(stage, Random(seed)) for seed in range(50))), None
    )


def _smaller(case: Case) -> Iterator[Case]:
    if case.crashes:
        yield replace(case, crashes=case.crashes - 1)
    if case.lags:
        yield replace(case, lags=False)
    for before in _shorter(case.before):
        yield replace(case, before=before)
    for place, rows in enumerate(case.uploads):
        for fewer in _shorter(rows):
            others = (
                *case.uploads[:place],
                *([fewer] if fewer else []),
                *case.uploads[place + 1 :],
            )
            if others:
                yield replace(case, uploads=others)


def _shorter(rows: Rows) -> Iterator[Rows]:
    """A row fewer, or a value fewer."""
    for place in range(len(rows)):
        yield tuple(row for other, row in enumerate(rows) if other != place)
    for place, row in enumerate(rows):
        for name in row:
            less = {key: value for key, value in row.items() if key != name}
            yield tuple(less if other == place else one for other, one in enumerate(rows))
