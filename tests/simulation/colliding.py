"""Cases at random: few people, few identifiers, all kinds of rows, so that everything collides."""

from collections.abc import Callable
from random import Random
from typing import Any

from tests.simulation.staging import Case, known

X1, X2, X3 = (known("external_id", f"X{number}") for number in (1, 2, 3))
E1, E2, E3 = (known("email", f"e{number}@example.org") for number in (1, 2, 3))
P1, P2 = (known("phone_number", number) for number in ("+358401234567", "+447757138957"))

_IDENTIFIERS = {"external_id": [X1, X2, X3], "email": [E1, E2, E3], "phone_number": [P1, P2]}

_SOME: list[Callable[[Random], dict[str, Any]]] = [
    lambda random: {"first_name": random.choice(["m", "n", ""])},
    lambda random: {"country": random.choice(["GB", "FI"])},
    lambda random: {"can_email": random.choice([True, False])},
    lambda random: {"tags": random.choice([["a"], ["b", "a"], []])},
    lambda random: {"tags.add": [random.choice("ab")]},
    lambda random: {"tags.remove": [random.choice("ab")]},
    lambda random: {"tags.add": ["c"], "tags.remove": [random.choice("ab")]},
    lambda random: {"A__l": random.choice([["x"], 7, ""])},
    lambda random: {"A__l.add": [random.choice("xy")]},
    lambda random: {"A__l.remove": ["x"]},
    lambda random: {"A__n": random.choice([1, 2])},
]
"""What a row may say beside whom it is about."""


def row(random: Random, few: int) -> dict[str, Any]:
    """`few` identifiers of each kind are in play."""
    made = _named(random, few)
    if random.random() < 0.15:
        made |= {random.choice(["is_forgotten", "is_deleted"]): True}
    elif random.random() < 0.15:
        made |= {name: "" for name in _IDENTIFIERS if name not in made and random.random() < 0.6}
    for some in random.sample(_SOME, random.choice([0, 1, 1, 2])):
        made = {**some(random), **made} if not _clash(made, some(random)) else made
    return made


def _clash(made: dict[str, Any], more: dict[str, Any]) -> bool:
    """One row that says two things of a company list is refused when it is read."""
    fields = {key.partition(".")[0] for key in made}
    return any(key.partition(".")[0] in fields for key in more)


def _named(random: Random, few: int) -> dict[str, Any]:
    """By one, two or three identifiers, e-mail most."""
    wanted = random.choice(["x", "e", "e", "p", "xe", "xe", "xp", "ep", "xep"])
    names = {"x": "external_id", "e": "email", "p": "phone_number"}
    return {names[one]: random.choice(_IDENTIFIERS[names[one]][:few]) for one in wanted}


def case(random: Random) -> Case:
    """One to four uploads of one to four rows, few rows where there are many uploads."""
    few = random.choice([1, 2, 2, 3])
    before = tuple(row(random, few) for _ in range(random.choice([0, 1, 2, 2, 3, 4])))
    most = random.choice([1, 2, 2, 3, 4])
    number = random.choice([1, 2, 2, 2, 3, 3, 4]) if most < 4 else random.choice([1, 2])
    sizes = [random.randint(1, most) for _ in range(number)]
    uploads = tuple([row(random, few) for _ in range(size)] for size in sizes)
    return Case(uploads, before, random.choice([0, 0, 1, 2]), random.random() < 0.3)


def alone(seed: int) -> Case:
    """The rows of the seed's case, as one upload that nobody meets."""
    made = case(Random(seed))
    return Case(([one for rows in made.uploads for one in rows],), made.before)
