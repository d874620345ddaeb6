"""One customer by an identifier, on each store."""

from typing import Any

import pytest

from service.settings import Settings
from tests.graphql.asking import Graph, graph_on

BY = "query($by: CustomerBy!) { customer(by: $by) { id firstName } }"
ANN = {
    "external_id": "X-1",
    "email": "ann@example.org",
    "phone_number": "+447757138957",
    "first_name": "Ann",
}


@pytest.mark.parametrize(
    "by",
    [
        {"externalId": "X-1"},
        {"externalId": " X-1 "},
        {"email": "ann@example.org"},
        {"email": "  ANN@Example.ORG"},
        {"phoneNumber": "+447757138957"},
        {"phoneNumber": "+44 (7757) 138-957"},
        {"phoneNumber": "+44.7757.138.957"},
    ],
    ids=str,
)
async def test_an_identifier_finds_its_customer_in_any_writing(
    graph: Graph, by: dict[str, str]
) -> None:
    (ann, _) = await graph.upload(ANN, {"external_id": "X-2"})

    assert {"customer": {"id": ann, "firstName": "Ann"}} == await graph.data(BY, by=by)
    assert {"customer": {"id": ann, "firstName": "Ann"}} == await graph.data(BY, by={"id": ann})


@pytest.mark.parametrize(
    "by",
    [
        {"externalId": "x-1"},
        {"externalId": "X-2"},
        {"email": "ann@example.com"},
        {"phoneNumber": "+447757138958"},
        {"id": "X-1"},
        {"id": ""},
        {"id": "c.$ne"},
    ],
    ids=str,
)
async def test_nobody_is_null(graph: Graph, by: dict[str, str]) -> None:
    await graph.upload(ANN)

    assert {"customer": None} == await graph.data(BY, by=by)


async def test_an_identifier_that_several_share_names_them_all(graph: Graph) -> None:
    shared = {"email": "family@example.org", "phone_number": "+447757138957"}
    ids = await graph.upload(
        {"external_id": "A", **shared}, {"external_id": "B", **shared}, {"external_id": "C"}
    )

    for by in ({"email": "Family@example.org"}, {"phoneNumber": "+44 7757 138957"}):
        error = await graph.error(BY, by=by)

        assert ("AMBIGUOUS_IDENTITY", ids[:2]) == (
            error["extensions"]["code"],
            sorted(error["extensions"]["customerIds"]),
        )
        assert ["customer"] == error["path"]
    assert ids[1] == (await graph.data(BY, by={"externalId": "B"}))["customer"]["id"]


@pytest.mark.parametrize(
    ("argument", "by"),
    [
        ("by.externalId", {"externalId": "no good"}),
        ("by.externalId", {"externalId": ""}),
        ("by.externalId", {"externalId": "x" * 256}),
        ("by.email", {"email": "nobody"}),
        ("by.email", {"email": '{"$ne": 1}@example.org'}),
        ("by.phoneNumber", {"phoneNumber": "0401234567"}),
        ("by.phoneNumber", {"phoneNumber": "00447757138957"}),
        ("by.phoneNumber", {"phoneNumber": "+358 not a number"}),
    ],
    ids=str,
)
async def test_an_identifier_that_cannot_be_one_is_told_by_its_argument(
    quick: Graph, argument: str, by: dict[str, str]
) -> None:
    error = await quick.error(BY, by=by)

    assert {"code": "INVALID_ARGUMENT", "argument": argument} == error["extensions"]
    assert not [value for value in by.values() if value and value in error["message"]]


@pytest.mark.parametrize(
    "by", ["{}", '{id: "a", email: "b"}', "{email: null}", "{id: null, email: null}"]
)
async def test_exactly_one_identifier_is_taken(quick: Graph, by: str) -> None:
    error = await quick.error(f"{{ customer(by: {by}) {{ id }} }}")

    assert "QUERY_INVALID" == error["extensions"]["code"]
    assert "exactly one" in error["message"]


async def test_a_value_that_was_replaced_finds_nobody(graph: Graph) -> None:
    """What a customer once held still leads to it inside, and to no query."""
    await graph.upload(ANN)
    await graph.upload({"external_id": "X-1", "email": "new@example.org", "phone_number": ""})

    for by in ({"email": "ann@example.org"}, {"phoneNumber": "+447757138957"}):
        assert {"customer": None} == await graph.data(BY, by=by)
    assert (await graph.data(BY, by={"email": "new@example.org"}))["customer"]


@pytest.mark.parametrize("flag", ["is_forgotten", "is_deleted"])
async def test_the_erased_are_found_by_no_identifier(graph: Graph, flag: str) -> None:
    (ann,) = await graph.upload(ANN)
    await graph.upload({"external_id": "X-1", flag: True})

    for by in ({"externalId": "X-1"}, {"email": ANN["email"]}, {"phoneNumber": "+447757138957"}):
        assert {"customer": None} == await graph.data(BY, by=by)

    by_id = (await graph.data(BY, by={"id": ann}))["customer"]
    assert ({"id": ann, "firstName": None} if flag == "is_forgotten" else None) == by_id


async def test_the_forgotten_show_no_more_than_is_kept(graph: Graph) -> None:
    row = {"country": "GB", "language": "en", "date_joined": "2015-11-23T13:11:23Z"}
    (ann,) = await graph.upload({**ANN, **row, "can_email": True, "tags": ["vip"], "A__b": 1})
    await graph.upload({"email": "ann@example.org", "is_forgotten": True})

    query = """query($id: ID!) { customer(by: {id: $id}) {
      externalId email phoneNumber firstName tags companyFields canEmail emailPermission
      smsPermission country language dateJoined isForgotten isDeleted person { id }
    } }"""

    assert {
        "externalId": None,
        "email": None,
        "phoneNumber": None,
        "firstName": None,
        "tags": [],
        "companyFields": {},
        "canEmail": False,
        "emailPermission": "DENIED",
        "smsPermission": "DENIED",
        "country": "GB",
        "language": "en",
        "dateJoined": "2015-11-01T00:00:00Z",
        "isForgotten": True,
        "isDeleted": False,
        "person": None,
    } == (await graph.data(query, id=ann))["customer"]


FULL: dict[str, Any] = {
    "externalId": "X1", "email": "a@example.org", "phoneNumber": "+447757138957",
    "canonicalId": "P", "firstName": "Åsa", "lastName": "O'Neill", "canEmail": True,
    "canPost": False, "canProfile": True, "canPush": False, "canSms": True,
    "dateJoined": "2015-11-23T13:11:23Z", "lastLogin": "2017-10-15T03:01:13.250Z",
    "mailingLists": ["a", "b"], "tags": ["x"], "shopId": "S", "birthDate": "1991-06-14",
    "gender": "other", "company": "Acme", "vatNumber": "FI123456", "streetAddress": "42 Red Lane",
    "streetName": "Red Lane", "houseNumber": "42", "houseNumberAddition": "b", "zipCode": "OX15",
    "city": "Epwell", "province": "Oxon", "country": "GB", "language": "en",
    "companyFields": {
        "ACME__text": "t", "ACME__int": 2**53 + 1, "ACME__float": 1.5, "ACME__yes": True,
        "ACME__list": [1, "b", None, [2]], "ACME__object": {"k": {"deep": [False]}},
    },
}  # fmt: skip


async def test_every_field_comes_out_as_it_was_uploaded(graph: Graph) -> None:
    names = " ".join(FULL)
    mutation = f"""mutation($rows: [CustomerInput!]!) {{
      uploadCustomers(customers: $rows) {{ results {{ status customer {{ {names} }} }} }} }}"""

    uploaded = await graph.data(mutation, rows=[FULL])
    found = await graph.data(f'{{ customer(by: {{externalId: "X1"}}) {{ {names} }} }}')

    assert [{"status": "CREATED", "customer": FULL}] == uploaded["uploadCustomers"]["results"]
    assert FULL == found["customer"]


async def test_every_field_never_given_is_null_or_empty(graph: Graph) -> None:
    await graph.upload({"external_id": "X1"})

    found = await graph.data(f'{{ customer(by: {{externalId: "X1"}}) {{ {" ".join(FULL)} }} }}')

    empty: dict[str, Any] = dict.fromkeys(FULL)
    empty |= {name: False for name in FULL if name.startswith("can") and name != "canonicalId"}
    empty |= {"externalId": "X1", "tags": [], "mailingLists": [], "companyFields": {}}
    assert empty == found["customer"]


async def test_company_fields_come_out_one_by_one_and_some(graph: Graph) -> None:
    await graph.upload({"external_id": "X1", "ACME__level": 3, "B__text": "t"})

    found = await graph.data("""{ customer(by: {externalId: "X1"}) {
      level: companyField(name: "ACME__level") absent: companyField(name: "ACME__none")
      some: companyFields(names: ["B__text", "B__none"]) none: companyFields(names: [])
    } }""")

    assert {"level": 3, "absent": None, "some": {"B__text": "t"}, "none": {}} == found["customer"]


@pytest.mark.parametrize("name", ["email", "_id", "keys", "$where", "A__b.c", "A__b\\u0000", ""])
async def test_nothing_else_is_read_by_the_name_of_a_company_field(quick: Graph, name: str) -> None:
    await quick.upload({"external_id": "X1", "email": "a@example.org"})

    errors = await quick.errors(
        f"""{{ customer(by: {{externalId: "X1"}}) {{
          companyField(name: "{name}") companyFields(names: ["ACME__ok", "{name}"]) }} }}"""
    )

    assert [
        {"code": "INVALID_ARGUMENT", "argument": "name"},
        {"code": "INVALID_ARGUMENT", "argument": "names.1"},
    ] == [error["extensions"] for error in errors]


async def test_the_service_tells_its_settings(in_memory: Any) -> None:
    settings = Settings(timezone="Europe/Helsinki", company="ACME", max_page_size=7)

    async with graph_on(in_memory, settings) as graph:
        found = await graph.data(
            "{ service { timeZone companyPrefix maxUploadRows maxBodyBytes maxPageSize } }"
        )

    assert {
        "timeZone": "Europe/Helsinki",
        "companyPrefix": "ACME",
        "maxUploadRows": 10_000,
        "maxBodyBytes": 16 * 2**20,
        "maxPageSize": 7,
    } == found["service"]
