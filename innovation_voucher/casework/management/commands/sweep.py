"""Runs sweeps once, for now or for a given moment, so that a year end can be rehearsed."""

import argparse
from datetime import datetime
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from innovation_voucher.casework import sweeps


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="one sweep; all when left out")
        parser.add_argument("--at", type=_moment, help="ISO date or moment; local time when it has no offset")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")

    def handle(self, *args: Any, **options: Any) -> None:
        known = [sweep.name for sweep in sweeps.all()]
        if options["name"] and options["name"] not in known:
            raise CommandError(f"no sweep {options['name']!r}; there are: {', '.join(known)}")
        counts = {name: self._run(name, options) for name in ([options["name"]] if options["name"] else known)}
        said = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
        if said:
            change = "would be done, nothing was changed" if options["dry_run"] else "done"
            self.stdout.write(f"{change}: {said}")

    def _run(self, name: str, options: dict[str, Any]) -> int:
        lines = sweeps.run(name, at=options["at"], dry_run=options["dry_run"])
        for line in lines:
            self.stdout.write(f"{name}: {line}")
        return len(lines)


def _moment(text: str) -> datetime:
    """Raises ValueError, which argparse turns into a usage message."""
    moment = datetime.fromisoformat(text)
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
