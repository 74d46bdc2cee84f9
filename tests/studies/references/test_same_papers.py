"""The same papers, exported by different tools, become the same sources, in whatever order the files come."""

import json
from itertools import permutations
from pathlib import Path

import pytest

from studies.actions.references import load_references
from studies.models import Merge, PossibleDuplicate, Reference, Source


pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).parents[4] / "shared" / "import-samples"
SAME_TEN = (
    "01_zotero.ris",
    "03_endnote.ris",
    "06_embase.ris",
    "13_eppi-reviewer.ris",
    "38_eppi-reviewer.xlsx",
    "refworks.ris",
    "embase_records-as-rows.csv",
)

RECORDING = "Recording practice of child protection agencies in three regions"
CORRECTION = f"Correction to: {RECORDING}"
SCHOOLS = "Attendance and safeguarding: a survey of secondary schools"

RIS = f"""TY  - JOUR
AU  - Adams, Ruth
AU  - Brown, Tom
TI  - {RECORDING}
PY  - 2019
JO  - Journal of Examples
VL  - 4
SP  - 10
EP  - 21
DO  - 10.1234/example.1
ER  -
TY  - JOUR
AU  - Adams, Ruth
TI  - {CORRECTION}
PY  - 2019
JO  - Journal of Examples
ER  -
TY  - JOUR
AU  - Clark, Una
TI  - {SCHOOLS}
PY  - 2020
JO  - Example Review
ER  -
"""
BIBTEX = f"""@article{{a, author = {{Ruth Adams and Tom Brown}}, title = {{{{Recording}} Practice of Child Protection
  Agencies in Three Regions}}, year = 2019, journal = {{Journal of Examples}}, doi = {{https://doi.org/10.1234/EXAMPLE.1}}}}
@article{{b, author = {{Adams, R.}}, title = {{{CORRECTION}}}, year = 2019, journal = {{Journal of Examples}}}}
@article{{c, author = {{Clark, U.}}, title = {{{SCHOOLS}}}, year = {{2020}}, journal = {{Example Review}}}}
"""
NBIB = f"""PMID- 111
TI  - {RECORDING}.
AU  - Adams R
AU  - Brown T
DP  - 2019 Mar
JT  - Journal of Examples
AID - 10.1234/example.1 [doi]

PMID- 112
TI  - {CORRECTION}.
AU  - Adams R
DP  - 2019 May
JT  - Journal of Examples

PMID- 113
TI  - {SCHOOLS}.
AU  - Clark U
DP  - 2020
JT  - Example Review
"""
CSV = f"""Title,Authors,Publication Year,Journal
{RECORDING.upper()},"Adams R., Brown T.",2019,Journal of Examples
{CORRECTION},"Adams R.",2019,Journal of Examples
"{SCHOOLS}",Clark U.,2020,Example Review
"""
CSL = json.dumps(
    [
        {
            "id": str(number),
            "type": "article-journal",
            "title": title,
            "author": [{"family": family, "given": given}],
            "issued": {"date-parts": [[year]]},
        }
        for number, (title, family, given, year) in enumerate(
            [
                (RECORDING, "Adams", "R", 2019),
                (CORRECTION, "Adams", "R", 2019),
                (SCHOOLS, "Clark", "Una", 2020),
            ]
        )
    ]
)
EXPORTS = {"a.ris": RIS, "b.bib": BIBTEX, "c.nbib": NBIB, "d.csv": CSV, "e.json": CSL}


def load(path):
    report = load_references(file=path, by="the tests")
    assert report.committed, report.issues
    return report


@pytest.mark.parametrize("order", [*permutations(EXPORTS, 5)][::17])
def test_five_exports_of_three_papers_make_three_sources(tmp_path, order):
    for number, name in enumerate(order):
        path = tmp_path / name
        path.write_text(EXPORTS[name], encoding="utf-8")
        report = load(path)
        assert report.records == 3
        assert report.counts["new" if number == 0 else "merged"] == 3, (name, report.counts)

    assert Source.objects.count() == 3
    assert Reference.objects.count() == 15
    assert Merge.objects.filter(reasons__len__gt=0).count() == 12
    assert not PossibleDuplicate.objects.exists()


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the real files are not beside this checkout")
@pytest.mark.parametrize("first", [0, 4, 6])
def test_ten_papers_from_seven_tools_make_ten_sources(first):
    for name in (*SAME_TEN[first:], *SAME_TEN[:first]):
        assert load(SAMPLES / name).records == 10

    assert Source.objects.count() == 10
    assert Reference.objects.count() == 70
    assert not PossibleDuplicate.objects.exists()
