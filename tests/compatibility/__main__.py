"""Promises the schema as it is now: scripts/record-schema"""

import sys
from pathlib import Path

from graphql_schema.schema import sdl
from service import __version__
from tests.compatibility.promise import load, newest_release, promise_of, record, unkept

CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"


def main() -> None:
    changelog = CHANGELOG.read_text()
    if reasons := unkept(load(), sdl(), changelog):
        sys.exit("\n".join(reasons))
    version = newest_release(changelog) or __version__
    record(promise_of(sdl(), version))
    print(f"Clients are promised the schema of {version}.")


if __name__ == "__main__":
    main()
