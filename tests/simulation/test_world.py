"""The store that the simulation has: what it does as MongoDB does it."""

from service.customers.digests import numbered
from tests.simulation.colliding import E1, X1, X2
from tests.simulation.exploring import replay
from tests.simulation.staging import Case, Stage
from tests.simulation.world import Operation, World
from tests.uploads.making import DIGESTER


def _names(world: World, upload: int) -> set[tuple[str, str | int]]:
    return {(one.what, one.where) for one in world.operations() if one.upload == upload}


def test_each_document_of_a_read_is_read_at_its_own_time() -> None:
    """What was read stays as it was, what was not read may change in between."""
    before = ({"external_id": X1, "email": E1}, {"external_id": X2, "email": E1})
    stage = Stage.of(Case(([{"email": E1}], [{"external_id": X2, "email": ""}]), before))

    world = replay(stage, [Operation(0, "reads", "c.1"), Operation(1, "reads", "c.2")])

    assert {("reads", "c.2")} == _names(world, 0)
    assert {("has read", "")} == _names(world, 1)


def test_who_came_since_a_read_began_is_read_or_not() -> None:
    stage = Stage.of(Case(([{"email": E1}], [{"email": E1}])))

    world = replay(stage, [Operation(1, "has read"), Operation(1, "lands", 0)])

    assert {("reads", "u1.1"), ("has read", "")} == _names(world, 0)


def test_writes_of_one_bulk_land_in_any_order() -> None:
    stage = Stage.of(Case(([{"external_id": X1}, {"external_id": X2}],)))

    world = replay(stage, [Operation(0, "has read")])

    assert {("lands", 0), ("lands", 1)} == _names(world, 0)


def test_a_claim_that_another_document_has_refuses_the_write() -> None:
    stage = Stage.of(Case(([{"external_id": X1}], [{"external_id": X1}])))
    race = [Operation(place, what, 0 if what == "lands" else "") for what in ("has read", "lands")
            for place in (0, 1)]  # fmt: skip

    world = replay(stage, race)

    assert {"u0.1"} == set(world.store.documents)


def test_a_document_is_not_compared_with_itself() -> None:
    """Whoever has a claim may be written, claim and all."""
    stage = Stage.of(Case(([{"external_id": X1, "email": E1}],), ({"external_id": X1},)))

    world = replay(
        stage, [Operation(0, "reads", "c.1"), Operation(0, "has read"), Operation(0, "lands", 0)]
    )

    record = world.store.documents["c.1"].record
    assert 2 == record.rev
    assert numbered(DIGESTER.digest("external_id", X1), 1) in record.claims


def test_what_was_sent_before_an_upload_was_cut_off_may_land_after_it() -> None:
    stage = Stage.of(Case(([{"external_id": X1}],), crashes=1))

    world = replay(stage, [Operation(0, "has read"), Operation(0, "is cut off")])

    assert {("lands", 0)} == _names(world, 0)
    assert {("has read", "")} == _names(world, 1)


def test_an_upload_that_was_cut_off_while_it_read_does_nothing_more() -> None:
    stage = Stage.of(Case(([{"external_id": X1}],), crashes=1))

    world = replay(stage, [Operation(0, "is cut off")])

    assert set() == _names(world, 0)
