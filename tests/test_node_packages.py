"""The packages from npm that the page, the test client and the audits are built of."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

FOLDERS = ["graphql_schema/graphiql", "tests/audits", "tests/clients"]

pytestmark = pytest.mark.parametrize("folder", FOLDERS)


def test_the_lock_names_packages_and_no_addresses(folder: str) -> None:
    """Each package by version and hash, to be had wherever the machine gets its packages."""
    packages = json.loads((ROOT / folder / "package-lock.json").read_text())["packages"]
    locked = {name: package for name, package in packages.items() if name}

    assert locked
    assert [] == [name for name, package in locked.items() if "resolved" in package]
    assert [] == [name for name, package in locked.items() if "integrity" not in package]


def test_every_version_is_exact(folder: str) -> None:
    """So that a new lock brings nothing that nobody asked for."""
    named = json.loads((ROOT / folder / "package.json").read_text())
    versions = {**named["dependencies"], **named.get("devDependencies", {})}

    assert {} == {name: version for name, version in versions.items() if not version[0].isdigit()}
