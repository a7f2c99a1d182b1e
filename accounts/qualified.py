"""Which lists carry an organization, and which carry it no longer."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from innovation_voucher.casework import rights
from innovation_voucher.casework.models import Region

from .models import ListEntry, Organization, Qualification


def listed_classes(organization: Organization, day: date) -> tuple[str, ...]:
    """The classes under which lists of the day's year name the organization (one query; none without a code)."""
    if not organization.credit_code:
        return ()
    entries = ListEntry.objects.filter(
        credit_code=organization.credit_code,
        removed__isnull=True,
        list__year=day.year,
        list__region__code__in=organization.region.ancestor_codes,
    )
    return tuple(sorted(set(entries.values_list("list__class_key", flat=True))))


def flags_of(organization: Organization) -> QuerySet[Qualification]:
    """What the organization was granted as one of a list that names it no longer."""
    return organization.qualifications.filter(flagged_at__isnull=False).select_related("organization")


def carried(region: Region, class_key: str, year: int) -> QuerySet[Qualification]:
    """What organizations of a region were granted as one of a class in a year."""
    rows = Qualification.objects.filter(class_key=class_key, year=year)
    return rows.filter(organization__region__path__startswith=region.path)


def flags_below(paths: Iterable[str]) -> QuerySet[Qualification]:
    """The same for all organizations that these regions accept, the newest first."""
    flagged = Qualification.objects.filter(rights.below(paths, "organization__bureau__path"), flagged_at__isnull=False)
    return flagged.select_related("organization").order_by("-flagged_at")
