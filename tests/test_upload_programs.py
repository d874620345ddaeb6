"""Uploads in every format by the program that integrators use, to the service as it is run."""

import gzip
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.needed import missing
from tests.running import Service

BODIES = {
    "application/json": b'{"customers": [{"external_id": "X1"}, {"external_id": "X2"}]}',
    "application/x-ndjson": b'{"external_id": "X3"}\n{"external_id": "X4"}\n',
    "text/csv": b"external_id,city\nX5,Turku\nX6,\n",
    "text/csv; charset=iso-8859-1": b"external_id;city\nX7;Jyv\xe4skyl\xe4\nX8;Oulu\n",
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    if not shutil.which("curl"):
        missing("curl")
    running = Service(tmp_path_factory.mktemp("service") / "data").start()
    yield running
    running.stop()


def curl(service: Service, file: Path, *headers: str) -> Any:
    """The answer, with its status under `status`."""
    command = ["curl", "-sS", "-w", "\n%{http_code}", "--data-binary", f"@{file}"]
    command += [part for header in headers for part in ("-H", header)]
    told = subprocess.check_output([*command, f"{service.url}/api/customers/upload/"])
    body, _, status = told.decode().rpartition("\n")
    return {"status": int(status), **json.loads(body)}


@pytest.mark.parametrize("media_type", BODIES)
def test_every_format_goes_in_and_again_packed_and_in_pieces(
    service: Service, tmp_path: Path, media_type: str
) -> None:
    plain, packed = tmp_path / "rows", tmp_path / "rows.gz"
    plain.write_bytes(BODIES[media_type])
    packed.write_bytes(gzip.compress(BODIES[media_type]))
    kind = f"Content-Type: {media_type}"

    assert 2 == curl(service, plain, kind)["counts"]["created"]
    assert 2 == curl(service, plain, kind, "Transfer-Encoding: chunked")["counts"]["unchanged"]
    assert 2 == curl(service, packed, kind, "Content-Encoding: gzip")["counts"]["unchanged"]


def test_rule_13_too_many_rows_are_refused_while_they_are_still_being_sent(
    service: Service, tmp_path: Path
) -> None:
    """The program hears why, although it has not been listened to until the end."""
    rows = tmp_path / "rows"
    rows.write_bytes(b"external_id,city\n" + b"X1,Turku\n" * 1_500_000)

    for framing in ("Accept: */*", "Transfer-Encoding: chunked", "Expect:"):
        answer = curl(service, rows, "Content-Type: text/csv", framing)

        assert (413, "TOO_MANY_ROWS") == (answer["status"], answer["errors"][0]["code"])


def test_rule_13_a_body_without_end_is_refused(service: Service, tmp_path: Path) -> None:
    rows = tmp_path / "rows"
    rows.write_bytes(b"[" + b" " * (17 * 2**20))

    answer = curl(service, rows, "Content-Type: application/json", "Transfer-Encoding: chunked")

    assert (413, "BODY_TOO_LARGE") == (answer["status"], answer["errors"][0]["code"])
