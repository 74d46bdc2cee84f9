"""DATABASE_URL, in all the forms that PostgreSQL's own programs take, and in the forms that people mistype."""

import pytest

from studies.database import DatabaseUnavailable, from_environment, parse_url
from studies.database.urls import SESSION_OPTIONS


def entry(**differences):
    plain = {"NAME": "name", "USER": "", "PASSWORD": "", "HOST": "", "PORT": "", "OPTIONS": {}}
    return {"ENGINE": "django.db.backends.postgresql"} | plain | differences


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgres://host/name", entry(HOST="host")),
        ("postgresql://host:6432/name", entry(HOST="host", PORT="6432")),
        ("POSTGRES://host/name", entry(HOST="host")),
        ("postgres:///name", entry()),
        ("postgres://u:p@host/name", entry(USER="u", PASSWORD="p", HOST="host")),
        ("postgres://u@host/name", entry(USER="u", HOST="host")),
        (
            "postgres://first%40office:p%3A%2F%3F%23%25%40%5B@host/a%20name",
            entry(USER="first@office", PASSWORD="p:/?#%@[", HOST="host", NAME="a name"),
        ),
        ("postgres://u:a:b+c@host/name", entry(USER="u", PASSWORD="a:b+c", HOST="host")),
        ("postgres://u:p@w@host/name", entry(USER="u", PASSWORD="p@w", HOST="host")),
        ("postgres://[2001:db8::1]:5433/name", entry(HOST="2001:db8::1", PORT="5433")),
        ("postgres://u:p@[::1]/name", entry(USER="u", PASSWORD="p", HOST="::1")),
        ("postgres:///name?host=/var/run/My%20Sockets", entry(HOST="/var/run/My Sockets")),
        ("postgres://%2Fvar%2FRun/name", entry(HOST="/var/Run")),
        ("postgres://one:1,two/name", entry(HOST="one,two", PORT="1,")),
        (
            "postgres:///?host=h&port=1&user=u&password=p&dbname=name",
            entry(HOST="h", PORT="1", USER="u", PASSWORD="p"),
        ),
        (
            "postgres://host/name?sslmode=verify-full&sslrootcert=%2Fca.pem&application_name=a+b",
            entry(
                HOST="host",
                OPTIONS={"sslmode": "verify-full", "sslrootcert": "/ca.pem", "application_name": "a+b"},
            ),
        ),
    ],
)
def test_an_address_becomes_an_entry(url, expected):
    assert parse_url(url) == expected


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mysql://u:secret@host/name", "begins with mysql://"),
        ("sqlite:///secret.db", "begins with sqlite://"),
        ("host/secret", "does not begin with postgres://"),
        ("'postgres://u:secret@host/name'", "begins with 'postgres://"),
        ("postgres://u:secret@host", "names no database"),
        ("postgres://u:secret@host/", "names no database"),
        ("postgres://u:secret@host:port/name", "the port is not a number"),
        ("postgres://u:secret@host:0/name", "the port is not a number"),
        ("postgres://u:secret@host:65536/name", "the port is not a number"),
        ("postgres://u:secret@host:54³/name", "the port is not a number"),
        ("postgres://u:secret@2001:db8::1/name", "IPv6 address stands in brackets"),
        ("postgres://u:secret@[::1/name", "IPv6 address stands in brackets"),
        ("postgres://u:sec#ret@host/name", "written %23"),
        ("postgres://u:secret@host/name#", "written %23"),
        ("postgres://u:se/cret@host/name", "IPv6 address stands in brackets|written %2F"),
        ("postgres://host/na/me", "written %2F"),
        ("postgres://u:secret%@host/name", "the password holds a '%'"),
        ("postgres://u:secret%00@host/name", "the password holds a '%'"),
        ("postgres://u:secret@host/100%", "the database name holds a '%'"),
        ("postgres://u:secret@host/name?ssl_mode=require", "'ssl_mode' after the '\\?' is not an option"),
        ("postgres://u:secret@host/name?sslmode", "'sslmode' after the '\\?' is not an option"),
    ],
)
def test_a_wrong_address_is_told_in_one_sentence_without_its_secrets(url, reason):
    with pytest.raises(DatabaseUnavailable, match=reason) as refusal:
        parse_url(url)

    assert str(refusal.value).startswith("DATABASE_URL cannot be used: ")
    assert "\n" not in str(refusal.value)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("environ", [{}, {"DATABASE_URL": ""}, {"DATABASE_URL": " \n"}])
def test_without_an_address_the_embedded_server_is_used(environ):
    found = from_environment(environ)

    assert (found["ENGINE"], found["NAME"]) == ("studies.embedded", "evidence")
    assert found["OPTIONS"] == {"options": SESSION_OPTIONS}


@pytest.mark.parametrize(
    ("query", "options"),
    [
        ("", {"options": SESSION_OPTIONS}),
        ("?sslmode=require", {"options": SESSION_OPTIONS, "sslmode": "require"}),
        ("?options=-c%20search_path%3Da", {"options": f"{SESSION_OPTIONS} -c search_path=a"}),
        ("?options=", {}),
    ],
)
def test_sessions_are_short_queries_without_compilation_or_parallel_scans(query, options):
    found = from_environment({"DATABASE_URL": f"postgres://host/name{query}"})

    assert found["OPTIONS"] == options
    assert found["CONN_MAX_AGE"] > 0
    assert found["CONN_HEALTH_CHECKS"]
