"""Rows for counting: a value in each of twenty fields, and no two alike.

Not like a shop's customers, who have gaps and share (`scripts/people`): a figure for a field or a
row, held against an older one, wants rows that are all of one size and stay as they are.
"""

from typing import Any

from service.customers.fields import camel

_FIRST = ["James", "Aino", "Zoë", "Liam", "Émile", "Ines", "Noah", "Mia", "Otto", "Eva"]
_LAST = ["Carroll", "Virtanen", "O'Brien", "Müller", "Nguyen", "Rossi", "de Boer", "Kowalska"]
_MAIL = ["example.org", "example.com", "mail.example.net", "example.net"]
_PHONES = ["+358 40 1{:06}", "+44 7400 {:06}", "+491511{:07}", "+33612{:06}", "+1 212-5{:06}"]
_CITIES = [("Epwell", "OX15 3PW", "GB"), ("Tampere", "33100", "FI"), ("Köln", "50667", "DE")]


def person(number: int) -> dict[str, Any]:
    """A row with a value in each of twenty fields. One in five has a mail domain of its own."""
    first, last = _FIRST[number % 10], _LAST[number % 8]
    city, zip_code, country = _CITIES[number % 3]
    domain = f"shop{number}.example.org" if number % 5 == 4 else _MAIL[number % 5]
    return {
        "external_id": f"X{number:08}",
        "email": f"person.{number}@{domain}",
        "phone_number": _PHONES[number % 5].format(number),
        "canonical_id": f"P{number}",
        "first_name": first,
        "last_name": f"{last} {number}",
        "can_email": True,
        "can_sms": number % 2 == 0,
        "date_joined": f"20{number % 20:02}-{number % 12 + 1:02}-{number % 28 + 1:02}T13:11:23Z",
        "last_login": "2017-10-15T03:01:13.250Z",
        "mailing_lists": ["news", "kitchenware"],
        "tags": ["vip", f"joined{number % 20}"],
        "shop_id": f"Shop {number % 30}",
        "gender": "female",
        "company": "Red Lane Ltd",
        "street_address": f"{number} Red Lane",
        "zip_code": zip_code,
        "city": city,
        "country": country,
        "language": "en",
    }


def typed(row: dict[str, Any]) -> dict[str, Any]:
    """The same as `CustomerInput` has it."""
    return {camel(name): value for name, value in row.items()}
