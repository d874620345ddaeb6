"""However the store fails, and with whatever text, the text goes no further."""

import gc
import logging
import secrets
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from service.logs import configure
from service.settings import Settings
from tests.injection.serving import Front, front_on
from tests.leaks.canary import PERSON, WORD, found_in
from tests.leaks.defects import ERRORS, failing_with

UPLOAD = "/api/customers/upload/"
_ROWS = "uploadCustomerDocuments(documents: $rows) { uploadId results { status } }"
QUERIES = {
    "rows": f"mutation($rows: [CustomerDocument!]!) {{ {_ROWS} }}",
    "a customer": f'{{ customer(by: {{email: "{PERSON["email"]}"}}) {{ id }} }}',
    "customers": "{ customers { nodes { id } totalCount aggregate { count } "
    "facets(of: {city: {}}) { buckets { value } } } }",
    "a search": f'{{ customers(search: "{WORD}") {{ nodes {{ id }} }} }}',
    "a person": f'{{ person(canonicalId: "{PERSON["canonical_id"]}") {{ id }} }}',
    "segments": "{ segments { nodes { id } } }",
    "a segment": 'mutation { saveSegment(name: "a", where: {city: {eq: "Zebrafinkstad"}}) '
    "{ segment { id } errors { code message } } }",
    "a deletion": f'mutation {{ deleteSegment(id: "{WORD}") {{ errors {{ code message }} }} }}',
    "a declaration": 'mutation { declareCompanyField(name: "ACME__level", '
    "declaration: {type: NUMBER}, convert: true) { errors { code message } } }",
    "company fields": "{ companyFields { fields { name usage { customers } } } }",
    "a report": f'{{ upload(id: "{WORD}") {{ uploadId }} }}',
}


@pytest_asyncio.fixture(scope="module")
async def front(embedded_uri: str) -> AsyncIterator[Front]:
    async with front_on(embedded_uri, f"test_{secrets.token_hex(6)}") as front:
        await front.upload(PERSON)
        yield front


async def everything(front: Front) -> list[httpx2.Response]:
    http, answers = front.http, []
    for query in QUERIES.values():
        body: dict[str, Any] = {"query": query}
        if "$rows" in query:
            body["variables"] = {"rows": [PERSON]}
        answers.append(await http.post("/graphql", json=body))
    key = {"Idempotency-Key": WORD}
    answers.append(await http.post(UPLOAD, json=[PERSON]))
    answers.append(await http.post(UPLOAD, json=[PERSON], headers=key))
    answers.append(await http.post(UPLOAD, json=[PERSON], params={"dry_run": "true"}))
    answers.append(await http.get(f"{UPLOAD}{WORD}/"))
    return answers


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS.keys())
async def test_the_text_of_a_failure_is_told_to_nobody(
    front: Front,
    error: BaseException,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither to who asked, nor to the log of the service or of a library. One answer may rest on
    what was read before."""
    configure(Settings(log_level="DEBUG", log_json=True))
    caplog.set_level(logging.INFO)
    with failing_with(error):
        answers = await everything(front)
    gc.collect()
    said = capsys.readouterr()
    bodies = b"".join(one.content + repr(one.headers).encode() for one in answers)
    others = [one.getMessage() for one in caplog.records if one.name != "httpx2"]

    assert len(answers) - 1 <= sum(_failed(one) for one in answers)
    assert set() == found_in(bodies)
    assert said.err or {503} == {
        one.status_code for one in answers
    }  # held to be lost: no more said
    assert set() == found_in((said.out + said.err + repr(others)).encode())


def _failed(response: httpx2.Response) -> bool:
    return response.status_code >= 500 or bool(response.json().get("errors"))
