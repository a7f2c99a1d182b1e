"""What the review of a use does with a voucher: issued, refused, or mended and asked for again."""

from dataclasses import asdict
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import calendar, deadlines, reviews
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Office
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.money import yuan

from .. import rules
from ..models import Voucher
from ..models.parameters import Confirmation, HoldAt
from ..policy import Policy, redeemers
from ..resolve import policy_of
from . import moves
from .locking import lock_voucher
from .telling import record, tell_holder
from .terms import CONFIRMATION, await_confirmation
from .worth import VoucherFacts, reviewed_formula, worth_of

State = Voucher.State

#: Moments of `hold_at` that lie after the request.
LATER = {HoldAt.REGION_CONFIRMS, HoldAt.REDEMPTION}


@transaction.atomic
def issue_voucher(
    voucher: Voucher, *, by: User | None, amount: Decimal | None = None, office: Office | None = None, reason: str = ""
) -> Voucher:
    """The reviewer agrees: the facts are frozen, at `amount` yuan when the reviewer lowered it."""
    voucher = lock_voucher(voucher)
    require(rules.in_state(voucher, State.REQUESTED, State.RETURNED, act=_("核额")))
    policy = policy_of(voucher.snapshot)
    if amount is not None and amount > voucher.amount:
        raise Refused(_("核定券额不能超过计算的券额"))
    if amount is not None and (amount != voucher.amount or "asked" in voucher.formula):
        if amount <= 0:
            raise Refused(_("核定券额不能超过计算的券额"))
        moves.release(voucher, by=by, keep=amount)
        voucher.amount, voucher.formula = amount, reviewed_formula(voucher.formula, amount)
        voucher.save(update_fields=["amount", "formula", "held", "movements"])
    if policy.hold_at == HoldAt.REGION_CONFIRMS:
        moves.hold(voucher, moves.account_of(voucher), by=by)
        voucher.save(update_fields=["held", "movements"])
    return issue(voucher, policy, by=by, office=office, reason=reason)


def issue(
    voucher: Voucher, policy: Policy, *, by: User | None, office: Office | None = None, reason: str = ""
) -> Voucher:
    """Issue a locked voucher, and confirm it where confirming is no act of its own."""
    before = voucher.status
    voucher.issue()
    voucher.issued_at = timezone.now()
    await_confirmation(voucher, policy)
    voucher.save(update_fields=["status", "issued_at", "confirm_until"])
    record("voucher.issued", voucher, by=by, before=before, office=office, reason=reason, amount=voucher.amount)
    if policy.confirmation == Confirmation.NONE:
        confirm(voucher, by=None)
    return voucher


def confirm(voucher: Voucher, *, by: User | None) -> Voucher:
    """Confirm a locked voucher."""
    before = voucher.status
    voucher.confirm()
    voucher.confirmed_at, voucher.confirmed_by = timezone.now(), by
    deadlines.close(voucher, CONFIRMATION)
    voucher.save(update_fields=["status", "confirmed_at", "confirmed_by"])
    record("voucher.confirmed", voucher, by=by, before=before)
    return voucher


@transaction.atomic
def refuse_voucher(voucher: Voucher, *, by: User | None, reason: str, office: Office | None = None) -> Voucher:
    """The reviewer refuses: the hold is free again."""
    voucher = lock_voucher(voucher)
    require(rules.in_state(voucher, State.REQUESTED, State.RETURNED, act=_("审核")))
    before = voucher.status
    moves.release(voucher, by=by)
    voucher.refuse()
    voucher.ended_at, voucher.end_reason = timezone.now(), reason
    voucher.save()
    record("voucher.refused", voucher, by=by, before=before, office=office, reason=reason)
    tell_holder(voucher, "voucher.refused", _("创新券 %(code)s 未通过审核，额度已退回"), reason)
    return voucher


@transaction.atomic
def return_for_correction(
    voucher: Voucher, *, by: User | None, office: Office | None = None, reason: str = ""
) -> Voucher:
    """The reviewer wants something mended; the quota stays held meanwhile."""
    voucher = lock_voucher(voucher)
    require(rules.in_state(voucher, State.REQUESTED, act=_("退回补正")))
    before = voucher.status
    voucher.return_()
    voucher.save(update_fields=["status"])
    record("voucher.returned", voucher, by=by, before=before, office=office, reason=reason)
    return voucher


@transaction.atomic
def resubmit_voucher(
    voucher: Voucher, *, facts: VoucherFacts, redeemer: str, by: User, amount: Decimal | None = None
) -> Voucher:
    """The holder hands in a returned voucher again with mended facts; the hold follows the new amount.

    `amount` is what is asked for (yuan) where the reviewer sets it. Raises Refused, InsufficientQuota.
    The caller has locked the review case before and sends it on.
    """
    voucher = lock_voucher(voucher)
    require(rules.may_mend(by, voucher))
    policy = policy_of(voucher.snapshot)
    if redeemer not in redeemers(policy):
        raise Refused(_("兑付方由当地规则确定，请按页面显示的兑付方提交"))
    left = rules.within_reach(voucher, calendar.today())
    worth = worth_of(policy, facts.contract_amount, remaining=left, asked=amount)
    before = voucher.status
    voucher.amount, voucher.formula, voucher.redeemer = worth.amount, worth.formula, redeemer
    for name, value in asdict(facts).items():
        setattr(voucher, name, value)
    voucher.contract_amount = yuan(facts.contract_amount)
    if policy.hold_at not in LATER:
        moves.adjust(voucher, by=by)
    voucher.resubmit()
    voucher.save()
    record("voucher.resubmitted", voucher, by=by, before=before, amount=voucher.amount)
    return voucher


@transaction.atomic
def expire_correction(voucher: Voucher, *, by: None = None) -> Voucher:
    """The clock: a returned use that was not mended in time lapses; one that was mended stays."""
    reviews.lock_case_of(voucher)
    voucher = lock_voucher(voucher)
    if voucher.status != State.RETURNED:
        return voucher
    reviews.expire(voucher, by=by)
    moves.release(voucher, by=by)
    voucher.lapse()
    voucher.ended_at, voucher.end_reason = timezone.now(), _("没有在补正期限内重新提交")
    voucher.save()
    record("voucher.lapsed", voucher, by=by, before=State.RETURNED, reason=voucher.end_reason)
    tell_holder(voucher, "voucher.lapsed", _("创新券 %(code)s 已失效，额度已退回"), voucher.end_reason)
    return voucher
