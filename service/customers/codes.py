"""Reading codes of countries and languages."""

import pycountry

from service.customers.texts import Unreadable, wrong_type
from service.errors import ErrorCode

COUNTRIES = frozenset(country.alpha_2 for country in pycountry.countries)
"""ISO 3166-1 alpha-2, upper case."""

LANGUAGES = frozenset(
    language.alpha_2 for language in pycountry.languages if hasattr(language, "alpha_2")
)
"""ISO 639-1, lower case."""


def read_country(raw: object) -> str:
    """Upper case."""
    code = _text(raw).upper()
    if code not in COUNTRIES:
        raise Unreadable(ErrorCode.INVALID_COUNTRY)
    return code


def read_language(raw: object) -> str:
    """Lower case."""
    code = _text(raw).lower()
    if code not in LANGUAGES:
        raise Unreadable(ErrorCode.INVALID_LANGUAGE)
    return code


def _text(raw: object) -> str:
    """Two ASCII characters, or nothing that is a code: `ß` in upper case is not South Sudan."""
    if not isinstance(raw, str):
        raise wrong_type("text")
    text = raw.strip()
    return text if len(text) == 2 and text.isascii() else ""
