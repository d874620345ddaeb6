"""The built page, which is committed."""

import subprocess
from pathlib import Path

from tests.needed import missing

ROOT = Path(__file__).parents[2]

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
