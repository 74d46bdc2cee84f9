"""Load an evidence base, or one table of it, from the command line."""

import json
import sys
from pathlib import Path

from django.core.management.base import CommandParser

from studies.actions import loads, releases
from studies.loading.issues import Issue, UnusableFile
from studies.management.store_command import StoreCommand


SHOWN_ISSUES = 50


class Command(StoreCommand):
    help = (
        "Load a folder in the evidence-base layout, one CSV, XLSX or ODS with a table's columns, or a release of "
        "official statistics that a saved mapping fits. "
        "Ends with 0 when nothing was refused, 1 when something was (and nothing was saved, unless "
        "--skip-rejected), 2 when the file cannot be used at all."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check and report, save nothing")
        parser.add_argument("--json", action="store_true", help="print the report as one JSON object")
        parser.add_argument(
            "--skip-rejected", action="store_true", help="save the sound records all the same"
        )
        parser.add_argument(
            "--mapping",
            default="",
            metavar="NAME",
            help="read a release of official statistics with this saved mapping; else its columns tell which",
        )

    def handle(
        self, *args, path: Path, dry_run: bool, json: bool, skip_rejected: bool, mapping: str, **options
    ) -> None:
        try:
            base = releases.read_evidence(path, mapping)
        except UnusableFile as problem:
            self.end_progress()
            self.stderr.write(str(problem))
            sys.exit(2)
        report = loads.load_evidence(
            base=base,
            by="command line",
            dry_run=dry_run,
            skip_rejected=skip_rejected,
            progress=self.progress(),
        )
        self.saved = report.committed
        self.end_progress()
        if json:
            self.stdout.write(as_json(report))
        else:
            self.print_report(report, dry_run)
        if report.counts["rejected"]:
            sys.exit(1)

    def print_report(self, report: loads.LoadReport, dry_run: bool) -> None:
        """The report for a person: what became of the records, table by table, then what is wrong."""
        for table, counts in report.tables.items():
            said = ", ".join(f"{number:,} {outcome}" for outcome, number in counts.items())
            self.stdout.write(f"{table}: {said}")
        for issue in report.issues[:SHOWN_ISSUES]:
            self.stderr.write(str(Issue(**issue)))
        if len(report.issues) > SHOWN_ISSUES:
            self.stderr.write(f"… and {len(report.issues) - SHOWN_ISSUES:,} more; --json lists them all")
        total = ", ".join(f"{report.counts[o]:,} {o}" for o in ("new", "changed", "unchanged", "rejected"))
        end = self.outcome_in_words(report, dry_run=dry_run)
        self.stdout.write(f"{report.records:,} record{'s' * (report.records != 1)}: {total}; {end}.")


def as_json(report: loads.LoadReport) -> str:
    """One JSON object, as the contract of the command says."""
    return json.dumps(report.as_dict(), ensure_ascii=False, allow_nan=False)
