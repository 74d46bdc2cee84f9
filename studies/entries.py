"""Stored appraisals as entries of the pure rules. Only for whoever may see the answers: ask `visible_to` first."""

from collections import defaultdict
from collections.abc import Iterable

from .appraisal.entry import Entry, Given
from .models import Appraisal, Judgement


def entries_of(appraisals: Iterable[Appraisal]) -> dict[str, Entry]:
    """Appraisal → what was entered. One query, however many appraisals."""
    wanted = {one.pk: one for one in appraisals}
    given: dict[str, dict[str, Given]] = defaultdict(dict)
    for pk, criterion, answer, note, locator in Judgement.everything.filter(appraisal__in=wanted).values_list(
        "appraisal_id", "criterion__criterion_id", "answer", "note", "locator"
    ):
        given[pk][criterion] = Given(answer, note, locator)
    return {
        pk: Entry(given[pk], one.rationale, one.override_rating, one.override_reason)
        for pk, one in wanted.items()
    }


def entry_of(appraisal: Appraisal) -> Entry:
    """What was entered in one appraisal."""
    return entries_of([appraisal])[appraisal.pk]
