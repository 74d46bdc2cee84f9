"""Time and memory of staging 100,000 references: read, compared with each other and the store, kept, accounted for.

    python tests/benchmarks/bench_loading.py

Works in a database of its own, in a temporary folder, or in an empty one that DATABASE_URL names. Budgets on two
cores: 90 s, 600 MB for the process that stages. Said beside it: what Python needs only to go through the lines of
the same file, measured in the same process, as a measure of the machine.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench_readers import ROOT, write_ris


RECORDS = 100_000
MOST_SECONDS = 90
MOST_MEGABYTES = 600
MEASURE = """
import json, os, sys, time
from pathlib import Path

import django
django.setup()
from django.contrib.auth import get_user_model
from django.core.management import call_command
from studies.actions import staged

call_command("migrate", verbosity=0)
loader, _ = get_user_model().objects.get_or_create(username="benchmark", is_superuser=True)
path = Path(sys.argv[1])

started = time.perf_counter()
lines = 0
with path.open(encoding="utf-8") as opened:
    for line in opened:
        lines += 1
plain = time.perf_counter() - started

started, used = time.perf_counter(), time.process_time()
load = staged.stage(file=path, name=path.name, by=loader)
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(json.dumps({
    "counts": load.counts,
    "plain": plain,
    "seconds": time.perf_counter() - started,
    "processor": time.process_time() - used,
    "megabytes": int(status["VmHWM"].split()[0]) / 1024,
}))
"""


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="evidence-bench-") as folder:
        path = Path(folder) / "large.ris"
        write_ris(path, RECORDS)
        settings = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "evidence.settings",
            "EVIDENCE_DATA_DIR": str(Path(folder) / "data"),
        }
        command = [sys.executable, "-c", MEASURE, str(path)]
        run = subprocess.run(command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, text=True, check=True)
        size = path.stat().st_size / 2**20
    measured = json.loads(run.stdout.splitlines()[-1])
    print(
        f"{sum(measured['counts'].values()):,} records of {size:.0f} MB staged in {measured['seconds']:.1f} s "
        f"(budget {MOST_SECONDS}; {measured['processor']:.1f} s of processor time; only going through the lines "
        f"takes {measured['plain']:.1f} s), {measured['megabytes']:.0f} MB (budget {MOST_MEGABYTES})"
    )
    complete = measured["counts"]["new"] == RECORDS
    kept = measured["seconds"] < MOST_SECONDS and measured["megabytes"] < MOST_MEGABYTES
    return 0 if complete and kept else 1


if __name__ == "__main__":
    sys.exit(main())
