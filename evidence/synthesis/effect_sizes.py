"""From what a study reports to an estimate with a variance, and back to the natural scale."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from evidence.synthesis.refusals import PoolingRefused
from evidence.synthesis.rows import check_counts, check_estimates, check_exposures, named, numbers


Scale = Literal["identity", "logit", "log", "fisher_z"]
Effects = tuple[list[float], list[float]]

CONTINUITY = 0.5
"""Added to both cells of a study at 0 or at n, and to no other study: a correction for all would move every estimate."""


def logit_effects(
    events: Iterable[float], totals: Iterable[float], labels: Iterable[str] | None = None
) -> Effects:
    """Log odds of each proportion with its large-sample variance.

    Parameters
    ----------
    events, totals : sequences of int
        Counts with 0 <= events <= total, total > 0.
    labels : sequence of str, optional
        Names used in error messages.

    Returns
    -------
    (list of float, list of float)
        y and v on the logit scale.

    Raises
    ------
    PoolingRefused
        R6, naming each row that is not a valid count.

    Notes
    -----
    y = log(x / (n - x)), v = 1/x + 1/(n - x). Where x = 0 or x = n, 0.5 is added to x and to n - x of that
    study only.

    References
    ----------
    Sweeting MJ, Sutton AJ, Lambert PC (2004). Statistics in Medicine 23:1351, on why the correction is harmful
    when data are sparse.
    """
    x, n = numbers(events), numbers(totals)
    check_counts(x, n, named(labels, len(x)))
    return _logits(x, n)


def _logits(x: Sequence[float], n: Sequence[float]) -> Effects:
    y, v = [], []
    log = math.log
    for a, total in zip(x, n, strict=True):
        b = total - a
        if a == 0.0 or b == 0.0:
            a += CONTINUITY
            b += CONTINUITY
        y.append(log(a / b))
        v.append(1.0 / a + 1.0 / b)
    return y, v


def log_rate_effects(
    events: Iterable[float], times: Iterable[float], labels: Iterable[str] | None = None
) -> Effects:
    """Log of each event rate with its variance (measure IRLN).

    Parameters
    ----------
    events : sequence of int
        Events counted.
    times : sequence of float
        Exposure, for instance person-years; above zero.
    labels : sequence of str, optional
        Names used in error messages.

    Returns
    -------
    (list of float, list of float)
        y and v on the log scale.

    Raises
    ------
    PoolingRefused
        R6, naming each invalid row.

    Notes
    -----
    y = log(x / t), v = 1/x; x = 0.5 where there were no events.

    References
    ----------
    Stijnen T, Hamza TH, Özdemir P (2010). Statistics in Medicine 29:3046.
    """
    x, t = numbers(events), numbers(times)
    check_exposures(x, t, named(labels, len(x)))
    return _log_rates(x, t)


def _log_rates(x: Sequence[float], t: Sequence[float]) -> Effects:
    counted = [a or CONTINUITY for a in x]
    return [math.log(a / time) for a, time in zip(counted, t, strict=True)], [1.0 / a for a in counted]


def mean_effects(means: Iterable[float], sds: Iterable[float], ns: Iterable[float]) -> Effects:
    """Means with their sampling variance (measure MN).

    Parameters
    ----------
    means, sds, ns : sequences of float
        Mean, standard deviation above zero and number of people of each study.

    Returns
    -------
    (list of float, list of float)
        y = mean and v = sd^2 / n, in the unit of the mean and its square.

    Raises
    ------
    PoolingRefused
        R6, naming each row with a standard deviation or number that is not above zero.

    References
    ----------
    Normand ST (1999). Statistics in Medicine 18:321.
    """
    y, sd, n = numbers(means), numbers(sds), numbers(ns)
    _check_same_length(y, sd, n)
    v = [s * s / count if count > 0 else -1.0 for s, count in zip(sd, n, strict=True)]
    check_estimates(y, v, named(None, len(y)))
    return y, v


def correlation_effects(correlations: Iterable[float], ns: Iterable[float]) -> Effects:
    """Correlations on Fisher's z scale with their variance (measure ZCOR).

    Parameters
    ----------
    correlations : sequence of float
        Correlations strictly between -1 and 1.
    ns : sequence of int
        Numbers of pairs, above 3.

    Returns
    -------
    (list of float, list of float)
        y = atanh(r), v = 1 / (n - 3).

    Raises
    ------
    PoolingRefused
        R6, naming each row outside these ranges.

    References
    ----------
    Fisher RA (1921). Metron 1:3.
    """
    r, n = numbers(correlations), numbers(ns)
    _check_same_length(r, n)
    y = [math.atanh(value) if -1.0 < value < 1.0 else math.nan for value in r]
    v = [1.0 / (count - 3.0) if count > 3.0 else -1.0 for count in n]
    check_estimates(y, v, named(None, len(y)))
    return y, v


def _check_same_length(*columns: Sequence[float]) -> None:
    if len({len(column) for column in columns}) > 1:
        lengths = " and ".join(str(len(column)) for column in columns)
        raise PoolingRefused("R6", f"The columns differ in length: {lengths} values.")


def expit(y: float) -> float:
    """The share (0 to 1) whose log odds are ``y``, without overflow at either end."""
    if y >= 0.0:
        return 1.0 / (1.0 + math.exp(-y)) if y < 700.0 else 1.0
    odds = math.exp(y)
    return odds / (1.0 + odds)


def _identity(y: float) -> float:
    return y


def _exp(y: float) -> float:
    return math.exp(y) if y < 700.0 else math.inf


BACK: dict[Scale, Callable[[float], float]] = {
    "identity": _identity,
    "logit": expit,
    "log": _exp,
    "fisher_z": math.tanh,
}
"""From each analysis scale to the natural one: a value, a share, a rate, a correlation."""
