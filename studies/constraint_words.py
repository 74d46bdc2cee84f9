"""What it means, for a person, that a rule of the database is broken.

The constraints themselves stand with the models. They keep Django's default message, so that a better wording
here never needs a migration.
"""

import re
from collections.abc import Iterable


WORDS: dict[str, tuple[str, str]] = {
    "source_year_plausible": ("year", "Give a year between 1800 and 2100, or leave it blank."),
    "source_accredited_is_official": (
        "accredited_official_statistics",
        "Only official statistics can be accredited; change this or the type of source.",
    ),
    "source_described_wholly": (
        "bibliographic_check",
        "A described source has publisher, kind, method, area, summary, limitations and peer review.",
    ),
    "source_url_is_web_address": ("url", "Begin the address with http:// or https://, or leave it blank."),
    "source_data_period_start_not_after_end": ("data_period_end", "The period ends before it starts."),
    "overlap_joins_two_sources": ("source_b", "Choose two different sources."),
    "overlap_once": ("source_b", "This pair is there already; a pair stands for both directions."),
    "category_one_unknown": ("is_unknown", "The measure has an unknown category already; one is right."),
    "category_key_names_measure": ("", "The key of a category is its measure and its identifier."),
    "measure_relation_joins_two": ("measure_b", "Choose two different measures."),
    "measure_relation_once": ("measure_b", "This pair is there already; a pair stands for both directions."),
    "series_break_once": ("starts_on", "This measure and category have a break on that day already."),
    "comparability_one_standing": (
        "measure",
        "A statement for this measure and category stands already; withdraw it first.",
    ),
    "comparability_withdrawn_paired": (
        "withdrawn_by",
        "Give both the day of withdrawal and who withdrew it, or neither.",
    ),
    "finding_breakdown_paired": (
        "breakdown_id",
        "Give both the breakdown and whether it is complete, or neither.",
    ),
    "finding_numerator_within_base": ("numerator", "The numerator lies between nought and the denominator."),
    "finding_numerator_has_base": ("numerator", "Give the denominator as well, or leave both blank."),
    "finding_base_positive": ("denominator", "The denominator is above nought; leave it blank if unknown."),
    "finding_value_not_negative": ("value", "Only a percentage change can be negative."),
    "finding_percentage_at_most_100": ("value", "A percentage is at most 100."),
    "finding_count_repeats_numerator": (
        "numerator",
        "For a count with a base the numerator repeats the value.",
    ),
    "finding_share_agrees_with_counts": (
        "value",
        "The percentage does not agree with its numerator and denominator.",
    ),
    "finding_lower_limit_below_value": ("lower_ci", "The lower limit is above the value."),
    "finding_upper_limit_above_value": ("upper_ci", "The upper limit is below the value."),
    "finding_period_paired": (
        "period_end",
        "Give both ends of the period, or neither; without dates the period type is unknown.",
    ),
    "finding_period_start_not_after_end": ("period_end", "The period ends before it starts."),
    "finding_said_once": (
        "",
        "Another finding says the same: same source, measure, category, scope, statistic, period and place.",
    ),
    "support_once": ("", "This finding or source is there already for this conclusion."),
    "appraisal_one_final": ("status", "The source has a final appraisal already."),
    "appraisal_one_provisional": ("status", "The source has a provisional appraisal already."),
    "appraisal_speaking_is_rated": (
        "overall_rating",
        "An appraisal that speaks for its source needs a rating and a rationale.",
    ),
    "appraisal_once_a_person": ("appraiser", "This person appraises in this round already."),
    "appraisal_work_belongs_to_a_round": ("round", "A draft belongs to a round and to its appraiser."),
    "appraisal_of_one_person_never_speaks": (
        "status",
        "One appraiser's work does not speak for a source; the round's result does.",
    ),
    "appraisal_submitted_is_rated": ("overall_rating", "What is submitted has a rating and a time."),
    "appraisal_override_has_reason": (
        "override_reason",
        "Give both a rating and the reason for it, or neither.",
    ),
    "appraisal_round_one_to_five_places": ("places", "A rating needs one to five appraisers."),
    "appraisal_round_one_under_way": ("source", "A round for this source is under way already."),
    "appraisal_round_ended_paired": ("ended_at", "A round has ended where it says when and by whom."),
    "finding_rating_one_standing": (
        "finding",
        "This figure has a rating of its own already; withdraw it first.",
    ),
    "finding_rating_withdrawn_paired": (
        "withdrawn_by",
        "Give both when and by whom it was withdrawn, or neither.",
    ),
    "area_figure_once": ("", "This area has a figure of this measure and year already."),
    "area_figure_value_or_symbol": ("value", "Give a value, or the symbol that says why there is none."),
    "area_figure_not_negative": ("value", "A count is nought or more."),
    "area_figure_base_not_negative": (
        "denominator",
        "A base is nought or more; leave it blank if there is none.",
    ),
    "area_figure_within_base": ("value", "The value is above its denominator."),
    "area_neighbour_rank_once": ("rank", "The area has a neighbour of this rank already."),
    "area_neighbour_once": ("neighbour", "This area is a neighbour already, at another rank."),
    "area_neighbour_is_other": ("neighbour", "An area is not its own neighbour."),
    "area_neighbour_rank_from_one": ("rank", "The nearest neighbour has rank 1."),
    "load_closed_paired": ("closed_by", "Give both when and by whom, or neither."),
    "load_in_hand_once": ("sha256", "The same file waits or is staged already."),
    "load_size_not_negative": ("size", "A size is nought bytes or more."),
    "load_task_ended_paired": ("ending", "Give both when it ended and how, or neither."),
    "load_task_cancelled_paired": (
        "cancelled_by",
        "Give both when it was cancelled and by whom, or neither.",
    ),
    "load_task_one_at_a_time": ("load", "Something is being done with this load already."),
    "load_part_once": ("number", "This part of the file is there already."),
    "release_mapping_version_from_one": ("version", "Versions are counted from 1."),
    "release_mapping_version_once": ("version", "This version of the mapping is there already."),
    "release_mapping_one_standing": ("name", "A version of this mapping stands already; retire it first."),
    "release_mapping_retired_paired": (
        "retired_by",
        "Give both when it was retired and by whom, or neither.",
    ),
    "merge_undone_paired": ("undone_by", "Give both when it was undone and by whom, or neither."),
    "possible_duplicate_joins_two": ("other", "Choose two different sources."),
    "possible_duplicate_once": ("other", "This pair is there already; a pair stands for both directions."),
    "load_row_line_from_one": ("line", "Lines are counted from 1."),
    "instrument_version_once": ("version", "This version of the instrument is there already."),
    "domain_once": ("domain_id", "The instrument has a domain of this name already."),
    "criterion_once": ("criterion_id", "The domain has a criterion of this name already."),
    "judgement_once": ("criterion", "The criterion has an answer already."),
    "saved_view_name_once": ("name", "The owner has a view of this name already."),
}

KINDS: tuple[tuple[str, str], ...] = (
    ("_is_identifier", "Use lower-case words and digits joined by single hyphens."),
    ("_not_blank", "Write something here."),
    ("_known", "Choose one of the words of the vocabulary."),
    ("_category_of_measure", "This category belongs to another measure."),
)
"""Rules that many models share, by the ending of the constraint's name."""


def words_for(constraint: str, fields: Iterable[str]) -> tuple[str, str] | None:
    """The field to blame ("" for the record as a whole) and the sentence, for a constraint of a model's `fields`."""
    if constraint in WORDS:
        return WORDS[constraint]
    for ending, sentence in KINDS:
        if constraint.endswith(ending):
            blamed = [name for name in fields if constraint.endswith(f"_{name}{ending}")]
            return max(blamed, key=len, default="category"), sentence
    return None


def named_in(message: str) -> str:
    """The constraint that Django's default message names; "" where it names none."""
    found = re.search(r"“(\w+)”", message)
    return found.group(1) if found else ""
