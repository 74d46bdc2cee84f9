"""Whether an instrument does what it says: every rating can be reached, every critical question can cap it.

For instruments that are about to be saved. `instruments.problems` has found them well formed before.
"""

from __future__ import annotations

from collections.abc import Iterator

from studies.appraisal.parts import Instrument, Requirement


MOST_WORK = 10_000
"""How many combinations of counts are followed for one step. Instruments of the field need a few hundred; where more
were needed the question stays open, and nothing is refused that may be right."""


def weaknesses(instrument: Instrument) -> Iterator[str]:
    """One sentence for each way in which the instrument cannot do what it says."""
    if len(instrument.ratings) < 2:
        yield "The instrument has only one rating, so there is nothing to judge."
    for item in instrument.criteria.values():
        if len(item.answers) < 2:
            yield f"Criterion “{item.criterion_id}” offers only one answer, so there is nothing to judge."
    yield from _without_cap(instrument)
    yield from _never_reached(instrument)


def _without_cap(instrument: Instrument) -> Iterator[str]:
    best = instrument.ratings[0].value
    capped: set[str] = set()
    for step in instrument.rule.steps:
        if step.then != best:
            capped |= {item.criterion_id for item in instrument.criteria_of(step.when)}
    for item in instrument.criteria.values():
        if item.critical and item.criterion_id not in capped:
            yield (
                f"Criterion “{item.criterion_id}” is critical, but no step that gives less than “{best}” asks about"
                " it, so it could not cap the rating."
            )


def _never_reached(instrument: Instrument) -> Iterator[str]:
    rule = instrument.rule
    needed = [instrument.requirement(step.when) for step in rule.steps]
    given: set[str] = set()
    found = False
    for place, step in enumerate(rule.steps):
        if can_decide(instrument, needed[:place], needed[place]):
            given.add(step.then)
        else:
            found = True
            yield (
                f"Step “{step.step_id}” can never apply: whatever the answers, a step before it has decided already"
                " or it does not fit."
            )
    if can_decide(instrument, needed, None):
        given.add(rule.otherwise)
    else:
        found = True
        yield "“otherwise” can never apply: whatever the answers, one of the steps fits."
    for level in instrument.ratings:
        # Where a step cannot apply, its rating is missing for that reason, which is said.
        if level.value not in given and not found:
            yield f"The rating “{level.value}” is never given: no answers lead to it."


def can_decide(instrument: Instrument, before: list[Requirement], this: Requirement | None) -> bool:
    """Whether some answers meet none of the requirements `before` and do meet `this` (None: nothing more is asked).

    The questions are gone through one by one, keeping every combination of counts that answers so far can lead to:
    how many fit each requirement, as far as that matters. True as well where that becomes too much to follow.
    """
    limits = [one.n - 1 for one in before]
    wanted = this.n if this is not None else 0
    states, work = {(0, (0,) * len(before))}, 0
    for key, item in instrument.criteria.items():
        choices = {
            (
                int(this is not None and value in this.accepted.get(key, ())),
                tuple(int(value in one.accepted.get(key, ())) for one in before),
            )
            for value in item.values
        }
        work += len(states) * len(choices)
        if work > MOST_WORK:
            return True
        states = {
            (min(wanted, met + more), counts)
            for met, so_far in states
            for more, added in choices
            for counts in [tuple(a + b for a, b in zip(so_far, added, strict=True))]
            if all(count <= limit for count, limit in zip(counts, limits, strict=True))
        }
    return any(met >= wanted for met, _ in states)
