"""Many references: a long file is a stream, and matching stays feasible. Time and memory: tests/benchmarks."""

import pytest

from studies.loading.match import find_matches
from studies.loading.records import Record


@pytest.mark.slow
def test_matching_grows_with_the_number_of_records_and_not_its_square():
    def record(number, **more):
        words = [f"w{(number * step) % 4_999}" for step in (3, 7, 11, 13, 17, 19, 23)]
        return Record(
            number=number,
            line=1,
            title=" ".join(words),
            authors=(f"Name{number % 2_003}, A.",),
            year=1990 + number % 30,
            **more,
        )

    existing = [record(number) for number in range(20_000)]

    matches = find_matches((record(number, language="en") for number in range(0, 20_000, 2)), existing)

    assert [(match.existing, match.kind) for match in matches] == [
        (number, "same") for number in range(0, 20_000, 2)
    ]
