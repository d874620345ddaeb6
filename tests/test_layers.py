"""Imports go one way: scripts, graphql_schema, service; inside service by its own order."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("graphql_schema", "service")
PURE = {"service.customers", "service.queries"}
MAY_IMPORT = {
    "service.customers": set(),
    "service.queries": {"service.customers"},
    "service.telemetry": set(),
    "service.store": {"service.customers", "service.queries", "service.telemetry"},
    "service.uploads": {
        "service.access",
        "service.audit",
        "service.customers",
        "service.queries",
        "service.store",
        "service.telemetry",
    },
    "service.registry": {"service.customers", "service.queries", "service.store"},
    "service.segments": {"service.customers", "service.queries", "service.store"},
    "service.access": {"service.customers", "service.store"},
    "service.audit": {
        "service.access",
        "service.customers",
        "service.queries",
        "service.store",
    },
    "service.web": {
        "service.audit",
        "service.access",
        "service.customers",
        "service.queries",
        "service.store",
        "service.telemetry",
        "service.uploads",
        "service.logs",
    },
}
LEAVES = {"service.__version__", "service.settings", "service.errors"}
IMPURE = {
    "asyncio", "beanie", "bson", "motor", "os", "pathlib", "pymongo", "random", "secrets", "socket",
    "starlette", "structlog", "time", "uuid",
}  # fmt: skip
GRAPHQL = {"graphql", "graphql_schema", "strawberry"}
CLOCKS = {"now", "today", "utcnow"}


def _modules() -> list[Path]:
    return [
        path
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "node_modules" not in path.parts
    ]


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            for alias in node.names:
                yield f"{node.module}.{alias.name}"


def _called(node: ast.Call) -> str | None:
    return node.func.attr if isinstance(node.func, ast.Attribute) else None


def _room(module: str) -> str:
    return ".".join(module.split(".")[:2])


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("path", _modules(), ids=_name)
def test_imports_follow_the_layers(path: Path) -> None:
    """A module imports its own room, the rooms below it, and nothing above."""
    room = _room(_name(path))
    for imported in _imports(path):
        top = imported.split(".")[0]
        if top not in PACKAGES:
            if room in PURE:
                assert top not in IMPURE, f"{room} is pure and imports {imported}"
            continue
        if room in MAY_IMPORT and _room(imported) not in LEAVES:
            assert _room(imported) in MAY_IMPORT[room] | {room}, f"{room} imports {imported}"


def test_the_service_knows_nothing_of_graphql() -> None:
    known = {
        (_name(path), imported)
        for path in _modules()
        if _name(path).startswith("service.")
        for imported in _imports(path)
        if imported.split(".")[0] in GRAPHQL
    }

    assert set() == known


def test_pure_modules_ask_no_clock() -> None:
    """What time it is they are told."""
    asked = {
        (_name(path), node.lineno)
        for path in _modules()
        if _room(_name(path)) in PURE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and _called(node) in CLOCKS
    }

    assert set() == asked


def test_only_the_database_module_imports_the_driver() -> None:
    """Motor's successor is one file's business (docs/decisions/0001)."""
    importers = {
        _name(path)
        for path in _modules()
        if any(imported.split(".")[0] == "motor" for imported in _imports(path))
    }

    assert importers <= {"service.store.database"}
