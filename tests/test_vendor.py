"""Files of other people, and the promise that pages fetch nothing from outside and run nothing inline."""

import hashlib
import re
from pathlib import Path

import pytest
from plotly.offline import get_plotlyjs_version


ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
OURS = sorted([*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js")])
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SERVED = {".css", ".js"}


def checksums() -> dict[str, str]:
    """The table of checksums in the vendor README: path from the root to SHA-256."""
    text = (VENDOR / "README.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", text, re.MULTILINE))


def test_every_vendored_file_is_listed():
    vendored = {path for path in VENDOR.rglob("*") if path.suffix in SERVED}
    vendored |= set((ROOT / "tests" / "browser" / "vendor").glob("*.js"))
    assert {str(path.relative_to(ROOT)) for path in vendored} == set(checksums())


@pytest.mark.parametrize(("path", "expected"), checksums().items())
def test_vendored_file_is_as_it_was_built(path, expected):
    assert hashlib.sha256((ROOT / path).read_bytes()).hexdigest() == expected


def test_each_vendored_folder_holds_its_licence():
    folders = [path for path in VENDOR.iterdir() if path.is_dir()]
    assert [folder.name for folder in folders if not (folder / "LICENSE").is_file()] == []
    assert len(folders) == 3


def test_plotly_in_the_browser_is_the_one_that_python_validates_for():
    [bundle] = VENDOR.glob("plotly-basic-*/plotly-basic.min.js")
    version = re.search(r"plotly\.js \(basic[^)]*\) v([0-9.]+)", bundle.read_text(encoding="utf-8")[:400])
    assert version
    assert version[1] == get_plotlyjs_version()
    assert bundle.parent.name == f"plotly-basic-{version[1]}"


@pytest.mark.parametrize("path", sorted(VENDOR.rglob("*.css")) + OURS, ids=lambda path: path.name)
def test_no_type_is_loaded_and_no_picture_of_the_crown(path):
    text = path.read_text(encoding="utf-8").lower()
    for word in ("@font-face", "gds transport", "govuk-crest", "@import"):
        assert word not in text


@pytest.mark.parametrize("path", sorted(VENDOR.rglob("*.css")) + OURS, ids=lambda path: path.name)
def test_our_files_fetch_nothing_from_another_host(path):
    text = path.read_text(encoding="utf-8")
    outside = re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", text)
    assert outside == []


def test_no_source_map_is_looked_for():
    for path in VENDOR.rglob("*"):
        if path.suffix in SERVED:
            assert "sourceMappingURL" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_template_loads_only_from_this_site_and_runs_nothing_inline(path):
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"))
    loads = re.findall(
        r"<(?:script|img|iframe|source|use|form)\b[^>]*?\b(?:src|action|href)=\"([^\"]*)\"", text
    )
    loads += re.findall(r"<link\b[^>]*\bhref=\"([^\"]*)\"", text)
    loads += re.findall(r"\bhx-(?:get|post|put|patch|delete)=\"([^\"]*)\"", text)
    assert [address for address in loads if re.match(r"\s*(?:https?:)?//", address)] == []
    assert re.findall(r"<style\b", text) == []
    assert re.findall(r"<[a-z][^>]*\sstyle=", text) == []
    assert re.findall(r"<[a-z][^>]*\son[a-z]+=", text) == []
    assert re.findall(r"<[a-z][^>]*\s(?:href|src)=\"javascript:", text) == []
    assert [tag for tag in re.findall(r"<script\b[^>]*>", text) if "src=" not in tag] == []
