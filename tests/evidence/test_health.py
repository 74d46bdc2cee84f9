"""What balancers and monitors ask."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from evidence.views import health


def test_process_answers_without_asking_the_database(client):
    """No fixture of the database: a query would be refused. A slow database must not get the process killed."""
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_ready_where_the_database_answers_and_is_migrated(client, db):
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_not_ready_before_the_migrations(client, db):
    last = MigrationExecutor(connection).loader.graph.leaf_nodes("studies")[0]
    MigrationRecorder(connection).record_unapplied(*last)
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "reason": "1 migrations are not applied"}


@pytest.mark.parametrize("error", [OperationalError("no server at 10.0.0.1"), ImproperlyConfigured("secret")])
def test_not_ready_where_the_database_does_not_answer(client, monkeypatch, error):
    def fail(connection):
        raise error

    monkeypatch.setattr(health, "MigrationExecutor", fail)
    response = client.get("/readyz")

    assert response.status_code == 503
    # The reason is for everybody: no address and no message of the server.
    assert response.json() == {"status": "unavailable", "reason": "the database does not answer"}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_answer_is_never_kept_by_anybody(client, db, path):
    assert "no-store" in client.get(path)["Cache-Control"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probe_over_plain_http_is_not_sent_elsewhere(client, db, settings, path):
    """Behind HTTPS a balancer still asks over HTTP."""
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(path).status_code == 200
    assert client.get("/accessibility/").status_code == 301
    assert client.head(path).status_code == 200
