"""The schema keeps what clients were promised; what breaks a promise is found, whatever it is."""

from dataclasses import replace
from pathlib import Path

import pytest
from graphql import build_schema
from graphql.utilities import BreakingChangeType, find_schema_changes

from graphql_schema.schema import SDL_FILE
from service import __version__
from tests.compatibility.promise import (
    Promise,
    breaks,
    load,
    outdated,
    promise_of,
    record,
    unkept,
)

CHANGELOG = (Path(__file__).parents[2] / "CHANGELOG.md").read_text()

SCHEMA = """
directive @once(why: String) on FIELD | QUERY
directive @many repeatable on FIELD

interface Named { name: String }
type Customer implements Named { name: String, tags: [String!]!, city(upTo: Int = 3): String! }
type Shop { id: ID! }
union Found = Customer | Shop
enum Status { LIVE GONE }
input By { id: ID, email: String, first: Int = 50 }
scalar Moment
scalar Unused
input One { a: ID, b: ID }
type Query {
  customer(by: By!): Customer
  customers(first: Int, order: [Status!]): [Customer!]
  found: Found
  at: Moment
}
"""

BROKEN = {
    "TYPE_REMOVED": ("scalar Unused", ""),
    "TYPE_CHANGED_KIND": ("scalar Moment", "enum Moment { NOW }"),
    "TYPE_REMOVED_FROM_UNION": ("= Customer | Shop", "= Customer"),
    "VALUE_REMOVED_FROM_ENUM": ("LIVE GONE", "LIVE"),
    "REQUIRED_INPUT_FIELD_ADDED": ("input By { id: ID", "input By { id: ID, kind: Status!"),
    "IMPLEMENTED_INTERFACE_REMOVED": ("Customer implements Named", "Customer"),
    "FIELD_REMOVED": ("tags: [String!]!, ", ""),
    "FIELD_CHANGED_KIND": ("city(upTo: Int = 3): String!", "city(upTo: Int = 3): String"),
    "REQUIRED_ARG_ADDED": ("customer(by: By!)", "customer(by: By!, shop: ID!)"),
    "ARG_REMOVED": ("first: Int, order", "order"),
    "ARG_CHANGED_KIND": ("order: [Status!]", "order: Status"),
    "DIRECTIVE_REMOVED": ("directive @many repeatable on FIELD", ""),
    "DIRECTIVE_ARG_REMOVED": ("@once(why: String)", "@once"),
    "REQUIRED_DIRECTIVE_ARG_ADDED": ("(why: String)", "(why: String, who: ID!)"),
    "DIRECTIVE_REPEATABLE_REMOVED": ("@many repeatable", "@many"),
    "DIRECTIVE_LOCATION_REMOVED": ("on FIELD | QUERY", "on FIELD"),
}

ALSO_BROKEN = {
    "an argument that is required now": ("customers(first: Int", "customers(first: Int!"),
    "a field of input that is required now": ("email: String,", "email: String!,"),
    "a field of input removed": ("email: String,", ""),
    "members that may be null": ("tags: [String!]!", "tags: [String]!"),
    "another default of an argument": ("upTo: Int = 3", "upTo: Int = 4"),
    "no default of an argument": ("upTo: Int = 3", "upTo: Int"),
    "another default in an input": ("first: Int = 50", "first: Int = 10"),
    "exactly one key": ("input One {", "input One @oneOf {"),
}

KEPT = {
    "a field": ("type Shop { id: ID!", "type Shop { id: ID!, name: String"),
    "an argument that may be left out": ("customer(by: By!)", "customer(by: By!, shop: ID)"),
    "a field of input that may be left out": ("id: ID, email", "id: ID, phone: String, email"),
    "a value of an enum": ("LIVE GONE", "LIVE GONE LOST"),
    "a member of a union": ("Customer | Shop", "Customer | Shop | Query"),
    "a field that is never null": ("Named { name: String, ", "Named { name: String!, "),
    "an argument that may be null": ("customer(by: By!)", "customer(by: By)"),
    "a description": ("scalar Moment", '"In UTC." scalar Moment'),
    "a type": ("scalar Moment", "scalar Moment scalar Day"),
}


def changed(before: str, after: str) -> str:
    """The schema with one text in place of another."""
    assert before in SCHEMA
    return SCHEMA.replace(before, after)


TAGS = "Field Customer.tags was removed."
WITHOUT_TAGS = changed(*BROKEN["FIELD_REMOVED"])
TOLD = f"# Changelog\n\n## Unreleased\n\n- {TAGS.rstrip('.')}: nobody read them.\n"


def promised(broken: dict[str, str] | None = None) -> Promise:
    return replace(promise_of(SCHEMA, "1.0.0"), broken=broken or {})


class TestTheSchema:
    def test_it_keeps_what_clients_were_promised(self) -> None:
        assert [] == unkept(load(), SDL_FILE.read_text(), CHANGELOG)

    def test_every_release_is_promised(self) -> None:
        assert [] == outdated(load(), __version__, CHANGELOG)


class TestWhatBreaks:
    @pytest.mark.parametrize("change", (BROKEN | ALSO_BROKEN).values(), ids=BROKEN | ALSO_BROKEN)
    def test_a_broken_promise_is_found(self, change: tuple[str, str]) -> None:
        (found,) = unkept(promised(), changed(*change), TOLD)

        assert found.endswith("Take it back, or record it with its reason in breaking.toml.")

    @pytest.mark.parametrize("kind", BreakingChangeType)
    def test_every_kind_that_the_library_knows_is_tried(self, kind: BreakingChangeType) -> None:
        old, new = build_schema(SCHEMA), build_schema(changed(*BROKEN[kind.name]))

        assert [kind] == [
            change.type
            for change in find_schema_changes(old, new)
            if isinstance(change.type, BreakingChangeType)
        ]

    @pytest.mark.parametrize("change", KEPT.values(), ids=KEPT)
    def test_what_is_added_breaks_nothing(self, change: tuple[str, str]) -> None:
        assert [] == breaks(SCHEMA, changed(*change))


class TestRecording:
    def test_what_is_recorded_with_its_reason_and_told_is_let_through(self) -> None:
        assert [] == unkept(promised({TAGS: "Nobody read them."}), WITHOUT_TAGS, TOLD)

    def test_a_reason_is_needed(self) -> None:
        assert [f"{TAGS} Say why, in breaking.toml."] == unkept(
            promised({TAGS: " "}), WITHOUT_TAGS, TOLD
        )

    def test_users_are_told_of_it_before_it_is_released(self) -> None:
        """That an older release broke something of the same name tells nobody."""
        told = TOLD.replace("## Unreleased", "## Unreleased\n\n- Something else.\n\n## 1.0.0")

        (found,) = unkept(promised({TAGS: "Nobody read them."}), WITHOUT_TAGS, told)

        assert f"{TAGS} Say so under Unreleased in CHANGELOG.md, in these words." == found

    def test_a_record_of_what_is_not_broken_is_refused(self) -> None:
        """Left standing, it would let the same break through another time."""
        (found,) = unkept(promised({TAGS: "Nobody read them."}), SCHEMA, TOLD)

        assert found.startswith(f"{TAGS} So says breaking.toml")

    def test_a_promise_that_was_renamed_along_with_the_code_is_found(self) -> None:
        """As one command over the whole repository does."""
        renamed = SCHEMA.replace("tags", "labels")

        (found,) = unkept(replace(promised(), schema=renamed), renamed, TOLD)

        assert found.startswith("promised.graphql was changed by hand")

    def test_what_is_written_is_read_back_with_nothing_broken(self, tmp_path: Path) -> None:
        record(promised({TAGS: "Nobody read them."}), tmp_path)

        assert promised() == load(tmp_path)


class TestReleases:
    def test_a_release_that_was_not_recorded_is_found(self) -> None:
        changelog = "# Changelog\n\n## Unreleased\n\n## 1.1.0 (2027-01-01)\n\n## 1.0.0\n"

        (found,) = outdated(promised(), "1.1.0", changelog)

        assert found.startswith("1.1.0 is the newest release, promised is 1.0.0")

    def test_work_on_the_next_version_leaves_the_promise_as_it_is(self) -> None:
        assert [] == outdated(promised(), "1.1.0", "## Unreleased\n\n## 1.0.0 (2026-12-01)\n")

    def test_before_the_first_release_the_promise_is_of_the_version_under_way(self) -> None:
        assert [] == outdated(promised(), "1.0.0", TOLD)
