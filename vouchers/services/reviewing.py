"""What the review of a use does with a voucher: issued, refused, or mended and asked for again."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import calendar, deadlines
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Office
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.money import format_yuan

from .. import rules
from ..models import Voucher
from ..models.parameters import Confirmation, HoldAt
from ..policy import Policy
from ..resolve import policy_of
from . import moves
from .formulas import reviewed_formula
from .locking import lock_voucher
from .telling import record, tell_holder
from .terms import CONFIRMATION, await_confirmation

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
        _hold_confirmed(voucher, by=by)
    return issue(voucher, policy, by=by, office=office, reason=reason)


def _hold_confirmed(voucher: Voucher, *, by: User | None) -> None:
    """Take the amount that the region confirms from the account locked before; what is left is said when it is less."""
    account = moves.account_of(voucher)
    require(rules.is_usable(account, calendar.today()))
    if account.available < voucher.amount:
        words = _("企业现在的可用额度是 %(left)s 元，少于核定的 %(amount)s 元。调低核定金额，或退回企业。")
        left = {"left": format_yuan(account.available), "amount": format_yuan(voucher.amount)}
        raise Refused(words % left, "insufficient_quota")
    moves.hold(voucher, account, by=by)
    voucher.save(update_fields=["held", "movements"])


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
    deadlines.close_for_good(voucher, CONFIRMATION)
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
