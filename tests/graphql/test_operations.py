"""Whole operations as clients write them, with their variables, on each store."""

from typing import Any

from tests.graphql.asking import Graph

UPLOAD_TWO = """
mutation UploadTwoCustomers($customers: [CustomerInput!]!) {
  uploadCustomers(customers: $customers) {
    uploadId
    replayed
    counts { rows created updated unchanged ignored rejected }
    results { index status matchedBy customer { ...Card } errors { code field message suggestion } }
    errors { code message }
  }
}
fragment Card on Customer {
  id externalId firstName lastName email phoneNumber canEmail canSms country language tags
  group: companyField(name: "COMPANY__customer_group")
}"""
TWO: list[dict[str, Any]] = [
    {
        "externalId": "3619490226", "firstName": "James", "lastName": "Carroll",
        "email": "james.carroll@example.org", "canEmail": True, "phoneNumber": "+447757138957",
        "canSms": True, "dateJoined": "2015-11-23T13:11:23Z", "lastLogin": "2015-11-25T13:11:23Z",
        "language": "EN", "tags": ["kitchenware", "vip"],
        "companyFields": {"COMPANY__customer_group": 1},
    },
    {
        "externalId": 2319490132, "firstName": "Joshua", "lastName": "Stewart",
        "email": "josh@example.org", "streetAddress": "42 Red Lane",
        "dateJoined": "2015-06-03T13:11:23Z", "lastLogin": "2017-10-15T03:01:13Z",
        "zipCode": "OX15 3PW", "city": "Epwell", "canSms": False, "country": "GB",
        "language": "EN", "companyFields": {"COMPANY__customer_group": 2},
    },
]  # fmt: skip


async def test_two_customers_are_uploaded_and_shown(graph: Graph) -> None:
    first = (await graph.data(UPLOAD_TWO, customers=TWO))["uploadCustomers"]
    again = (await graph.data(UPLOAD_TWO, customers=TWO))["uploadCustomers"]

    james, joshua = (result["customer"] for result in first["results"])
    assert james.pop("id") != joshua.pop("id")
    assert {
        "externalId": "3619490226", "firstName": "James", "lastName": "Carroll",
        "email": "james.carroll@example.org", "phoneNumber": "+447757138957", "canEmail": True,
        "canSms": True, "country": None, "language": "en", "tags": ["kitchenware", "vip"],
        "group": 1,
    } == james  # fmt: skip
    assert ("2319490132", "GB", [], 2, False, False) == (
        joshua["externalId"], joshua["country"], joshua["tags"], joshua["group"],
        joshua["canEmail"], joshua["canSms"],
    )  # fmt: skip
    assert [("CREATED", None), ("UNCHANGED", "EXTERNAL_ID")] == [
        (found["results"][0]["status"], found["results"][0]["matchedBy"])
        for found in (first, again)
    ]
    assert (2, 2) == (first["counts"]["created"], again["counts"]["unchanged"])


SET_OPERATIONS = """
mutation SetOperations {
  uploadCustomers(
    customers: [
      {
        externalId: "3619490226"
        tagsAdd: ["vip"]
        mailingListsRemove: "kitchenware"
        mailingLists: null
        birthDate: ""
        canPush: ""
        houseNumber: 3
        companyFields: { COMPANY__customer_group: 4, COMPANY__old: "" }
        companyFieldsAdd: { COMPANY__hobbies: ["chess"] }
        companyFieldsRemove: { COMPANY__hobbies: ["golf"] }
      }
    ]
  ) {
    results(only: [REJECTED, IGNORED]) { index status errors { code field message suggestion } }
    counts { updated unchanged }
  }
}"""


async def test_sets_are_added_to_and_removed_from(graph: Graph) -> None:
    await graph.upload(
        {
            "external_id": "3619490226", "tags": ["a"], "mailing_lists": ["kitchenware", "garden"],
            "birth_date": "1991-06-14", "can_push": True, "COMPANY__old": 1,
            "COMPANY__hobbies": ["golf"],
        }
    )  # fmt: skip

    first = (await graph.data(SET_OPERATIONS))["uploadCustomers"]
    again = (await graph.data(SET_OPERATIONS))["uploadCustomers"]

    assert {"results": [], "counts": {"updated": 1, "unchanged": 0}} == first
    assert {"results": [], "counts": {"updated": 0, "unchanged": 1}} == again
    assert {
        "tags": ["a", "vip"],
        "mailingLists": ["garden"],
        "birthDate": None,
        "pushPermission": "UNKNOWN",
        "houseNumber": "3",
        "companyFields": {"COMPANY__customer_group": 4, "COMPANY__hobbies": ["chess"]},
    } == (
        await graph.data("""{ customer(by: {externalId: "3619490226"}) {
          tags mailingLists birthDate pushPermission houseNumber companyFields } }""")
    )["customer"]


UPLOAD_DOCUMENTS = """
mutation UploadDocuments($documents: [CustomerDocument!]!) {
  uploadCustomerDocuments(documents: $documents) {
    counts { rows created updated unchanged ignored rejected }
    results(only: [REJECTED, IGNORED]) {
      index status customerIds errors { code field message suggestion }
    }
    errors { code message }
  }
}"""


async def test_documents_are_uploaded(graph: Graph) -> None:
    row = {
        "external_id": "3619490226", "tags.add": ["vip"], "mailing_lists.remove": ["kitchenware"],
        "COMPANY__customer_group": 1,
    }  # fmt: skip

    found = (await graph.data(UPLOAD_DOCUMENTS, documents=[row, {"fist_name": "Ann"}]))[
        "uploadCustomerDocuments"
    ]

    assert (1, 1, []) == (found["counts"]["created"], found["counts"]["rejected"], found["errors"])
    ((refused),) = found["results"]
    assert (1, "REJECTED", []) == (refused["index"], refused["status"], refused["customerIds"])
    assert {("MISSING_IDENTIFIER", None), ("UNKNOWN_FIELD", "fist_name")} == {
        (error["code"], error["field"]) for error in refused["errors"]
    }


FORGET = """
mutation Forget($email: TextValue!) {
  uploadCustomers(customers: [{ email: $email, isForgotten: true }]) {
    results {
      status matchedBy customer { id isForgotten firstName email } customerIds
      errors { code message }
    }
  }
}"""


async def test_one_is_forgotten_for_good(graph: Graph) -> None:
    email = "james.carroll@example.org"
    (james, _) = await graph.upload(
        {"email": email, "first_name": "James"}, {"external_id": "other"}
    )

    (first,) = (await graph.data(FORGET, email=email))["uploadCustomers"]["results"]
    (again,) = (await graph.data(FORGET, email=email))["uploadCustomers"]["results"]

    assert {
        "status": "UPDATED",
        "matchedBy": "EMAIL",
        "customer": {"id": james, "isForgotten": True, "firstName": None, "email": None},
        "customerIds": [james],
        "errors": [],
    } == first
    assert ("IGNORED", None, [], ["FORGOTTEN"]) == (
        again["status"], again["customer"], again["customerIds"],
        [error["code"] for error in again["errors"]],
    )  # fmt: skip


SCROLL = """
query Scroll($after: String) {
  customers(first: 2, after: $after) {
    edges { cursor node { ...Row } } pageInfo { hasNextPage endCursor }
  }
}
query ScrollBack($before: String) {
  customers(last: 2, before: $before) {
    edges { cursor node { ...Row } } pageInfo { hasPreviousPage startCursor }
  }
}
fragment Row on Customer { id firstName lastName dateJoined }"""


async def test_a_list_is_scrolled_there_and_back_by_one_document(graph: Graph) -> None:
    ids = (await graph.upload(*({"external_id": f"X{number}"} for number in range(5))))[::-1]

    async def scroll(name: str, **variables: object) -> Any:
        found = await graph.send(query=SCROLL, operationName=name, variables=variables)
        return found.json()["data"]["customers"]

    first = await scroll("Scroll")
    second = await scroll("Scroll", after=first["pageInfo"]["endCursor"])
    back = await scroll("ScrollBack", before=second["edges"][0]["cursor"])

    shown = [[edge["node"]["id"] for edge in page["edges"]] for page in (first, second, back)]
    assert [ids[:2], ids[2:4], ids[:2]] == shown
    assert (True, False) == (first["pageInfo"]["hasNextPage"], back["pageInfo"]["hasPreviousPage"])


ONE_FIELD = """
query OneField($id: String!, $name: String!) {
  customer(by: { externalId: $id }) {
    value: companyField(name: $name)
    level: companyField(name: "ACME__level")
    some: companyFields(names: ["ACME__level", "ACME__points"])
    all: companyFields
    emailPermission
    smsPermission
  }
}"""


async def test_company_fields_are_read_by_name(graph: Graph) -> None:
    await graph.upload({"external_id": "X", "ACME__level": "gold", "B__x": [1], "can_email": True})

    assert {
        "value": [1],
        "level": "gold",
        "some": {"ACME__level": "gold"},
        "all": {"ACME__level": "gold", "B__x": [1]},
        "emailPermission": "GRANTED",
        "smsPermission": "UNKNOWN",
    } == (await graph.data(ONE_FIELD, id="X", name="B__x"))["customer"]


PERSON = """
query Person($canonicalId: String!, $id: ID!, $ids: [ID!]!) {
  person(canonicalId: $canonicalId) {
    ...Known
    customers(first: 10) { totalCount nodes { ...Known id } }
  }
  node(id: $id) { id ... on Customer { firstName person { canonicalId } } }
  nodes(ids: $ids) { id __typename }
  service { timeZone companyPrefix maxUploadRows maxPageSize }
}
fragment Known on Profile {
  firstName email canEmail tags emailPermission companyField(name: "ACME__level")
}"""


async def test_a_person_its_records_and_nodes_are_read_at_once(graph: Graph) -> None:
    (old,) = await graph.upload(
        {"external_id": "A", "canonical_id": "p1", "first_name": "Ann", "tags": ["a"]}
    )
    await graph.upload({"external_id": "B", "canonical_id": "p1", "can_email": True, "tags": ["b"]})

    found = await graph.data(PERSON, canonicalId="p1", id=old, ids=["x", old])

    merged = {
        "firstName": "Ann", "email": None, "canEmail": True, "tags": ["a", "b"],
        "emailPermission": "GRANTED", "companyField": None,
    }  # fmt: skip
    customers = found["person"].pop("customers")
    assert merged == found["person"]
    assert 2 == customers["totalCount"]
    assert {
        **merged,
        "id": old,
        "canEmail": False,
        "tags": ["a"],
        "emailPermission": "UNKNOWN",
    } in (customers["nodes"])
    assert {"id": old, "firstName": "Ann", "person": {"canonicalId": "p1"}} == found["node"]
    assert [None, {"id": old, "__typename": "Customer"}] == found["nodes"]
    assert {
        "timeZone": "UTC", "companyPrefix": None, "maxUploadRows": 10_000, "maxPageSize": 1000
    } == found["service"]  # fmt: skip
