"""The main job, end to end, as a user does it: upload, query, forget, delete, restart, query."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.needed import missing
from tests.running import Service

REFERENCE = [
    {
        "external_id": "3619490226",
        "first_name": "James",
        "last_name": "Carroll",
        "email": "james.carroll@example.org",
        "can_email": True,
        "phone_number": "+447757138957",
        "can_sms": True,
        "date_joined": "2015-11-23T13:11:23Z",
        "last_login": "2015-11-25T13:11:23Z",
        "language": "EN",
        "tags": ["kitchenware", "vip"],
        "COMPANY__customer_group": 1,
    },
    {
        "external_id": "2319490132",
        "first_name": "Joshua",
        "last_name": "Stewart",
        "email": "josh@example.org",
        "street_address": "42 Red Lane",
        "date_joined": "2015-06-03T13:11:23Z",
        "last_login": "2017-10-15T03:01:13Z",
        "zip_code": "OX15 3PW",
        "city": "Epwell",
        "can_sms": False,
        "country": "GB",
        "language": "EN",
        "COMPANY__customer_group": 2,
    },
]
BY_ID = """
query One($id: String!) {
  customer(by: {externalId: $id}) {
    firstName lastName email city canEmail canPost smsPermission emailPermission language tags
    mailingLists dateJoined group: companyField(name: "COMPANY__customer_group")
  }
}"""
LIST = "{ customers { totalCount nodes { externalId firstName isForgotten country canEmail } } }"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    running = Service(tmp_path / "data").start()
    yield running
    if running.process.poll() is None:
        running.stop()


def test_the_main_job_end_to_end(service: Service, tmp_path: Path) -> None:
    """Every step of a user's first hour, and a restart in its midst."""
    body = tmp_path / "customers.json"
    body.write_text(json.dumps({"customers": REFERENCE}))
    curl = ["curl", "-sS", "-X", "POST", "-u", "USER:", "-H", "Content-Type: application/json"]
    curl += ["--data-binary", f"@{body}", f"{service.url}/api/customers/upload/"]
    if not shutil.which("curl"):
        missing("curl")

    first = json.loads(subprocess.check_output(curl))
    again = json.loads(subprocess.check_output(curl))

    assert 2 == first["counts"]["created"]
    assert 2 == again["counts"]["unchanged"]

    changed = service.upload(
        {
            "external_id": "3619490226",
            "first_name": "James",
            "last_name": "Carroll",
            "email": "james.carroll@example.org",
            "can_email": True,
            "tags.add": ["vip", "new"],
            "mailing_lists.remove": ["kitchenware"],
        },
        {"external_id": "2319490132", "city": ""},
    )
    assert 2 == changed["counts"]["updated"]
    assert {
        "firstName": "James",
        "lastName": "Carroll",
        "email": "james.carroll@example.org",
        "city": None,
        "canEmail": True,
        "canPost": False,
        "smsPermission": "GRANTED",
        "emailPermission": "GRANTED",
        "language": "en",
        "tags": ["kitchenware", "vip", "new"],
        "mailingLists": [],
        "dateJoined": "2015-11-23T13:11:23Z",
        "group": 1,
    } == service.graphql(BY_ID, id="3619490226")["customer"]
    assert service.graphql(BY_ID, id="2319490132")["customer"]["city"] is None

    erased = service.upload(
        {"email": "james.carroll@example.org", "is_forgotten": True},
        {"external_id": "2319490132", "is_deleted": True},
        {"external_id": "3619490226", "first_name": "James", "is_forgotten": False},
    )
    assert ["UPDATED", "UPDATED", "IGNORED"] == [row["status"] for row in erased["results"]]

    assert 0 == service.stop()
    service.start()

    assert {
        "totalCount": 1,
        "nodes": [
            {
                "externalId": None,
                "firstName": None,
                "isForgotten": True,
                "country": None,
                "canEmail": False,
            }
        ],
    } == service.graphql(LIST)["customers"]
    assert service.graphql(BY_ID, id="3619490226")["customer"] is None
    assert "IGNORED" == service.upload(REFERENCE[1])["results"][0]["status"]


def test_the_mutation_uploads_typed_rows(service: Service) -> None:
    data = service.graphql(
        """
        mutation Upload($customers: [CustomerInput!]!) {
          uploadCustomers(customers: $customers) {
            counts { rows created unchanged rejected }
            results { index status matchedBy customer { externalId tags canPush } customerIds
              errors { code field message suggestion } }
            errors { code }
          }
        }""",
        customers=[
            {
                "externalId": 2319490132,
                "tagsAdd": "vip",
                "canPush": "",
                "companyFields": {"COMPANY__customer_group": 2},
            },
            {"firstName": "Nobody"},
        ],
    )["uploadCustomers"]

    assert {"rows": 2, "created": 1, "unchanged": 0, "rejected": 1} == data["counts"]
    customer = {"externalId": "2319490132", "tags": ["vip"], "canPush": False}
    assert customer == data["results"][0]["customer"]
    assert "MISSING_IDENTIFIER" == data["results"][1]["errors"][0]["code"]
    assert [] == data["errors"]


def test_the_root_leads_to_graphiql(service: Service) -> None:
    answer = service.client.get("/", headers={"accept": "text/html"}, follow_redirects=True)

    assert 200 == answer.status_code
    assert answer.url.path == "/graphql"
    assert "text/html" in answer.headers["content-type"]
    assert "Customer Graph" in answer.text


def test_it_says_that_it_is_alive_and_ready(service: Service) -> None:
    assert {"status": "alive"} == service.client.get("/healthz").json()
    assert {"status": "ready"} == service.client.get("/readyz").json()


def test_starting_says_where_to_go_and_nothing_that_looks_like_an_error(service: Service) -> None:
    assert service.ready.startswith("Customer Graph ")
    assert service.ready.endswith(f"is ready: {service.url}/graphql")
    service.stop()

    said = service.log.read_text().lower()

    assert not any(word in said for word in ("error", "warning", "traceback", "exception"))


def test_a_second_service_on_the_same_data_is_refused(service: Service) -> None:
    second = Service(service.directory)

    with pytest.raises(AssertionError, match="in use by another service"):
        second.start()

    assert 1 == second.process.wait(timeout=60)


def test_a_mongodb_that_cannot_be_reached_is_a_clear_error(tmp_path: Path) -> None:
    away = Service(
        tmp_path / "data",
        MONGODB_URI="mongodb://user:secret@127.0.0.1:9/",
        CUSTOMER_GRAPH_CLAIMS_KEY="k" * 32,
    )

    with pytest.raises(AssertionError, match=r"No MongoDB answers at 127\.0\.0\.1:9"):
        away.start()

    assert 1 == away.process.wait(timeout=60)
    assert "secret" not in away.log.read_text()


def test_a_mongodb_without_a_key_is_refused_with_a_key_to_use(tmp_path: Path) -> None:
    keyless = Service(tmp_path / "data", MONGODB_URI="mongodb://127.0.0.1:9/")

    with pytest.raises(AssertionError, match="CUSTOMER_GRAPH_CLAIMS_KEY must be set"):
        keyless.start()


def test_a_wrong_setting_fails_by_its_name(tmp_path: Path) -> None:
    wrong = Service(tmp_path / "data", CUSTOMER_GRAPH_TIMEZONE="Mars/Olympus")

    with pytest.raises(AssertionError, match="CUSTOMER_GRAPH_TIMEZONE"):
        wrong.start()


def test_no_personal_data_stands_in_the_log(service: Service) -> None:
    service.upload(*REFERENCE, {"email": "not james@example", "first_name": "Zebedee"})
    service.client.post("/graphql?q=Zebedee", json={"query": "{ Zebedee }"})
    service.client.post("/api/customers/upload/", content=b'{"Zebedee"')
    service.stop()

    said = service.log.read_text()

    assert "request" in said
    assert not any(text in said for text in ("Zebedee", "James", "josh@", "447757138957"))
