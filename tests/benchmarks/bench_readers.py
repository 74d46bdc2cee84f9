"""Time and memory of reading 100,000 references as a stream, in a process of its own.

    python tests/benchmarks/bench_readers.py

Budgets on two cores: 40 s of processor time, 600 MB. The peak is read from the process's own status, since the
operating system's peak for a child counts what its parent held before it.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path


ROOT = Path(__file__).resolve().parents[2]
RECORDS = 100_000
MOST_SECONDS = 40
MOST_MEGABYTES = 600
MEASURE = """
import json, sys, time
from pathlib import Path
from studies.loading.readers import read

started = time.process_time()
result = read(Path(sys.argv[1]))
count = sum(1 for _ in result.records)
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(json.dumps({
    "records": count,
    "issues": len(result.issues),
    "seconds": time.process_time() - started,
    "megabytes": int(status["VmHWM"].split()[0]) / 1024,
}))
"""


def write_ris(path: Path, count: int) -> None:
    """A file of references of common length: five authors, an abstract, eight keywords."""
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


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="evidence-bench-") as folder:
        path = Path(folder) / "large.ris"
        write_ris(path, RECORDS)
        command = [sys.executable, "-c", MEASURE, str(path)]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        size = path.stat().st_size / 2**20
    measured = json.loads(run.stdout)
    print(
        f"{measured['records']:,} records of {size:.0f} MB: {measured['seconds']:.1f} s of processor time "
        f"(budget {MOST_SECONDS}), {measured['megabytes']:.0f} MB (budget {MOST_MEGABYTES})"
    )
    complete = measured["records"] == RECORDS and not measured["issues"]
    return (
        0 if complete and measured["seconds"] < MOST_SECONDS and measured["megabytes"] < MOST_MEGABYTES else 1
    )


if __name__ == "__main__":
    sys.exit(main())
