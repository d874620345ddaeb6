"""The GraphiQL page as a person finds it in a browser, on the service as it is."""

import json
from pathlib import Path
from typing import Any

from playwright.async_api import expect

from tests.page.visit import Visit

EXAMPLES = [
    "Upload", "SetOperations", "Query", "Filter", "Search", "Facets", "Groups", "Person",
    "SaveSegment", "Segments", "CompanyFields", "Declare", "DryRun", "Forget",
]  # fmt: skip

FOLDER = Path(__file__).parents[2] / "graphql_schema" / "graphiql" / "examples"

MARKS = ".squiggly-warning, .squiggly-error"


async def results(visit: Visit, tab: str) -> list[dict[str, Any]]:
    """The results of an upload that stands in a tab, run as it stands."""
    await visit.open_tab(tab)
    answer = await visit.run()
    assert [] == answer["data"]["uploadCustomers"]["errors"]
    found: list[dict[str, Any]] = answer["data"]["uploadCustomers"]["results"]
    return found


async def test_it_opens_with_the_examples(visit: Visit) -> None:
    """Somebody who was never there finds a tab for each example."""
    await expect(visit.page).to_have_title("Customer Graph")
    await expect(visit.tabs).to_have_text(EXAMPLES)


async def test_it_asks_no_other_host_and_reports_no_fault(visit: Visit) -> None:
    """Every tab, the documentation and the explorer open without a word on the console."""
    for title in EXAMPLES:
        await visit.open_tab(title)
    await visit.page.get_by_role("button", name="Show Documentation Explorer").click()
    await expect(visit.page.get_by_text("All Schema Types")).to_be_visible()
    await visit.page.get_by_role("button", name="Show GraphiQL Explorer").click()
    await expect(visit.page.locator(".graphiql-explorer-root")).to_be_visible()

    assert [] == visit.outside
    assert [] == visit.problems


class TestExamples:
    async def test_the_editor_finds_no_fault_with_their_variables(self, visit: Visit) -> None:
        """But the one that is put in, by which one sees that it has looked."""
        for at, query in enumerate(sorted(FOLDER.glob("*.graphql"))):
            if (variables := query.with_suffix(".json")).exists():
                await visit.tabs.nth(at).click()
                given = json.loads(variables.read_text())
                await visit.write(visit.variables, json.dumps(given | {"unheardOf": 1}))

                await expect(visit.variables.locator(MARKS)).to_have_count(1)

    async def test_uploading_again_changes_nothing(self, visit: Visit) -> None:
        """As the first example says of itself."""
        first = await results(visit, "Upload")
        again = await results(visit, "Upload")

        assert ["CREATED", "CREATED"] == [row["status"] for row in first]
        assert ["James", "Joshua"] == [row["customer"]["firstName"] for row in first]
        assert ["UNCHANGED", "UNCHANGED"] == [row["status"] for row in again]
        assert ["EXTERNAL_ID", "EXTERNAL_ID"] == [row["matchedBy"] for row in again]
        assert [] == visit.problems

    async def test_set_operations_add_and_remove(self, visit: Visit) -> None:
        """A tag comes, a tag goes, a list is joined, and an empty text removes the last login."""
        await results(visit, "Upload")

        [row] = await results(visit, "SetOperations")

        customer = row["customer"]
        assert "UPDATED" == row["status"]
        assert ["vip", "gold"] == customer["tags"]
        assert ["newsletter"] == customer["mailingLists"]
        assert customer["lastLogin"] is None
        assert [] == visit.problems

    async def test_a_dry_run_tells_what_would_change(self, visit: Visit) -> None:
        """The sound fields of one row, somebody new by the other; run again, it is as before."""
        await results(visit, "Upload")

        told = [await results(visit, "DryRun"), await results(visit, "DryRun")]

        assert told[0] == told[1]
        assert ["UPDATED", "CREATED"] == [row["status"] for row in told[0]]
        changes = told[0][0]["changes"]
        assert ["city", "tags"] == sorted(change["field"] for change in changes)
        assert ["birthDate"] == [error["field"] for error in told[0][0]["errors"]]
        assert [] == visit.problems

    async def test_the_query_finds_who_was_uploaded(self, visit: Visit) -> None:
        """One customer by its external id, and a page of all."""
        await results(visit, "Upload")
        await visit.open_tab("Query")

        data = (await visit.run())["data"]

        assert "james.carroll@example.org" == data["customer"]["email"]
        assert ["kitchenware", "vip"] == data["customer"]["tags"]
        assert 3 == data["customer"]["level"]
        assert 2 == data["customers"]["totalCount"]
        assert {"James", "Joshua"} == {node["firstName"] for node in data["customers"]["nodes"]}
        await expect(visit.answer).to_contain_text('"email": "james.carroll@example.org"')
        assert [] == visit.problems

    async def test_the_filter_finds_who_meets_every_condition(self, visit: Visit) -> None:
        await results(visit, "Upload")
        await visit.open_tab("Filter")

        data = (await visit.run())["data"]

        assert ["James"] == [node["firstName"] for node in data["customers"]["nodes"]]
        assert 1 == data["customers"]["totalCount"]
        assert [] == visit.problems

    async def test_the_search_finds_by_the_beginnings_of_words(self, visit: Visit) -> None:
        await results(visit, "Upload")
        await visit.open_tab("Search")

        data = (await visit.run())["data"]

        assert ["James"] == [node["firstName"] for node in data["customers"]["nodes"]]
        assert [] == visit.problems

    async def test_facets_count_what_is_chosen_and_what_is_not(self, visit: Visit) -> None:
        await results(visit, "Upload")
        await visit.open_tab("Facets")

        country, tags, *_ = (await visit.run())["data"]["customers"]["facets"]

        assert [("GB", 2)] == [(one["value"], one["count"]) for one in country["buckets"]]
        assert ["kitchenware", "vip"] == sorted(one["value"] for one in tags["buckets"])
        assert [] == visit.problems

    async def test_a_person_is_shown_with_the_records(self, visit: Visit) -> None:
        await results(visit, "Upload")
        await visit.open_tab("Person")

        [node] = (await visit.run())["data"]["customers"]["nodes"]

        assert ("P-1001", "James") == (node["person"]["canonicalId"], node["person"]["firstName"])
        assert 1 == node["person"]["customers"]["totalCount"]
        assert [] == visit.problems

    async def test_who_is_forgotten_does_not_come_back(self, visit: Visit) -> None:
        """Erased at once, and ignored when uploaded again."""
        await results(visit, "Upload")

        [erased] = await results(visit, "Forget")
        again = await results(visit, "Upload")

        assert "UPDATED" == erased["status"]
        assert erased["customer"]["isForgotten"] is True
        assert erased["customer"]["externalId"] is None
        assert erased["customer"]["firstName"] is None
        assert ["UNCHANGED", "IGNORED"] == [row["status"] for row in again]
        assert ["FORGOTTEN"] == [error["code"] for error in again[1]["errors"]]
        assert [] == visit.problems

    async def test_a_typo_in_a_row_is_answered_with_the_right_name(self, visit: Visit) -> None:
        """The page shows what was meant, and nothing of the row is repeated."""
        rows = {"customers": [{"externalId": "7", "emial": "a@example.org"}]}
        await visit.write(visit.variables, json.dumps(rows))

        answer = await visit.run()

        assert ["QUERY_INVALID"] == [error["extensions"]["code"] for error in answer["errors"]]
        assert "a@example.org" not in json.dumps(answer)
        await expect(visit.answer).to_contain_text("Did you mean 'email'?")
        assert all("400" in told for told in visit.problems), "the status, and nothing else"


class TestFailures:
    async def test_a_service_that_is_gone_is_told_as_such(self, visit: Visit) -> None:
        """Rather than by the browser's own words and where in the page they came from."""
        await visit.page.route("**/graphql", lambda route: route.abort())
        await visit.page.get_by_role("button", name="Execute query").click()

        await expect(visit.answer).to_contain_text("The service does not answer: is it running")
        await expect(visit.answer).not_to_contain_text("stack")

    async def test_an_answer_without_json_is_told_by_its_status(self, visit: Visit) -> None:
        """A proxy's own page, for one."""
        await visit.page.route("**/graphql", lambda route: route.fulfill(status=502, body="<p>"))
        await visit.page.get_by_role("button", name="Execute query").click()

        await expect(visit.answer).to_contain_text("The service answered 502")


class TestEditors:
    async def test_the_explorer_lists_fields_to_choose(self, visit: Visit) -> None:
        """A field ticked in the explorer stands in the query."""
        await visit.open_tab("Query")
        await visit.page.get_by_role("button", name="Show GraphiQL Explorer").click()
        explorer = visit.page.locator(".graphiql-explorer-root")
        await expect(explorer).to_contain_text("totalCount")
        await explorer.get_by_text("lastLogin").first.click()

        await expect(visit.query).to_contain_text("lastLogin")
        assert [] == visit.problems

    async def test_the_query_editor_marks_what_the_schema_lacks(self, visit: Visit) -> None:
        """The editor knows the service's schema."""
        await visit.write(visit.query, "query Wrong { customerz }")

        await expect(visit.query.locator(".squiggly-error")).to_be_visible()
        assert [] == visit.problems

    async def test_the_variables_editor_marks_what_no_row_takes(self, visit: Visit) -> None:
        """A date that is a number, and nothing else: a row may hold values of many kinds."""
        row = {
            "externalId": 7,
            "tags": ["a"],
            "mailingLists": "news",
            "canSms": "",
            "birthDate": 19910614,
            "lastLogin": None,
            "companyFields": {"COMPANY__level": 3},
        }
        await visit.write(visit.variables, json.dumps({"customers": [row]}, indent=1))

        marks = visit.variables.locator(MARKS)
        await expect(marks).to_have_count(1)
        marked = await marks.bounding_box()
        meant = await visit.variables.locator(".view-line", has_text="birthDate").bounding_box()
        assert marked
        assert meant
        assert abs(marked["y"] - meant["y"]) < meant["height"] / 2
        assert [] == visit.problems


class TestReturning:
    async def test_the_tabs_are_as_they_were(self, visit: Visit) -> None:
        """Tabs outlive the visit: which was open, its text and its variables."""
        await visit.open_tab("Query")
        await visit.query.locator(".monaco-editor").click()
        await visit.page.keyboard.press("Control+Home")
        await visit.page.keyboard.insert_text("# mine\n")
        await visit.saved("# mine")
        await visit.page.reload()

        await expect(visit.tabs).to_have_text(EXAMPLES)
        await expect(visit.page.get_by_role("tab", name="Query")).to_have_attribute(
            "aria-selected", "true"
        )
        await expect(visit.query).to_contain_text("# mine")
        await expect(visit.variables).to_contain_text("first")

    async def test_an_untouched_first_tab_keeps_its_variables(self, visit: Visit) -> None:
        """The upload runs after a reload as it did before."""
        await visit.saved("mutation Upload")
        await visit.page.reload()

        rows = await results(visit, "Upload")

        assert ["CREATED", "CREATED"] == [row["status"] for row in rows]
