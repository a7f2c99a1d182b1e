"""A third party opens redemptions from service records, corrects their lines and hands them in."""

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import active_bank_account
from carriers.models import Carrier
from innovation_voucher.casework import audit, calendar, numbers
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Office, Region
from innovation_voucher.casework.rules import require
from orders.models import Order
from vouchers import services as vouchers
from vouchers.models import PolicySnapshot, Programme, Voucher
from vouchers.resolve import policy_of

from .. import rules
from ..models import Redemption, RedemptionLine
from .handing import compute_lines, hand_in
from .redeeming import let_go, lock, tell_payee
from .yearend import Entry, Period, entries, unpaid

#: It holds vouchers and nobody has handed it in.
UNSUBMITTED = (Redemption.State.DRAFT, Redemption.State.AWAITING_CONSENT)
#: The last day on which anything in it can be redeemed; empty while no voucher is in it.
LAST_DAY = Coalesce(Max("lines__voucher__redeem_until"), Max("picks__order__voucher__redeem_until"))


@transaction.atomic
def open_for_carrier(
    carrier: Carrier,
    programme: Programme,
    region: Region,
    *,
    by: User,
    office: Office | None,
    period: Period | None = None,
) -> Redemption:
    """A draft over all that the county owes the carrier; a line per voucher, at its computed amount.

    `region` is the paying county. Vouchers that cannot go stay out; none at all is Refused. Of
    vouchers whose pinned policies send them through different chains only one kind goes in, the
    next call takes the rest.
    """
    require(rules.may_open(by, office, programme), NotAllowed)
    ready = _alike(_locked_entries(carrier, programme, region, period))
    if not ready:
        raise Refused(_("没有可以发起兑付的创新券，刷新页面查看各券的原因。"))
    redemption = Redemption.objects.create(
        number=numbers.case_number("DF"),
        payee=carrier.organization,
        programme=programme,
        snapshot=ready[0].voucher.snapshot,
        region=region,
        bank_account=active_bank_account(carrier.organization),
        created_by=by,
    )
    RedemptionLine.objects.bulk_create(
        RedemptionLine(redemption=redemption, voucher=entry.voucher, computed=entry.amount, claimed=entry.amount)
        for entry in ready
    )
    for entry in ready:
        vouchers.start_redeeming(entry.voucher, by=by)
    after = {"vouchers": [entry.voucher.code for entry in ready], "amount": str(sum(e.amount for e in ready))}
    audit.record("redemption.opened", redemption, by=by, office=office, region=region, after=after)
    title = _("第三方机构已为您发起年终兑付 %(number)s，共 %(n)s 张券")
    tell_payee(redemption, "opened", title % {"number": redemption.number, "n": len(ready)})
    return redemption


def _locked_entries(carrier: Carrier, programme: Programme, region: Region, period: Period | None) -> list[Entry]:
    """What is ready, read again under the locks of vouchers and orders."""
    ids = list(unpaid(programme, region=region, carrier=carrier).values_list("pk", flat=True))
    vouchers.lock_vouchers(ids)
    orders = Order.objects.select_for_update(of=("self",), no_key=True).filter(voucher__in=ids)
    list(orders.order_by("pk").values_list("pk", flat=True))
    rows = unpaid(programme, region=region, carrier=carrier).filter(pk__in=ids)
    return [entry for entry in entries(rows, period=period) if entry.ready]


def _alike(ready: list[Entry]) -> list[Entry]:
    """Those that go the same way as the first."""
    return [entry for entry in ready if _road(entry.voucher.snapshot) == _road(ready[0].voucher.snapshot)]


def _road(snapshot: PolicySnapshot) -> tuple[str | None, int | None]:
    policy = policy_of(snapshot)
    return policy.redemption_chain, policy.publicity_days


@transaction.atomic
def drop_line(redemption: Redemption, voucher: Voucher, *, by: User, reason: str) -> Redemption:
    """Take a voucher out of a draft or of what was returned; it is confirmed again. The last one stays."""
    redemption = lock(redemption)
    require(rules.may_drop_lines(by, redemption))
    line = redemption.lines.select_related("voucher").filter(voucher=voucher).first()
    if line is None:
        raise Refused(_("这张券已不在这件兑付里。"))
    if not reason.strip():
        raise Refused(_("写明移出的原因。"))
    if redemption.lines.count() == 1:
        raise Refused(_("只剩这一张券。不办理时撤回整件兑付。"))
    if line.voucher.status == Voucher.State.REDEEMING:
        vouchers.stop_redeeming(line.voucher, by=by)
    line.delete()
    before = {"voucher": line.voucher.code, "amount": str(line.claimed)}
    audit.record("redemption.line_dropped", redemption, by=by, region=redemption.region, before=before, reason=reason)
    return redemption


@transaction.atomic
def submit_opened(redemption: Redemption, *, by: User) -> Redemption:
    """Hand a draft to its chain: amounts are computed anew, nothing frozen or out of time may be in it."""
    redemption = lock(redemption)
    require(rules.may_submit_draft(by, redemption), NotAllowed)
    late = redemption.lines.filter(voucher__redeem_until__lt=calendar.today()).select_related("voucher").first()
    if late:
        words = _("%(title)s 的兑付截止日 %(day)s 已过，移出后再提交。")
        raise Refused(words % {"title": late.voucher.service_title, "day": late.voucher.redeem_until})
    redemption.bank_account = active_bank_account(redemption.payee)
    if redemption.bank_account is None:
        raise Refused(_("%(payee)s还没有收款账户，由机构填写后再提交。") % {"payee": redemption.payee.name})
    redemption.save(update_fields=["bank_account"])
    hand_in(redemption, amount=compute_lines(redemption), by=by)
    return redemption


@transaction.atomic
def lapse_draft(redemption: Redemption, *, by: User | None = None, day: date | None = None) -> Redemption | None:
    """The clock lets go of a draft none of whose vouchers can be redeemed on the day; None = it may stay."""
    redemption = lock(redemption)
    last_day = Redemption.objects.filter(pk=redemption.pk).aggregate(last=LAST_DAY)["last"]
    if redemption.status not in UNSUBMITTED or last_day is None or last_day >= (day or calendar.today()):
        return None
    redemption.withdraw()
    redemption.save(update_fields=["status"])
    let_go(redemption, by=by)
    reason = _("兑付截止日已过，没有提交")
    audit.record("redemption.withdrawn", redemption, by=by, region=redemption.region, reason=reason)
    return redemption
