"""The engine `studies.embedded` under Django, in processes with settings of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from database_processes import PYTHONPATH

from studies.embedded.base import DatabaseClient


@pytest.fixture
def manage(folder):
    """Runs a command of the small project: `manage("check", DATABASE_URL=...)`."""

    def run(*arguments, **environment):
        environment = {"EVIDENCE_DATA_DIR": folder, "PYTHONPATH": PYTHONPATH} | environment
        kept = {name: os.environ[name] for name in ("PATH", "EVIDENCE_POSTGRES_BIN") if name in os.environ}
        return subprocess.run(
            [sys.executable, "-W", "error", Path(__file__).with_name("database_django.py"), *arguments],
            env=kept | {name: str(value) for name, value in environment.items()},
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


def test_check_starts_no_server(manage, folder):
    run = manage("check")

    assert run.returncode == 0, run.stderr
    assert list(folder.iterdir()) == []


@pytest.mark.slow
def test_databases_are_made_and_dropped_and_a_killed_server_comes_back(manage, initialised, server):
    run = manage("show_life")

    assert run.returncode == 0, run.stderr
    assert not server.has("server")


@pytest.mark.slow
def test_migrations_run_and_stay(manage, initialised, server):
    assert manage("migrate", "--verbosity", "0").returncode == 0
    server.wait_for_end()

    assert "[X] 0001_initial" in manage("showmigrations").stdout


def test_a_command_without_a_database_says_one_sentence_and_fails(manage, folder):
    run = manage("migrate", EVIDENCE_POSTGRES_BIN=folder)

    assert run.returncode == 1
    assert run.stderr == (
        f"DatabaseUnavailable: EVIDENCE_POSTGRES_BIN names {folder}, which holds no working initdb and "
        "postgres of PostgreSQL 15 or later.\n"
    )


def test_a_wrong_address_is_one_sentence_too(manage):
    run = manage("migrate", DATABASE_URL="mysql://host/name")

    assert "DATABASE_URL cannot be used: it begins with mysql://" in run.stderr


@pytest.mark.slow
def test_dbshell_runs_the_psql_of_the_server_on_its_socket(here, initialised):
    arguments, environment = DatabaseClient.settings_to_cmd_args_env(
        {"NAME": "evidence", "HOST": "", "PORT": "", "USER": "", "PASSWORD": "", "OPTIONS": {}},
        ["--tuples-only", "--command", "SELECT current_database()"],
    )

    shown = subprocess.run(arguments, capture_output=True, text=True, check=True, env=environment)

    assert arguments[0] == str(here.program("psql"))
    assert shown.stdout.strip() == "evidence"
