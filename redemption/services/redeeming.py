"""What becomes of a redemption that was handed in: mended, taken back, decided by its chain."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.people import people_of
from innovation_voucher.casework import audit, deadlines, messaging, reviews
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Office
from innovation_voucher.casework.reviews.tasks import lock_case
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.subjects import Target, subject_for
from innovation_voucher.lib.money import format_yuan
from vouchers import services as vouchers
from vouchers.models import Voucher
from vouchers.phones import require_confirmed
from vouchers.resolve import policy_of

from .. import paper_rules, rules
from ..models import Redemption, RedemptionLine
from .drafts import asked_rows, open_keys
from .handing import compute_lines


def lock(redemption: Redemption) -> Redemption:
    """The live case, the redemption's vouchers, then its own fresh row: the order that all verbs keep."""
    case = reviews.live_case(redemption)
    if case:
        lock_case(case)
    ids = redemption.lines.values_list("voucher_id", flat=True)
    vouchers.lock_vouchers(ids)
    rows = Redemption.objects.select_for_update(of=("self",))
    return rows.select_related("payee", "programme", "snapshot", "region", "bank_account").get(pk=redemption.pk)


@transaction.atomic
def resubmit_redemption(redemption: Redemption, *, by: User) -> Redemption:
    """Hand in again what was returned; amounts are computed anew and must not have risen."""
    redemption = lock(redemption)
    require(rules.may_resubmit(by, redemption))
    rows, keys = asked_rows(redemption), open_keys(redemption, by)
    require_confirmed(redemption.payee, rows, redemption.answers, among=keys)
    total = compute_lines(redemption)
    redemption.submit()
    redemption.submitted_at = timezone.now()
    redemption.save(update_fields=["status", "submitted_at"])
    reviews.resubmit(redemption, by=by, amount=total, checks=subject_for(redemption).checks(redemption))
    after = {"amount": str(total)}
    audit.record("redemption.resubmitted", redemption, by=by, region=redemption.region, after=after)
    return redemption


@transaction.atomic
def withdraw_redemption(redemption: Redemption, *, by: User) -> Redemption:
    """Take it back before the chain agrees; the vouchers are confirmed again."""
    redemption = lock(redemption)
    require(rules.may_withdraw(by, redemption))
    if redemption.status in (Redemption.State.IN_REVIEW, Redemption.State.RETURNED):
        reviews.withdraw(redemption, by=by)
    redemption.withdraw()
    redemption.save(update_fields=["status"])
    let_go(redemption, by=by)
    audit.record("redemption.withdrawn", redemption, by=by, region=redemption.region)
    return redemption


def let_go(redemption: Redemption, *, by: User | None) -> None:
    """Its vouchers are confirmed again and may stand in another redemption."""
    for voucher in _redeeming(redemption):
        vouchers.stop_redeeming(voucher, by=by)
    deadlines.close(redemption)
    redemption.lines.update(live=False)
    redemption.picks.all().delete()


def _redeeming(redemption: Redemption) -> list[Voucher]:
    """Its vouchers that still wait for it; the bureau may have ended one meanwhile."""
    lines = redemption.lines.filter(voucher__status=Voucher.State.REDEEMING).select_related("voucher")
    return [line.voucher for line in lines]


@transaction.atomic
def approve(redemption: Redemption, *, by: User, office: Office, amount: Decimal | None, reason: str) -> Redemption:
    """The chain's last step agreed to `amount` yuan; what was held beyond it is released."""
    redemption = lock(redemption)
    total = _share_out(redemption, amount=amount, by=by, reason=reason)
    redemption.approve()
    redemption.decided_at = timezone.now()
    redemption.save(update_fields=["status", "decided_at"])
    if not policy_of(redemption.snapshot).publicity_days and not paper_rules.awaits_paper(redemption):
        redemption.make_payable()
        redemption.save(update_fields=["status"])
    audit.record(
        "redemption.approved",
        redemption,
        by=by,
        office=office,
        region=redemption.region,
        after={"amount": str(total)},
        reason=reason,
    )
    words = {"number": redemption.number, "amount": format_yuan(total)}
    tell_payee(redemption, "approved", _next_up(redemption) % words, mark=redemption.decided_at.isoformat())
    return redemption


def _next_up(redemption: Redemption) -> str:
    """What the payee is told of an approved redemption: what it waits for."""
    if paper_rules.awaits_paper(redemption):
        return _("兑付申请 %(number)s 已核定 %(amount)s 元，请把签字盖章的申请表交科技主管部门，收到后才能拨付")
    if redemption.status == Redemption.State.APPROVED:
        return _("兑付申请 %(number)s 已核定 %(amount)s 元，等待公示")
    return _("兑付申请 %(number)s 已核定 %(amount)s 元，等待拨付")


def _share_out(redemption: Redemption, *, amount: Decimal | None, by: User, reason: str) -> Decimal:
    """Give each line its part of `amount` (yuan), at most what a reviewer wrote beside it; the sum.

    What was held beyond it is free; a voucher that gets nothing ends with the reason.
    """
    lines = list(redemption.lines.select_related("voucher").order_by("id"))
    if not any(line.voucher.status == Voucher.State.REDEEMING for line in lines):
        raise Refused(_("创新券已终止，没有可以核定的金额。请选“不予通过”。"))
    total = Decimal("0.00")
    for line in lines:
        most = _most(line)
        line.approved = most if amount is None else min(most, amount - total)
        line.reason = line.reason or reason[:300]
        line.live = line.approved > 0
        line.save(update_fields=["approved", "reason", "live"])
        total += line.approved
        _keep_hold(line, by=by)
    return total


def _most(line: RedemptionLine) -> Decimal:
    """What a line can still be given, yuan."""
    if line.voucher.status != Voucher.State.REDEEMING:
        return Decimal("0.00")
    return line.claimed if line.approved is None else line.approved


def _keep_hold(line: RedemptionLine, *, by: User) -> None:
    if line.approved:
        vouchers.reduce_hold(line.voucher, to=line.approved, by=by)
    elif line.voucher.status == Voucher.State.REDEEMING:
        vouchers.reject_redeeming(line.voucher, by=by, reason=line.reason)


@transaction.atomic
def return_(
    redemption: Redemption,
    *,
    by: User,
    office: Office,
    items: Iterable[Target],
    due: date,
    reason: str,
) -> Redemption:
    """Back to the payee with everything to mend."""
    redemption = lock(redemption)
    redemption.return_()
    redemption.save(update_fields=["status"])
    audit.record(
        "redemption.returned",
        redemption,
        by=by,
        office=office,
        region=redemption.region,
        reason=reason,
        after={"due": str(due), "items": [words for _target, words in items]},
    )
    tell_payee(redemption, "returned", _("兑付申请 %(number)s 需补正") % {"number": redemption.number}, mark=str(due))
    return redemption


@transaction.atomic
def reject(redemption: Redemption, *, by: User, office: Office | None, reason: str) -> Redemption:
    """Refused for good: its vouchers are terminated and what they held is free."""
    redemption = lock(redemption)
    redemption.reject()
    redemption.decided_at = timezone.now()
    redemption.save(update_fields=["status", "decided_at"])
    for voucher in _redeeming(redemption):
        vouchers.reject_redeeming(voucher, by=by, reason=reason)
    redemption.lines.update(live=False)
    audit.record("redemption.rejected", redemption, by=by, office=office, region=redemption.region, reason=reason)
    title = _("兑付申请 %(number)s 不予兑付") % {"number": redemption.number}
    tell_payee(redemption, "rejected", title, body=reason)
    return redemption


@transaction.atomic
def expire(redemption: Redemption, *, act: str) -> None:
    """The clock ends a redemption that was not mended in time; its vouchers stay confirmed."""
    redemption = lock(redemption)
    if redemption.status != Redemption.State.RETURNED:
        return
    reviews.expire(redemption)
    redemption.expire()
    redemption.save(update_fields=["status"])
    let_go(redemption, by=None)
    audit.record("redemption.expired", redemption, by=None, region=redemption.region, after={"act": act})


def remind(redemption: Redemption, *, act: str) -> None:
    """The clock: the day until which to mend comes near."""
    case = reviews.live_case(redemption)
    if case is None or case.return_due is None:
        return
    day = case.return_due
    words = _("兑付申请 %(number)s 补正期限将到：%(month)d月%(day)d日前重新提交")
    title = words % {"number": redemption.number, "month": day.month, "day": day.day}
    tell_payee(redemption, "reminder", title, mark=f"{act}:{day}")


def tell_called(redemption: Redemption, label: str) -> None:
    """A step has passed and gives the state a name; who still owes the signed paper is told to bring it."""
    words = _("兑付申请 %(number)s：%(state)s") % {"number": redemption.number, "state": label}
    paper = _("可以导出兑付申请表，签字盖章后连同证明材料交受理的科技主管部门。")
    tell_payee(redemption, "called", words, body=paper if paper_rules.awaits_paper(redemption) else "", mark=label)


def tell_payee(redemption: Redemption, kind: str, title: str, *, body: str = "", mark: str = "") -> None:
    """Inbox and SMS to the payee's people."""
    messaging.notify(
        people_of(redemption.payee, roles=rules.FINANCE),
        kind=f"redemption.{kind}",
        title=title,
        body=body,
        link=reverse("ent-redeem", args=[redemption.number]),
        sms=_("【创新券】%(title)s") % {"title": title},
        dedupe=f"redemption:{redemption.number}:{kind}:{mark}",
    )
