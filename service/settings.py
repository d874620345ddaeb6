"""Settings: the only reader of the environment.

Each is an environment variable, `CUSTOMER_GRAPH_` and its name in upper case; the database's
address is also read from plain `MONGODB_URI`.
"""

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "CUSTOMER_GRAPH_"
_OF_KUBERNETES = ("SERVICE_HOST", "SERVICE_PORT")
"""What it names variables of a service of this name."""


class RateLimitStore(StrEnum):
    """Where it is kept what keys have asked for: by each process, or by all together."""

    MEMORY = "memory"
    SHARED = "shared"


class PhoneCheck(StrEnum):
    """How strictly a phone number is checked against the numbering plans."""

    VALID = "valid"
    POSSIBLE = "possible"


def _known_time_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("not an IANA time zone, such as Europe/Helsinki")
    return name


def _split(value: object) -> object:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _unless_empty(value: object) -> object:
    """Whatever starts services often can't leave a variable out, but can leave it empty."""
    return None if value == "" else value


def _may_be_kept(names: frozenset[str]) -> frozenset[str]:
    if not names <= {"country", "language", "date_joined"}:
        raise ValueError("may hold country, language and date_joined only")
    return names


def _networks(value: object) -> object:
    parts = _split(value)
    if not isinstance(value, str) or not isinstance(parts, list):
        return value
    try:
        return tuple(map(ip_network, parts))
    except ValueError:
        raise ValueError("not addresses or networks, such as 10.0.0.0/8,fd00::1") from None


_ORIGIN = re.compile(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
_USUAL_PORTS = {"http": ":80", "https": ":443"}


def _origins(names: frozenset[str]) -> frozenset[str]:
    """As browsers write them."""
    return frozenset(map(_origin, names))


def _origin(name: str) -> str:
    match = _ORIGIN.fullmatch(name.lower())
    if match is None:
        raise ValueError(
            "not origins such as https://app.example.org, each by its name and without a path"
        )
    scheme, host, port = match.groups()
    return f"{scheme}://{host}{port if port and port != _USUAL_PORTS[scheme] else ''}"


class Settings(BaseSettings):
    """What can be set. Read once, at start; a wrong value fails by its name."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", populate_by_name=True
    )

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    data_dir: Path = Field(Path("data"), description="Where the embedded store keeps its files.")
    mongodb_uri: Annotated[SecretStr | None, BeforeValidator(_unless_empty)] = Field(
        None,
        validation_alias=AliasChoices("CUSTOMER_GRAPH_MONGODB_URI", "MONGODB_URI"),
        description="The MongoDB to use. Unset: the embedded store.",
    )
    database: str = Field(
        "customer_graph", pattern=r"^[A-Za-z0-9_-]{1,60}$", description="Name of the database."
    )
    claims_key: SecretStr | None = Field(
        None,
        min_length=32,
        description="Key of the identifiers' digests, at least 32 characters. With MONGODB_URI it "
        "must be given; the embedded store makes one beside its data.",
    )
    require_keys: bool = Field(
        True,
        description="Whether every request needs a key. Off, whoever reaches the service may do "
        "everything; it must then listen on a loopback address.",
    )
    timezone: Annotated[str, AfterValidator(_known_time_zone)] = Field(
        "UTC", description="IANA time zone of dates that come without one."
    )
    company: str | None = Field(
        None, pattern=r"^[A-Za-z0-9]{1,64}$", description="The only prefix of company fields."
    )
    phone_check: PhoneCheck = Field(
        PhoneCheck.VALID,
        description="`possible` also takes numbers newer than the library's tables.",
    )
    forgotten_keeps: Annotated[
        frozenset[str], NoDecode, BeforeValidator(_split), AfterValidator(_may_be_kept)
    ] = Field(
        frozenset({"country", "language", "date_joined"}),
        description="What of a forgotten customer is kept for statistics, separated by commas; "
        "of date_joined the month alone.",
    )
    cors_origins: Annotated[
        frozenset[str], NoDecode, BeforeValidator(_split), AfterValidator(_origins)
    ] = Field(
        frozenset(),
        description="Origins whose pages may ask from a browser, separated by commas.",
    )
    max_upload_rows: int = Field(10_000, ge=1, description="Most rows in one upload.")
    max_body_bytes: int = Field(16 * 2**20, ge=1024, description="Most bytes in one request.")
    max_page_size: int = Field(1000, ge=1, description="Most customers on one page.")
    max_company_fields: int = Field(200, ge=1, description="Most company fields of one customer.")
    max_holders: int = Field(
        25, ge=1, description="Most customers that share an e-mail or phone number."
    )
    idempotency_hours: int = Field(
        24, ge=1, le=24 * 366, description="Hours that reports and idempotency keys are kept."
    )
    audit_days: int = Field(400, ge=1, le=36_600, description="Days that the audit trail is kept.")
    audit_reads: bool = Field(
        False, description="Whether the audit trail has what was read too: one write a query."
    )
    store_timeout: float = Field(
        10.0, gt=0, le=600, description="Seconds after which one database operation is given up."
    )
    query_timeout: float = Field(
        5.0,
        gt=0,
        le=600,
        description="Seconds after which a query that looks through customers is given up, unless "
        "the store's bound is less.",
    )
    request_timeout: float = Field(
        30.0,
        gt=0,
        le=600,
        description="Seconds after which a GraphQL query is given up as a whole.",
    )
    upload_timeout: float = Field(
        300.0,
        gt=0,
        le=3600,
        description="Seconds after which an upload, or any mutation, is given up as a whole.",
    )
    max_requests: int = Field(
        64, ge=1, description="Most GraphQL requests that one process works on at a time."
    )
    max_uploads: int = Field(
        32, ge=1, description="Most uploads by HTTP that one process works on at a time."
    )
    max_waiting: int = Field(
        256,
        ge=0,
        description="Most requests of either kind that wait for their turn, a second at most.",
    )
    max_held_bytes: int = Field(
        64 * 2**20,
        ge=1024,
        description="Most bytes of larger bodies that one process reads and works on at a time.",
    )
    max_filter_depth: int = Field(8, ge=1, le=32, description="How deep conditions nest.")
    max_document_bytes: int = Field(
        65_536, ge=1024, description="Most bytes in one GraphQL document, variables aside."
    )
    max_query_tokens: int = Field(
        2000, ge=100, description="Most tokens (names, values, punctuation) in one document."
    )
    max_query_depth: int = Field(
        12, ge=1, le=100, description="How deep the fields of a query nest, through fragments too."
    )
    max_root_fields: int = Field(
        20, ge=1, description="Most fields at the top of one operation, whatever they are."
    )
    max_query_fields: int = Field(
        400,
        ge=1,
        description="Most fields and fragments in one document, each counted wherever a fragment "
        "puts it.",
    )
    max_query_aliases: int = Field(
        100, ge=0, description="Most aliases in one operation, counted as fields are."
    )
    max_query_directives: int = Field(
        30, ge=0, description="Most directives in one operation, counted as fields are."
    )
    max_query_cost: int = Field(
        50_000,
        ge=100,
        description="Most that one operation may cost: about the values in its answer, pages and "
        "groups taken as long as they may be, and what is read for them.",
    )
    max_variable_values: int = Field(
        4000,
        ge=10,
        description="Most values in the variables of one operation, rows of an upload aside.",
    )
    trusted_documents: Annotated[Path | None, BeforeValidator(_unless_empty)] = Field(
        None,
        description="A manifest of trusted documents, or a directory of them, read at the start.",
    )
    trusted_only: bool = Field(
        False, description="Whether no GraphQL documents but the trusted are taken."
    )
    shutdown_timeout: float = Field(
        5.0,
        gt=0,
        description="Seconds that accepted requests have to finish at a stop; what takes longer is "
        "cut off.",
    )
    header_timeout: float = Field(
        5.0, gt=0, le=600, description="Seconds that a client has to send the head of a request."
    )
    body_timeout: float = Field(
        5.0,
        gt=0,
        le=600,
        description="Seconds that the body of a request may stall, or be behind the slowest rate.",
    )
    write_timeout: float = Field(
        5.0,
        gt=0,
        le=600,
        description="Seconds that a client may leave an answer unread, or be behind the slowest "
        "rate.",
    )
    min_transfer_rate: int = Field(
        4096, ge=1, description="The slowest rate of bodies and answers, in bytes a second."
    )
    keep_alive_timeout: float = Field(
        5.0, gt=0, le=600, description="Seconds that a connection is kept between requests."
    )
    max_head_bytes: int = Field(
        32 * 2**10, ge=1024, description="Most bytes in the head of a request."
    )
    max_connections: int = Field(2000, ge=1, description="Most connections at a time.")
    max_connections_per_address: int = Field(
        200,
        ge=0,
        description="Most connections from one address, of IPv6 from one /64, but for trusted "
        "proxies; 0: no bound of its own.",
    )
    rate_limit_per_second: float = Field(
        100_000,
        ge=0,
        description="What the requests of a key to GraphQL may cost a second: each 100, and what "
        "the operation may cost; 0: no bound.",
    )
    rate_limit_burst: float = Field(
        1_000_000, ge=1, description="What a key that asked for less may save up of that."
    )
    upload_rows_per_second: float = Field(
        20_000, ge=0, description="Rows that a key may upload a second; 0: no bound."
    )
    upload_rows_burst: float = Field(
        200_000, ge=1, description="What a key that uploaded fewer may save up of that."
    )
    failed_keys_per_second: float = Field(
        1.0,
        ge=0,
        description="Requests without a key that is one that an address may send a second; "
        "0: no bound.",
    )
    failed_keys_burst: float = Field(
        50, ge=1, description="What an address that sent fewer may save up of that."
    )
    rate_limit_store: RateLimitStore = Field(
        RateLimitStore.MEMORY,
        description="Where it is kept what keys asked for: in `memory`, for each process by "
        "itself, or `shared` by all replicas, in the database.",
    )
    trusted_proxies: Annotated[
        tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_networks)
    ] = Field(
        (),
        description="Addresses and networks of proxies whose `X-Forwarded-For` is believed, "
        "separated by commas.",
    )
    metrics: bool = Field(True, description="Whether metrics are counted, and told at `/metrics`.")
    metrics_host: str = Field("127.0.0.1", description="Address of the port for metrics.")
    metrics_port: Annotated[int | None, BeforeValidator(_unless_empty)] = Field(
        None,
        ge=0,
        le=65535,
        description="Port that tells `/metrics`, and nothing else, to whoever reaches it; 0 takes "
        "a free one. Unset: keys with the scope `admin` are told them at the service's own.",
    )
    metrics_operations: int = Field(
        100,
        ge=0,
        le=10_000,
        description="Most names of GraphQL operations that metrics tell apart, the first to come; "
        "others are `other`.",
    )
    traces_to: Annotated[str | None, BeforeValidator(_unless_empty)] = Field(
        None,
        pattern="^https?://",
        description="Where traces go, by OpenTelemetry's protocol over HTTP, such as "
        "`http://127.0.0.1:4318/v1/traces`. Unset: there are none.",
    )
    traces_share: float = Field(
        1.0,
        ge=0,
        le=1,
        description="Of the traces that begin here, how many are kept: 0.1 is every tenth.",
    )
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Log level.")
    log_json: bool | None = Field(
        None, description="Log lines as JSON. Unset: unless standard error is a terminal."
    )

    @property
    def is_local(self) -> bool:
        """Whether only this machine reaches the service."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


def misspelt(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Variables that are no settings but nearly, and the setting that each is nearest to.

    Others with the prefix are left alone: Kubernetes makes some for a service of this name.
    """
    settings = [name.upper() for name in Settings.model_fields]
    given = (os.environ if environment is None else environment).keys()
    names = (name.removeprefix(PREFIX) for name in given if name.startswith(PREFIX))
    names = (name for name in names if not name.startswith(_OF_KUBERNETES))
    nearest = {name: get_close_matches(name, settings, n=1, cutoff=0.7) for name in names}
    return {
        PREFIX + name: PREFIX + found[0]
        for name, found in nearest.items()
        if found and found[0] != name
    }
