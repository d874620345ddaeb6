"""Whether clairvoyance recovers the schema from what is said of mistakes; see `scripts/scan`.

Its list of words are the names that stand in queries and in customers: the true ones, more than
anybody could guess. With all names of the schema it takes hours.
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from graphql_schema.schema import core_schema
from service.access.scopes import EVERYTHING, Scope
from tests.hostile.firing import target
from tests.running import run_command

CLAIRVOYANCE = "clairvoyance==2.5.5"
SECONDS = 600


def _names() -> set[str]:
    roots: Any = (core_schema.query_type, core_schema.type_map["Service"])
    fields = {name: field for one in roots for name, field in one.fields.items()}
    return {*fields, *(name for field in fields.values() for name in field.args)}


def recovered(url: str, key: str, directory: Path) -> tuple[int, str]:
    """How many fields it knows the type of, and its last words."""
    words, found = directory / "words", directory / "found.json"
    words.write_text("\n".join(sorted(_names())))
    found.unlink(missing_ok=True)
    command = ["uv", "run", "-q", "--isolated", "--no-project", "--with", CLAIRVOYANCE]
    command += ["clairvoyance", f"{url}/graphql", "-H", f"Authorization: Bearer {key}"]
    command += ["-w", str(words), "-o", str(found), "-c", "4"]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
        told = ended.stderr.strip().splitlines()
    except subprocess.TimeoutExpired:
        told = [f"It was still at it after {SECONDS} s."]
    if not found.exists():
        return 0, next((line for line in reversed(told) if "Error" in line), "nothing")
    types = json.loads(found.read_text())["data"]["__schema"]["types"]
    return sum(len(one.get("fields") or ()) for one in types), told[-1] if told else ""


def main() -> int:
    """1 where it recovered something, or nothing by whoever may read it all."""
    with TemporaryDirectory() as directory, target(Path(directory) / "data") as (service, known):
        scopes = [part for one in EVERYTHING - {Scope.SCHEMA_READ} for part in ("--scope", one)]
        data = str(service.directory)
        _, blind, _ = run_command("keys", "make", "a scanner", *scopes, "--data-dir", data)
        hidden = recovered(service.url, blind.strip(), Path(directory))
        open_ = recovered(service.url, known.key, Path(directory))
    print(f"Without schema:read: {hidden[0]} fields with their types. {hidden[1]}")
    print(f"With it: {open_[0]} fields. {open_[1]}")
    return 1 if hidden[0] or not open_[0] else 0


if __name__ == "__main__":
    sys.exit(main())
