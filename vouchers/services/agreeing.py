"""A voucher that was asked for with its order: what the carrier's acceptance of the order means to it."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import calendar
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.money import yuan

from .. import rules
from ..models import Voucher
from ..resolve import policy_of
from . import moves, per_order
from .locking import lock_voucher
from .reviewing import LATER
from .telling import record
from .worth import worth_of


@transaction.atomic
def agree_voucher(voucher: Voucher, *, contract_amount: Decimal, by: User | None) -> Voucher:
    """Both sides agreed on `contract_amount` yuan: worth and hold follow, and `cancel_until` sees the acceptance.

    At a price that is not above the one of the request the worth never grows, whatever the account has got
    since; above it, it grows with what the account has left. Raises Refused, InsufficientQuota.
    """
    voucher = lock_voucher(voucher)
    require(rules.in_state(voucher, Voucher.State.REQUESTED, act=_("按议定金额核算")))
    policy, before = policy_of(voucher.snapshot), voucher.amount
    dearer = contract_amount > voucher.contract_amount
    most = per_order.reach_of(voucher, calendar.today()) if dearer else voucher.amount
    worth = worth_of(policy, contract_amount, remaining=most)
    voucher.amount, voucher.formula, voucher.contract_amount = worth.amount, worth.formula, yuan(contract_amount)
    if policy.hold_at not in LATER:
        moves.adjust(voucher, by=by)
    voucher.agreed_at = timezone.now()
    voucher.save()
    record("voucher.agreed", voucher, by=by, before=voucher.status, amount=voucher.amount, was=before)
    return voucher
