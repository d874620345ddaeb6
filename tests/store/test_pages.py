"""A page reads no more than is shown of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from service.queries.keyset import Layout, Position
from service.store.pages import PageRequest, read_page

NEWEST = datetime(2026, 3, 14, tzinfo=UTC)


class Recording:
    """Answers every read with as many customers as it may, and notes how many that was."""

    def __init__(self) -> None:
        self.limits: list[int] = []

    async def __call__(
        self, bounds: Mapping[str, Any], limit: int, layout: Layout
    ) -> list[dict[str, Any]]:
        self.limits.append(limit)
        return [{"_id": f"c.{number}", "created_at": NEWEST} for number in range(limit)]


@pytest.mark.parametrize(
    ("ahead", "behind", "limits"),
    [(True, True, [6, 1]), (True, False, [6]), (False, True, [5, 1]), (False, False, [5])],
)
async def test_a_page_looks_only_where_it_is_asked_to(
    ahead: bool, behind: bool, limits: list[int]
) -> None:
    """One customer more tells whether others follow, one read more whether others precede."""
    read = Recording()
    request = PageRequest(
        first=5, after=Position((NEWEST, "c.9")), looks_ahead=ahead, looks_behind=behind
    )

    page = await read_page(request, read)

    assert limits == read.limits
    assert (5, ahead, behind) == (len(page.documents), page.has_next, page.has_previous)
