"""What the public scanners of GraphQL look for, and that it is not there.

graphql-cop is not to be had as a package; its probes are written anew here, each under the name of
its check. They are sent with a key that may do all but read the schema.
"""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from service.access.scopes import EVERYTHING, Scope
from tests.hostile.firing import NO_BOUNDS
from tests.running import Service, run_command

TYPENAME = "query { __typename }"
FORM = {"content-type": "application/x-www-form-urlencoded"}
CIRCLE = "query { __schema { types { " + "fields { type { " * 5 + "name" + " } }" * 5 + " } } }"
MUTATION = 'mutation { deleteSegment(id: "x") { errors { code } } }'


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    running = Service(tmp_path_factory.mktemp("scanned") / "data", **NO_BOUNDS).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def blind(service: Service) -> Iterator[httpx2.Client]:
    """May do all but read the schema."""
    scopes = [part for one in EVERYTHING - {Scope.SCHEMA_READ} for part in ("--scope", one)]
    made = ("keys", "make", "a scanner", *scopes, "--data-dir", str(service.directory))
    _, key, _ = run_command(*made)
    headers = {"authorization": f"Bearer {key.strip()}"}
    with httpx2.Client(base_url=service.url, timeout=60, headers=headers) as client:
        yield client


@pytest.fixture(scope="module")
def nobody(service: Service) -> Iterator[httpx2.Client]:
    """Without a key."""
    with httpx2.Client(base_url=service.url, timeout=60) as client:
        yield client


def asked(client: httpx2.Client, query: str) -> Any:
    return client.post("/graphql", json={"query": query}).json()


def test_alias_overloading(blind: httpx2.Client) -> None:
    answer = asked(blind, "query { " + " ".join(f"a{n}: __typename" for n in range(101)) + " }")

    assert "data" not in answer


def test_batch_queries(blind: httpx2.Client) -> None:
    answer = blind.post("/graphql", json=[{"query": TYPENAME}] * 10)

    assert 400 == answer.status_code
    assert "data" not in answer.json()


def test_field_duplication(blind: httpx2.Client) -> None:
    assert "data" not in asked(blind, "query { " + "__typename " * 500 + "}")


def test_directive_overloading(blind: httpx2.Client) -> None:
    """It counts the errors: that of a directive that stands there ten times is told once."""
    assert 1 == len(asked(blind, "query { __typename " + "@aa" * 10 + " }")["errors"])
    assert "data" not in asked(blind, "query { __typename " + "@skip(if: false) " * 31 + "}")


def test_circular_query_by_introspection(service: Service, blind: httpx2.Client) -> None:
    """Not by whoever may read the schema either."""
    assert "data" not in asked(blind, CIRCLE)
    assert "data" not in asked(service.client, CIRCLE)


def test_circular_fragment(blind: httpx2.Client) -> None:
    query = "query { ...A } fragment A on Query { ...B } fragment B on Query { ...A }"

    assert "data" not in asked(blind, query)


def test_introspection(blind: httpx2.Client) -> None:
    assert "data" not in asked(blind, "query { __schema { types { name fields { name } } } }")
    assert "data" not in asked(blind, 'query { __type(name: "Customer") { name } }')


def test_field_suggestions(blind: httpx2.Client) -> None:
    for query in ("{ custmers { id } }", "{ __schema { directive } }", "{ customers(frist: 1) }"):
        assert "Did you mean" not in str(asked(blind, query))


def test_get_method_support(service: Service, nobody: httpx2.Client) -> None:
    """None that another site could send, be it with a password that the browser keeps. A key as
    Bearer is asked leave for first."""
    assert service.key
    password = (service.key, "")

    for auth in (None, password):
        answer = nobody.get("/graphql", params={"query": TYPENAME}, auth=auth)
        assert "data" not in answer.json()


def test_get_based_mutation(blind: httpx2.Client) -> None:
    answer = blind.get("/graphql", params={"query": MUTATION})

    assert 405 == answer.status_code
    assert "data" not in answer.json()


def test_post_based_url_encoded_query(blind: httpx2.Client) -> None:
    asked_so = [
        blind.post("/graphql", content="query=query%20%7B__typename%7D", headers=FORM),
        blind.post("/graphql", params={"query": TYPENAME}),
        blind.post("/graphql", content=TYPENAME, headers={"content-type": "text/plain"}),
    ]

    assert [415] * 3 == [answer.status_code for answer in asked_so]


def test_trace_mode(blind: httpx2.Client) -> None:
    answer = asked(blind, TYPENAME)

    assert {"data": {"__typename": "Query"}} == answer


def test_unhandled_error_detection(blind: httpx2.Client) -> None:
    answer = asked(blind, "qwerty cop { abc }")

    assert [{"code": "QUERY_INVALID"}] == [error["extensions"] for error in answer["errors"]]


def test_graphiql(nobody: httpx2.Client) -> None:
    """It is there, as it is meant to be, at one address; without a key it shows nothing."""
    page = {"accept": "text/html"}

    assert "graphiql" in nobody.get("/graphql", headers=page).text.lower()
    others = ("/graphiql", "/playground", "/console", "/altair", "/voyager", "/graphql/console")
    assert {404} == {nobody.get(one, headers=page).status_code for one in others}
    assert "data" not in asked(nobody, TYPENAME)
