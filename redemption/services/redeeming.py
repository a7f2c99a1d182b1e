"""Submitting vouchers to be paid, and what the review chain does with them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.people import people_of
from accounts.services import active_bank_account
from innovation_voucher.casework import audit, messaging, numbers, reviews
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Office, ReturnItem
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.money import format_yuan
from vouchers import services as vouchers
from vouchers.models import Voucher
from vouchers.resolve import policy_of

from .. import rules
from ..models import Redemption, RedemptionLine
from .gaps import computed_amount, gaps, papers_of


@dataclass
class Outcome:
    """What became of several vouchers submitted at once."""

    done: list[Redemption] = field(default_factory=list)
    refused: list[tuple[Voucher, str]] = field(default_factory=list)


def lock(redemption: Redemption) -> Redemption:
    """The redemption's vouchers and then its own fresh row, locked in the order of the ledger."""
    ids = redemption.lines.values_list("voucher_id", flat=True)
    vouchers.lock_vouchers(ids)
    return cast(
        "Redemption",
        Redemption.objects.select_for_update(of=("self",))
        .select_related("payee", "programme", "snapshot", "region", "bank_account")
        .get(pk=redemption.pk),
    )


@transaction.atomic
def submit_voucher(voucher: Voucher, *, by: User) -> Redemption:
    """Ask to be paid for one voucher whose papers are complete, and start its review chain.

    Raises Refused naming exactly what is missing.
    """
    voucher = vouchers.lock_voucher(voucher)
    require(rules.may_redeem(by, voucher))
    missing = gaps(voucher)
    if missing:
        raise Refused("；".join(gap.words for gap in missing))
    payee = rules.payee_of(voucher)
    account = active_bank_account(payee)
    if account is None:
        raise Refused(_("还没有收款账户。请先在账号与安全里填写收款账户。"))
    redemption = Redemption.objects.create(
        number=numbers.case_number("DF"),
        payee=payee,
        programme=voucher.programme,
        snapshot=voucher.snapshot,
        region=voucher.region,
        bank_account=account,
        created_by=by,
    )
    amount = computed_amount(voucher, papers_of(voucher))
    RedemptionLine.objects.create(redemption=redemption, voucher=voucher, computed=amount, claimed=amount)
    vouchers.start_redeeming(voucher, by=by)
    _submit(redemption, amount=amount, by=by)
    return redemption


def _submit(redemption: Redemption, *, amount: Decimal, by: User) -> None:
    redemption.submit()
    redemption.submitted_at = timezone.now()
    redemption.save()
    chain = policy_of(redemption.snapshot).redemption_chain
    reviews.open_case(
        redemption,
        chain=chain,
        number=redemption.number,
        title=title_of(redemption),
        applicant=redemption.payee.name,
        region=redemption.region,
        home=redemption.programme.region,
        by=by,
        amount=amount,
    )
    audit.record("redemption.submitted", redemption, by=by, region=redemption.region, after={"amount": str(amount)})


def title_of(redemption: Redemption) -> str:
    """What the queue calls the case: its services."""
    titles = redemption.lines.values_list("voucher__service_title", flat=True)
    return "、".join(titles)[:200]


def submit_many(rows: Iterable[Voucher], *, by: User) -> Outcome:
    """Submit each voucher in its own transaction; what cannot go says why and stays."""
    outcome = Outcome()
    for voucher in rows:
        try:
            outcome.done.append(submit_voucher(voucher, by=by))
        except Refused as refused:
            outcome.refused.append((voucher, refused.message))
    return outcome


@transaction.atomic
def resubmit_redemption(redemption: Redemption, *, by: User) -> Redemption:
    """Hand in again what was returned; amounts are computed anew and must not have risen."""
    redemption = lock(redemption)
    require(rules.may_withdraw(by, redemption))
    if redemption.status != Redemption.State.RETURNED:
        raise Refused(_("只有待补正的兑付可以重新提交。"))
    total = Decimal("0.00")
    for line in redemption.lines.select_related("voucher__snapshot"):
        missing = gaps(line.voucher)
        if missing:
            raise Refused("；".join(gap.words for gap in missing))
        line.computed = line.claimed = computed_amount(line.voucher, papers_of(line.voucher))
        line.save(update_fields=["computed", "claimed"])
        total += line.claimed
    redemption.submit()
    redemption.submitted_at = timezone.now()
    redemption.save()
    reviews.resubmit(redemption, by=by, amount=total)
    audit.record("redemption.resubmitted", redemption, by=by, region=redemption.region)
    return redemption


@transaction.atomic
def withdraw_redemption(redemption: Redemption, *, by: User) -> Redemption:
    """Take it back before the first decision; the vouchers are confirmed again."""
    reviews.withdraw(redemption, by=by)
    redemption = lock(redemption)
    require(rules.may_withdraw(by, redemption))
    redemption.withdraw()
    redemption.save()
    _let_go(redemption, by=by)
    audit.record("redemption.withdrawn", redemption, by=by, region=redemption.region)
    return redemption


def _let_go(redemption: Redemption, *, by: User | None) -> None:
    for line in redemption.lines.select_related("voucher"):
        vouchers.stop_redeeming(line.voucher, by=by)
    redemption.lines.update(live=False)


@transaction.atomic
def approve(redemption: Redemption, *, by: User, office: Office, amount: Decimal | None, reason: str) -> Redemption:
    """The chain's last step agreed to `amount` yuan; what was held beyond it is released."""
    redemption = lock(redemption)
    lines = list(redemption.lines.select_related("voucher").order_by("id"))
    left = amount if amount is not None else sum((x.claimed for x in lines), Decimal("0.00"))
    for line in lines:
        line.approved = min(line.claimed, left)
        line.reason = reason[:300]
        line.save(update_fields=["approved", "reason"])
        left -= line.approved
        vouchers.reduce_hold(line.voucher, to=line.approved, by=by)
    redemption.approve()
    redemption.decided_at = timezone.now()
    if not policy_of(redemption.snapshot).publicity_days:
        redemption.make_payable()
    redemption.save()
    total = sum((x.approved for x in lines if x.approved), Decimal("0.00"))
    audit.record(
        "redemption.approved",
        redemption,
        by=by,
        office=office,
        region=redemption.region,
        after={"amount": str(total)},
        reason=reason,
    )
    words = _("兑付申请 %(number)s 已核定 %(amount)s 元，等待拨付")
    tell_payee(redemption, "approved", words % {"number": redemption.number, "amount": format_yuan(total)})
    return redemption


@transaction.atomic
def return_(
    redemption: Redemption,
    *,
    by: User,
    office: Office,
    items: Iterable[ReturnItem],
    due: object,
    reason: str,
) -> Redemption:
    """Back to the payee with everything to mend."""
    redemption = lock(redemption)
    redemption.return_()
    redemption.save()
    audit.record(
        "redemption.returned",
        redemption,
        by=by,
        office=office,
        region=redemption.region,
        reason=reason,
        after={"due": str(due), "items": [item.words for item in items]},
    )
    tell_payee(redemption, "returned", _("兑付申请 %(number)s 需补正") % {"number": redemption.number}, mark=str(due))
    return redemption


@transaction.atomic
def reject(redemption: Redemption, *, by: User, office: Office, reason: str) -> Redemption:
    """Refused for good: its vouchers are terminated and what they held is free."""
    redemption = lock(redemption)
    redemption.reject()
    redemption.decided_at = timezone.now()
    redemption.save()
    for line in redemption.lines.select_related("voucher"):
        vouchers.reject_redeeming(line.voucher, by=by, reason=reason)
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
    redemption.expire()
    redemption.save()
    _let_go(redemption, by=None)
    audit.record("redemption.expired", redemption, by=None, region=redemption.region, after={"act": act})


def tell_payee(redemption: Redemption, kind: str, title: str, *, body: str = "", mark: str = "") -> None:
    """Inbox and SMS to the payee's people."""
    messaging.notify(
        people_of(redemption.payee),
        kind=f"redemption.{kind}",
        title=title,
        body=body,
        link=reverse("ent-redeem", args=[redemption.number]),
        sms=_("【创新券】%(title)s") % {"title": title},
        dedupe=f"redemption:{redemption.number}:{kind}:{mark}",
    )
