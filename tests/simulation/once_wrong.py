"""Cases that once went wrong, in this protocol or in a simpler one; each says what went wrong.

A is (X1, E1), B is (X2, E1), a second holder of E1. Uploads of one case race.
"""

from tests.simulation.colliding import E1, E2, E3, P1, P2, X1, X2, X3
from tests.simulation.rules import Row
from tests.simulation.staging import Case, Rows, known

FORGET = {"is_forgotten": True}
DELETE = {"is_deleted": True}


def x(value: str, **more: object) -> Row:
    return {"external_id": value, **more}


def e(value: str, **more: object) -> Row:
    return {"email": value, **more}


def p(value: str, **more: object) -> Row:
    return {"phone_number": value, **more}


A, B = x(X1, email=E1), x(X2, email=E1)

X4 = known("external_id", "X4")

_LEAVES_AND_JOINS = [x(X2, email="", phone_number=P1), x(X1, email=E1, phone_number=P1)]
"""B leaves E1 before A joins it: rows that name a common identifier keep their order."""


def _case(*uploads: Rows, before: Rows = ()) -> Case:
    return Case(uploads, before)


NAMED: dict[str, Case] = {
    "01 a version that grows for claims alone leaves the leaver named by the e-mail it left": _case(
        [x(X2, email="", first_name="m")], [e(E1, first_name="n")], before=(A, B)
    ),
    "02 differences written without a revision mix two uploads": _case(
        [x(X1, first_name="m", **{"tags.add": ["a"]})],
        [x(X1, first_name="k", **{"tags.remove": ["a"]})],
        before=(x(X1, first_name="m"),),
    ),
    "03 a holder erased between two lookups is missed by both": _case(
        [x(X1, **FORGET)],
        [x(X1, email=E1, phone_number=P1, first_name="n")],
        before=(x(X1, email=E1, phone_number=P1),),
    ),
    "04 a tombstone that marks only what it owned lets its e-mail in again": _case(
        [x(X2, **FORGET), x(X1, email=E2), e(E1, first_name="n")], before=(A, B)
    ),
    "04 the same, as uploads that race": _case(
        [x(X2, **FORGET)], [x(X1, email=E2)], [e(E1, first_name="n")], before=(A, B)
    ),
    "05 a relative is made with the e-mail while its holder is forgotten": _case(
        [e(E1, **FORGET)], [x(X2, email=E1)], before=(A,)
    ),
    "06 one leaves the e-mail, one is found by it, one joins it": _case(
        [x(X1, email=E2)], [e(E1)], [x(X2, email=E1)], before=(A,)
    ),
    "07 two customers swap their external ids": _case(
        [e(E1, external_id=""), e(E2, external_id=""), x(X1, email=E2), x(X2, email=E1)],
        before=(A, x(X2, email=E2)),
    ),
    "08 a row that forgets meets its own later row": _case(
        [x(X3), e(E2, **FORGET), x(X3, email=E2)], [e(E2)]
    ),
    "09 a row that was applied, tried again, finds nobody and makes somebody": _case(
        [e(E1, **{"tags.add": ["a"]}), x(X1, email=E2)], [x(X2, email=E3)], before=(A, B)
    ),
    "10 an erased customer's e-mail is claimed without knowing its other holder": _case(
        [x(X2, **DELETE)], [x(X1, first_name="n")], before=(A, B)
    ),
    "11 an external id taken and given up in one write": _case(
        [x(X3), x(X3, email=E1, phone_number=P1), p(P1, external_id="")], [x(X3, email=E1)]
    ),
    "12 a torn read shows one external id on two customers": _case(
        [e(E1, external_id=""), x(X1, email=E2)], [x(X1, **FORGET)], before=(A,)
    ),
    "13 a new phone number for several, one of whom loses it to a tombstone": _case(
        [e(E1, phone_number=P1)], [p(P1, **DELETE)], before=(A, B)
    ),
    "14 updated at first, unchanged when tried again": _case(
        [e(E1, first_name="n")], [x(X2, first_name="n")], before=(A, B)
    ),
    "15 the claim of an external id is dropped when its holder is erased": _case(
        [x(X1, **FORGET)], [x(X1, first_name="n")], [x(X1, **DELETE)], before=(A,)
    ),
    "15 what the erased once held is marked too": _case(
        [x(X1, **FORGET)], [e(E1, first_name="n")], before=(A, x(X1, email=E2))
    ),
    "15 a row after a creation does not wait for it": _case(
        [x(X1, email=E1), e(E1, phone_number=P1), x(X2, phone_number=P1)], [x(X1, phone_number=P2)]
    ),
    "15 a row that touches nobody does not wait": _case(
        [x(X1, **FORGET), x(X2, email=E1), x(X3, email=E1)], [x(X2)], before=(A,)
    ),
    "15 who left an e-mail in this round counts as never having held it": _case(
        [x(X1, email=E2), x(X2, email=E1), e(E1, **FORGET)], [x(X1, phone_number=P1)], before=(A,)
    ),
    "15 a row held back is compared by what it names alone": _case(
        [x(X1, email=E2), e(E1, phone_number=P1), p(P1, first_name="n")],
        [x(X2, first_name="m")],
        before=(A, B),
    ),
    "15 a row that erases knows only whom it names": _case(
        [x(X2, email="", phone_number=P1), x(X1, **DELETE)], [e(E1, external_id=X3)], before=(A, B)
    ),
    "16 a torn read shows two holders of a phone number": _case(
        [p(P1, **FORGET)],
        [x(X1, phone_number=""), e(E2, phone_number=P1)],
        before=(x(X1, phone_number=P1),),
    ),
    "16 a row is refused for the list of one who left, and said to mean who joined since": _case(
        [e(E1, **{"A__l.add": ["y"]})], _LEAVES_AND_JOINS, before=(x(X1), x(X2, email=E1, A__l=7))
    ),
    "16 a row is refused for the list of one who left, and of who joined by the row before it": (
        _case(
            [x(X1, email=E1, **{"tags.remove": ["a"]}), e(E1, **{"A__l.add": ["y"]})],
            [x(X2, email="", phone_number=P1), p(P1, **{"tags.add": ["a"]})],
            before=(x(X1, phone_number=P1), x(X2, email=E1, A__l=7)),
        )
    ),
    "16 an e-mail is said to be shared too often, by who left and who joined since": _case(
        [x(X4, email=E1)], _LEAVES_AND_JOINS, before=(x(X1), x(X2, email=E1), x(X3, email=E1))
    ),
    "16 a row is refused for a mark that came when it meant somebody else": _case(
        [x(X1, email=E1)],
        [e(E2, external_id="", phone_number=P1), p(P1, email=E1, **DELETE)],
        before=(x(X1, email=E2),),
    ),
    "17 who joins an e-mail while its holders are read is missed by the row that is found by it": (
        _case(
            [e(E1, **{"tags.remove": ["a"]})],
            [x(X1, email=E1), e(E1, tags=["a"])],
            before=(e(E1), x(X1)),
        )
    ),
    "18 a row that was refused is tried again after a later one made a customer": _case(
        [e(E2, A__l=7), x(X1, email=E2, **{"A__l.remove": ["x"]}), x(X2, email=E2), x(X1)]
    ),
    "19 a torn read shows two holders of a number, where a row would take on the only one": _case(
        [x(X2, phone_number=P1)],
        [e(E3, phone_number=P2), p(P1)],
        before=(e(E3, phone_number=P1),),
    ),
    "20 who joins an e-mail is missed by a row that would be refused for them": _case(
        [e(E1, external_id="", A__l=7)],
        [e(E1, **{"A__l.remove": ["x"]})],
        [x(X1, email=E1)],
        before=(x(X1), e(E1)),
    ),
    "20 the same, where the row names what its customer took in the row before it": _case(
        [e(E2, phone_number=P1)],
        [x(X2, email=E2, phone_number=P1)],
        [x(X1, phone_number=P2), e(E2, phone_number=P2)],
        before=(p(P1, email=E2), x(X1, email=E2)),
    ),
    "21 one of several who are passed over takes an external id, and a refusal tells of it": _case(
        [x(X1, email=E1)],
        [x(X2, phone_number=P1)],
        [x(X2, phone_number=P1, **{"A__l.remove": ["x"]})],
        before=(e(E1, phone_number=P1), e(E2, A__l=7), e(E2, phone_number=P1)),
    ),
    "22 a row is told that it changed somebody, and the one that undid it that it did not": _case(
        [x(X1, A__n=2), p(P1, A__n=1)],
        [e(E1, A__n=1)],
        before=(x(X1, phone_number=P1, A__n=1), e(E1), e(E1, phone_number=P1)),
    ),
}
