"""Saved segments as conditions: what they name, how they are read, what may be saved."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from graphql import get_named_type

from graphql_schema.schema import core_schema
from service.customers.fields import CATALOGUE
from service.errors import InvalidArgument, SegmentCycle, SegmentInvalid
from service.queries.segments import MAX_NAMED, check_keepable, check_named, named_in
from service.queries.terms import Terms
from tests.queries.reading import TERMS, where

OULU = {"city": {"eq": "Oulu"}}
OPERANDS: Mapping[str, Any] = {"Boolean": True, "String": "12345", "ID": "c.0001"}


def within(*segment_ids: str, operator: str = "in") -> dict[str, Any]:
    return {"segment": {operator: list(segment_ids)}}


def saved(**segments: Mapping[str, Any] | None) -> Terms:
    return replace(TERMS, segments=segments)


def refused(terms: Terms, **given: Any) -> InvalidArgument:
    with pytest.raises(InvalidArgument) as caught:
        where(terms, **given)
    return caught.value


def test_names_are_found_wherever_they_stand() -> None:
    asked = {
        **within("a", "b"),
        "and": [within("a", operator="notIn"), {"not": within("c")}],
        "or": [OULU, {"and": [within("d")]}],
    }

    assert ["a", "a", "b", "c", "d"] == sorted(named_in(asked))


@pytest.mark.parametrize(
    "unsound",
    [None, 3, [], "a", {"segment": None}, {"segment": {"in": None}}, {"segment": {"in": [None]}},
     {"and": None, "or": 3, "not": ["x"]}],
)  # fmt: skip
def test_what_can_not_be_read_names_nothing(unsound: object) -> None:
    assert [] == [*named_in(unsound)]


def test_values_of_customers_are_no_names() -> None:
    asked = {"companyFields": [{"name": "A__b", "eq": {"segment": {"in": ["a"]}}}]}

    assert [] == [*named_in(asked)]


def test_a_member_meets_what_was_saved() -> None:
    terms = saved(a=OULU, b={"tags": {"has": "vip"}})

    assert {"city": {"$eq": "Oulu"}} == where(terms, **within("a"))
    assert {"$nor": [{"city": {"$eq": "Oulu"}}, {"tags": {"$eq": "vip"}}]} == where(
        terms, **within("a", "b", operator="notIn")
    )


def test_a_member_of_several_meets_one_of_them() -> None:
    terms = saved(a=OULU, b={"tags": {"has": "vip"}})

    assert {"$or": [{"city": {"$eq": "Oulu"}}, {"tags": {"$eq": "vip"}}]} == where(
        terms, **within("a", "b")
    )


def test_a_segment_may_rest_on_others() -> None:
    terms = saved(a=OULU, b={"not": within("a")}, c=within("b"))

    assert {"$nor": [{"city": {"$eq": "Oulu"}}]} == where(terms, **within("c"))


def test_what_names_no_segment_is_told_at_its_place() -> None:
    error = refused(saved(a=OULU), **{"and": [within("a"), within("a", "gone")]})

    assert "where.and.1.segment.in.1" == error.argument


def test_a_segment_that_is_no_longer_allowed_is_told_where_it_is_named() -> None:
    shapeless, gone = saved(a=None), saved(a=within("gone"))
    unreadable = saved(a={"country": {"eq": "XX"}})

    errors = [refused(terms, **within("a")) for terms in (shapeless, gone, unreadable)]

    assert [(SegmentInvalid, "where.segment.in.0")] * 3 == [
        (type(error), error.argument) for error in errors
    ]


def test_segments_nest_no_deeper_than_conditions_do() -> None:
    """Which is the fault of whoever nests them."""
    chain = {f"s{number}": within(f"s{number - 1}") for number in range(1, 9)}
    terms = saved(s0=OULU, **chain)

    assert {"city": {"$eq": "Oulu"}} == where(terms, **within("s6"))
    error = refused(terms, **within("s7"))
    assert not isinstance(error, SegmentInvalid)


@pytest.mark.parametrize("asked", [within("a"), {"not": within("b")}])
def test_a_segment_that_holds_itself_ends_no_process(asked: Mapping[str, Any]) -> None:
    error = refused(saved(a=within("b"), b={"or": [OULU, within("a")]}), **asked)

    assert isinstance(error, SegmentCycle)


def test_segments_are_counted_as_often_as_they_are_named() -> None:
    """Or a few that name each other twice would make a filter of any size."""
    doubling = {f"s{n}": within(f"s{n - 1}", f"s{n - 1}") for n in range(1, 8)}
    terms = saved(s0=OULU, **doubling)

    assert 14 == check_named(within("s2", "s2"), terms.segments, "where")
    assert f"more than {MAX_NAMED}" in refused(terms, **within("s6")).message


def test_a_condition_names_so_many_segments_and_no_more() -> None:
    terms = saved(a=OULU)

    assert where(terms, **within(*["a"] * MAX_NAMED))
    assert "where" == refused(terms, **within(*["a"] * (MAX_NAMED + 1))).argument


def test_a_company_field_that_nobody_has_any_more_is_no_fault_of_a_segment() -> None:
    asked = {"companyFields": [{"name": "ACME__level", "eq": 3}]}
    terms = replace(saved(a=asked), company_names=frozenset({"ACME__other"}))

    assert where(terms, **within("a"))
    assert "where.companyFields.0.name" == refused(terms, **asked).argument


def operators_of(field: str) -> dict[str, Any]:
    """What may be asked of a field, each with an operand."""
    type_: Any = get_named_type(core_schema.type_map["CustomerWhere"].fields[field].type)  # type: ignore[attr-defined]
    return {
        name: [OPERANDS[get_named_type(made.type).name]]
        if str(made.type).startswith("[")
        else OPERANDS[get_named_type(made.type).name]
        for name, made in type_.fields.items()
    }


TELLING = ["id", *(field.camel_name for field in CATALOGUE if field.tells_who)]
HARMLESS = {"exists", "ignoreCase", "domain"}


def test_no_field_is_added_without_a_thought_whether_it_tells_who_somebody_is() -> None:
    harmless = {
        "first_name", "can_email", "can_post", "can_profile", "can_push", "can_sms", "date_joined",
        "last_login", "mailing_lists", "tags", "shop_id", "birth_date", "gender", "company",
        "street_name", "zip_code", "city", "province", "country", "language", "is_forgotten",
        "is_deleted",
    }  # fmt: skip

    assert harmless == {field.name for field in CATALOGUE if not field.tells_who}


@pytest.mark.parametrize("field", TELLING)
def test_no_value_that_tells_who_somebody_is_is_saved(field: str) -> None:
    for operator, operand in operators_of(field).items():
        if operator in HARMLESS:
            continue
        asked = {"or": [OULU, {"not": {"and": [{field: {operator: operand}}]}}]}

        with pytest.raises(InvalidArgument) as caught:
            check_keepable(asked, "where")

        assert f"where.or.1.not.and.0.{field}.{operator}" == caught.value.argument
        assert str(operand) not in caught.value.message


@pytest.mark.parametrize(
    "asked",
    [
        *({field: {"exists": False}} for field in TELLING if field != "id"),
        {"email": {"domain": "example.org"}},
        {"phoneNumber": {"startsWith": "+358"}},
        {"phoneNumber": {"startsWith": "+1 (212"}},
        {"lastName": {"exists": True, "ignoreCase": False}},
        {"firstName": {"eq": "Ann"}, "zipCode": {"startsWith": "001"}, "tags": {"has": "vip"}},
        {"companyFields": [{"name": "ACME__level", "eq": {"email": {"eq": 1}}}]},
    ],
    ids=str,
)
def test_what_many_share_is_saved(asked: Mapping[str, Any]) -> None:
    check_keepable(asked, "where")


def test_more_of_a_phone_number_than_a_country_is_not_saved() -> None:
    with pytest.raises(InvalidArgument):
        check_keepable({"phoneNumber": {"startsWith": "+35840"}}, "where")
