"""Seals the audit rows that have no number yet, now instead of at the next sweep."""

from typing import Any

from django.core.management import BaseCommand

from innovation_voucher.casework import sweeps


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        for line in sweeps.run("audit.seal"):
            self.stdout.write(line)
