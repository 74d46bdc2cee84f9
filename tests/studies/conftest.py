"""A small evidence base for each test of the store that asks for it."""

import pytest

from tests.studies.tiny_base import TinyBase


@pytest.fixture
def tiny(tmp_path) -> TinyBase:
    """A small sound base in a folder of its own."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    return TinyBase(folder)


@pytest.fixture
def loaded(tiny, db) -> TinyBase:
    """The small base, brought into the store."""
    report = tiny.load()
    assert report.committed, report.issues
    return tiny
