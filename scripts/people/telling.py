"""What is told of the filling: a bar while it goes on, and what came of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from scripts.people.filling import Filled

_STATUSES = ("created", "updated", "unchanged", "ignored", "rejected")
_MOST_FAULTS = 5


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f} a second" if task.speed else "")


@contextmanager
def progress(console: Console, total: int) -> Iterator[Callable[[int], None]]:
    """Gives what to call with the number of rows that are done."""
    columns = (TextColumn("Customers"), BarColumn(), MofNCompleteColumn(), _Rate())
    with Progress(*columns, TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task("", total=total)
        yield lambda rows: bar.advance(task, rows)


def summary(filled: Filled) -> str:
    rows = filled.counts["rows"]
    ended = [f"{filled.counts[status]:,} {status}" for status in _STATUSES if filled.counts[status]]
    rate = rows / filled.seconds
    told = f"{rows:,} rows in {filled.seconds:.1f} s, {rate:,.0f} a second: {', '.join(ended)}."
    return "\n".join([told, *_resent(filled), *_faults(filled)])


def _resent(filled: Filled) -> Iterator[str]:
    if filled.resent:
        yield (
            f"  {filled.resent:,} uploads were sent again, since the store was slow: rows that had "
            "gone in by then count as unchanged."
        )


def _faults(filled: Filled) -> Iterator[str]:
    for (code, field), count in filled.faults.most_common(_MOST_FAULTS):
        yield f"  {count:,} × {code} at {field}"
