"""Checks what must hold for all rows; exit code 1 when something does not."""

import argparse
import json
import sys
from typing import Any

from django.core.management import BaseCommand

from innovation_voucher.casework import invariants


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one object: name of the check, broken rows")

    def handle(self, *args: Any, **options: Any) -> None:
        broken = invariants.broken()
        if options["json"]:
            self.stdout.write(json.dumps(broken, ensure_ascii=False, indent=2))
        else:
            self._print(broken)
        if broken:
            sys.exit(1)

    def _print(self, broken: dict[str, list[str]]) -> None:
        for name in invariants.names():
            lines = broken.get(name, [])
            self.stdout.write(f"{name}: {f'{len(lines)} broken' if lines else 'ok'}")
            for line in lines:
                self.stdout.write(f"  {line}")
