"""Keep a value for as long as the data stay the same.

The number of audit events is the version of the store, so a value kept under it can never be stale; one query asks
for it, once a request.
"""

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import TypeVar

from django.db import connection

from studies.models import data_version


T = TypeVar("T")

_kept: dict[tuple[str, str], tuple[int, object]] = {}
_lock = Lock()


def kept_for_version(make: Callable[[], T]) -> Callable[[int | None], T]:
    """Keep what `make` returns until the data version changes; one value a process.

    The made function takes the version where the caller knows it already, and asks for it otherwise.
    """

    @wraps(make)
    def get(version: int | None = None) -> T:
        version = data_version() if version is None else version
        # The name of the database is part of the key: a test's store is not the site's.
        key = (f"{make.__module__}.{make.__qualname__}", str(connection.settings_dict["NAME"]))
        with _lock:
            held = _kept.get(key)
        if held is not None and held[0] == version:
            return held[1]
        value = make()
        with _lock:
            _kept[key] = (version, value)
        return value

    return get


MOST_ANSWERS = 300
"""Answers a process keeps: about the number of measures, some 100 kB each."""

_answers: OrderedDict[tuple[str, int, str], object] = OrderedDict()


def answer_for_version(version: int, question: str, make: Callable[[], T]) -> T:
    """What `make` returns, kept for this question and data version; the least recently asked is dropped first."""
    key = (str(connection.settings_dict["NAME"]), version, question)
    with _lock:
        if key in _answers:
            _answers.move_to_end(key)
            return _answers[key]
    value = make()
    with _lock:
        _answers[key] = value
        while len(_answers) > MOST_ANSWERS:
            _answers.popitem(last=False)
    return value


def forget_answers() -> None:
    """Drop the kept answers, not the indexes. For measuring what an answer costs."""
    with _lock:
        _answers.clear()


def forget() -> None:
    """Drop everything kept. For tests that undo their changes, which brings an old version back with other data."""
    with _lock:
        _kept.clear()
        _answers.clear()
