"""The page's files, asked for by many at once."""

import gzip
from concurrent.futures import ThreadPoolExecutor

import pytest

from graphql_schema import page


def test_a_file_that_many_ask_for_at_once_is_compressed_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Which takes a third of a second for the largest."""
    compressed: list[int] = []

    def compress(data: bytes, **options: object) -> bytes:
        compressed.append(len(data))
        return gzip.compress(data, 1)

    monkeypatch.setattr(page, "gzip", type("Gzip", (), {"compress": staticmethod(compress)}))
    monkeypatch.setattr(page, "_assets", {})
    name = min(page._asset_names())
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(page._asset, [name] * 8))

    assert 1 == len(compressed)
    assert [given[0]] * 8 == given
