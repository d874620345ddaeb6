"""Reading what identifies a customer: external id, e-mail address, phone number.

What is read once is read again as the same text, since customers are found by it.
"""

import re
from collections import OrderedDict
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from email_validator import validate_email

from service.customers.texts import Unreadable, written, wrong_type
from service.errors import ErrorCode

_EXTERNAL_ID = re.compile(r"[A-Za-z0-9-]{1,255}")
_LONGEST_ID = 255

_PHONE_NUMBER = re.compile(r"\+[0-9 .()\[\]-]{4,60}")
"""What of phone numbers the library gets to see: it takes letters, other scripts' digits,
extensions and much else for parts of a number."""
_PUNCTUATION = re.compile(r"[ .()\[\]-]+")
_E164 = re.compile(r"\+[1-9][0-9]{3,14}")

_MOST_KNOWN = 20_000
_known_numbers: OrderedDict[int, None] = OrderedDict()
"""Those read last that are taken as they stand, since files are sent again. Hashes alone, salted
for each process, so that no number stays in memory."""

_LONGEST_ADDRESS = 254
_NEEDS_SECOND_READING = re.compile(r"xn--|[^\x00-\x7f]")
_PLAIN_ADDRESS = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@([a-z0-9.-]+)")
"""One whose domain alone needs the library's look, and domains come again."""


def read_external_id(raw: object) -> str:
    """A whole number is read as its digits; a negative one (a placeholder, -1) has more than
    digits."""
    if isinstance(raw, float):
        raise wrong_type("text, or a whole number that is read as its digits")
    text = written(raw, _LONGEST_ID).strip()
    if not _EXTERNAL_ID.fullmatch(text) or (text[0] == "-" and isinstance(raw, int)):
        raise Unreadable(ErrorCode.INVALID_EXTERNAL_ID)
    return text


def read_phone_number(raw: object, *, possible: bool) -> str:
    """E.164. `possible` takes what its region's numbers may look like, else it must be in use.

    A country prefix begins with `+`; `00` is dialled in some countries only, and refused.
    """
    text = written(raw).strip()
    if not _PHONE_NUMBER.fullmatch(text):
        raise Unreadable(ErrorCode.INVALID_PHONE_NUMBER)
    digits = _PUNCTUATION.sub("", text)
    known_as = hash((digits, possible))
    if known_as in _known_numbers:
        return digits
    number = digits if not possible and _is_plain(digits) else _e164(digits, possible)
    if number is None or (number != digits and _e164(number, possible) != number):
        raise Unreadable(ErrorCode.INVALID_PHONE_NUMBER)
    if number == digits:
        _remember(known_as)
    return number


def _remember(known_as: int) -> None:
    _known_numbers[known_as] = None
    if len(_known_numbers) > _MOST_KNOWN:
        _known_numbers.popitem(last=False)


def read_email(raw: object) -> str:
    """In lower case, its domain in IDNA form.

    Domains that mail never reaches (`localhost`, `.local`, `.invalid`) are refused, `.test` and
    `example.org` are not.
    """
    if not isinstance(raw, str):
        raise wrong_type("text")
    text = raw.strip().lower()
    plain = _PLAIN_ADDRESS.fullmatch(text)
    if plain and len(text) <= _LONGEST_ADDRESS and _is_sound(plain[1]):
        return text
    address = _address(raw)
    if _NEEDS_SECOND_READING.search(address) and _address(address) != address:
        raise Unreadable(ErrorCode.INVALID_EMAIL)
    return address


class _Country(NamedTuple):
    """Where numbers that begin with a country's prefix have their own digits, and what the library
    may take off those."""

    code: int
    begin: int
    taken_off: re.Pattern[str] | None


@lru_cache(maxsize=1000)
def _country(first_three: str) -> _Country | None:
    """No country's prefix is the beginning of another's."""
    for size in range(1, len(first_three) + 1):
        code = int(first_three[:size])
        if code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            region = phonenumbers.region_code_for_country_code(code)
            found = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(code, region)
            prefix = found and found.national_prefix_for_parsing
            return _Country(code, size + 1, re.compile(prefix) if prefix else None)
    return None


def _is_plain(digits: str) -> bool:
    """Whether it is valid as it stands, which shows without parsing it: nothing is taken off."""
    country = _country(digits[1:4])
    if country is None or not _E164.fullmatch(digits):
        return False
    own = digits[country.begin :]
    if own[:1] in ("", "0") or (country.taken_off and country.taken_off.match(own)):
        return False
    return _is_valid(phonenumbers.PhoneNumber(country.code, int(own)))


def _e164(text: str, possible: bool) -> str | None:
    """None is no number. The library drops prefixes that are dialled inside a country only."""
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return None
    if not (_is_possible(number) if possible else _is_valid(number)):
        return None
    written_out: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return written_out if _E164.fullmatch(written_out) else None


def _is_valid(number: phonenumbers.PhoneNumber) -> bool:
    """As the library says, which first asks each region of a country prefix whether the number is
    its own: most are of the main one."""
    main = phonenumbers.region_code_for_country_code(number.country_code or 0)
    return bool(
        phonenumbers.is_valid_number_for_region(number, main)
        or phonenumbers.is_valid_number(number)
    )


def _is_possible(number: phonenumbers.PhoneNumber) -> bool:
    """Of the length of a whole number; the library also takes those without their area code."""
    reason = phonenumbers.is_possible_number_with_reason(number)
    return bool(reason == phonenumbers.ValidationResult.IS_POSSIBLE)


@lru_cache(maxsize=4096)
def _is_sound(domain: str) -> bool:
    """Whether it is taken as it stands."""
    if _NEEDS_SECOND_READING.search(domain):
        return False
    try:
        return _address(f"a@{domain}") == f"a@{domain}"
    except Unreadable:
        return False


def _address(raw: str) -> str:
    text = raw.strip()
    if len(text) > _LONGEST_ADDRESS:
        raise Unreadable(ErrorCode.INVALID_EMAIL)
    try:
        parsed = validate_email(
            text.lower(),
            check_deliverability=False,
            test_environment=True,
            allow_smtputf8=True,
            allow_quoted_local=False,
            allow_domain_literal=False,
            allow_display_name=False,
            allow_empty_local=False,
        )
    except ValueError:  # the library's own, and what encoding raises
        raise Unreadable(ErrorCode.INVALID_EMAIL) from None
    address = f"{parsed.local_part}@{parsed.ascii_domain}"
    if "." not in parsed.ascii_domain or len(address) > _LONGEST_ADDRESS:
        raise Unreadable(ErrorCode.INVALID_EMAIL)
    return address
