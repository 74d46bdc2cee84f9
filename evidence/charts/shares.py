"""The interval of one share, and the words for it."""

from dataclasses import dataclass

from evidence.charts import words
from evidence.charts.figures import ChartFinding
from evidence.charts.grouping import share_of


METHOD = (
    "Lines are 95% Wilson intervals worked out here from the printed counts; the sources print none. "
    "They show chance only, not how cases came to be recorded or chosen"
)


@dataclass(frozen=True, slots=True)
class Share:
    """A share on the scale 0 to 100 with its limits, or with the reason why it has none.

    `total` is the base, which decides how finely the limits are given.
    """

    value: float
    low: float | None
    high: float | None
    reason: str
    total: float | None = None

    @property
    def limits(self) -> str:
        """`17% to 22%`, or why there is no interval."""
        if self.low is None or self.high is None:
            return f"no interval: {self.reason}"
        return f"{words.percent(self.low, self.total)} to {words.percent(self.high, self.total)}"


def share_with_interval(finding: ChartFinding) -> Share | None:
    """The finding as a share with its Wilson interval, None where it is not a share.

    No interval is given for a bound or a figure in words (it is not the result of a count), nor
    where the source does not print both counts: a numerator is never rebuilt from a rounded
    percentage (METHODS W6).
    """
    value = share_of(finding)
    if value is None:
        return None
    if finding.precision in ("lower_bound", "upper_bound", "approximate"):
        return Share(value, None, None, "the figure is not an exact count")
    if not finding.denominator:
        return Share(value, None, None, "base not stated")
    if finding.numerator is None:
        return Share(value, None, None, "count behind the share not stated")
    from evidence.synthesis import wilson  # scipy is loaded only where an interval is drawn

    low, high = wilson(finding.numerator, finding.denominator)
    return Share(value, float(low) * 100, float(high) * 100, "", finding.denominator)


def share_text(finding: ChartFinding) -> str:
    """A share as printed, or worked out from its counts; none of n is `0 of n`, never 0%.

    The finding must be a share (`share_of` gives a number).
    """
    if finding.statistic == "percentage":
        return words.bounded(finding, f"{words.printed(finding.value_text)}%")
    if finding.value == 0 and finding.denominator:
        return f"0 of {words.number(finding.denominator)}"
    return words.bounded(finding, words.percent(share_of(finding) or 0.0, finding.denominator))


def share_words(finding: ChartFinding, share: Share) -> str:
    """The share as it is read out, with its interval where it has one.

    None of n is given as `0 of n; upper limit U%` (METHODS section 7).
    """
    if share.low is None or share.high is None:
        return share_text(finding)
    if finding.numerator == 0 and share.total is not None:
        return f"0 of {words.number(share.total)}; upper limit {words.percent(share.high, share.total)}"
    return f"{share_text(finding)} ({share.limits})"
