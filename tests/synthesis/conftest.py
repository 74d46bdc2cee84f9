"""The reference values from R, where they are at hand."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def reference():
    """The whole reference file; the datasets in it are read again by the tests that run once for each of them."""
    beside = Path(__file__).parents[3] / "shared" / "data" / "meta_reference.json"
    path = Path(os.environ.get("META_REFERENCE", beside))
    if not path.exists():
        pytest.skip(f"no reference values at {path.name}: set META_REFERENCE to check against them")
    return json.loads(path.read_text())
