"""The service is stopped, or killed, while it converts values, and started again."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running import Service

DECLARE = """mutation {
  declareCompanyField(name: "ACME__n", declaration: {type: NUMBER}, convert: true) {
    companyField { typeState } errors { code } } }"""
STATE = """{ companyField(name: "ACME__n") { typeState } customers { nodes {
  companyField(name: "ACME__n") } } }"""
PATIENCE = 120
"""Seconds in which a conversion ends, however busy the machine is."""


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """With a short deadline, which is what a conversion waits for."""
    service = Service(tmp_path / "data", CUSTOMER_GRAPH_STORE_TIMEOUT="2").start()
    yield service
    service.stop()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL])
def test_a_conversion_goes_on_after_a_restart(service: Service, sign: signal.Signals) -> None:
    """Cut off while it waited; what was converted stays so, and the type is enforced all along."""
    service.upload({"external_id": "X1", "ACME__n": "1"}, {"external_id": "X2", "ACME__n": 2})
    declared = service.graphql(DECLARE)["declareCompanyField"]
    service.stop(sign)
    service.start()
    refused = service.upload({"external_id": "X1", "ACME__n": "many"})
    until = time.monotonic() + PATIENCE
    while "CONVERTING" == (found := service.graphql(STATE))["companyField"]["typeState"]:
        assert time.monotonic() < until
        time.sleep(0.2)  # others need the machine

    assert {"companyField": {"typeState": "CONVERTING"}, "errors": []} == declared
    assert ["DECLARED_TYPE"] == [error["code"] for error in refused["results"][0]["errors"]]
    assert "ENFORCED" == found["companyField"]["typeState"]
    assert [1, 2] == sorted(node["companyField"] for node in found["customers"]["nodes"])
