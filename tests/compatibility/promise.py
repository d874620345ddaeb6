"""What clients were promised of the schema, and what stands in the way of keeping it.

`promised.graphql` is the schema of the last release, or of the last recording before there is one.
`breaking.toml` says which release, and what has been broken since on purpose, with the reasons.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from graphql import GraphQLInputObjectType, GraphQLSchema, build_schema
from graphql.utilities import (
    BreakingChangeType,
    DangerousChangeType,
    SchemaChange,
    find_schema_changes,
)

HERE = Path(__file__).parent

DEFAULT_CHANGES = {
    DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE,
    DangerousChangeType.INPUT_FIELD_DEFAULT_VALUE_CHANGE,
}
"""Dangerous, says the library. To who left the argument out, the answer is another one."""


@dataclass(frozen=True, slots=True)
class Promise:
    schema: str
    version: str
    """The release whose schema it is; before the first, the version under way."""

    sha256: str
    """Of the schema as `record` wrote it. A renaming across the repository renames there too."""

    broken: Mapping[str, str] = field(default_factory=dict)
    """What has been broken since, in the words of `breaks`, and why."""


def load(directory: Path = HERE) -> Promise:
    found = tomllib.loads((directory / "breaking.toml").read_text())
    broken = {one["change"]: one["reason"] for one in found.get("broken", [])}
    schema = (directory / "promised.graphql").read_text()
    return Promise(schema, found["version"], found["sha256"], broken)


def promise_of(schema: str, version: str) -> Promise:
    """A new one, of which nothing is broken."""
    return Promise(schema, version, sha256(schema.encode()).hexdigest())


def record(promise: Promise, directory: Path = HERE) -> None:
    """In place of the one before."""
    (directory / "promised.graphql").write_text(promise.schema)
    (directory / "breaking.toml").write_text(
        f"{HEAD}\n"
        f'version = "{promise.version}"\n'
        f'sha256 = "{promise.sha256}" # of promised.graphql, by scripts/record-schema alone\n'
    )


HEAD = """\
# What clients were promised, and what breaks it: see docs/schema.md. An entry looks like this:
#
# [[broken]]
# change = "Field Customer.city was removed."
# reason = "Nobody filled it; `companyField` holds it where it was."
"""


def outdated(promise: Promise, version: str, changelog: str) -> list[str]:
    """That there was a release since: what it brought is promised too."""
    newest = newest_release(changelog) or version
    if promise.version == newest:
        return []
    return [
        f"{newest} is the newest release, promised is {promise.version}: scripts/record-schema."
    ]


def newest_release(changelog: str) -> str | None:
    """The first heading that is a version; above it stands what is not released yet."""
    found = RELEASE.search(changelog)
    return found[1] if found else None


RELEASE = re.compile(r"^## v?(\d+\.\d+\.\d+\S*)", re.MULTILINE)


def unkept(promise: Promise, schema: str, changelog: str) -> list[str]:
    """Why this schema may not be built, each as a sentence that says what to do."""
    if promise_of(promise.schema, promise.version) != replace(promise, broken={}):
        return ["promised.graphql was changed by hand: restore it from the last commit."]
    return list(_untold(promise, breaks(promise.schema, schema), changelog))


def _untold(promise: Promise, broken: list[str], changelog: str) -> Iterator[str]:
    unreleased = " ".join(RELEASE.split(changelog, maxsplit=1)[0].split())
    for change in broken:
        if change not in promise.broken:
            yield f"{change} Take it back, or record it with its reason in breaking.toml."
        elif not promise.broken[change].strip():
            yield f"{change} Say why, in breaking.toml."
        elif change.rstrip(".") not in unreleased:
            yield f"{change} Say so under Unreleased in CHANGELOG.md, in these words."
    for change in promise.broken.keys() - set(broken):
        yield f"{change} So says breaking.toml, but nothing of the kind is broken: take it out."


def breaks(promised: str, schema: str) -> list[str]:
    """What a client of the one can't rely upon in the other, each as a sentence."""
    old, new = build_schema(promised), build_schema(schema)
    found = [change.description for change in find_schema_changes(old, new) if _breaks(change)]
    return found + list(_one_of_changes(old, new))


def _breaks(change: SchemaChange) -> bool:
    return isinstance(change.type, BreakingChangeType) or change.type in DEFAULT_CHANGES


def _one_of_changes(old: GraphQLSchema, new: GraphQLSchema) -> Iterator[str]:
    """That exactly one key may be given, which the library does not look at."""
    for name, before in old.type_map.items():
        after = new.type_map.get(name)
        if (
            isinstance(before, GraphQLInputObjectType)
            and isinstance(after, GraphQLInputObjectType)
            and after.is_one_of
            and not before.is_one_of
        ):
            yield f"Input {name} takes exactly one key."
