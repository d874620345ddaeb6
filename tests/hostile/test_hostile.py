"""A tenth of what `scripts/hostile` fires; and that what it looks for would be found."""

from collections import Counter
from pathlib import Path

from tests.hostile.firing import Outcome, fire, target
from tests.hostile.judging import grown, judged, slow
from tests.hostile.mutate import mutated
from tests.hostile.shapes import SHAPES
from tests.hostile.shots import Known, Shot

NUMBER = 1000


def test_hostile_requests_are_answered_and_nothing_breaks(tmp_path: Path) -> None:
    with target(tmp_path / "data") as (service, known):
        outcomes = fire(service, known, mutated(SHAPES, NUMBER, seed=1))
        found = judged(outcomes, service.log.read_text())

    assert [] == list(map(str, found))


def test_each_shape_has_a_name_of_its_own() -> None:
    names = Counter(shape.name for shape in SHAPES)

    assert len(names) > 150
    assert [] == [name for name, number in names.items() if number > 1]


def test_mutations_are_the_same_for_the_same_seed() -> None:
    first, again, other = (list(mutated(SHAPES, 300, seed)) for seed in (1, 1, 2))

    assert first == again
    assert first != other


SHOT, RAW = Shot("a shape"), Shot("a raw shape", raw=b"x")


def kinds(outcome: Outcome, log: str = "") -> list[str]:
    return [finding.kind for finding in judged([outcome], log)]


def test_a_failure_is_found() -> None:
    assert ["500"] == kinds(Outcome(SHOT, "h1", 500))


def test_a_store_that_is_away_is_found() -> None:
    assert ["503"] == kinds(Outcome(SHOT, "h1", 503, b'{"code":"STORE_UNAVAILABLE"}'))


def test_what_is_refused_for_want_of_room_is_no_finding() -> None:
    assert [] == kinds(Outcome(SHOT, "h1", 503, b'{"code":"OVERLOADED"}'))


def test_a_request_left_without_an_answer_is_found_unless_it_is_none() -> None:
    assert ["unanswered"] == kinds(Outcome(SHOT, "h1", None))
    assert [] == kinds(Outcome(RAW, "h1", None))


def test_a_protocol_that_is_not_spoken_is_no_finding_where_none_was_sent() -> None:
    assert [] == kinds(Outcome(RAW, "h1", 501))
    assert ["501"] == kinds(Outcome(SHOT, "h1", 501))


def test_an_error_in_the_log_is_found_with_its_shape() -> None:
    log = '{"event": "internal_error", "level": "error", "request_id": "h1", "frames": ["a:1 b"]}'

    (found,) = judged([Outcome(SHOT, "h1", 200)], log)

    assert ("internal_error", "a shape") == (found.kind, found.shot)


def test_a_traceback_in_the_log_is_found() -> None:
    assert ["no event"] == kinds(Outcome(SHOT, "h1", 200), "Traceback (most recent call last):")


def test_slowness_is_found_by_both_clocks() -> None:
    spent = Outcome(SHOT, "h1", 200, cpu=300)

    assert [] == slow([spent], {"h1": 200})
    assert ["slow"] == [finding.kind for finding in slow([spent], {"h1": 300})]


def test_growth_is_found() -> None:
    assert [] == grown(100, 114)
    assert ["memory"] == [finding.kind for finding in grown(100, 116)]


def test_names_in_shapes_are_filled_in() -> None:
    shot = Shot("a", target="/%customer%", body=b"%cursor% %nothing%")

    sent = shot.wire(Known(key="k", customer="c", cursor="r"), "h1")

    assert sent.startswith(b"POST /c HTTP/1.1\r\n")
    assert b"\r\nAuthorization: Bearer k\r\nContent-Length: 11\r\n\r\nr %nothing%" in sent
