"""The small base with four more studies whose figures may be pooled: a place to see what a rating changes."""

from tests.studies.tiny_base import TinyBase, _finding, _source


STUDIES = (("study-a", 90, 120), ("study-b", 70, 110), ("study-c", 88, 130), ("study-d", 60, 90))
"""Source, men, suspects with known sex."""

ALL_FIVE = "66.7% (59.4% to 73.4%), 5 studies"
WITHOUT_A = "64.6% (56.9% to 71.6%), 4 studies"
"""The pooled share of men among these and the small study's 60 of 100, and without study A. Worked out apart from the
product: logits with variance 1/x + 1/(n - x), tau2 by maximising the restricted likelihood, and the Knapp-Hartung
interval that is never shorter than Wald's."""


def make_poolable(base: TinyBase) -> TinyBase:
    """Add the studies, all rated strong for now, and take out what forbids a pool."""
    del base.tables["overlaps"]
    base.tables["findings"] = [
        row
        for row in base.tables["findings"]
        if not (row["source_id"] == "small-report" and row["measure_id"] == "suspect-sex")
    ]
    for name, men, everybody in STUDIES:
        base.tables["sources"].append(_source(name, "academic_study", authors=f"Authors of {name}"))
        for number, category, count in ((1, "male", men), (2, "female", everybody - men)):
            base.tables["findings"].append(
                _finding(
                    f"{name}-f{number}",
                    name,
                    "suspect-sex",
                    category,
                    str(count),
                    breakdown_id=f"{name}-b1",
                    breakdown_complete="yes",
                    numerator=str(count),
                    denominator=str(everybody),
                )
            )
        base.tables["appraisals"].append(
            {
                "appraisal_id": f"appraisal-{name}",
                "source_id": name,
                "instrument_id": "small-tool",
                "status": "provisional",
                "overall_rating": "strong",
                "rationale": "Follows from the answers.",
            }
        )
        for criterion in ("clear-method", "sample-described"):
            base.tables["appraisal_answers"].append(
                {
                    "appraisal_id": f"appraisal-{name}",
                    "criterion_id": criterion,
                    "answer": "yes",
                    "note": "As read.",
                }
            )
    return base
