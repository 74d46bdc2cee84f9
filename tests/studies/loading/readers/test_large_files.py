"""A hundred thousand references within a minute and 600 MB, measured in a process of its own."""

import json
import subprocess
import sys

import pytest

from studies.loading.match import find_matches
from studies.loading.records import Record


MEASURE = """
import json, resource, sys, time
from pathlib import Path
from studies.loading.readers import read

started = time.process_time()
result = read(Path(sys.argv[1]))
count = sum(1 for _ in result.records)
print(json.dumps({
    "records": count,
    "issues": len(result.issues),
    "seconds": time.process_time() - started,
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}))
"""


def write_ris(path, count):
    abstract = "Recorded harm and the response of services to reports that were made in the area. " * 14
    with path.open("w", encoding="utf-8", newline="") as file:
        for number in range(count):
            authors = "".join(f"AU  - Name{(number + i) % 997}, É.\r\n" for i in range(5))
            keywords = "".join(f"KW  - keyword {i}\r\n" for i in range(8))
            file.write(
                f"TY  - JOUR\r\nTI  - A study of recorded harm, number {number}\r\n{authors}PY  - 2019\r\n"
                f"JF  - Journal of Examples\r\nAB  - {abstract}\r\nDO  - 10.1234/example.{number}\r\n{keywords}"
                f"SN  - 2041-1723\r\nVL  - 5\r\nSP  - 11\r\nEP  - 20\r\nUR  - https://example.org/{number}\r\nER  - \r\n\r\n"
            )


@pytest.mark.slow
def test_a_hundred_thousand_records_are_read_in_time_and_memory(tmp_path):
    path = tmp_path / "large.ris"
    write_ris(path, 100_000)

    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True
    )

    measured = json.loads(run.stdout)
    assert (measured["records"], measured["issues"]) == (100_000, 0)
    assert measured["seconds"] < 40
    assert measured["megabytes"] < 600


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
