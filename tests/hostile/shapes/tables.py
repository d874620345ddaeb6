"""Tables: quotes, separators, charsets and cells that are no cells."""

from tests.hostile.shots import Shot, uploaded


def _table(name: str, body: bytes | str, terms: str = "", **more: str) -> Shot:
    return uploaded(f"table: {name}", body, "text/csv" + terms, **more)


_HEAD = "external_id,first_name,tags,A__x\n"

SHAPES = [
    _table("nothing", ""),
    _table("line ends", "\r\n" * 50_000),
    _table("a head alone", _HEAD),
    _table("a head of separators", "," * 50_000),
    _table("a head of one", "a"),
    _table("a head twice", "external_id,external_id\na,b\n"),
    _table("a head of operators", "external_id,$where,a.b,__proto__,A__$x,A__a.b\nhostile-c,1,2,3,4,5\n"),
    _table("a head of thousands", ",".join(f"A__c{n}" for n in range(5000)) + "\n" + "1," * 4999 + "1\n"),
    _table("a long head", "external_id," + "a" * 200_000 + "\nx,y\n"),
    _table("a head with NUL", "external_id,first\0name\na,b\n"),
    _table("a head in quotes without end", '"external_id,first_name\na,b\n'),
    _table("a quote without end", _HEAD + 'hostile-c,"abc\n' + "a,b,c,d\n" * 2000),
    _table("a quote inside", _HEAD + 'hostile-c,a"b"c,"x"y,z\n'),
    _table("quotes", _HEAD + '"' * 60_000),
    _table("quotes doubled", _HEAD + 'hostile-c,"' + '""' * 30_000 + '",,\n'),
    _table("a huge cell", _HEAD + "hostile-c," + "x" * 200_000 + ",,\n"),
    _table("a huge cell in quotes", _HEAD + 'hostile-c,"' + "x\n" * 65_000 + '",,\n'),
    _table("a cell of lines", _HEAD + 'hostile-c,"' + "\r\n" * 30_000 + '",,\n'),
    _table("ragged rows", _HEAD + "a\na,b\na,b,c,d,e,f\n,,,,,,,,\n" * 500),
    _table("rows of separators", _HEAD + ("," * 300 + "\n") * 200),
    _table("rows that are too many", "external_id\n" + "a\n" * 10_002),
    _table("NUL", _HEAD + "hostile\0c,a\0b,\0,\0\n"),
    _table("controls", _HEAD + "hostile-c,\x01\x1b[31m,\x7f,\x0c\n"),
    _table("formulas", _HEAD + "hostile-c,=1+1,@SUM(A1)|+cmd,-2+3\n"),
    _table("JSON in cells", _HEAD + 'hostile-c,a,"[""a"", {""$gt"": 1}]","{""$where"": ""1"", ""a"": ' + "[" * 300 + "]" * 300 + '}"\n'),
    _table("JSON that explodes", _HEAD + 'hostile-c,a,,"' + "[" * 50_000 + '"\n'),
    _table("numbers in cells", _HEAD + "hostile-c,a,," + "9" * 50_000 + "\nhostile-d,a,,1e999\nhostile-e,a,,NaN\nhostile-f,a,,-0\n"),
    _table("bars", _HEAD + "hostile-c,a," + "|" * 50_000 + ",\n"),
    _table("right to left", _HEAD + "hostile-c,\u202eabc\u200b,\u2066,\ufeff\n"),
    _table("a separator of its own", "sep=;\nexternal_id;city\nhostile-c;Oslo\n"),
    _table("a separator of nothing", "sep=\nexternal_id;city\nhostile-c;Oslo\n"),
    _table("a separator of many", "sep=;;;;\nexternal_id;city\n"),
    _table("line ends of all kinds", "external_id,city\rhostile-c,a\r\nhostile-d,b\nhostile-e,c\x0bhostile-f,d\x85\u2028"),
    _table("UTF-16", (_HEAD + "hostile-c,ä,,\n").encode("utf-16")),
    _table("UTF-16 cut", (_HEAD + "hostile-c,ä,,\n").encode("utf-16")[:-1]),
    _table("UTF-16 of lone surrogates", "external_id,city\nhostile-c,".encode("utf-16") + b"\x00\xd8\n\x00"),
    _table("UTF-32", (_HEAD + "hostile-c,ä,,\n").encode("utf-32")),
    _table("UTF-7", b"external_id,city\nhostile-c,+ADw-script+AD4-\n", "; charset=utf-7"),
    _table("charsets mixed", b"external_id,city\nhostile-c,\xc3\xa4\nhostile-d,\xe4\nhostile-e,\xff\xfe\n"),
    _table("bytes", bytes(range(256)) * 100),
    _table("a zip file", b"PK\x03\x04" + bytes(500)),
    *(_table(f"as {terms[2:40]}", _HEAD + "hostile-c,a,,\n", terms) for terms in (
        "; charset=rot13", "; charset=idna", "; charset=utf-8; charset=utf-16", "; delimiter=x", "; delimiter=\"\\\"\"", "; header=absent", "; empty=remove; empty=keep",
        "; empty=" + "x" * 5000, "; charset=unicode_escape", "; charset=zlib_codec",
    )),
    uploaded("table: of tabs", "external_id\tcity\nhostile-c\t\"a\tb\n", "text/tab-separated-values"),
    _table("in an error policy of its own", "external_id,nothing\nhostile-c,1\n", query="?error_policy=ignore_failed"),
    _table("in a dry run", _HEAD + "hostile-c,a,b|c,{}\n" * 200, query="?dry_run=true"),
]  # fmt: skip
