"""Conditions at random, and whether a customer meets one: told anew, without the service's code."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from service.customers.moments import date_time_text

Condition = dict[str, Any]
Document = Mapping[str, Any]

START = datetime(2026, 11, 20, tzinfo=UTC)
MOMENTS = [START + timedelta(days=number) for number in range(-2, 9)]
TEXTS = ["Oulu", "oulu", "Espoo", "Ääs", "a.b*", "Oulunsalo", "10", "x\U0010ffff"]
MIXED: list[Any] = [3, 2.5, -1, "3", "Oulu", "oulu", True, False, [3], [], ["Oulu", True], {"a": 1}]
DATES = ["1991-06-14", "2004-02-29", "1970-01-01", "2008-11-25"]
TAGS = ["a", "b", "c"]

CAMEL = {"city": "city", "can_sms": "canSms", "last_login": "lastLogin", "tags": "tags"}
CAMEL |= {"birth_date": "birthDate", "country": "country"}
COMPANY = "A__mixed"


def values(random: Random) -> dict[str, Any]:
    """Of one customer, some of them absent."""
    all_ = {
        "city": random.choice(TEXTS),
        "can_sms": random.choice([True, False]),
        "last_login": random.choice(MOMENTS),
        "tags": random.sample(TAGS, random.randint(0, 3)),
        "birth_date": random.choice(DATES),
        "country": random.choice(["FI", "GB"]),
        COMPANY: random.choice(MIXED),
    }
    return {name: value for name, value in all_.items() if random.random() < 0.75}


def condition(random: Random, depth: int = 3) -> Condition:
    if depth and random.random() < 0.5:
        kind = random.choice(["and", "or", "not"])
        if kind == "not":
            return {"not": condition(random, depth - 1)}
        return {kind: [condition(random, depth - 1) for _ in range(random.randint(1, 3))]}
    return random.choice(_KINDS)(random)


def _text(random: Random) -> Condition:
    one = random.choice(TEXTS)
    folds = random.random() < 0.3
    operators: list[Condition] = [
        {"eq": one},
        {"ne": one},
        {"in": random.sample(TEXTS, 2)},
        {"notIn": random.sample(TEXTS, 2)},
        {"startsWith": one[:2]},
        {"contains": one[1:]},
        {"exists": random.random() < 0.5},
    ]
    if folds:
        return {"city": random.choice(operators[:6]) | {"ignoreCase": True}}
    return {"city": random.choice([*operators, {"gte": one}, {"lt": one}, {"gt": one}])}


def _permission(random: Random) -> Condition:
    choices: list[Condition] = [{"eq": True}, {"eq": False}, {"exists": True}, {"exists": False}]
    return {"canSms": random.choice([*choices, {"eq": False, "exists": True}])}


def _moment(random: Random) -> Condition:
    one = date_time_text(random.choice(MOMENTS))
    choices: list[Condition] = [{name: one} for name in ("eq", "ne", "lt", "lte", "gt", "gte")]
    choices += [{"last": {"days": 2}}, {"next": {"weeks": 1}}, {"olderThan": {"hours": 36}}]
    choices += [{"on": "2026-11-22"}, {"exists": False}]
    return {"lastLogin": random.choice(choices)}


def _tags(random: Random) -> Condition:
    some = random.sample(TAGS, random.randint(1, 2))
    choices: list[Condition] = [{name: some} for name in ("hasAny", "hasAll", "hasNone")]
    choices += [{"has": some[0]}, {"isEmpty": True}, {"isEmpty": False}]
    return {"tags": random.choice([*choices, {"exists": True}, {"exists": False}])}


def _birth(random: Random) -> Condition:
    choices: list[Condition] = [
        {"eq": random.choice(DATES)},
        {"gt": random.choice(DATES)},
        {"age": {"gte": 18}},
        {"age": {"lt": 22}},
        {"birthday": {"next": {"days": 3}}},
        {"birthday": {"month": 6}},
        {"birthday": {"today": False}},
    ]
    return {"birthDate": random.choice(choices)}


def _company(random: Random) -> Condition:
    one = random.choice(MIXED)
    choices: list[Condition] = [{"eq": one}, {"ne": one}, {"in": random.sample(MIXED, 2)}]
    choices += [{"notIn": random.sample(MIXED, 2)}, {"has": 3}, {"hasAny": [True, 4]}]
    choices += [{"hasAll": ["Oulu", True]}, {"isEmpty": True}, {"isEmpty": False}]
    choices += [{name: random.choice([3, "O", 2.5])} for name in ("lt", "lte", "gt", "gte")]
    choices += [{"kind": random.sample(["TEXT", "NUMBER", "LIST", "OBJECT", "BOOLEAN"], 2)}]
    choices += [{"startsWith": "O"}, {"contains": "ul", "ignoreCase": True}, {"exists": False}]
    choices += [{"eq": "oulu", "ignoreCase": True}]
    return {"companyFields": [{"name": COMPANY} | random.choice(choices)]}


_KINDS = [_text, _permission, _moment, _tags, _birth, _company]


def meets(document: Document, asked: Condition, now: datetime) -> bool:
    return all(_one(document, name, operand, now) for name, operand in asked.items())


def _one(document: Document, name: str, operand: Any, now: datetime) -> bool:
    if name == "and":
        return all(meets(document, one, now) for one in operand)
    if name == "or":
        return any(meets(document, one, now) for one in operand)
    if name == "not":
        return not meets(document, operand, now)
    if name == "companyFields":
        return all(_company_meets(document.get(COMPANY), one) for one in operand)
    stored = {camel: document.get(own) for own, camel in CAMEL.items()}[name]
    if name == "canSms" and "eq" in operand:
        agrees = (stored is True) is operand["eq"]
        return agrees and (stored is not None or "exists" not in operand)
    return all(
        _operator(stored, key, value, now, folds=bool(operand.get("ignoreCase")))
        for key, value in operand.items()
        if key != "ignoreCase"
    )


def _operator(stored: Any, key: str, value: Any, now: datetime, *, folds: bool) -> bool:
    if key == "exists":
        return (stored is not None) is value
    if key in ("ne", "notIn"):
        return not _operator(stored, {"ne": "eq", "notIn": "in"}[key], value, now, folds=folds)
    if key == "isEmpty":
        return (not stored) is value
    if key == "hasNone":
        return not set(stored or []) & set(value)
    if key == "birthday" and "today" in value:
        return (stored or "")[5:] != f"{now:%m-%d}"
    if stored is None:
        return False
    if folds:
        stored = stored.lower()
        value = [one.lower() for one in value] if isinstance(value, list) else value.lower()
    if isinstance(stored, datetime):
        return _moment_meets(stored, key, value, now)
    if key == "age":
        return _age_meets(stored, value, now)
    if key == "birthday":
        days = [f"{now + timedelta(days=number):%m-%d}" for number in range(4)]
        return bool(
            stored[5:] in days if "next" in value else stored[5:7] == f"{value['month']:02}"
        )
    return bool(_PLAIN[key](stored, value))


_PLAIN: dict[str, Any] = {
    "eq": lambda a, b: a == b,
    "in": lambda a, b: a in b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "startsWith": lambda a, b: a.startswith(b),
    "contains": lambda a, b: b in a,
    "has": lambda a, b: b in a,
    "hasAny": lambda a, b: bool(set(a) & set(b)),
    "hasAll": lambda a, b: set(b) <= set(a),
}


def _moment_meets(stored: datetime, key: str, value: Any, now: datetime) -> bool:
    if key == "last":
        return now - timedelta(days=2) <= stored <= now
    if key == "next":
        return now <= stored <= now + timedelta(weeks=1)
    if key == "olderThan":
        return stored < now - timedelta(hours=36)
    if key == "on":
        return bool(stored.date().isoformat() == value)
    return bool(_PLAIN[key](stored, datetime.fromisoformat(value)))


def _age_meets(stored: str, value: Mapping[str, int], now: datetime) -> bool:
    years = now.year - int(stored[:4]) - (f"{now:%m-%d}" < stored[5:])
    return all(_PLAIN[key](years, bound) for key, bound in value.items())


def _kind(value: Any) -> str | None:
    if isinstance(value, bool):
        return "BOOLEAN"
    for type_, kind in ((str, "TEXT"), (list, "LIST"), (dict, "OBJECT")):
        if isinstance(value, type_):
            return kind
    return None if value is None else "NUMBER"


def _same(a: Any, b: Any) -> bool:
    return _kind(a) == _kind(b) and bool(a == b)


def _company_meets(stored: Any, asked: Condition) -> bool:
    folds = bool(asked.get("ignoreCase"))
    return all(
        _company_operator(stored, key, value, folds=folds)
        for key, value in asked.items()
        if key not in ("name", "ignoreCase")
    )


def _company_operator(stored: Any, key: str, value: Any, *, folds: bool) -> bool:
    if key == "exists":
        return (stored is not None) is value
    if key in ("ne", "notIn"):
        negated = {"ne": "eq", "notIn": "in"}[key]
        return not _company_operator(stored, negated, value, folds=folds)
    if key == "isEmpty":
        if value:
            return stored is None or stored == []
        return isinstance(stored, list) and bool(stored)
    if key == "kind":
        return _kind(stored) in value
    if key in ("has", "hasAny", "hasAll"):
        wanted = value if isinstance(value, list) else [value]
        found = (
            [any(_same(one, member) for member in stored) for one in wanted]
            if isinstance(stored, list)
            else [False]
        )
        return any(found) if key == "hasAny" else all(found)
    if folds and isinstance(stored, str):
        stored, value = stored.lower(), value.lower()
    if key == "eq":
        return _same(stored, value)
    if key == "in":
        return any(_same(stored, one) for one in value)
    return _kind(stored) == _kind(value) and bool(_PLAIN[key](stored, value))
