"""Load a file of references from the command line."""

import sys
from pathlib import Path

from django.core.management.base import CommandParser

from studies.actions.references import load_references
from studies.loading.issues import Issue, UnusableFile
from studies.loading.readers import READERS
from studies.management.store_command import StoreCommand
from studies.vocabulary import Outcome

from .load_evidence import SHOWN_ISSUES, as_json


class Command(StoreCommand):
    help = (
        "Load references: RIS, BibTeX, PubMed, EndNote, Web of Science, EPPI-Reviewer, CSL-JSON, or a CSV, XLSX "
        "or ODS with usual headings. The content decides what a file is. Ends with 0 when nothing was refused, "
        "1 when something was (and nothing was saved, unless --skip-rejected), 2 when the file cannot be used."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", default="auto", choices=["auto", *READERS])
        parser.add_argument("--dry-run", action="store_true", help="check and report, save nothing")
        parser.add_argument("--json", action="store_true", help="print the report as one JSON object")
        parser.add_argument(
            "--skip-rejected", action="store_true", help="save the sound records all the same"
        )

    def handle(self, *args, file: Path, dry_run: bool, json: bool, skip_rejected: bool, **options) -> None:
        try:
            if not file.is_file():
                raise UnusableFile(f"There is no file {file}.")
            report = load_references(
                file=file,
                by="command line",
                file_format=options["format"],
                dry_run=dry_run,
                skip_rejected=skip_rejected,
                progress=self.progress(),
            )
            self.saved = report.committed
            self.end_progress()
        except UnusableFile as problem:
            self.end_progress()
            self.stderr.write(str(problem))
            sys.exit(2)
        if json:
            self.stdout.write(as_json(report))
        else:
            for issue in report.issues[:SHOWN_ISSUES]:
                self.stderr.write(str(Issue(**issue)))
            if len(report.issues) > SHOWN_ISSUES:
                more = len(report.issues) - SHOWN_ISSUES
                self.stderr.write(f"… and {more:,} more; --json lists them all")
            total = ", ".join(f"{report.counts[outcome]:,} {outcome}" for outcome in Outcome)
            end = self.outcome_in_words(report, dry_run=dry_run)
            self.stdout.write(f"{report.records:,} record{'s' * (report.records != 1)}: {total}; {end}.")
        if report.counts[Outcome.REJECTED]:
            sys.exit(1)
