"""Segments, and declarations of company fields."""

from tests.hostile.shots import Shot, asked

SAVE = (
    "mutation($name: String!, $where: CustomerWhere!, $id: ID, $about: String) { saveSegment("
    "name: $name, where: $where, id: $id, description: $about) { segment { id name } errors { code } } }"
)
DECLARE = (
    "mutation($name: String!, $declaration: CompanyFieldDeclaration!, $convert: Boolean! = false) { "
    "declareCompanyField(name: $name, declaration: $declaration, convert: $convert, dryRun: false) "
    "{ companyField { name } errors { code } } }"
)


def _save(name: str, where: object, called: str = "hostile", **more: object) -> Shot:
    return asked(f"segment: {name}", SAVE, {"name": called, "where": where, **more})


def _declare(what: str, name: str, **declaration: object) -> Shot:
    return asked(f"declaration: {what}", DECLARE, {"name": name, "declaration": declaration})


def _not(levels: int, inner: dict[str, object]) -> dict[str, object]:
    for _ in range(levels):
        inner = {"not": inner}
    return inner


SHAPES = [
    _save("of itself", {"segment": {"in": ["%segment%"]}}, "a", id="%segment%"),
    _save("of itself, turned round", _not(3, {"segment": {"notIn": ["%segment%"]}}), "a", id="%segment%"),
    _save("of nothing", {}),
    _save("of no segments", {"segment": {"in": []}}),
    _save("of segments by the thousand", {"segment": {"in": ["%segment%"] * 5000}}),
    _save("of segments that are none", {"segment": {"in": [f"s.{n}" for n in range(2000)]}}),
    _save("of what is no segment", {"segment": {"in": ["%customer%", "", "\0"]}}),
    _save("of a segment again and again", {"or": [{"segment": {"in": ["%segment%"]}}] * 500}),
    _save("deep", _not(60, {"city": {"eq": "x"}})),
    _save("as deep as may be", _not(7, {"city": {"eq": "x"}})),
    _save("wide", {"or": [{"city": {"eq": f"c{n}"}} for n in range(3000)]}),
    _save("of a long list", {"city": {"in": [f"c{n}" for n in range(20_000)]}}),
    _save("of what tells who it is", {"email": {"eq": "a@example.org"}}),
    _save("without a name", {"city": {"eq": "x"}}, ""),
    _save("of a name of spaces", {"city": {"eq": "x"}}, "\u2003\u200b "),
    _save("of a long name", {"city": {"eq": "x"}}, "n" * 300_000),
    _save("of a name with NUL", {"city": {"eq": "x"}}, "a\0b"),
    _save("of a surrogate's name", {"city": {"eq": "x"}}, "\ud800"),
    _save("of a name of combining characters", {"city": {"eq": "x"}}, "a" + "\u0301" * 200),
    _save("of a name right to left", {"city": {"eq": "x"}}, "\u202etnemges"),
    _save("of an operator's name", {"city": {"eq": "x"}}, "$set.a"),
    _save("with a long description", {"city": {"eq": "x"}}, about="d" * 500_000),
    _save("with NUL in its conditions", {"city": {"eq": "\0"}}),
    _save("with a surrogate in its conditions", {"tags": {"has": "\udc00"}}),
    _save("that is not there", {"city": {"eq": "x"}}, id="s.AAAAAAAAAAAAAAAAAAAAAA"),
    _save("by a customer's id", {"city": {"eq": "x"}}, id="%customer%"),
    _save("of hostile company fields", {"companyFields": [{"name": "A__a.$b", "eq": {"$where": 1}}]}),
    asked("segment: all at once", "{ segments(first: 1000) { totalCount nodes { id name customers(first: 10) { totalCount nodes { id } } } } }"),
    asked("segment: conditions told", '{ segment(id: "%segment%") { id name description where problems { code } } }'),
    _declare("of no name", ""),
    _declare("of no prefix", "level"),
    _declare("of an operator's name", "$where"),
    _declare("of a path's name", "A__a.b"),
    _declare("of a prototype's name", "__proto__"),
    _declare("of underscores", "____"),
    _declare("of a long name", "A__" + "n" * 100_000),
    _declare("of a name with NUL", "A__a\0"),
    _declare("of a name in another alphabet", "Ä__ö"),
    _declare("of nothing", "A__level"),
    _declare("of a type that is none", "A__level", type="$where"),
    _declare("of null", "A__level", type=None, isIndexed=None, isPersonal=None),
    _declare("that breaks values", "A__level", type="DATE"),
    _declare("with a long description", "A__h1", description="d" * 200_000),
    _declare("with a hostile description", "A__h1", description="\u202e<script>\u200b=1+1"),
    _declare("with NUL in its description", "A__h1", description="\0"),
    asked("declaration: many at once", "mutation { " + " ".join(f'a{n}: declareCompanyField(name: "A__m{n}", declaration: {{isIndexed: true}}) {{ errors {{ code }} }}' for n in range(20)) + " }"),
    asked("declaration: the registry", "{ companyFields { fields { name type } } }"),
]  # fmt: skip
