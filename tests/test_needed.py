"""Tests that need a program which is not there."""

import pytest

from tests.needed import missing


def test_a_test_without_its_program_is_skipped_and_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CI", raising=False)

    with pytest.raises(pytest.skip.Exception, match="needs a browser"):
        missing("a browser")


def test_in_ci_no_test_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")

    with pytest.raises(pytest.fail.Exception, match="needs a browser"):
        missing("a browser")
