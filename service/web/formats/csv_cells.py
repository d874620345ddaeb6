"""What the cell of a column means: the same value as a row in JSON would have."""

import re
from collections.abc import Callable

from service.customers.fields import Kind
from service.customers.keys import Meaning, target
from service.customers.texts import Unreadable
from service.errors import BodyInvalid
from service.web.json_text import decode_json

CellReader = Callable[[str], object]

_FLAGS = {"true": True, "false": False, "1": True, "0": False}
_BOOLEANS = {"true": True, "false": False}
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,18})(\.[0-9]{1,32})?")
_INTEGERS = range(-(2**63), 2**63)
_NOT_JSON = object()
_BETWEEN_MEMBERS = "|"


def reader_of(key: str) -> CellReader | None:
    """How the cells of a column are read that are not empty; None where they are text as they
    stand."""
    try:
        named = target(key, None)
    except Unreadable:
        return None
    if named.kind in (Kind.PERMISSION, Kind.FLAG):
        return _flag
    if named.kind is Kind.TEXT_SET:
        return _members
    if named.kind is None:
        return _company_value if named.meaning is Meaning.PLAIN else _company_members
    return None


def _flag(cell: str) -> object:
    """What else stands there is left to be refused by the rules."""
    return _FLAGS[cell] if cell in _FLAGS else _FLAGS.get(cell.strip().lower(), cell)


def _members(cell: str) -> object:
    """A list in JSON, or texts with bars between them."""
    listed = _json(cell, "[")
    return cell.split(_BETWEEN_MEMBERS) if listed is _NOT_JSON else listed


def _company_members(cell: str) -> object:
    listed = _json(cell, "[")
    if listed is not _NOT_JSON:
        return listed
    return [_company_value(member.strip()) for member in cell.split(_BETWEEN_MEMBERS)]


def _company_value(cell: str) -> object:
    """A number, true, false, or a list, an object or a quoted text in JSON; else text."""
    text = cell.strip()
    if (flag := _BOOLEANS.get(text.lower())) is not None:
        return flag
    if (number := _number(text)) is not None:
        return number
    found = _json(text, "[", "{", '"')
    return cell if found is _NOT_JSON else found


def _number(text: str) -> int | float | None:
    """Without an exponent, which spreadsheets make of long digits and others of product codes; a
    whole number past 64 bits is digits."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    if match[1]:
        return float(text)
    return number if (number := int(text)) in _INTEGERS else None


def _json(cell: str, *begins: str) -> object:
    if not cell.lstrip().startswith(begins):
        return _NOT_JSON
    try:
        return decode_json(cell.encode(errors="surrogatepass"))
    except BodyInvalid:
        return _NOT_JSON
