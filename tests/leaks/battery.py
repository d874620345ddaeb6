"""Requests that hold the canary, good ones and bad ones of every kind, to a running service."""

import gzip
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from tests.leaks.canary import BEFORE, PERSON, WORD
from tests.running import Service

UPLOAD = "/api/customers/upload/"
MUTATION = """mutation($rows: [CustomerDocument!]!, $options: UploadOptions) {
  uploadCustomerDocuments(documents: $rows, options: $options) {
    uploadId results { status errors { code field message suggestion } } errors { message } } }"""
TYPED = """mutation($rows: [CustomerInput!]!) { uploadCustomers(customers: $rows) {
  results { status errors { code field message suggestion } } } }"""
EMAIL = str(PERSON["email"])
WRONG: dict[str, object] = {
    "external_id": f"{WORD} {WORD}", "email": f"{WORD}@", "phone_number": WORD,
    "first_name": f"{WORD}\x00", "birth_date": WORD, "date_joined": WORD, "country": WORD,
    "language": WORD, "can_email": WORD, "tags": {"a": WORD}, "mailing_lists": [[WORD]],
    "is_forgotten": WORD, "is_deleted": WORD, "ACME__level": {f"${WORD}": WORD},
    "ACME__more": [WORD] * 9000, "city": WORD * 200, "ACME__level.add": [{"a.b": WORD}],
}  # fmt: skip


@dataclass(frozen=True)
class Answered:
    """What came back, and whether the canary may be in it: it was asked for by who may read it."""

    what: str
    status: int
    body: bytes
    may_hold: bool = False


def good(service: Service) -> Iterator[Answered]:
    """The canary goes in by every door, and comes out where it is asked for."""
    post = service.client.post
    first = {**PERSON, **BEFORE}
    lines = json.dumps(PERSON).encode()
    table = "external_id,first_name\n{external_id},{first_name}\n".format(**PERSON).encode()
    key = {"Idempotency-Key": f"key of {EMAIL}"}
    yield _told("json", post(UPLOAD, json={"customers": [first]}))
    yield _told("a list", post(UPLOAD, json=[PERSON], headers=key))
    yield _told("again", post(UPLOAD, json=[PERSON], headers=key))
    yield _told("lines", post(UPLOAD, content=lines, headers=_kind("application/x-ndjson")))
    yield _told("table", post(UPLOAD, content=table, headers=_kind("text/csv")))
    packed = {**_kind("application/json"), "Content-Encoding": "gzip"}
    yield _told("packed", post(UPLOAD, content=gzip.compress(lines), headers=packed))
    row = {**PERSON, "city": "Oulu"}
    dry = post(UPLOAD, json=[row], params={"dry_run": "true"})
    yield _told("what would change", dry, may_hold=True)
    yield _graphql(service, "documents", MUTATION, rows=[PERSON])
    yield _graphql(service, "with a key", MUTATION, rows=[PERSON], options={"idempotencyKey": WORD})
    for asked in (
        f'customer(by: {{email: "{EMAIL}"}}) {{ id firstName companyFields }}',
        f'customers(search: "{WORD}") {{ nodes {{ email }} totalCount }}',
        'customers(where: {city: {startsWith: "Zebra"}}) { nodes { email } '
        "facets(of: {city: {}}) { buckets { value } } }",
        f'person(canonicalId: "{PERSON["canonical_id"]}") {{ id email }}',
    ):
        yield _graphql(service, asked, f"{{ {asked} }}", may_hold=True)


def bad_rows(service: Service) -> Iterator[Answered]:
    post = service.client.post
    for name, value in WRONG.items():
        row = {"external_id": PERSON["external_id"], name: value}
        for policy in ("reject_failed_rows", "reject_everything", "ignore_failed"):
            response = post(UPLOAD, json=[row], params={"error_policy": policy})
            yield _told(f"{name} {policy}", response)
        yield _graphql(service, f"{name} by GraphQL", MUTATION, rows=[row])
        line = json.dumps(row).encode()
        yield _told(name, post(UPLOAD, content=line, headers=_kind("application/x-ndjson")))
    for typed in ({"emial": EMAIL}, {"email": {"a": EMAIL}}, EMAIL, [EMAIL], {"tags": [[WORD]]}):
        yield _graphql(service, f"typed {typed}", TYPED, rows=typed)
    yield _told("an unknown key", post(UPLOAD, json=[{"emial": EMAIL, "external_id": "x"}]))
    yield _told("no identifier", post(UPLOAD, json=[{"first_name": PERSON["first_name"]}]))


def bad_bodies(service: Service) -> Iterator[Answered]:
    post, get = service.client.post, service.client.get
    bodies = {
        "half": f'{{"customers": [{{"email": "{EMAIL}"'.encode(),
        "a text": json.dumps(EMAIL).encode(),
        "no rows": json.dumps({"customer": [PERSON]}).encode(),
        "twice": f'[{{"email": "{EMAIL}", "email": "{EMAIL}"}}]'.encode(),
        "no UTF-8": b'[{"email": "' + EMAIL.encode() + b'\xff"}]',
        "no number": f'[{{"email": "{EMAIL}", "ACME__x": NaN}}]'.encode(),
        "a quote": f'external_id,email\n1,"{EMAIL}\n'.encode(),
        "a cell more": f"external_id\n1,{EMAIL}\n".encode(),
        "a header": f"{EMAIL},{EMAIL}\n1,2\n".encode(),
    }
    for name, body in bodies.items():
        for kind in ("application/json", "application/x-ndjson", "text/csv", f"text/{WORD}"):
            response = post(UPLOAD, content=body, headers=_kind(kind))
            yield _told(f"{name} as {kind}", response)
        response = post("/graphql", content=body, headers=_kind("application/json"))
        yield _told(f"{name} as GraphQL", response)
    packed = {**_kind("application/json"), "Content-Encoding": "gzip"}
    yield _told("not packed", post(UPLOAD, content=bodies["half"], headers=packed))
    yield _told("an option", post(UPLOAD, json=[PERSON], params={"error_policy": WORD}))
    yield _told("an unknown option", post(UPLOAD, json=[PERSON], params={"option": WORD}))
    reused = {"Idempotency-Key": f"key of {EMAIL}"}
    yield _told("a key reused", post(UPLOAD, json=[{"email": EMAIL}], headers=reused))
    yield _told("a long key", post(UPLOAD, json=[PERSON], headers={"Idempotency-Key": WORD * 99}))
    for path in (f"/{WORD}", f"{UPLOAD}{WORD}/", f"/graphiql/assets/{WORD}", f"/graphql/{WORD}"):
        yield _told(path, get(path))
        yield _told(path, post(path, json=PERSON))
    secret = {"Authorization": f"Bearer {WORD}.{WORD}"}
    yield _told("a wrong key", get("/graphql", params={"query": "{ a }"}, headers=secret))
    yield _told("a wrong user", get("/graphql", headers={"Authorization": f"Basic {WORD}"}))


def bad_queries(service: Service) -> Iterator[Answered]:
    asked = [
        f'{{ customers(where: {{email: {{eq: "{WORD}"}}}}) {{ totalCount }} }}',
        f'{{ customers(after: "{EMAIL}") {{ totalCount nodes {{ id }} }} }}',
        f'{{ customers(where: {{segment: {{in: ["{EMAIL}"]}}}}) {{ totalCount }} }}',
        f'{{ customers(where: {{companyFields: {{name: "{EMAIL}", eq: 1}}}}) {{ totalCount }} }}',
        f'{{ customers(where: {{dateJoined: {{on: "{WORD}"}}}}) {{ totalCount }} }}',
        f'{{ customer(by: {{phoneNumber: "{WORD}"}}) {{ id }} }}',
        f'{{ customer(by: {{email: "{EMAIL}", id: "{EMAIL}"}}) {{ id }} }}',
        f'{{ customer(by: "{EMAIL}") {{ id }} }}', f'{{ customers(first: "{EMAIL}") {{ a }} }}',
        f'{{ customer(by: {{email: "{EMAIL}"', f'"{EMAIL}"', f'{{ a(b: """{EMAIL}',
        f"# {EMAIL}\n{{ nothing }}", f'mutation {{ deleteSegment(id: "{EMAIL}") {{ a }} }}',
        f'mutation {{ declareCompanyField(name: "{EMAIL}", declaration: {{}}) '
        "{ errors { code field message } } }",
        f'mutation {{ saveSegment(name: "x", where: {{email: {{eq: "{EMAIL}"}}}}) '
        "{ errors { code field message } } }",
        f'mutation {{ saveSegment(id: "{EMAIL}", name: "x", where: {{city: {{eq: "a"}}}}) '
        "{ errors { code field message } } }",
    ]  # fmt: skip
    for query in asked:
        yield _graphql(service, query, query)
        yield _told(query, service.client.get(f"/graphql?query={quote(query)}"))
    variables: dict[str, Any] = {"a": EMAIL, WORD: EMAIL}
    for type_ in ("Int!", "Boolean!", "CustomerWhere!", "[CustomerOrder!]!", "Nothing!"):
        query = f"query($a: {type_}) {{ customers(first: $a) {{ totalCount }} }}"
        yield _graphql(service, query, query, **variables)


def broken_off(service: Service) -> None:
    """What is no request of HTTP, and what ends before it is one."""
    at = urlsplit(service.url)
    wrong = [
        f"GET /{WORD} HTTP/9.9\r\n\r\n",
        f"{WORD}\r\n\r\n",
        f"POST {UPLOAD} HTTP/1.1\r\nHost: a\r\nContent-Length: {WORD}\r\n\r\n",
        f"POST {UPLOAD} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        f'Content-Length: 999\r\n\r\n[{{"email": "{EMAIL}"',
        f"POST {UPLOAD} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{WORD}\r\n",
        f"GET /{WORD}\0 HTTP/1.1\r\n{WORD}\r\n\r\n",
    ]
    for text in wrong:
        with socket.create_connection((at.hostname, at.port), timeout=10) as connection:
            connection.sendall(text.encode())
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(4096):
                pass


def _kind(name: str) -> dict[str, str]:
    return {"Content-Type": name}


def _told(what: str, response: Any, *, may_hold: bool = False) -> Answered:
    headers = repr(sorted(response.headers.items())).encode()
    return Answered(what, response.status_code, response.content + headers, may_hold)


def _graphql(
    service: Service, what: str, query: str, *, may_hold: bool = False, **variables: object
) -> Answered:
    body = {"query": query, "variables": variables}
    return _told(what, service.client.post("/graphql", json=body), may_hold=may_hold)
