"""What organizations were granted as one of a class, and the flag on it when their list drops them."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from innovation_voucher.casework import audit, messaging, rights
from innovation_voucher.casework.models import Region

from ..models import Organization, Qualification, QualificationList, User
from ..qualified import carried, listed_classes

#: Who may act on what was granted, and so is told.
BUREAU_RIGHT = "review_claim"


@transaction.atomic
def qualify(organization: Organization, *, class_key: str, year: int, source: str, by: User | None) -> Qualification:
    """Note that something was granted to the organization as one of the class; once per class and year."""
    row, made = Qualification.objects.get_or_create(
        organization=organization,
        class_key=class_key,
        year=year,
        defaults={"source": source, "at": timezone.now()},
    )
    if made:
        after = {"class": class_key, "year": year, "source": source}
        audit.record("qualification.noted", organization, by=by, region=organization.bureau, after=after)
    return row


def flag(target: QualificationList, codes: Collection[str], *, by: User) -> int:
    """Mark what was granted to organizations that the list names no longer, and tell their bureaus; answers how many.

    Nothing is taken away: the bureau looks, and decides whether to take quota back.
    """
    found = _of(target, codes).filter(flagged_at=None).select_related("organization__bureau", "organization__region")
    rows = [row for row in found if not _still_listed(row)]
    reason = _("已从“%(list)s”移出") % {"list": target}
    for row in rows:
        row.flagged_at, row.flag_reason = timezone.now(), reason
        row.save(update_fields=["flagged_at", "flag_reason"])
        organization = row.organization
        audit.record("qualification.flagged", organization, by=by, region=organization.bureau, reason=reason)
    _tell_bureaus(target, [row.organization for row in rows])
    return len(rows)


def _still_listed(row: Qualification) -> bool:
    """Whether another list of the same year names the organization in the same class."""
    return row.class_key in listed_classes(row.organization, date(row.year, 12, 31))


def unflag(target: QualificationList, codes: Collection[str]) -> None:
    """The list names them again: nothing is left to look at."""
    _of(target, codes).update(flagged_at=None, flag_reason="")


def _of(target: QualificationList, codes: Collection[str]) -> QuerySet[Qualification]:
    if not codes:
        return Qualification.objects.none()
    return carried(target.region, target.class_key, target.year).filter(organization__credit_code__in=codes)


def _tell_bureaus(target: QualificationList, organizations: list[Organization]) -> None:
    """One message per bureau, with the names."""
    by_bureau: dict[Region, list[str]] = defaultdict(list)
    for organization in organizations:
        by_bureau[organization.bureau].append(organization.name)
    for bureau, names in by_bureau.items():
        messaging.notify(
            rights.holders(BUREAU_RIGHT, bureau),
            kind="quota.flagged",
            title=_("%(n)d 家已到账的单位被移出“%(list)s”") % {"n": len(names), "list": target},
            body=_("额度没有变化，请核实是否需要收回：%(names)s") % {"names": "、".join(names)},
            dedupe=f"flagged:{target.pk}:{bureau.pk}:{timezone.now():%Y%m%d%H%M%S%f}",
        )
