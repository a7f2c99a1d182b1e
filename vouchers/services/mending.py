"""A use that the reviewer returned: mended and asked for again, or forgotten."""

from dataclasses import asdict
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import calendar, reviews
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Office
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.money import yuan

from .. import rules
from ..models import Voucher
from ..policy import redeemers
from ..resolve import policy_of
from . import moves, per_order
from .locking import lock_voucher
from .reviewing import LATER
from .telling import record, tell_holder
from .worth import VoucherFacts, worth_of

State = Voucher.State


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
    left = per_order.reach_of(voucher, calendar.today())
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
