"""Brings the tree of regions to what the committed file says; loading again changes nothing."""

from typing import Any

from django.core.management import BaseCommand
from django.db import transaction

from innovation_voucher.casework import seeds


class Command(BaseCommand):
    help = __doc__

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        loaded = seeds.load_regions()
        self.stdout.write(f"{loaded.added} added, {loaded.changed} changed")
