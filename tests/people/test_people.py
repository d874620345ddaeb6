"""The made-up people: the same for a seed, sound as rows, and like a shop's real customers."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from itertools import islice
from unicodedata import name
from zoneinfo import ZoneInfo

import orjson
import phonenumbers
import pytest

from scripts.people import TODAY, people
from scripts.people.chance import Chance
from scripts.people.contacts import Numbers
from scripts.people.countries import COUNTRIES, Country
from service.customers.fields import CATALOGUE, Kind
from service.customers.rows import read_row
from service.customers.values import ReadingRules

MANY = 10_000
RULES = ReadingRules(zone=ZoneInfo("UTC"))
GIVEN = list(islice(people(seed=1), MANY))
READ = [read_row(index, row, RULES) for index, row in enumerate(GIVEN)]
FIRST_2000 = "64dce5f35b3b84b68a4d0b52a7029c1dfcb8708b33221bb0c6c13f5d9a1714fc"
SCRIPTS = {
    "LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "CJK", "HANGUL", "HIRAGANA", "KATAKANA",
    "DEVANAGARI", "THAI", "GEORGIAN",
}  # fmt: skip


def _share(field: str) -> float:
    return sum(field in row for row in GIVEN) / MANY


def _values(field: str) -> Iterator[object]:
    return (row[field] for row in GIVEN if field in row)


def _holders(identifier: str) -> Counter[str]:
    return Counter(row.identifiers[identifier] for row in READ if identifier in row.identifiers)


def test_a_seed_gives_the_same_rows_again() -> None:
    again = list(islice(people(seed=1), 1000))

    assert orjson.dumps(GIVEN[:1000]) == orjson.dumps(again)


def test_another_seed_gives_other_people() -> None:
    others = {str(row.get("external_id")) for row in islice(people(seed=2), 1000)}

    assert others.isdisjoint(str(given) for given in _values("external_id") if given)


def test_the_first_rows_of_seed_1_stay_what_they_were() -> None:
    """Benchmarks are compared, and stores filled again, across versions."""
    first = orjson.dumps(GIVEN[:2000])

    assert FIRST_2000 == sha256(first).hexdigest()


def test_every_row_is_read_without_a_fault() -> None:
    faults = [(row.index, fault) for row in READ for fault in row.faults]

    assert [] == faults


def test_every_field_is_given_by_some_and_left_out_by_others() -> None:
    fields = [field.name for field in CATALOGUE if field.kind is not Kind.FLAG]
    always_or_never = [field for field in fields if not 0 < _share(field) < 1]

    assert [] == always_or_never


def test_no_two_rows_have_one_external_id() -> None:
    assert {1} == set(_holders("external_id").values())


@pytest.mark.parametrize("identifier", ["email", "phone_number"])
def test_who_has_no_external_id_shares_nothing(identifier: str) -> None:
    """Else an upload would take them for the others, and their number would hang on the order."""
    holders = _holders(identifier)
    unknown = [row for row in READ if "external_id" not in row.identifiers]
    shared = [row.index for row in unknown if holders[row.identifiers.get(identifier, "")] > 1]

    assert (True, []) == (len(unknown) > MANY / 20, shared)


@pytest.mark.parametrize("identifier", ["email", "phone_number"])
def test_families_share(identifier: str) -> None:
    """By people of different names, which is more than several records of one."""
    names: dict[str, set[object]] = {}
    for row, read in zip(GIVEN, READ, strict=True):
        if identifier in read.identifiers and "first_name" in row:
            names.setdefault(read.identifiers[identifier], set()).add(row["first_name"])
    sharing = sum(len(holders) for holders in names.values() if len(holders) > 1)

    assert MANY / 20 < sharing < MANY / 2


def test_who_shares_an_email_lives_in_one_country() -> None:
    found: dict[str, set[object]] = {}
    for row, read in zip(GIVEN, READ, strict=True):
        if "email" in read.identifiers and "country" in row:
            found.setdefault(read.identifiers["email"], set()).add(row["country"].upper())

    assert {1} == {len(countries) for countries in found.values()}


def test_some_people_stand_in_several_records() -> None:
    records = Counter(_values("canonical_id"))

    assert {1, 2, 3} <= set(records.values())


def test_names_are_of_many_scripts() -> None:
    letters = {text[0] for text in _values("first_name")}  # type: ignore[index]

    assert {name(letter).split()[0].split("-")[0] for letter in letters} >= SCRIPTS


def test_permissions_have_three_states() -> None:
    fields = [field.name for field in CATALOGUE if field.kind is Kind.PERMISSION]

    assert {name: {True, False, None} for name in fields} == {
        name: {row.get(name) for row in GIVEN} for name in fields
    }


def test_somebody_is_born_on_29_february() -> None:
    assert any(str(day).endswith("-02-29") for day in _values("birth_date"))


def test_most_join_before_christmas() -> None:
    months = Counter(str(joined)[5:7] for joined in _values("date_joined"))

    assert ["11", "12"] == sorted(month for month, _ in months.most_common(2))


@pytest.mark.parametrize("field", ["date_joined", "last_login"])
def test_somebody_came_in_the_last_month_and_nobody_comes_later(field: str) -> None:
    days = [str(value)[:10] for value in _values(field)]

    assert (TODAY - timedelta(30)).isoformat() < max(days) <= TODAY.isoformat()


def test_on_another_day_the_same_people_have_come_lately() -> None:
    later = list(islice(people(seed=1, today=date(2031, 5, 17)), 1000))
    lasting = ("external_id", "email", "phone_number", "birth_date", "city", "tags")

    assert [[row.get(name) for name in lasting] for row in GIVEN[:1000]] == [
        [row.get(name) for name in lasting] for row in later
    ]
    assert "2031-04-17" < max(row["last_login"][:10] for row in later if "last_login" in row)


def test_nobody_logs_in_before_joining() -> None:
    both = [row for row in GIVEN if "date_joined" in row and "last_login" in row]
    early = [row for row in both if row["last_login"][:10] < row["date_joined"][:10]]

    assert [] == early


@pytest.mark.parametrize("field", ["tags", "city", "shop_id"])
def test_few_values_are_common_and_many_are_rare(field: str) -> None:
    values = Counter(
        one for value in _values(field) for one in (value if isinstance(value, list) else [value])
    )
    ranked = [count for _, count in values.most_common()]

    assert ranked[0] > 4 * ranked[len(ranked) // 2]


@pytest.mark.parametrize(
    ("field", "types"),
    [
        ("ACME__level", {int, float, str, bool}),
        ("ACME__points", {int, float}),
        ("ACME__interests", {list}),
        ("ACME__preferences", {dict}),
        ("ACME__member_since", {str}),
        ("ACME__newsletter", {bool}),
        ("ACME__last_basket", {float}),
    ],
)
def test_company_fields_hold_what_they_hold(field: str, types: set[type]) -> None:
    assert types == {type(value) for value in _values(field)}


@pytest.mark.parametrize("country", COUNTRIES, ids=lambda country: country.code)
def test_phone_numbers_are_of_their_country(country: Country) -> None:
    chance = Chance(1, TODAY)
    made = {chance.digits(pattern) for pattern in country.phones for _ in range(100)}
    parsed = [phonenumbers.parse(number) for number in made]

    assert all(phonenumbers.is_valid_number_for_region(one, country.code) for one in parsed)


def test_the_numbers_of_people_differ_to_the_last() -> None:
    numbers = Numbers(Chance(1, TODAY))

    assert Numbers.MOST == len({numbers.next() for _ in range(Numbers.MOST)})


def test_mail_goes_to_reserved_domains_alone() -> None:
    domains = {address.rpartition("@")[2] for address in _holders("email")}

    assert {"example.com", "example.net", "example.org"} == {
        ".".join(domain.split(".")[-2:]) for domain in domains
    }
