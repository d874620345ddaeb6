"""The built page, which is committed."""

import json
import subprocess
from pathlib import Path

from tests.needed import missing

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "graphql_schema" / "graphiql"

NO_NODE = 2
LONGEST = 600
"""Seconds, most of them for the packages of a first build."""


def test_the_built_page_is_what_its_source_builds() -> None:
    """Byte for byte: whoever changes the source builds the page too."""
    check = subprocess.run(
        [ROOT / "scripts" / "check-page"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LONGEST,
    )
    if check.returncode == NO_NODE:
        missing("Node.js with npm, to build the page")

    assert 0 == check.returncode, check.stdout


def test_the_lock_names_packages_and_no_addresses() -> None:
    """Each package by version and hash, to be had wherever the machine gets its packages."""
    packages = json.loads((PAGE / "package-lock.json").read_text())["packages"]
    locked = {name: package for name, package in packages.items() if name}

    assert locked
    assert [] == [name for name, package in locked.items() if "resolved" in package]
    assert [] == [name for name, package in locked.items() if "integrity" not in package]


def test_every_version_is_exact() -> None:
    """So that a new lock brings nothing that nobody asked for."""
    named = json.loads((PAGE / "package.json").read_text())
    versions = {**named["dependencies"], **named["devDependencies"]}

    assert {} == {name: version for name, version in versions.items() if not version[0].isdigit()}
