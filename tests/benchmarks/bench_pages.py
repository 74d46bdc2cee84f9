"""Server time of the pages on the shipped evidence: view and rendering, without the network.

    python tests/benchmarks/bench_pages.py

Needs a base with the shipped evidence (DATABASE_URL, or the embedded one after a `demo`). "fresh" drops everything
that is kept for a data version before each request except the filter words and indexes, which a process builds once.
Budget: 60 ms for the list of sources and for a measure page.
"""

import os
import statistics
import sys
import time
from pathlib import Path


ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evidence.settings")

REPEATS = 15
BUDGET_MS = 60
PAGES = (
    "/",
    "/sources/",
    "/sources/?q=ethnicity&quality=weak",
    "/sources/hydrant-2023/",
    "/findings/",
    "/measures/",
    "/measures/group-suspect-ethnicity-known-only/",
    "/measures/group-suspect-ethnicity-unknowns-in-base/",
    "/measures/assessment-episodes-with-factor/",
    "/measures/recorded-child-sexual-offences-by-code/",
    "/themes/offender-characteristics/",
)


def main() -> int:
    import django

    django.setup()
    from django.test import Client

    from evidence import versioned

    client = Client(headers={"host": "127.0.0.1"})
    over = 0
    print(f"{'page':60} {'kept':>8} {'fresh':>8}  kB")
    for page in PAGES:
        kept, fresh = [], []
        size = len(client.get(page).content)
        for _ in range(REPEATS):
            kept.append(seconds(client, page))
            versioned.forget_answers()
            fresh.append(seconds(client, page))
        ms = [1000 * statistics.median(times) for times in (kept, fresh)]
        budgeted = page == "/sources/" or page.startswith("/measures/g")
        late = budgeted and ms[1] > BUDGET_MS
        over += late
        print(f"{page:60} {ms[0]:6.1f}ms {ms[1]:6.1f}ms {size / 1000:4.0f}{'  OVER' if late else ''}")
    return 1 if over else 0


def seconds(client, page: str) -> float:
    began = time.perf_counter()
    response = client.get(page)
    assert response.status_code == 200, (page, response.status_code)
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
