"""For each rule of the protocol that can be left out, the case that breaks a promise without it.

A name is that of a case that once went wrong, by its beginning; a number is the seed of a case.
"""

from dataclasses import replace

from tests.simulation.colliding import E1, E2, E3, P1, P2, X1, X2, X3, alone
from tests.simulation.once_wrong import DELETE, FORGET, A, B, e, p, x
from tests.simulation.staging import Case

_SHARED = {"tags.add": ["a"]}
_TWO_WITHOUT_EXTERNAL_ID = (
    x(X1, email=E1, phone_number=P1),
    x(X2, email=E1, phone_number=P2),
    p(P1, external_id=""),
    p(P2, external_id=""),
)

SHOWN: dict[str, str | int | Case] = {
    "a write names the revision that was read": "02",
    "no two records have one claim": "05",
    "a customer whom its rows leave as it was is not written": 499,
    "an erased record matches by its marks": "03",
    "a live record may not newly take a marked identifier": "08",
    "nothing is created while an identifier of the row is marked": Case(
        ([x(X1, email=E1)],), (*_TWO_WITHOUT_EXTERNAL_ID, x(X3, email=E1), x(X3, **FORGET))
    ),
    "marks are not of what the record once held": "15 what the erased",
    "marks are also of what the erasing row names": 0,
    "a row that would change an identifier of several is refused": "13",
    "who takes an identifier first takes a number": "08",
    "who joins an identifier takes a number": "05",
    "who is found by an identifier and changes others takes a number of it": 233,
    "the erased take a number of what they held": "15 a row that erases",
    "the erased take a number of what the erasing row names": "08",
    "numbers of erased records count": "15 what the erased",
    "numbers are never given up": "01",
    "an erased record keeps its claims": "03",
    "who erases reads a second time": "15 a row that erases",
    "a gap in the numbers is a torn read": Case(
        ([x(X3, email=E1)], [x(X2, email=E1), x(X2, **DELETE), e(E1, phone_number=P1)]), (A,)
    ),
    "what touches nobody is said only after two reads that agree": "16",
    "who is passed over, since they are several, is read twice": "19",
    "what is read is durable": Case(
        ([x(X1, email=E1)], [x(X2, email=E1)]), (x(X1), x(X2)), crashes=2, lags=True
    ),
    "a retry waits until what beat it is durable": Case(
        ([x(X1, first_name="m")], [x(X1, first_name="n")]), (A,), lags=True
    ),
    "a row waits that changes identity under what an earlier row used on another": 378,
    "a row waits for a customer that changed identity, unless it touches that one alone": Case(
        ([x(X1, email=E2), e(E1, first_name="n")], [e(E2, **DELETE)]), (A, B)
    ),
    "former identifiers of who changed identity count": Case(
        ([x(X1, email=E2), e(E1, first_name="n")], [e(E2, **DELETE)]), (A, B)
    ),
    "a row waits for one that was held back": "15 a row held back",
    "a row held back is compared by whom it means too": alone(3178),
    "a row is compared with those held back by whom it means too": alone(193),
    "to be created is to change identity": Case(
        (
            [x(X1, email=E1, **{"tags.remove": ["a"]}), e(E1, first_name="n")],
            [x(X2, first_name="m", phone_number=P1), x(X1, phone_number=P1, tags=["a"])],
        ),
        (B,),
    ),
    "to be erased is to change identity": Case(
        ([x(X1, **FORGET), e(E1, first_name="n")], [p(P1, external_id="")]),
        (x(X1, email=E1, phone_number=P1), B),
    ),
    "to hold other identifiers is to change identity": "07",
    "a row whose write lost a race is tried again": "01",
    "all rows of a write that lost are tried again": "11",
    "rows that share an identifier with those, and wrote nothing, are too": "22",
    "a row is not applied again to whom it was applied to": Case(
        ([e(E1, **_SHARED)], [x(X2, first_name="n")], [x(X1, **{"tags.remove": ["a"]})]), (A, B)
    ),
    "a row that was applied anywhere never creates": Case(
        ([e(E1, **_SHARED)], [x(X2, email=E3)], [x(X1, email=E2)]), (A, B)
    ),
    "a row that was applied anywhere identifies nobody": Case(
        (
            [e(E1, phone_number=P1, first_name="n")],
            [x(X2, email="")],
            [x(X1, email="", phone_number="")],
        ),
        (x(X1, email=E1, phone_number=P1), x(X2, email=E1, phone_number=P1)),
    ),
    "a row that wrote in any attempt says so": "14",
}


def cases(rule: str, named: dict[str, Case]) -> list[Case]:
    """Of the name, or the case itself; also with an upload that is cut off."""
    shown = SHOWN[rule]
    if isinstance(shown, Case):
        return [shown]
    assert isinstance(shown, str)
    found = [case for name, case in named.items() if name.startswith(shown)]
    return [*found, *(replace(case, crashes=1) for case in found)]
