"""A table says the same as the JSON upload of its rows, in whatever dialect and charset it is."""

import csv
import io
import json
from collections.abc import Mapping, Sequence

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from service.settings import Settings
from service.web.sent_rows import read_rows
from tests.web.formats.feeding import pieces
from tests.web.sending import request

TEXTS = st.text(
    st.sampled_from('aZ0 ",;\t|[]{}\\\n\r\xe4\u20ac\U0001f600\u2028')
    | st.characters(codec="utf-8"),
    min_size=1,
    max_size=8,
).filter(lambda text: bool(text.strip()))
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(-1e6, 1e6).map(lambda n: round(n, 3))
COMPANY = st.recursive(
    TEXTS | st.booleans() | NUMBERS | st.sampled_from(["1", "true", '"a"', "[1]", "{}", "007"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=4,
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {"external_id": st.just("X1")},
        optional={
            "first_name": TEXTS,
            "can_email": st.booleans(),
            "is_deleted": st.booleans(),
            "tags": st.lists(TEXTS, max_size=3),
            "mailing_lists.add": st.lists(TEXTS, min_size=1, max_size=3),
            "A__x": COMPANY,
            "A__l.remove": st.lists(COMPANY, max_size=3),
            "emial": TEXTS,
        },
    ),
    max_size=4,
)
DIALECTS = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from([",", ";", "\t"]),
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
        "lineterminator": st.sampled_from(["\r\n", "\n", "\r"]),
    }
)
CHARSETS = st.sampled_from(
    [
        ("utf-8", None), ("utf-8", "utf-8"), ("utf-8-sig", None), ("utf-16", None),
        ("utf-16-le", None), ("utf-16-be", "utf-16"), ("latin-1", "iso-8859-1"),
        ("windows-1252", "windows-1252"), ("iso-8859-15", "iso-8859-15"),
    ]
)  # fmt: skip


def cell(value: object) -> str:
    """As docs/api.md says to write it."""
    if isinstance(value, str):
        return json.dumps(value) if value.lstrip()[0] in '[{"0123456789-tTfF' else value
    return json.dumps(value, ensure_ascii=False)


def plain(key: str, value: object) -> str:
    return cell(value) if "__" in key or not isinstance(value, str) else value


def written(rows: Sequence[Mapping[str, object]], dialect: Mapping[str, object]) -> str:
    keys = ["external_id", *sorted({key for row in rows for key in row} - {"external_id"})]
    cells = [[plain(key, row[key]) if key in row else "" for key in keys] for row in rows]
    if any(end in one for line in cells for one in line for end in "\r\n"):
        dialect = {**dialect, "quoting": csv.QUOTE_ALL}  # the writer forgets some of these
    text = io.StringIO(newline="")
    csv.writer(text, **dialect).writerows([keys, *cells])  # type: ignore[arg-type]
    return text.getvalue()


async def read(body: bytes, cuts: list[int], media_type: str) -> list[object]:
    sent = request(pieces(body, cuts), content_type=media_type)
    return (await read_rows(sent, Settings())).rows


@settings(deadline=None, max_examples=200)
@given(ROWS, DIALECTS, CHARSETS, st.lists(st.integers(0, 200), max_size=3))
async def test_a_table_says_the_same_as_json(
    rows: list[dict[str, object]],
    dialect: dict[str, object],
    charset: tuple[str, str | None],
    cuts: list[int],
) -> None:
    text = written(rows, dialect)
    written_in, declared = charset
    try:
        body = text.encode(written_in)
    except UnicodeEncodeError:
        assume(False)
    parameter = f"; charset={declared}" if declared else ""

    from_csv = await read(body, cuts, f"text/csv{parameter}")
    from_json = await read(json.dumps(rows).encode(), [], "application/json")

    assert [exact(row) for row in from_json] == [exact(row) for row in from_csv]


def exact(row: object) -> str:
    """With the types of values, and without what an empty cell says nothing of."""
    assert isinstance(row, dict)
    given = {key: value for key, value in row.items() if value is not None}
    return json.dumps(given, sort_keys=True)
