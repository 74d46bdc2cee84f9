"""How long a newcomer waits: the first and the second start of `manage.py demo`, to the line that says it serves.

    python tests/benchmarks/bench_start.py

Budgets on two cores: first start on an empty folder under 15 s, second under 5 s.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path


ROOT = Path(__file__).resolve().parents[2]
BUDGETS = {"first start": 15.0, "second start": 5.0}


def seconds_to_serving(folder: str) -> float:
    """Start the demo on `folder`, wait for its address, stop it."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--no-browser", "--port", "0", "--data-dir", folder],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        for line in process.stdout:
            if line.startswith("Serving on"):
                return time.perf_counter() - began
        raise SystemExit("The demo ended without serving.")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def main() -> int:
    over = 0
    with tempfile.TemporaryDirectory(prefix="evidence-bench-") as folder:
        for name, budget in BUDGETS.items():
            taken = seconds_to_serving(folder)
            over += taken > budget
            print(f"{name}: {taken:.1f} s (budget {budget:.0f} s){' OVER' if taken > budget else ''}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
