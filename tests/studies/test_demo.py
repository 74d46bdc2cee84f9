"""The demo command from outside, as a newcomer meets it: a process, its words, its pages and its end."""

import os
import re
import socket
import subprocess
from io import StringIO
from urllib.parse import quote

import psycopg
import pytest
from bs4 import BeautifulSoup
from demo_site import data_folder, database_runs, running, wait_until_database_stopped
from django.core.management import CommandError, call_command
from django.db import connection

from studies.actions import accounts
from studies.actions.accounts import DEMO_ACCOUNTS
from studies.management.commands.demo import Command
from studies.models import AuditEvent


pytestmark = pytest.mark.slow

DATA_FOLDER = os.environ.get("EVIDENCE_DATA_DIR", "")
"""Where the tests' own server keeps its data. Read at import: tests of the launcher name other folders later."""


@pytest.fixture(scope="module")
def started():
    """A first start in an empty folder, looked at, and ended by `kill`: what it said, showed and left running."""
    with data_folder() as folder, running("--port", 0, "--data-dir", folder) as demo:
        demo.wait_until_serving()
        seen = {path: demo.get(path) for path in ("/readyz", "/healthz", "/", "/sources/", "/findings/")}
        ran = database_runs(folder)
        code = demo.terminate()
        yield {
            "folder": folder,
            "said": demo.said,
            "seen": seen,
            "code": code,
            "gone": demo.is_gone(),
            "database_ran": ran,
            "database_runs": database_runs(folder),
            "port": demo.port,
        }


def test_first_start_makes_the_database_loads_the_evidence_and_says_where_it_serves(started):
    lines = started["said"].splitlines()

    assert lines[0] == f"Database: embedded, in {started['folder']}"
    assert lines[1] == "Loaded the shipped evidence: 22,041 records."
    accounts = [
        re.fullmatch(r"Made the account (\S+) with the password [A-Za-z0-9]{20} \(shown this once\)\.", line)
        for line in lines[2:-2]
    ]
    assert [found and found[1] for found in accounts] == [name for name, _ in DEMO_ACCOUNTS]
    assert lines[-2:] == [f"Serving on http://127.0.0.1:{started['port']}/", "Press Ctrl-C to stop."]


def test_site_is_ready_and_shows_the_shipped_evidence(started):
    seen = started["seen"]
    overview = " ".join(BeautifulSoup(seen["/"][1], "html.parser").get_text(" ").split())

    assert {status for status, _ in seen.values()} == {200}
    assert seen["/readyz"][1] == '{"status": "ok"}'
    assert re.search(r"\b170\b.{0,20}sources|sources.{0,20}\b170\b", overview)
    assert re.search(r"\b2,344\b.{0,20}findings|findings.{0,20}\b2,344\b", overview)
    assert "170 sources" in seen["/sources/"][1]
    assert "2,344 findings" in seen["/findings/"][1]


def test_kill_leaves_nothing_running(started):
    assert started["database_ran"]
    assert started["code"] == 0
    assert started["gone"]
    assert not started["database_runs"]
    with socket.socket() as visitor:
        assert visitor.connect_ex(("127.0.0.1", started["port"])) != 0


def test_second_start_loads_nothing_takes_the_next_port_and_ends_with_ctrl_c(started):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with running("--port", port, "--data-dir", started["folder"]) as demo:
            demo.wait_until_serving()
            status, _ = demo.get("/readyz")
            code = demo.interrupt()

    assert status == 200
    assert demo.port > port
    assert f"Port {port} is taken; using {demo.port}." in demo.lines
    assert "The base holds 170 sources already; nothing was loaded." in demo.lines
    assert "Loaded" not in demo.said
    assert "password" not in demo.said
    assert "Traceback" not in demo.said
    assert code == 0
    assert demo.is_gone()
    assert not database_runs(started["folder"])


def test_reset_removes_the_database_and_a_kill_while_loading_leaves_nothing_running(started):
    with data_folder() as folder:
        for home in started["folder"].glob("pg[0-9]*"):
            subprocess.run(["cp", "-a", home, folder], check=True)
        (own,) = folder.glob("pg[0-9]*")
        (own / "data" / "left-from-before").touch()
        with running("--port", 0, "--data-dir", folder, "--reset") as demo:
            demo.wait_until_it_says(f"Removed {own}.")
            demo.wait_until_it_says("Database: embedded")
            demo.terminate()
        demo.wait_until_gone()
        wait_until_database_stopped(folder)

        assert not (own / "data" / "left-from-before").exists()
        assert not demo.url


@pytest.fixture(scope="module")
def stranger(django_db_setup, django_db_blocker):
    """A database with somebody else's table in it, on the tests' own server, and its address."""
    name = "a_stranger"
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        if DATA_FOLDER:
            patch.setenv("EVIDENCE_DATA_DIR", DATA_FOLDER)
        connection.ensure_connection()
        info = connection.connection.info
    facts = {
        "host": info.host,
        "port": info.port,
        "user": info.user,
        "password": info.password,
        "dbname": info.dbname,
    }
    known = {key: value for key, value in facts.items() if value}
    with psycopg.connect(**known, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
        known["dbname"] = name
        with psycopg.connect(**known, autocommit=True) as other:
            other.execute("CREATE TABLE invoices (number integer)")
            other.execute("INSERT INTO invoices VALUES (7)")
        url = f"postgres://{quote(str(known['user']))}@/{name}?" + "&".join(
            f"{key}={quote(str(known[key]), safe='')}" for key in ("host", "port", "password") if key in known
        )
        yield url, known
        server.execute(f"DROP DATABASE {name}")


def test_base_that_holds_something_else_is_left_alone(stranger):
    url, known = stranger
    with running("--port", 0, DATABASE_URL=url) as demo:
        code = demo.wait()
    with psycopg.connect(**known) as other:
        tables = other.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        rows = other.execute("SELECT * FROM invoices").fetchall()

    assert code != 0
    assert "The database a_stranger holds something else (invoices); it was left untouched." in demo.said
    assert "Traceback" not in demo.said
    assert (tables, rows) == ([("invoices",)], [(7,)])


@pytest.mark.parametrize("option", [["--reset"], ["--data-dir", "somewhere"]])
def test_options_of_the_embedded_database_are_refused_for_a_server(stranger, option):
    with running("--port", 0, *option, DATABASE_URL=stranger[0]) as demo:
        code = demo.wait()

    assert code != 0
    assert option[0] in demo.said
    assert "for the embedded database" in demo.said
    assert "Traceback" not in demo.said


@pytest.mark.parametrize("port", [-1, 65_536])
def test_port_that_does_not_exist_is_refused(port):
    with pytest.raises(CommandError, match=f"There is no port {port}"):
        call_command("demo", f"--port={port}")


def test_demo_accounts_are_made_once_and_their_making_is_on_record(db, django_user_model):
    made = accounts.make_demo_accounts()

    assert accounts.make_demo_accounts() == []
    assert [name for name, _ in made] == [name for name, *_ in DEMO_ACCOUNTS]
    assert len({password for _, password in made}) == len(made) > 1
    for name, password in made:
        assert django_user_model.objects.get(username=name).check_password(password)
    events = AuditEvent.objects.filter(event_type="demo_account_made")
    assert {event.created_by for event in events} == {"demo"}
    assert {event.target_id for event in events} == {str(user.pk) for user in django_user_model.objects.all()}
    assert not any(password in str(event.detail) for event in events for _, password in made)


def test_only_the_account_for_the_admin_is_a_superuser(db, django_user_model):
    accounts.make_demo_accounts()
    assert [user.username for user in django_user_model.objects.filter(is_superuser=True)] == ["demo-admin"]


def test_no_account_is_made_in_a_base_on_a_server_of_ones_own(shipped, django_user_model):
    said = StringIO()
    Command(stdout=said).prepare(embedded=False)

    assert "sources already" in said.getvalue()
    assert not django_user_model.objects.exists()
    assert "password" not in said.getvalue()
