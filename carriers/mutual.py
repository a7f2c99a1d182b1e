"""Who stands on a mutual list, and the list as the public searches it."""

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from innovation_voucher.casework import memo
from innovation_voucher.casework.models import Region

from .models import Carrier
from .mutual_models import MutualEntry


def is_mutual(carrier: Carrier, region: Region) -> bool:
    """Whether a list that the region or one above it recognizes names the carrier (one query a request)."""
    return memo.asked(("mutual", carrier.pk, region.path), _entries_of(carrier, region).exists)


def _entries_of(carrier: Carrier, region: Region) -> QuerySet[MutualEntry]:
    return naming(carrier).filter(listing__members__code__in=region.ancestor_codes)


def naming(carrier: Carrier) -> QuerySet[MutualEntry]:
    """By credit code where the list says one, else by the name of the legal entity, which its bureau has verified."""
    firm = carrier.organization
    by_name = Q(credit_code="", legal_entity=firm.name)
    named = Q(credit_code=firm.credit_code) | by_name if firm.credit_code else by_name
    return MutualEntry.objects.filter(named)


def regions_for(carrier: Carrier) -> QuerySet[Region]:
    """The regions whose lists name the carrier."""
    return Region.objects.filter(pk__in=naming(carrier).values("listing__members")).order_by("path")


def carriers_for(region: Region) -> list[int]:
    """Ids of the shown carriers that enterprises of the region may book by a list (one query a request)."""
    return memo.asked(("mutual-carriers", region.path), lambda: _carriers_for(region))


def _carriers_for(region: Region) -> list[int]:
    rows = MutualEntry.objects.filter(listing__members__code__in=region.ancestor_codes)
    suspended = Q(recognitions__status="suspended", recognitions__region__code__in=region.ancestor_codes)
    return list(named_by(rows).filter(shown=True).exclude(suspended).values_list("pk", flat=True))


def named_by(rows: QuerySet[MutualEntry]) -> QuerySet[Carrier]:
    """The carriers that these entries mean."""
    codes = rows.exclude(credit_code="").values("credit_code")
    names = rows.filter(credit_code="").values("legal_entity")
    return Carrier.objects.filter(Q(organization__credit_code__in=codes) | Q(organization__name__in=names))


def entries(*, place: str = "", institution: str = "", service: str = "") -> QuerySet[MutualEntry]:
    """Entries in the region of a code (all without one) whose names and services hold the words."""
    found = MutualEntry.objects.select_related("place", "listing")
    if place:
        found = found.filter(place__path__contains=f"{place}/")
    if institution:
        found = found.filter(Q(laboratory__icontains=institution) | Q(legal_entity__icontains=institution))
    return found.filter(services__icontains=service) if service else found


def places() -> list[tuple[str, str, int]]:
    """Code, name and count of every province that has entries, as the data says (two queries)."""
    rows = MutualEntry.objects.order_by().values_list("place__path").annotate(n=Count("pk"))
    counts: dict[str, int] = {}
    for path, count in rows:
        counts[path.split("/")[0]] = counts.get(path.split("/")[0], 0) + count
    named = Region.objects.filter(code__in=counts).values_list("code", "name")
    return [(code, name, counts[code]) for code, name in named.order_by("code")]


def carriers_behind(rows: Iterable[MutualEntry]) -> dict[int, Carrier]:
    """The shown carrier of each entry that has one, by the entry's id (one query)."""
    found = list(rows)
    codes = {row.credit_code for row in found if row.credit_code}
    names = {row.legal_entity for row in found if not row.credit_code}
    known = Carrier.objects.filter(
        Q(organization__credit_code__in=codes) | Q(organization__name__in=names), shown=True
    ).select_related("organization")
    by_code = {carrier.organization.credit_code: carrier for carrier in known}
    by_name = {carrier.organization.name: carrier for carrier in known}
    behind = (
        (row.pk, by_code.get(row.credit_code) if row.credit_code else by_name.get(row.legal_entity)) for row in found
    )
    return {pk: carrier for pk, carrier in behind if carrier}
