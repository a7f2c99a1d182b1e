"""A list is opened to the public and closed by the clock; what nobody contests is paid."""

from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import audit, calendar
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Office
from innovation_voucher.casework.rules import require
from vouchers.resolve import policy_of

from .. import notice_rules, paper_rules
from ..models import Objection, Publicity, PublicityRow, Redemption
from .redeeming import lock, tell_payee


def lock_publicity(publicity: Publicity) -> Publicity:
    """The fresh list, before any of its redemptions."""
    rows = Publicity.objects.select_for_update(of=("self",)).select_related("region", "programme", "office")
    fresh: Publicity = rows.get(pk=publicity.pk)
    return fresh


@transaction.atomic
def open_publicity(publicity: Publicity, *, by: User, office: Office | None = None) -> Publicity:
    """Show the list from today: its rows are the amounts and payees that will be paid, fixed from now on."""
    publicity = lock_publicity(publicity)
    require(notice_rules.may_open_list(by, publicity), NotAllowed)
    rows = [lock(row) for row in publicity.redemptions.order_by("pk")]
    gone = [row.number for row in rows if row.status != Redemption.State.APPROVED]
    if gone:
        raise Refused(_("这些兑付已不在“核定通过”：%(numbers)s") % {"numbers": "、".join(gone)}, "not_approved")
    PublicityRow.objects.bulk_create(_rows(publicity, rows))
    for redemption in rows:
        redemption.publish()
        redemption.save(update_fields=["status"])
        # An objection to an earlier list that nobody has answered yet goes on holding it up.
        if _contested(redemption):
            redemption.contest()
            redemption.save(update_fields=["status"])
            audit.record("redemption.contested", redemption, by=None, region=redemption.region)
    publicity.open()
    publicity.office = office or publicity.office
    publicity.opens_on = calendar.today()
    publicity.closes_on = last_day(publicity.opens_on, max(_days(row) for row in rows))
    publicity.save(update_fields=["status", "office", "opens_on", "closes_on"])
    after = {"closes_on": publicity.closes_on, "total": str(sum(row.amount for row in publicity.rows.all()))}
    audit.record("publicity.opened", publicity, by=by, office=office, region=publicity.region, after=after)
    words = _("兑付申请 %(number)s 自今日起公示，至%(day)s")
    for redemption in rows:
        audit.record("redemption.published", redemption, by=by, office=office, region=redemption.region)
        tell_payee(redemption, "published", words % {"number": redemption.number, "day": publicity.closes_on})
    return publicity


def _days(redemption: Redemption) -> int:
    return policy_of(redemption.snapshot).publicity_days or 1


def last_day(opens_on: date, days: int) -> date:
    """The last of so many working days, of which the day of opening is the first when it is one."""
    return calendar.add_working_days(opens_on, days - 1 if calendar.is_workday(opens_on) else days)


def _rows(publicity: Publicity, redemptions: list[Redemption]) -> Iterator[PublicityRow]:
    """One row per line that gets money, in the order of the redemptions."""
    position = 0
    for redemption in redemptions:
        lines = redemption.lines.filter(live=True, approved__gt=0).select_related("voucher__carrier")
        for line in lines.order_by("pk"):
            position += 1
            yield PublicityRow(
                publicity=publicity,
                position=position,
                redemption=redemption,
                line=line,
                payee=redemption.payee.name,
                enterprise=line.voucher.organization_name,
                carrier=line.voucher.carrier.name,
                service=line.voucher.service_title,
                contract=line.recognized_contract,
                amount=line.approved or 0,
            )


@transaction.atomic
def close_publicity(publicity: Publicity, *, by: User | None = None, day: date | None = None) -> Publicity | None:
    """The clock ends a list after its last day; rows without an open objection may be paid. None = not yet."""
    publicity = lock_publicity(publicity)
    over = publicity.closes_on is not None and publicity.closes_on < (day or calendar.today())
    if publicity.status != Publicity.State.OPEN or not over:
        return None
    publicity.close()
    publicity.save(update_fields=["status"])
    audit.record("publicity.closed", publicity, by=by, region=publicity.region)
    for redemption in publicity.redemptions.filter(status=Redemption.State.IN_PUBLICITY).order_by("pk"):
        release(lock(redemption), by=by)
    return publicity


def _contested(redemption: Redemption) -> bool:
    return redemption.objections.filter(status=Objection.State.RECEIVED).exists()


def release(redemption: Redemption, *, by: User | None) -> None:
    """It may be paid once no list shows it and nothing is open against it. The caller holds its lock."""
    listed = redemption.publicities.filter(status=Publicity.State.OPEN).exists()
    if redemption.status != Redemption.State.IN_PUBLICITY or listed or _contested(redemption):
        return
    if paper_rules.awaits_paper(redemption):
        words = _("兑付申请 %(number)s 公示结束，请交来签字盖章的纸质件，收到后拨付")
        tell_payee(redemption, "paper_awaited", words % {"number": redemption.number})
        return
    redemption.make_payable()
    redemption.save(update_fields=["status"])
    audit.record("redemption.released", redemption, by=by, region=redemption.region)
    tell_payee(redemption, "released", _("兑付申请 %(number)s 公示结束，等待拨付") % {"number": redemption.number})
