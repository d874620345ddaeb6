"""Several records of one person as one view."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from service.customers.person import merge


def record(number: int, updated: int | None = None, **values: object) -> dict[str, Any]:
    """Made on a day of January, and updated on one."""
    return {
        "_id": f"c.{number}",
        "state": "live",
        "rev": number,
        "keys": [f"1.k{number}"],
        "claims": [],
        "marks": [],
        "created_at": datetime(2026, 1, number, tzinfo=UTC),
        "updated_at": datetime(2026, 1, updated or number, tzinfo=UTC),
        "schema_version": 1,
        **values,
    }


def test_the_record_updated_last_says_what_a_field_is() -> None:
    records = [
        record(1, updated=9, first_name="Ann", A__x=1),
        record(2, first_name="Bo", city="Turku", A__x=2, A__y=[1]),
    ]

    assert {"first_name": "Ann", "city": "Turku", "A__x": 1, "A__y": [1]} == merge(records)


def test_a_record_without_the_field_says_nothing_of_it() -> None:
    records = [record(1, first_name="Ann", country="FI"), record(2, first_name=None, country="GB")]

    assert {"first_name": "Ann", "country": "GB"} == merge(records)


def test_a_permission_is_given_only_if_every_record_that_speaks_of_it_gives_it() -> None:
    records = [
        record(1, can_email=False, can_sms=True, can_post=True),
        record(2, can_email=True, can_sms=True),
    ]

    assert {"can_email": False, "can_post": True, "can_sms": True} == merge(records)


def test_sets_unite_with_the_members_of_the_oldest_record_first() -> None:
    records = [record(2, tags=["c", "a"]), record(1, updated=9, tags=["b", "a"]), record(3)]

    assert {"tags": ["b", "a", "c"]} == merge(records)


def test_a_company_list_is_no_set_and_does_not_unite() -> None:
    assert {"A__l": [2]} == merge([record(1, A__l=[1]), record(2, A__l=[2])])


def test_nothing_but_fields_is_merged() -> None:
    """Neither digests nor ids, revisions and times of the records."""
    assert {} == merge([record(1), record(2)])
    assert {} == merge([])


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "email": st.sampled_from(["a@b.test", "c@d.test"]),
        "can_email": st.booleans(),
        "tags": st.lists(st.sampled_from("abc"), unique=True),
        "A__x": st.integers(0, 2),
    },
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(VALUES, st.integers(1, 3)), max_size=4), st.randoms())
def test_the_view_does_not_depend_on_the_order_in_which_records_are_read(
    drawn: list[tuple[dict[str, object], int]], random: Any
) -> None:
    """Where two were updated at one moment, too."""
    records = [record(n, at, **values) for n, (values, at) in enumerate(drawn, 1)]
    mixed = random.sample(records, len(records))

    assert merge(records) == merge(mixed)
    assert list(merge(records)) == list(merge(mixed))
