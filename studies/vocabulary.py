"""Controlled vocabularies of the store. No tables and no ORM: pure code may import this module.

The words are those of the evidence-base dictionary (`fixtures/evidence-base/README.md`). Labels are what
readers see; the `description` of a member, where there is one, is its explanation.
"""

from django.db.models import TextChoices


class Theme(TextChoices):
    PREVALENCE = "prevalence-and-scale", "Prevalence and scale"
    OFFENDERS = "offender-characteristics", "Offender characteristics"
    MOTIVATIONS = "motivations-and-enablers", "Motivations and enablers"
    NETWORKS = "offender-networks", "Offender networks"
    BEHAVIOUR = "offending-behaviour", "Offending behaviour"
    VICTIMS = "victim-characteristics", "Victim characteristics"
    CONTEXT = "context", "Context"
    RESPONSE = "response-and-data-quality", "Response and data quality"


class SourceType(TextChoices):
    ACADEMIC = "academic_study", "Academic study"
    OFFICIAL = "official_statistics", "Official statistics"
    GREY = "grey_literature", "Grey literature"
    INQUIRY = "independent_inquiry", "Independent inquiry"
    INTERVIEWS = "qualitative_interviews", "Qualitative interviews"
    POLICY = "policy_paper", "Policy paper"


class Accreditation(TextChoices):
    YES = "yes", "Accredited official statistics"
    NO = "no", "Not accredited"
    UNKNOWN = "unknown", "Not known"
    NOT_APPLICABLE = "not_applicable", "Not applicable"


class BibliographicCheck(TextChoices):
    SEEN = "seen", "The document was read, in whole or in part"
    QUOTED = "quoted_by_others", "The document was not read: it is quoted by others"


class Quantity(TextChoices):
    COMPOSITION = "composition", "Parts of a whole"
    PROPORTION = "proportion", "Share of a whole"
    COUNT = "count", "Count"
    RATE = "rate", "Change in per cent"
    MEAN = "mean", "Typical value"
    RANGE = "range", "Lowest and highest value"
    ESTIMATE = "estimate", "Modelled or judged value"


class UnitOfAnalysis(TextChoices):
    OFFENDER = "offender", "Offenders"
    SUSPECT = "suspect", "Suspects"
    GROUP = "group", "Groups"
    VICTIM = "victim", "Victims"
    OFFENCE = "offence", "Offences"
    CASE = "case", "Cases"
    RESPONDENT = "survey_respondent", "Survey respondents"
    AREA = "local_area", "Local areas"
    POPULATION = "population", "Population"
    STUDY = "study", "Studies"


class Statistic(TextChoices):
    COUNT = "count", "Count"
    PERCENTAGE = "percentage", "Percentage"
    CHANGE = "percentage_change", "Percentage change"
    ESTIMATE = "estimate", "Estimate"
    MEAN = "mean", "Mean"
    MEDIAN = "median", "Median"
    MINIMUM = "minimum", "Minimum"
    MAXIMUM = "maximum", "Maximum"


class Precision(TextChoices):
    EXACT = "exact", "Exact"
    ROUNDED = "rounded", "Rounded by the publisher"
    APPROXIMATE = "approximate", "Approximate, given in words"
    LOWER_BOUND = "lower_bound", "Lower bound: at least this"
    UPPER_BOUND = "upper_bound", "Upper bound: at most this"
    DERIVED = "derived", "Worked out from printed numbers"


class PeriodType(TextChoices):
    CALENDAR_YEAR = "calendar_year", "Calendar year"
    FINANCIAL_YEAR = "financial_year", "Financial year"
    YEAR_TO_MARCH = "year_to_march", "Year to March"
    SNAPSHOT = "snapshot", "A date or a month"
    MULTI_YEAR = "multi_year", "Several years"
    UNKNOWN = "unknown", "Not a whole year, or not stated"


class Verification(TextChoices):
    PRIMARY = "primary", "Read in the source's own text"
    SECONDARY = "secondary", "Read in another text; not checked against the original"


class Rating(TextChoices):
    STRONG = "strong", "Strong"
    MODERATE = "moderate", "Moderate"
    WEAK = "weak", "Weak"
    UNCLEAR = "unclear", "Unclear"


NOT_RATED = "not_rated"
"""What a reader filters by, and sees, where a source has no rating. Never stored."""

NOT_DESCRIBED = "not_described"
"""What a reader filters by, and sees, where only the bibliographic record of a source is held. Never stored."""

SOURCE_TYPE_CHOICES = [*SourceType.choices, (NOT_DESCRIBED, "Not yet described")]

NOT_KNOWN = "not_known"
"""What a reader filters by where nobody has said whether a source was peer reviewed. Never stored."""

QUALITY_CHOICES = [*Rating.choices, (NOT_RATED, "Not rated")]


class AppraisalStatus(TextChoices):
    PROVISIONAL = "provisional", "Provisional editorial draft"
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    FINAL = "final", "Final"
    SUPERSEDED = "superseded", "Superseded"
    WITHDRAWN = "withdrawn", "Withdrawn"


class RoundStatus(TextChoices):
    OPEN = "open", "Being appraised"
    RECONCILING = "reconciling", "To be reconciled"
    DECIDED = "decided", "Decided"
    CANCELLED = "cancelled", "Cancelled"


class Certainty(TextChoices):
    HIGH = "high", "High"
    MODERATE = "moderate", "Moderate"
    LOW = "low", "Low"
    VERY_LOW = "very_low", "Very low"


class ConclusionStatus(TextChoices):
    PROVISIONAL = "provisional", "Provisional editorial draft"
    FINAL = "final", "Agreed"


class Direction(TextChoices):
    SUPPORTS = "supports", "Supports"
    CONTRADICTS = "contradicts", "Contradicts"
    MIXED = "mixed", "Mixed"
    CONTEXT = "context", "Context"


class Audience(TextChoices):
    NATIONAL = "national_policy", "National policy"
    LOCAL = "local_partners", "Local partners"


class AreaLevel(TextChoices):
    COUNTRY = "country", "Country"
    REGION = "region", "Region"
    AUTHORITY = "local_authority", "Local authority"
    FORCE = "police_force", "Police force"


class Suppression(TextChoices):
    WITHHELD = "c", "Withheld"
    NOT_AVAILABLE = "x", "Not available"
    UNRELIABLE = "u", "Unreliable"
    NOT_APPLICABLE = "z", "Not applicable"
    LOW = "low", "Rounds to nought but is not nought"
    SUPPRESSED = "k", "Suppressed small number"


class LoadStatus(TextChoices):
    WAITING = "waiting", "Waiting to be read"
    UNUSABLE = "unusable", "Cannot be used"
    STAGED = "staged", "Staged"
    COMMITTED = "committed", "Committed"
    REVERTED = "reverted", "Reverted"
    DISCARDED = "discarded", "Discarded"


class TaskKind(TextChoices):
    STAGE = "stage", "Reading"
    COMMIT = "commit", "Committing"
    REVERT = "revert", "Reverting"


class TaskEnding(TextChoices):
    DONE = "done", "Done"
    REFUSED = "refused", "Refused"
    CANCELLED = "cancelled", "Cancelled"
    FAILED = "failed", "Failed"


class Outcome(TextChoices):
    NEW = "new", "New"
    CHANGED = "changed", "Changed"
    UNCHANGED = "unchanged", "Unchanged"
    MERGED = "merged", "Merged"
    REJECTED = "rejected", "Rejected"


class LoadKind(TextChoices):
    EVIDENCE = "evidence", "Tables of the evidence base"
    REFERENCES = "references", "References"
    RELEASE = "release", "Release of official statistics"


class ReleaseTarget(TextChoices):
    FIGURES = "local/figures", "Figures of areas"
    FINDINGS = "findings", "National findings"


class DuplicateStatus(TextChoices):
    OPEN = "open", "To be looked at"
    MERGED = "merged", "One publication"
    APART = "apart", "Two publications"


class Relation(TextChoices):
    OTHER_BASE = "other_base", "The same records on another base"
    RIVAL = "rival_version", "A rival version of the same statistic"
    NEVER_JOINED = "never_joined", "A similar statistic that may not be joined to this one"
    OTHER_SCOPE = "other_scope", "The same subject in another population"
    COMPANION = "companion", "Belongs with this measure"
