"""External ids, e-mail addresses and phone numbers: what is taken, and what is refused."""

from dataclasses import replace

import phonenumbers
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from service.customers.fields import Kind
from service.customers.texts import Unreadable
from service.customers.values import ReadingRules
from service.errors import ErrorCode
from tests.customers.reading import RULES, refusal, value

POSSIBLE = replace(RULES, phone_check="possible")


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("3619490226", "3619490226"),
        (3619490226, "3619490226"),
        (0, "0"),
        ("  Ab-9 ", "Ab-9"),
        ("-1", "-1"),
        ("007", "007"),
        ("x" * 255, "x" * 255),
        (2**64, "18446744073709551616"),
    ],
)
def test_an_external_id_is_letters_digits_and_dashes(raw: object, stored: str) -> None:
    assert stored == value(Kind.EXTERNAL_ID, raw)


@pytest.mark.parametrize(
    "raw",
    [
        "a b", "a_b", "a.b", "a/b", "é", "１２３", "٣", "a\0", "a\u200bb", "a\nb", "x" * 256, "$a",
        -1, 10**300, "\ud800",
    ],
)  # fmt: skip
def test_any_other_external_id_is_refused(raw: object) -> None:
    assert ErrorCode.INVALID_EXTERNAL_ID == refusal(Kind.EXTERNAL_ID, raw)


@pytest.mark.parametrize("raw", [1.0, 1e3, True, [], {}, ["X1"]])
def test_an_external_id_is_a_text_or_a_whole_number(raw: object) -> None:
    assert ErrorCode.WRONG_TYPE == refusal(Kind.EXTERNAL_ID, raw)


def test_an_integer_too_long_to_write_out_is_refused_without_writing_it() -> None:
    assert ErrorCode.TOO_LONG == refusal(Kind.EXTERNAL_ID, 10**2000)


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("+447757138957", "+447757138957"),
        ("+358101234567", "+358101234567"),
        ("+44 7757 138957", "+447757138957"),
        ("+44-7757-138-957", "+447757138957"),
        ("+44.7757.138957", "+447757138957"),
        ("+44 (0)7757 138957", "+447757138957"),
        ("+44 [7757] 138957", "+447757138957"),
        (" +358 40 123 4567 ", "+358401234567"),
        ("+39 06 6982", "+39066982"),
        ("+800 1234 5678", "+80012345678"),
    ],
)
def test_a_phone_number_is_stored_as_e164(raw: str, stored: str) -> None:
    assert stored == value(Kind.PHONE_NUMBER, raw)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("447757138957", id="no plus"),
        pytest.param("07757138957", id="no country prefix"),
        pytest.param("00447757138957", id="prefix as dialled"),
        pytest.param(447757138957, id="a number"),
        pytest.param("+44775713895\0007", id="NUL"),
        pytest.param("+447757138957\0", id="NUL at the end"),
        pytest.param("+44\u200b7757138957", id="zero-width space"),
        pytest.param("+44\u20607757138957", id="word joiner"),
        pytest.param("+44\u00ad7757138957", id="soft hyphen"),
        pytest.param("\ufeff+447757138957", id="byte-order mark"),
        pytest.param("+44\u00a07757138957", id="no-break space"),
        pytest.param("+44\t7757138957", id="tab"),
        pytest.param("+44\n7757138957", id="line break"),
        pytest.param("＋447757138957", id="full-width plus"),
        pytest.param("+４４７７５７１３８９５７", id="full-width digits"),
        pytest.param("+٤٤٧٧٥٧١٣٨٩٥٧", id="Arabic digits"),
        pytest.param("+44–7757–138957", id="en dashes"),
        pytest.param("+44/7757/138957", id="slashes"),
        pytest.param("+44~7757138957", id="tilde"),
        pytest.param("+447757138957;ext=5", id="extension of RFC 3966"),
        pytest.param("+447757138957 ext. 5", id="extension"),
        pytest.param("+447757138957x5", id="extension by x"),
        pytest.param("+447757138957#5", id="extension by hash"),
        pytest.param("+447757138957,5", id="pause"),
        pytest.param("tel:+447757138957", id="tel:"),
        pytest.param("+447757138957;phone-context=+44", id="context of RFC 3966"),
        pytest.param("+1-800-FLOWERS", id="letters"),
        pytest.param("call +447757138957", id="text before it"),
        pytest.param("+447757138957 or so", id="text after it"),
        pytest.param("+447757138957 +358401234567", id="two numbers"),
        pytest.param("++447757138957", id="two plusses"),
        pytest.param("+0447757138957", id="country code of zero"),
        pytest.param("+999123456789", id="no such country code"),
        pytest.param("+44", id="nothing but the prefix"),
        pytest.param("+4477571389571234567", id="too many digits"),
        pytest.param("+44 7757 13", id="too few digits"),
        pytest.param("+" + " " * 10_000 + "447757138957", id="much white space"),
        pytest.param("+44775713895\ud800", id="lone surrogate"),
    ],
)
@pytest.mark.parametrize("rules", [RULES, POSSIBLE], ids=["valid", "possible"])
def test_what_the_library_would_tolerate_or_correct_is_refused(
    raw: object, rules: ReadingRules
) -> None:
    assert ErrorCode.INVALID_PHONE_NUMBER == refusal(Kind.PHONE_NUMBER, raw, rules)


def test_a_number_of_no_numbering_plan_is_taken_only_as_possible() -> None:
    """Numbers newer than the library's tables are of a possible length, not valid."""
    unknown = "+15555555555"

    assert ErrorCode.INVALID_PHONE_NUMBER == refusal(Kind.PHONE_NUMBER, unknown)
    assert unknown == value(Kind.PHONE_NUMBER, unknown, POSSIBLE)


SEVERAL = [code for code, regions in COUNTRY_CODE_TO_REGION_CODE.items() if len(regions) > 1]


@settings(max_examples=1000)
@given(st.sampled_from(SEVERAL), st.integers(10**6, 10**10 - 1))
def test_a_number_is_valid_when_the_library_says_so(code: int, national: int) -> None:
    """Also where several regions have a country prefix, of which the main one is asked first."""
    raw = f"+{code}{national}"
    number = phonenumbers.parse(raw)
    as_raw = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == raw

    try:
        read = value(Kind.PHONE_NUMBER, raw)
    except Unreadable:
        read = None

    assert (read == raw) is (as_raw and phonenumbers.is_valid_number(number))


def test_a_number_that_is_none_without_what_the_library_takes_off_is_refused() -> None:
    """It would be one if nothing were: 810 is dialled inside Belarus."""
    assert ErrorCode.INVALID_PHONE_NUMBER == refusal(Kind.PHONE_NUMBER, "+3758102450914")


def _examples() -> list[str]:
    found = [
        phonenumbers.example_number_for_type(region, kind)
        for region in phonenumbers.SUPPORTED_REGIONS
        for kind in phonenumbers.PhoneNumberType.values()
    ]
    found += map(phonenumbers.example_number_for_non_geo_entity, COUNTRY_CODE_TO_REGION_CODE)
    written = phonenumbers.PhoneNumberFormat.E164
    return sorted({phonenumbers.format_number(one, written) for one in found if one})


@settings(max_examples=2000)
@given(st.sampled_from(_examples()), st.integers(2, 12), st.text("0123456789", max_size=3))
def test_a_number_of_any_country_is_read_as_the_library_reads_it(
    example: str, place: int, others: str
) -> None:
    """Also where the library takes off what is dialled inside the country only."""
    raw = example[:place] + others + example[place + len(others) :]
    try:
        number = phonenumbers.parse(raw)
    except phonenumbers.NumberParseException:
        number = phonenumbers.PhoneNumber()
    as_raw = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == raw

    try:
        read = value(Kind.PHONE_NUMBER, raw)
    except Unreadable:
        read = None

    assert (read == raw) is (as_raw and phonenumbers.is_valid_number(number))


def test_a_number_that_was_possible_is_not_valid_for_that() -> None:
    unknown = "+15555555556"

    assert unknown == value(Kind.PHONE_NUMBER, unknown, POSSIBLE)
    assert ErrorCode.INVALID_PHONE_NUMBER == refusal(Kind.PHONE_NUMBER, unknown)


@pytest.mark.parametrize("raw", ["+967001234567", "+92002123456789"])
def test_a_number_that_would_be_read_again_as_another_is_refused(raw: str) -> None:
    """The library drops a zero that is dialled inside a country, and then the next one."""
    assert ErrorCode.INVALID_PHONE_NUMBER == refusal(Kind.PHONE_NUMBER, raw, POSSIBLE)


def test_a_local_number_behind_a_country_prefix_is_not_possible() -> None:
    """The library calls it possible locally only: the area code is missing."""
    assert ErrorCode.INVALID_PHONE_NUMBER == refusal(Kind.PHONE_NUMBER, "+1 2530000", POSSIBLE)


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("james.carroll@example.org", "james.carroll@example.org"),
        ("  James.CARROLL@Example.ORG ", "james.carroll@example.org"),
        ("a+b@example.org", "a+b@example.org"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("ann@BÜCHER.example", "ann@xn--bcher-kva.example"),
        ("ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example"),
        ("ann@bu\u0308cher.example", "ann@xn--bcher-kva.example"),
        ("jose\u0301@example.org", "josé@example.org"),
        ("用户@例え.テスト", "用户@xn--r8jz45g.xn--zckzah"),
        ("a@b.test", "a@b.test"),
    ],
)
def test_an_email_is_stored_in_lower_case_with_its_domain_in_idna(raw: str, stored: str) -> None:
    assert stored == value(Kind.EMAIL, raw)


@pytest.mark.parametrize(
    "raw",
    [
        "ann", "ann@", "@example.org", "ann@example", "ann@localhost", "ann@@example.org",
        "ann@example..org", ".ann@example.org", "ann.@example.org", "ann@-example.org",
        "Ann <ann@example.org>", '"a b"@example.org', "ann@[127.0.0.1]", "ann@127.0.0.1",
        "a b@example.org", "ann@exam ple.org", "ann@example.org, bo@example.org",
        "ann\0@example.org", "ann@example.org\0", "ann\n@example.org", "ann@exam\u200bple.org",
        "ann@xn--zzzzzzzzzzzz99.example", "a" * 300 + "@example.org", "ann@" + "a" * 300 + ".org",
        "\ud800@example.org", "ann@\udfff.org", "ann@example.invalid", "mailto:ann@example.org",
    ],
)  # fmt: skip
def test_any_other_email_is_refused(raw: str) -> None:
    assert ErrorCode.INVALID_EMAIL == refusal(Kind.EMAIL, raw)


LABELS = st.sampled_from(["a", "9", "-", ".", "..", "example", "xn--bcher-kva", "A", "K", "é", "_"])
DOMAINS = st.sampled_from(["example.org", "Example.ORG", "localhost", "a.test", "a.local", "a.1"])
LOCALS = st.text("aB9._+-'*/é ", max_size=5) | st.sampled_from(["a" * 64, "a" * 65, "a" * 243])


@settings(max_examples=500)
@given(
    local=LOCALS,
    domain=DOMAINS | st.lists(LABELS, max_size=6).map("".join),
    end=st.sampled_from(["", ".org", ".com", ".invalid"]),
)
def test_an_email_of_ascii_is_read_as_the_library_reads_it(
    local: str, domain: str, end: str
) -> None:
    """Also where the library was asked for the domain alone, and that before."""
    address = f"{local}@{domain}{end}".strip().lower()
    try:
        found = validate_email(address, check_deliverability=False, test_environment=True)
        expected = address if "." in found.domain else None
    except EmailNotValidError:
        expected = None

    try:
        read = value(Kind.EMAIL, address)
    except Unreadable:
        read = None

    if address.isascii() and "xn--" not in address:
        assert expected == read


@pytest.mark.parametrize("raw", [1, 1.5, True, [], {}, ["ann@example.org"]])
def test_an_email_is_a_text(raw: object) -> None:
    assert ErrorCode.WRONG_TYPE == refusal(Kind.EMAIL, raw)
