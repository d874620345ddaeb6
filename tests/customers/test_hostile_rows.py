"""Whatever a row holds it is read or refused, and what is read is named by the catalogue."""

from collections.abc import Mapping
from datetime import datetime
from random import Random
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.customers.changes import apply, same
from service.customers.fields import FIELDS, FLAGS, is_company_field
from service.customers.rows import MAX_FAULTS, read_row
from tests.customers.reading import RULES
from tests.customers.strategies import HOSTILE_ROWS, JSON, PLAUSIBLE_ROWS


def exported(values: Mapping[str, Any]) -> dict[str, Any]:
    """What is stored, as a row would give it."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }


@settings(max_examples=250, deadline=None)
@given(JSON | HOSTILE_ROWS | PLAUSIBLE_ROWS)
@example({"external_id": 10**2000, "email": "\ud800@b.test", "A__x": [float("nan")]})
@example({"tags": {"$set": 1}, "tags.add": {"$each": ["a"]}, "A__x.remove": {"$in": [1]}})
def test_reading_never_raises_whatever_json_holds(raw: object) -> None:
    row = read_row(0, raw, RULES)

    assert bool(row.faults) or bool(row.identifiers)
    assert MAX_FAULTS + 1 >= len(row.faults)
    assert all(fault.message for fault in row.faults)


@settings(max_examples=250, deadline=None)
@given(HOSTILE_ROWS | PLAUSIBLE_ROWS)
def test_a_change_names_stored_fields_alone(raw: object) -> None:
    """Those of the catalogue but flags, and names that match `PREFIX__name`: an allow-list."""
    change = read_row(0, raw, RULES).change

    assert [] == [name for name in change if name not in FIELDS and not is_company_field(name)]
    assert not set(FLAGS) & set(change)


@settings(max_examples=250, deadline=None)
@given(PLAUSIBLE_ROWS)
def test_a_row_applied_twice_equals_once_and_so_does_what_it_stored(raw: object) -> None:
    row = read_row(0, raw, RULES)
    if row.faults:
        return

    once = apply(row.change, {})
    again = read_row(0, exported(once), RULES)
    assert same(once, apply(row.change, once))
    assert () == again.faults
    assert same(once, apply(again.change, {}))


@settings(max_examples=100, deadline=None)
@given(PLAUSIBLE_ROWS, st.randoms())
def test_the_order_of_keys_means_nothing(raw: dict[str, object], random: Random) -> None:
    keys = list(raw)
    random.shuffle(keys)

    row, mixed = read_row(0, raw, RULES), read_row(0, {key: raw[key] for key in keys}, RULES)

    assert row.identifiers == mixed.identifiers
    assert len(row.faults) == len(mixed.faults)
    if not row.faults:
        assert same(apply(row.change, {}), apply(mixed.change, {}))
