"""Lists of mutual recognition: brought in as a whole or not at all."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.sheet_lists import may_keep, require_whole

from ..mutual import named_by
from ..mutual_models import MutualEntry, MutualImport, MutualList
from ..mutual_sheet import Row, Sheet
from .standings import refresh_all

Mode = MutualImport.Mode


@dataclass(frozen=True)
class Change:
    """What a sheet would change: rows that come, rows that say something else, entries that go."""

    new: list[Row]
    other: list[Row]
    gone: list[int]


def change_of(listing: MutualList, sheet: Sheet, *, mode: str) -> Change:
    """What importing the sheet would change now (one query); nothing is written."""
    there = {(entry.laboratory, entry.legal_entity): entry for entry in listing.entries.all()}
    named = {row.key for row in sheet.rows}
    new = [row for row in sheet.rows if row.key not in there]
    other = [row for row in sheet.rows if row.key in there and _differs(there[row.key], row)]
    gone = [entry.pk for key, entry in there.items() if key not in named] if mode == Mode.REPLACE else []
    return Change(new, other, gone)


def _differs(entry: MutualEntry, row: Row) -> bool:
    return entry.place_id != row.place.pk or any(
        getattr(entry, name) != value for name, value in row.values.items() if name != "place"
    )


def _named(listing: MutualList) -> QuerySet[Any]:
    """Ids of the carriers that the list names now."""
    return named_by(MutualEntry.objects.filter(listing=listing)).values_list("pk", flat=True)


@transaction.atomic
def tell_carriers(listing: MutualList) -> None:
    """The regions of the list have changed: what it names counts elsewhere now."""
    refresh_all(_named(listing))


@transaction.atomic
def import_mutual(listing: MutualList, sheet: Sheet, *, mode: str, by: Any, source: str) -> MutualImport:
    """Bring a sheet into a list: its rows are added or updated, or the list becomes the sheet.

    Raises NotAllowed without the right, Refused when any row is wrong or none is there.
    """
    listing = MutualList.objects.select_for_update(of=("self",)).select_related("region").get(pk=listing.pk)
    require(may_keep(by, listing.region, _("互认名单由%(who)s维护")), NotAllowed)
    require_whole(sheet, _("表格里没有实验室，核对后再导入"))
    change = change_of(listing, sheet, mode=mode)
    before = set(_named(listing))
    listing.entries.filter(pk__in=change.gone).delete()
    MutualEntry.objects.bulk_create(
        [MutualEntry(listing=listing, **row.values) for row in (*change.new, *change.other)],
        update_conflicts=True,
        unique_fields=("listing", "laboratory", "legal_entity"),
        update_fields=("place", "credit_code", "contact_name", "contact_phone", "services"),
    )
    counts = {"added": len(change.new), "changed": len(change.other), "removed": len(change.gone)}
    refresh_all(before ^ set(_named(listing)))
    done = MutualImport.objects.create(
        listing=listing, mode=mode, source=source[:200], by=by, at=timezone.now(), **counts
    )
    after = {"mode": mode, "source": done.source, **counts}
    audit.record("mutual.imported", listing, by=by, region=listing.region, after=after)
    return done
