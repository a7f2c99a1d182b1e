"""Imports the enterprise registry from a CSV or XLSX file, row by row."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from accounts.services.registry import COLUMNS, import_records
from innovation_voucher.lib.spreadsheets import read_rows


class Command(BaseCommand):
    help = f"{__doc__} Heads: {'、'.join(COLUMNS)}."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="工商登记库", help="named on the page that offers the data")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                rows = read_rows(file, path.name)
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        done, problems = import_records(rows, source=options["source"])
        for problem in problems:
            self.stderr.write(problem)
        self.stdout.write(f"{done} records imported, {len(problems)} left out")
