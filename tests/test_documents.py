"""What the documents say, held against the service."""

import re
from enum import Enum
from pathlib import Path

import pytest
from prometheus_client import Metric
from pydantic.fields import FieldInfo

from service.customers.fields import ADD, CATALOGUE, REMOVE, TEXT_SETS
from service.errors import ErrorCode
from service.settings import Settings
from service.telemetry.metrics import Metrics

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def text(name: str) -> str:
    return (ROOT / "docs" / name).read_text()


def default_of(field: FieldInfo) -> str:
    default = field.default
    if default and isinstance(default, frozenset):
        return f"`{','.join(sorted(default))}`"
    if isinstance(default, Enum):
        default = default.value
    return "" if default in (None, (), frozenset()) else f"`{default}`"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_as_it_is(name: str) -> None:
    """Its variable, its default and what the code says of it, as a row of the table."""
    field = Settings.model_fields[name]

    row = f"| `CUSTOMER_GRAPH_{name.upper()}` | {default_of(field)} | {field.description} |"

    assert row in text("settings.md").splitlines()


def test_no_setting_is_documented_that_does_not_exist() -> None:
    named = re.findall(r"^\| `CUSTOMER_GRAPH_(\w+)`", text("settings.md"), re.MULTILINE)

    assert [name.upper() for name in Settings.model_fields] == named


def metrics_of_ours() -> list[Metric]:
    """The library's own, of the process and its garbage, have documents of their own."""
    told = Metrics(most_operations=1).registry.collect()
    return [metric for metric in told if metric.name.startswith("customer_graph_")]


@pytest.mark.parametrize("metric", metrics_of_ours(), ids=lambda metric: metric.name)
def test_every_metric_is_documented_as_it_is(metric: Metric) -> None:
    """Its name, its type and what the code says of it, in a row of the table."""
    ending = {"counter": "_total", "info": "_info"}.get(metric.type, "")
    name, kind = re.escape(metric.name + ending), re.escape(metric.type)
    row = rf"^\| `{name}` \| {kind} \| [^|]* \| {re.escape(metric.documentation)} \|$"

    assert re.search(row, text("operations.md"), re.MULTILINE)


def test_no_metric_is_documented_that_does_not_exist() -> None:
    named = re.findall(r"^\| `(customer_graph_\w+)`", text("operations.md"), re.MULTILINE)
    ours = [re.sub("_(total|info)$", "", name) for name in named]

    assert sorted(metric.name for metric in metrics_of_ours()) == sorted(ours)


@pytest.mark.parametrize("code", ErrorCode)
def test_every_error_code_is_documented(code: ErrorCode) -> None:
    assert f"| `{code}` |" in text("api.md")


def test_every_field_of_a_row_is_documented() -> None:
    """Those that add to sets and remove from them, too."""
    keys = [field.name for field in CATALOGUE]
    keys += [name + suffix for name in TEXT_SETS for suffix in (ADD, REMOVE)]

    assert [] == [key for key in keys if f"`{key}`" not in text("api.md")]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files_that_are_there(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text())

    assert [] == [link for link in links if not (path.parent / link).exists()]
