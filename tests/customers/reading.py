"""One value of a kind read as rows read it, with the code of its refusal."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from service.customers.fields import Kind
from service.customers.texts import Unreadable
from service.customers.values import ReadingRules, read
from service.errors import ErrorCode

RULES = ReadingRules(zone=ZoneInfo("Europe/Helsinki"), max_company_fields=5)


def value(kind: Kind, raw: object, rules: ReadingRules = RULES) -> Any:
    return read(kind, raw, rules)


def refusal(kind: Kind, raw: object, rules: ReadingRules = RULES) -> ErrorCode:
    with pytest.raises(Unreadable) as caught:
        read(kind, raw, rules)
    return caught.value.code
