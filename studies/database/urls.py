"""DATABASE_URL as an entry of Django's DATABASES. Pure: nothing is opened, nothing is looked up."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from psycopg import pq

from studies.database.errors import DatabaseUnavailable


# What every session is given. A parallel sequential scan for common words takes three times as long as
# the index on the search table, and compiling a query costs more than these short queries themselves.
SESSION_OPTIONS = "-c jit=off -c max_parallel_workers_per_gather=0"
# Seconds that a connection is kept between requests; it is checked before it is used again, so that a
# restarted server costs one reconnection and no error page.
CONNECTION_AGE = 60

EMBEDDED = "studies.embedded"
DATABASE_NAME = "evidence"

EXAMPLE = "postgres://user:password@host:5432/name"
HOST = re.compile(r"(?P<host>\[[^\]]*\]|[^:\[\]]*)(?::(?P<port>[^:]*))?")
# Options of libpq that have a field of their own in Django's entry.
FIELDS = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}


def from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """Entry for DATABASES: the server that DATABASE_URL names, or the embedded one if it is unset or blank."""
    url = environ.get("DATABASE_URL", "").strip()
    embedded: dict[str, Any] = {"ENGINE": EMBEDDED, "NAME": DATABASE_NAME, "OPTIONS": {}}
    entry = parse_url(url) if url else embedded
    entry["CONN_MAX_AGE"] = CONNECTION_AGE
    entry["CONN_HEALTH_CHECKS"] = True
    # The address's own options follow ours and so win over them. An empty `?options=` sends none at all,
    # for connection poolers that refuse this parameter.
    own = entry["OPTIONS"].get("options")
    if own == "":
        del entry["OPTIONS"]["options"]
    else:
        entry["OPTIONS"]["options"] = f"{SESSION_OPTIONS} {own}" if own else SESSION_OPTIONS
    return entry


def parse_url(url: str) -> dict[str, Any]:
    """Entry for `django.db.backends.postgresql` from a libpq connection URI.

    Takes what libpq takes: percent-encoded parts, IPv6 addresses in brackets, several hosts, the folder
    of a Unix socket as `?host=/folder` or percent-encoded in the host's place, and any option of libpq
    as a parameter (these go to OPTIONS). DatabaseUnavailable says what is wrong with any other text, and
    repeats no part of it that may hold a password.
    """
    parts = _split(url)
    user_part, _, host_part = parts.netloc.rpartition("@")
    user, _, password = user_part.partition(":")
    hosts, ports = _hosts(host_part)
    entry: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _decode(parts.path[1:], "the database name"),
        "USER": _decode(user, "the user"),
        "PASSWORD": _decode(password, "the password"),
        "HOST": hosts,
        "PORT": ports,
        "OPTIONS": {},
    }
    for key, value in _parameters(parts.query):
        if key in FIELDS:
            entry[FIELDS[key]] = value
        else:
            entry["OPTIONS"][key] = value
    if not entry["NAME"]:
        raise _wrong(f"it names no database: {EXAMPLE} is the form")
    return entry


def _split(url: str) -> SplitResult:
    scheme, separator, _ = url.partition("://")
    if not separator:
        raise _wrong(f"it does not begin with postgres://: {EXAMPLE} is the form")
    if scheme.lower() not in {"postgres", "postgresql"}:
        raise _wrong(
            f"it begins with {scheme}://, and the only database is PostgreSQL: {EXAMPLE} is the form"
        )
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise _wrong(
            "the host is not readable; an IPv6 address stands in brackets, "
            "and special characters in a password are percent-encoded"
        ) from error
    if parts.fragment or url.endswith("#"):
        raise _wrong("it holds a '#'; in a user or a password it is written %23")
    if "/" in parts.path[1:]:
        raise _wrong("the database name holds a '/'; in a name, a user or a password it is written %2F")
    return parts


def _hosts(text: str) -> tuple[str, str]:
    """Host and port, each as libpq takes them: several are joined by commas."""
    hosts, ports = [], []
    for part in text.split(","):
        match = HOST.fullmatch(part)
        port = match["port"] or "" if match else ""
        if match is None or (port and not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536)):
            raise _wrong(
                "the port is not a number from 1 to 65535; "
                "an IPv6 address stands in brackets, and a ':' or '@' in a password is written %3A or %40"
            )
        hosts.append(_decode(match["host"].strip("[]"), "the host"))
        ports.append(port)
    return ",".join(hosts), ",".join(ports) if any(ports) else ""


def _parameters(query: str) -> list[tuple[str, str]]:
    """Names and values after the '?'; as in libpq a '+' is a plus sign, not a space."""
    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    pairs = []
    for part in filter(None, query.split("&")):
        name, separator, value = part.partition("=")
        if not separator or name not in known:
            raise _wrong(f"'{name}' after the '?' is not an option of PostgreSQL's client with a value")
        pairs.append((name, _decode(value, f"the value of {name}")))
    return pairs


def _decode(text: str, what: str) -> str:
    if re.search(r"%(?![0-9A-Fa-f]{2})|%00", text):
        raise _wrong(f"{what} holds a '%' that begins no percent-encoding; a '%' itself is written %25")
    return unquote(text)


def _wrong(reason: str) -> DatabaseUnavailable:
    return DatabaseUnavailable(f"DATABASE_URL cannot be used: {reason}.")
