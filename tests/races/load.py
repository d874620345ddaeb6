"""What writers send at once: the same people, each of them by every identifier."""

import os
from collections.abc import Iterator
from itertools import combinations
from random import Random

ROUNDS = int(os.environ.get("RACE_ROUNDS", "2"))
"""How often it is done; `scripts/race` asks for more than the tests."""

WRITERS, PEOPLE = 32, min(5 * ROUNDS, 50)

KNOWN = 4
"""Rows of an upload about people who are there: few enough that nobody gets too many tags."""

Row = dict[str, object]


def person(number: int) -> Row:
    """Somebody's identifiers."""
    return {
        "external_id": f"X{number}",
        "email": f"e{number}@example.org",
        "phone_number": f"+4477571{number:05}",
    }


def named(random: Random, number: int, *, least: int = 1) -> Row:
    """Somebody by some of the identifiers. By two at least, whatever comes first makes the one
    customer: any two pairs have an identifier in common."""
    size = random.randint(least, 3)
    names = random.choice(list(combinations(sorted(person(number)), size)))
    return {name: person(number)[name] for name in names}


def new_in(turn: int) -> range:
    """Who is uploaded for the first time in the turn."""
    first, last = turn * PEOPLE // ROUNDS, (turn + 1) * PEOPLE // ROUNDS
    return range(first, last)


def tag(writer: int, turn: int) -> str:
    return f"w{writer}t{turn}"


def uploads_of(turn: int, random: Random) -> Iterator[dict[int, Row]]:
    """What each writer sends in a turn, by whom the rows mean: everybody new, and some known. Each
    row adds the tag of the writer and the turn."""
    for writer in range(WRITERS):
        people = {number: named(random, number, least=2) for number in new_in(turn)}
        known = range(new_in(turn).start)
        for number in random.sample(known, min(KNOWN, len(known))):
            people[number] = named(random, number)
        yield {number: row | {"tags.add": [tag(writer, turn)]} for number, row in people.items()}
