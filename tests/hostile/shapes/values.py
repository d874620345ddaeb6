"""Values written in documents: numbers, texts, lists, enums and dates where others belong."""

from tests.hostile.shots import Shot, asked


def _where(name: str, where: str) -> Shot:
    return asked(
        name, "{ customers(where: {" + where + "}, first: 5) { totalCount nodes { id } } }"
    )


def _page(name: str, arguments: str) -> Shot:
    return asked(
        name, f"{{ customers({arguments}) {{ nodes {{ id }} pageInfo {{ hasNextPage }} }} }}"
    )


SHAPES = [
    _page("a page of nothing", "first: 0"),
    _page("a page of less than nothing", "first: -2147483648"),
    _page("a page of all", "first: 2147483647"),
    _page("a page past 32 bits", "first: 2147483648"),
    _page("a page past 64 bits", "first: 99999999999999999999999999"),
    _page("a page of a float", "first: 1e400"),
    _page("a page of null", "first: null, last: null"),
    _page("a page of both ends", "first: 1, last: 1"),
    _page("a page of an enum", "first: ASC"),
    _page("a page by an argument twice", "first: 1, first: 2"),
    _page("an order of nothing there", "orderBy: {city: UP}"),
    _page("an order by a text", 'orderBy: "city"'),
    _page("an order by a number", "orderBy: 1"),
    _page("an order by a company field of all names", 'orderBy: {companyField: {name: "$where.a", direction: ASC}}'),
    _where("values of a number for a text", "city: {eq: 1}"),
    _where("values of all kinds in a list", "city: {in: [1, true, null, A, {a: 1}, [1]]}"),
    _where("values of null everywhere", "city: {eq: null, in: null}, and: null, or: null, not: null"),
    _where("no conditions in lists", "and: [], or: []"),
    _where("a list of lists", "and: [[[]]]"),
    _where("an object with a key twice", 'city: {eq: "a", eq: "b"}'),
    _where("an operator in a text", 'city: {eq: "{$gt: 1}", contains: "$where: sleep(9)"}'),
    _where("an operator as a key", "city: {_gt: 1, regex: 1}"),
    _where("a regular expression", 'city: {contains: "(a+)+$", startsWith: "^(([a-z])+.)+[A-Z]([a-z])+$"}'),
    _where("a regular expression in any case", 'city: {contains: "[[:alpha:]]*\\\\Q(?{1})", ignoreCase: true}'),
    _where("a long beginning", f'city: {{startsWith: "{"a" * 30_000}"}}'),
    _where("a long part in any case", f'city: {{contains: "{"aB" * 15_000}", ignoreCase: true}}'),
    _where("a part of combining characters", 'city: {contains: "' + "a\u0301\u0327" * 2000 + '", ignoreCase: true}'),
    _where("the empty part", 'city: {contains: "", startsWith: ""}'),
    _where("an order of texts with NUL", 'city: {lt: "\\u0000", gt: "\\uFFFF"}'),
    _where("a surrogate as a bound", 'city: {gte: "\\uD800"}'),
    _where("a date before all", 'dateJoined: {gt: "0000-00-00"}'),
    _where("the first date there is", 'dateJoined: {gt: "0001-01-01T00:00:00+14:00"}'),
    _where("the last date there is", 'dateJoined: {lt: "9999-12-31T23:59:59.999999-14:00"}'),
    _where("a date of the thirtieth of February", 'birthDate: {eq: "2023-02-30"}'),
    _where("a date of a leap second", 'lastLogin: {lt: "2016-12-31T23:59:60Z"}'),
    _where("a date of a year of ten digits", 'lastLogin: {lt: "2000000000-01-01"}'),
    _where("a date in other digits", 'birthDate: {eq: "２０２０-０１-０１"}'),
    _where("the last of all days", "lastLogin: {last: {days: 2147483647}}"),
    _where("years past all calendars", "lastLogin: {last: {years: 999999}, next: {years: 2147483647}}"),
    _where("a negative period", "lastLogin: {olderThan: {months: -2147483648}}"),
    _where("ages past all life", "birthDate: {age: {gte: -2147483648, lt: 2147483647}}"),
    _where("a birthday on no day", "birthDate: {birthday: {}}"),
    _where("a country of nothing", 'country: {in: ["", "XX", "gb", "\\u0130"]}'),
    _where("a set of nothing", "tags: {hasAny: [], hasAll: [], hasNone: []}"),
    _where("a company field of a hostile name", 'companyFields: [{name: "__proto__", eq: 1}, {name: "A__$where", eq: 1}, {name: "A__a.b", eq: 1}]'),
    _where("a company field of an operator", 'companyFields: [{name: "A__level", eq: {a: {b: [1, 2.5, "$gt"]}}}]'),
    _where("a company field of a deep value", 'companyFields: [{name: "A__level", eq: ' + "[" * 90 + "]" * 90 + "}]"),
    _where("a company field of a huge number", 'companyFields: [{name: "A__level", gt: 1e999, lt: 99999999999999999999}]'),
    _where("company fields by the hundred", "companyFields: [" + '{name: "A__level", eq: 1} ' * 200 + "]"),
    _where("all kinds of a company field", 'companyFields: [{name: "A__list", has: [1], hasAny: [[[]]], kind: [], isEmpty: true}]'),
    _where("an e-mail of another alphabet", 'email: {eq: "ä@ö.example", domain: "xn--\\u0000", startsWith: "@"}'),
    _where("a phone number of nothing", 'phoneNumber: {eq: "+", startsWith: "+++", contains: "٣٤٥"}'),
    _where("an id of another kind", 'id: {in: ["%segment%", "%upload%", "%cursor%", "%customer%", ""]}'),
    _where("a long id", 'id: {eq: "c.' + "A" * 50_000 + '"}'),
    asked("buckets of nothing", "{ customers { facets(of: []) { buckets { count } } } }"),
    asked("buckets past all", "{ customers { facets(of: [{city: {first: 2147483647}}]) { buckets { count } } } }"),
    asked("buckets of less than nothing", "{ customers { facets(of: [{dateJoined: {size: -5}}]) { buckets { count } } } }"),
    asked("buckets of each second", "{ customers { facets(of: [{dateJoined: {interval: DAY, size: 2147483647}}]) { buckets { count } } } }"),
    asked("buckets of ranges the wrong way round", '{ customers { facets(of: [{dateJoined: {ranges: [{from: "9999-12-31", to: "0001-01-01"}, {}]}}]) { buckets { count } } } }'),
    asked("a count up to nothing", "{ customers { totalCount(upTo: -1) } }"),
    asked("a count up to all", "{ customers { totalCount(upTo: 2147483647) } }"),
]  # fmt: skip
