"""A Django project with nothing but the database, for the tests of the engine. Run as manage.py is."""

import os
import sys

import django
from django.conf import settings
from django.core.management import execute_from_command_line

from studies import database


settings.configure(
    DATABASES={"default": database.from_environment(os.environ)},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.postgres"],
    USE_TZ=True,
)
django.setup()


def show_life():
    """Make and drop a test database, meet a killed server, and give the server back."""
    from django.db import connection, connections

    name = connection.creation.create_test_db(verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_setting('jit')")
        assert cursor.fetchone() == (name, "off") == ("test_evidence", "off")
    connection.creation.destroy_test_db("evidence", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname = 'test_evidence'")
        assert cursor.fetchone() == (0,)
    connections.close_all()

    (numbers,) = database.data_folder().glob("pg*/data/postmaster.pid")
    os.kill(int(numbers.read_text().split()[0]), 9)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    connections.close_all()
    assert database.stop()


if sys.argv[1] == "show_life":
    show_life()
else:
    execute_from_command_line(sys.argv)
