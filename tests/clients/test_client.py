"""A typed client with a normalised cache, its types made from the schema, on the running service.

What it must be able to do stands in `src/*.test.ts`, which Node.js runs.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.needed import missing
from tests.running import Service

HERE = Path(__file__).parent
SUITES = sorted(path.name.removesuffix(".test.ts") for path in (HERE / "src").glob("*.test.ts"))

NO_NODE = 2
LONGEST = 600
"""Seconds, most of them for the packages of a first build."""


def run(*command: str | Path, **environment: str) -> tuple[int, str]:
    """What it ends with, and all that it says."""
    ended = subprocess.run(
        command,
        cwd=HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LONGEST,
        env=os.environ | environment,
    )
    return ended.returncode, ended.stdout


@pytest.fixture(scope="module")
def build() -> tuple[int, str]:
    status, told = run(HERE.parents[1] / "scripts" / "build-client")
    if status == NO_NODE:
        missing("Node.js with npm, to build the client")
    return status, told


@pytest.fixture(scope="module")
def service(build: tuple[int, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    assert (HERE / "dist").exists(), build
    running = Service(tmp_path_factory.mktemp("service") / "data").start()
    yield running
    running.stop()


def test_its_types_are_made_and_it_compiles_strictly(build: tuple[int, str]) -> None:
    status, told = build

    assert 0 == status, told


@pytest.mark.parametrize("suite", SUITES)
def test_it_works_against_the_service(suite: str, service: Service) -> None:
    node = shutil.which("node")
    assert node

    status, told = run(
        node, "--test", "--test-reporter=spec", f"dist/{suite}.test.js", SERVICE_URL=service.url
    )

    assert 0 == status, told
