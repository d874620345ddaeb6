"""Settings, and what is told of those that are wrong."""

import pytest
from pydantic import ValidationError

from service.settings import Settings, misspelt
from tests.running import run_command


def test_an_empty_address_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded store serves then."""
    monkeypatch.setenv("MONGODB_URI", "")

    assert Settings().mongodb_uri is None


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("CUSTOMER_GRAPH_FORGOTEN_KEEPS", "CUSTOMER_GRAPH_FORGOTTEN_KEEPS"),
        ("CUSTOMER_GRAPH_TIME_ZONE", "CUSTOMER_GRAPH_TIMEZONE"),
        ("CUSTOMER_GRAPH_PROT", "CUSTOMER_GRAPH_PORT"),
    ],
)
def test_a_misspelt_setting_names_the_one_that_was_meant(name: str, meant: str) -> None:
    assert {name: meant} == misspelt({name: "1"})


@pytest.mark.parametrize("name", Settings.model_fields)
def test_no_setting_is_taken_for_a_misspelt_one(name: str) -> None:
    assert {} == misspelt({f"CUSTOMER_GRAPH_{name.upper()}": "1"})


@pytest.mark.parametrize(
    "name",
    [
        "CUSTOMER_GRAPH_SERVICE_HOST",
        "CUSTOMER_GRAPH_SERVICE_PORT",
        "CUSTOMER_GRAPH_SERVICE_PORT_HTTP",
        "CUSTOMER_GRAPH_PORT_8000_TCP_ADDR",
        "CUSTOMER_GRAPH_CHROMIUM",
        "TIME_ZONE",
        "PATH",
    ],
)
def test_variables_of_others_are_left_alone(name: str) -> None:
    """Those that Kubernetes makes for a service of this name, for one."""
    assert {} == misspelt({name: "1"})


def test_a_misspelt_setting_stops_the_start() -> None:
    """Rather than be overlooked: somebody counts on it."""
    status, _, said = run_command("serve", CUSTOMER_GRAPH_FORGOTEN_KEEPS="country")

    assert 1 == status
    assert (
        "CUSTOMER_GRAPH_FORGOTEN_KEEPS is not a setting. "
        "Did you mean CUSTOMER_GRAPH_FORGOTTEN_KEEPS?"
    ) in said


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("CLAIMS_KEY", "short", "at least 32 characters are needed"),
        ("TIMEZONE", "Mars/Olympus", "not an IANA time zone, such as Europe/Helsinki"),
        ("FORGOTTEN_KEEPS", "city", "may hold country, language and date_joined only"),
        ("TRUSTED_PROXIES", "10.0.0.1/8", "not addresses or networks, such as 10.0.0.0/8,fd00::1"),
    ],
)
def test_a_wrong_value_is_told_by_the_settings_name_and_for_people(
    name: str, value: str, reason: str
) -> None:
    status, _, said = run_command("serve", **{f"CUSTOMER_GRAPH_{name}": value})

    assert 1 == status
    assert f"A setting is wrong. CUSTOMER_GRAPH_{name}: {reason}" in said


@pytest.mark.parametrize(
    ("given", "origins"),
    [
        ("", set()),
        ("https://app.example.org", {"https://app.example.org"}),
        ("HTTPS://App.Example.org:443, http://[::1]:5173",
         {"https://app.example.org", "http://[::1]:5173"}),
        ("http://localhost:80,http://localhost:8080", {"http://localhost", "http://localhost:8080"}),
    ],
)  # fmt: skip
def test_origins_are_as_browsers_write_them(
    monkeypatch: pytest.MonkeyPatch, given: str, origins: set[str]
) -> None:
    monkeypatch.setenv("CUSTOMER_GRAPH_CORS_ORIGINS", given)

    assert origins == Settings().cors_origins


@pytest.mark.parametrize(
    "origin",
    [
        "*", "null", "https://*.example.org", "app.example.org", "https://app.example.org/",
        "https://app.example.org/page", "ftp://example.org", "https://user@example.org",
        "https://example.org:port", "https://", "https://example.org, *",
    ],
)  # fmt: skip
def test_what_is_no_single_origin_is_refused(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    """With * any page that is open beside could ask whatever this machine may."""
    monkeypatch.setenv("CUSTOMER_GRAPH_CORS_ORIGINS", origin)

    with pytest.raises(ValidationError, match="not origins such as"):
        Settings()


def test_what_settings_say_of_themselves_holds_no_secret() -> None:
    """In a log, an error or a debugger: neither the database's password nor the digests' key."""
    secret = Settings(mongodb_uri="mongodb://user:hunter2@db/", claims_key="k3y" * 11)

    for told in (repr(secret), str(secret), f"{secret!r}", str(secret.model_dump())):
        assert "hunter2" not in told
        assert "k3yk3y" not in told
