"""The path of the region that every row of the catalogue carries follows the tree of regions."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from innovation_voucher.casework.sweeps import Sweep

from .models import Carrier, Instrument, Service


def _astray() -> Iterator[tuple[QuerySet[Any], Subquery]]:
    """Rows with another path than their region, or their carrier, has, and the right one; carriers come first."""
    yield (
        Carrier.objects.exclude(region_path=F("region__path")),
        Subquery(Carrier.objects.filter(pk=OuterRef("pk")).values("region__path")[:1]),
    )
    for model in (Service, Instrument):
        own = Carrier.objects.filter(pk=OuterRef("carrier")).values("region_path")
        yield model.objects.exclude(region_path=F("carrier__region_path")), Subquery(own[:1])


def follow_regions(_now: datetime, dry_run: bool) -> list[str]:
    """Put the paths right after a region got another parent; a line per kind of rows."""
    lines = []
    for rows, path in _astray():
        wrong = rows.model._default_manager.filter(pk__in=rows.values("pk"))
        count = wrong.count() if dry_run else wrong.update(region_path=path)
        if count:
            lines.append(f"follow the regions: {count} {rows.model._meta.model_name}")
    return lines


def paths_follow() -> Iterator[str]:
    """A carrier has the path of its region, an offer that of its carrier (put right within the hour)."""
    for rows, _path in _astray():
        numbers = rows.values_list("number", flat=True)
        yield from (f"{rows.model._meta.model_name} {number}: path of another region" for number in numbers)


SWEEPS = (Sweep("catalogue.places", 3600, follow_regions, position=60),)
CHECKS = {"catalogue.places": paths_follow}
