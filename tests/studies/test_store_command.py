"""Commands on a database that is not ready: tables are made in our own, and asked for elsewhere, in a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from studies.management.progress_bar import ProgressBar


ROOT = Path(__file__).resolve().parents[2]
RIS = "TY  - JOUR\nTI  - A study of recorded harm\nPY  - 2019\nER  - \n"


def load_sources(folder, **environment):
    """The command in a process of its own, as a person starts it."""
    file = folder / "one.ris"
    file.write_text(RIS, encoding="utf-8")
    settings = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "manage.py", "load_sources", str(file), "--dry-run"],
        cwd=ROOT,
        env=settings | {"DJANGO_SETTINGS_MODULE": "evidence.settings"} | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_first_load_makes_the_tables_of_the_embedded_database(tmp_path):
    done = load_sources(tmp_path, EVIDENCE_DATA_DIR=str(tmp_path / "data"))

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1 record: 1 new")


def test_a_server_that_does_not_answer_is_one_sentence(tmp_path):
    done = load_sources(tmp_path, DATABASE_URL="postgres://nobody@127.0.0.1:1/nothing")

    assert done.returncode == 2
    assert done.stderr.startswith("The database cannot be used: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.django_db
def test_a_server_without_our_tables_is_told_what_to_do(monkeypatch, settings, capsys, tmp_path):
    from django.core.management import call_command

    from studies.management import store_command

    monkeypatch.setattr(store_command, "tables_missing", lambda: True)
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    with pytest.raises(SystemExit) as end:
        call_command("load_sources", str(tmp_path / "any.ris"))

    assert end.value.code == 2
    assert "run manage.py migrate first" in capsys.readouterr().err


class Terminal:
    """A terminal that keeps what is written to it."""

    def __init__(self):
        self.text = ""

    def write(self, msg="", style_func=None, ending=None):
        self.text += msg + ("\n" if ending is None else ending)


def test_what_follows_a_bar_stands_on_a_line_of_its_own():
    terminal = Terminal()
    bar = ProgressBar(terminal)
    bar("Reading", 7, 10)
    bar.end()
    bar.end()
    terminal.write("Done.")

    assert terminal.text.split("\n")[-2:] == ["Done.", ""]
    assert terminal.text.count("\n") == 2
    assert "7 of 10 records" in terminal.text


def test_bar_that_came_to_its_end_leaves_no_empty_line():
    terminal = Terminal()
    bar = ProgressBar(terminal)
    bar("Reading", 10, 10)
    bar.end()

    assert terminal.text.count("\n") == 1
