"""What queries are read by in tests."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from service.customers.declared import CompanyType, Declaration
from service.queries.terms import Filter, Terms
from service.queries.where import read_where
from tests.uploads.making import RULES

NOW = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)
TERMS = Terms(RULES, NOW)
HELSINKI = replace(TERMS, rules=replace(RULES, zone=ZoneInfo("Europe/Helsinki")))


def where(terms: Terms = TERMS, /, **given: Any) -> Filter:
    return read_where(given, terms)


def declaring(**types: CompanyType) -> Terms:
    declared = {name: Declaration(name, type_) for name, type_ in types.items()}
    return replace(TERMS, declared=declared)
