"""What all tests share: a database of their own, no leftovers between data versions, the shipped evidence."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings


# Examples are not timed: a busy machine would fail them. What else is set, as in CI, stays.
settings.register_profile("untimed", settings(), deadline=None)
settings.load_profile("untimed")

OWN_FOLDER = ""
if not os.environ.get("DATABASE_URL", "").strip() and "EVIDENCE_DATA_DIR" not in os.environ:
    # Read when the server is first needed, so it is in time here. The system's temporary folder may be too deep
    # for a socket; the launcher sees to that.
    OWN_FOLDER = os.environ["EVIDENCE_DATA_DIR"] = tempfile.mkdtemp(prefix="evidence-tests-")


def pytest_sessionfinish():
    """Stop the server of the tests and remove its 50 MB."""
    if OWN_FOLDER and os.environ.get("EVIDENCE_DATA_DIR") == OWN_FOLDER:
        from django.db import connections

        from studies import database

        connections.close_all()
        database.stop()
        shutil.rmtree(OWN_FOLDER, ignore_errors=True)


ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "fixtures" / "evidence-base"


@pytest.fixture(autouse=True)
def _nothing_kept_between_tests():
    """A rolled-back test leaves the data version where it was, with other data."""
    from evidence import versioned

    versioned.forget()
    yield
    versioned.forget()


_shipped_is_loaded = False


@pytest.fixture(scope="session")
def _shipped_once(django_db_setup, django_db_blocker):
    """The shipped evidence, loaded once into the test database and left there."""
    global _shipped_is_loaded
    from studies.actions.loads import load_evidence
    from studies.loading.layout import read_base

    with django_db_blocker.unblock():
        report = load_evidence(base=read_base(SHIPPED), by="the tests")
    assert report.committed, report.issues[:3]
    _shipped_is_loaded = True
    return report


@pytest.fixture
def shipped(_shipped_once, db):
    """A test that reads the shipped evidence. Its own changes are rolled back."""
    return _shipped_once


@pytest.fixture(autouse=True)
def _empty_store_unless_asked(request):
    """A test that does not ask for the shipped evidence finds an empty store, whatever ran before it."""
    uses_database = "db" in request.fixturenames or request.node.get_closest_marker("django_db")
    if not uses_database or "shipped" in request.fixturenames or not _shipped_is_loaded:
        return
    request.getfixturevalue("db")
    from django.apps import apps
    from django.db import connection

    tables = ", ".join(model._meta.db_table for model in apps.get_app_config("studies").get_models())
    with connection.cursor() as cursor:
        # Part of the test's own transaction, so it is undone with it.
        cursor.execute(f"TRUNCATE {tables} CASCADE")
