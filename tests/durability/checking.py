"""What is wrong with the customers that stand, by what was sent and what was told of it.

Pure: the ledger says what must be there, what may be, and so what may not.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from service.customers.fields import IDENTIFIERS, PERMISSIONS
from tests.durability.ledger import Ledger, Line
from tests.durability.writing import prepared
from tests.races.load import person
from tests.uploads.making import DIGESTER

Document = Mapping[str, Any]

_WITHOUT_DATA = {
    *("_id", "state", "rev", "keys", "claims", "marks"),
    *("created_at", "updated_at", "schema_version"),
    *PERMISSIONS,
}
"""All that is left of somebody who was erased, as nobody was given a country or the like."""


class Finding(NamedTuple):
    """`kind` is lost, twice, unexplained, half, identity, erasure or told."""

    kind: str
    what: str


def findings(ledger: Ledger, documents: Sequence[Document]) -> Iterator[Finding]:
    """`documents` are all customers, in whatever state."""
    people = ledger.people()
    stored = _by_person(people, documents)
    for document in stored.pop(None, []):
        yield Finding("unexplained", f"{document['_id']} is nobody to whom a row was sent")
    for number, lines in people.items():
        found = stored.get(number, [])
        yield from _told(number, lines, {one["_id"] for one in found})
        if len(found) > 1:
            yield Finding("twice", f"person {number} is {len(found)} customers")
        elif not found and any(line.went_in for line in lines):
            yield Finding("lost", f"person {number}, who was acknowledged")
        for document in found:
            check = _live if document["state"] == "live" else _erased
            yield from check(number, lines, document)


def _by_person(
    people: Iterable[int], documents: Iterable[Document]
) -> dict[int | None, list[Document]]:
    """By external id, if there is one: some have the e-mail address of others."""
    owners: dict[str, dict[str, int]] = {name: {} for name in IDENTIFIERS}
    for number in people:
        for name, digest in DIGESTER.of(person(number)).items():
            owners[name][digest] = number
    found: dict[int | None, list[Document]] = defaultdict(list)
    for document in documents:
        keys = document["keys"]
        known = (owners[name][key] for name in IDENTIFIERS for key in keys if key in owners[name])
        found[next(known, None)].append(document)
    return found


def _told(number: int, lines: Sequence[Line], ids: set[str]) -> Iterator[Finding]:
    """Of each acknowledged row whom it met, and once alone that it made somebody."""
    told = [line for line in lines if line.told is not None]
    ends = Counter(line.told["status"] for line in told if line.told)
    if ends["CREATED"] > 1:
        yield Finding("twice", f"person {number} was told CREATED {ends['CREATED']} times")
    if ends["IGNORED"] and not any(line.erases for line in lines):
        yield Finding("told", f"person {number}, whom nobody erased, was IGNORED")
    for line in told:
        assert line.told is not None
        if line.told["status"] == "REJECTED":
            yield Finding("told", f"person {number}: {line.upload.token} was REJECTED")
        if line.told["status"] == "UNCHANGED" and line.upload.attempts == 1:
            yield Finding("unexplained", f"person {number}: {line.upload.token} was there already")
        if line.went_in and not set(line.told["customer_ids"]) <= ids:
            yield Finding(
                "lost", f"person {number} has another id than {line.upload.token} was told"
            )


def _live(number: int, lines: Sequence[Line], document: Document) -> Iterator[Finding]:
    who = f"person {number}"
    if any(line.told and (line.erases or not line.went_in) for line in lines):
        yield Finding("erasure", f"{who} is live, and was told to be erased")
    tokens: list[str] = document.get("tags", [])
    sent = {line.upload.token: line for line in lines if not line.erases}
    for token in [token for token, line in sent.items() if line.went_in and token not in tokens]:
        yield Finding("lost", f"{who} lacks {token}, which was acknowledged")
    for token in [token for token in tokens if token not in sent]:
        yield Finding("unexplained", f"{who} has {token}, which was not sent")
    if document["rev"] != len(tokens) or len(set(tokens)) < len(tokens):
        yield Finding("twice", f"{who}: {document['rev']} writes of {len(tokens)} rows")
    yield from _whole(who, [sent[token] for token in tokens if token in sent], document)
    yield from _identified(who, lines, document)


def _whole(who: str, applied: Sequence[Line], document: Document) -> Iterator[Finding]:
    """All of the last row is there, and the members of all of them."""
    expected: dict[str, Any] = {"mailing_lists": document.get("tags")}
    if applied and "city" in applied[-1].row:
        expected |= {
            name: value
            for name, value in prepared(applied[-1].upload.token).items()
            if "." not in name
        }
    if any(document.get(name) != value for name, value in expected.items()):
        yield Finding("half", f"{who} has a part of a row")


def _identified(who: str, lines: Sequence[Line], document: Document) -> Iterator[Finding]:
    """By what rows gave, all of what acknowledged ones gave, and digests of just that."""
    held = {name: document[name] for name in IDENTIFIERS if name in document}
    given = [(line.row.items() & held.items(), line) for line in lines]
    explained = {name for some, _ in given for name, _ in some}
    required = {name for line in lines if line.went_in for name in IDENTIFIERS if name in line.row}
    if explained != held.keys() or not required <= held.keys():
        yield Finding("identity", f"{who} holds other identifiers than were given")
    digests = set(DIGESTER.of(held).values())
    claimed = {claim.partition("#")[0] for claim in document["claims"]}
    if set(document["keys"]) != digests or claimed != digests:
        yield Finding("identity", f"{who} has keys or claims of other identifiers than it holds")


def _erased(number: int, lines: Sequence[Line], document: Document) -> Iterator[Finding]:
    who = f"person {number}"
    wanted = {line.erases for line in lines if line.erases}
    if not wanted or document["state"] not in wanted | {"deleted"}:  # who was never seen is deleted
        yield Finding("unexplained", f"{who} is {document['state']}, and nobody asked for that")
    if left := document.keys() - _WITHOUT_DATA:
        yield Finding("erasure", f"{who} was erased, and still has {sorted(left)}")
    named = {
        digest
        for line in lines
        if line.erases and line.went_in
        for digest in DIGESTER.of(line.row).values()
    }
    if not named <= set(document["marks"]) <= set(document["keys"]):
        yield Finding("identity", f"{who} was erased by identifiers that it is not known by")
