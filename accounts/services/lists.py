"""Lists of qualified organizations: imported as a whole or not at all, and what a removal leaves to be looked at."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.models import Region
from innovation_voucher.casework.rules import Answer, require
from innovation_voucher.casework.sheet_lists import may_keep, require_whole

from ..listing import Row, Sheet
from ..models import ListEntry, ListImport, QualificationList, User
from .qualifications import flag, unflag

Mode = ListImport.Mode
_BATCH = 2000


@dataclass(frozen=True)
class Change:
    """What a sheet would change: credit codes that come, come back or go."""

    new: tuple[str, ...]
    back: tuple[str, ...]
    gone: tuple[str, ...]


@transaction.atomic
def open_list(*, region: Region, class_key: str, year: int, name: str, by: User) -> QualificationList:
    """The list of a region, class and year; made when there is none. Raises NotAllowed without the right."""
    require(_may_keep(by, region), NotAllowed)
    found, made = QualificationList.objects.get_or_create(
        region=region, class_key=class_key, year=year, defaults={"name": name}
    )
    if made:
        audit.record("list.opened", found, by=by, region=region, after={"class": class_key, "year": year})
    return found


def change_of(target: QualificationList, rows: Iterable[Row], *, mode: str) -> Change:
    """What importing the rows would change now (one query); nothing is written."""
    there = dict(target.entries.values_list("credit_code", "removed_id"))
    codes = {row.credit_code for row in rows}
    live = {code for code, removed in there.items() if removed is None}
    gone = live - codes if mode == Mode.REPLACE else set()
    back = {code for code in codes if there.get(code) is not None}
    return Change(*(tuple(sorted(part)) for part in (codes - set(there), back, gone)))


@transaction.atomic
def import_list(target: QualificationList, sheet: Sheet, *, mode: str, by: User, source: str) -> ListImport:
    """Bring a sheet into a list: its rows are added, or the list becomes the sheet.

    Raises NotAllowed without the right, Refused when any row is wrong or none is there. Quota that was
    granted to who is taken out stays; the grant is flagged and the bureau is told.
    """
    target = QualificationList.objects.select_for_update(of=("self",)).select_related("region").get(pk=target.pk)
    require(_may_keep(by, target.region), NotAllowed)
    require_whole(sheet, _("表格里没有单位，核对后再导入"))
    change = change_of(target, sheet.rows, mode=mode)
    done = ListImport.objects.create(
        list=target,
        mode=mode,
        source=source[:200],
        by=by,
        at=timezone.now(),
        added=len(change.new) + len(change.back),
        removed=len(change.gone),
    )
    _write(target, sheet, change, done)
    flagged = flag(target, change.gone, by=by)
    unflag(target, change.back)
    after = {"mode": mode, "added": done.added, "removed": done.removed, "flagged": flagged, "source": done.source}
    audit.record("list.imported", target, by=by, region=target.region, after=after)
    return done


def _write(target: QualificationList, sheet: Sheet, change: Change, done: ListImport) -> None:
    rows = [ListEntry(list=target, added=done, **vars(row)) for row in sheet.rows]
    ListEntry.objects.bulk_create(
        rows,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=("list", "credit_code"),
        update_fields=("name", "number"),
    )
    entries = target.entries.all()
    for start in range(0, len(change.back), _BATCH):
        part = change.back[start : start + _BATCH]
        entries.filter(credit_code__in=part).update(removed=None, added=done)
    for start in range(0, len(change.gone), _BATCH):
        entries.filter(credit_code__in=change.gone[start : start + _BATCH]).update(removed=done)


def _may_keep(user: User, region: Region) -> Answer:
    return may_keep(user, region, _("名单由%(who)s维护"))
