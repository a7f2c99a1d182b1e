"""A list for the public is drawn up: which approved redemptions stand on it."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import audit, numbers
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Office, Region
from innovation_voucher.casework.rules import require
from vouchers.models import Programme

from .. import notice_rules
from ..models import Publicity, Redemption


def awaiting(programme: Programme, region: Region) -> QuerySet[Redemption]:
    """Approved redemptions of the programme there that stand on no list yet."""
    drafted = Publicity.objects.filter(status=Publicity.State.DRAFT).values("redemptions")
    rows = Redemption.objects.filter(notice_rules.WAITING, programme=programme, region__path__startswith=region.path)
    return rows.exclude(pk__in=drafted).order_by("decided_at", "pk")


@transaction.atomic
def create_publicity(
    programme: Programme,
    region: Region,
    redemptions: Iterable[Redemption],
    *,
    title: str,
    by: User,
    office: Office | None = None,
) -> Publicity:
    """A draft over approved redemptions; Refused when one of them cannot stand on it, or none was chosen."""
    require(notice_rules.may_publish(by, region), NotAllowed)
    wanted = {row.pk for row in redemptions}
    Redemption.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk").exists()
    found = list(awaiting(programme, region).filter(pk__in=wanted))
    if not wanted or len(found) != len(wanted):
        raise Refused(_("所选兑付中有的不在待公示之列，刷新页面重新选择。"), "not_waiting")
    publicity: Publicity = Publicity.objects.create(
        number=numbers.case_number("GS"),
        title=title.strip(),
        programme=programme,
        region=region,
        office=office,
        prepared_by=by,
    )
    publicity.redemptions.set(found)
    after = {"title": publicity.title, "redemptions": [row.number for row in found]}
    audit.record("publicity.created", publicity, by=by, office=office, region=region, after=after)
    return publicity
