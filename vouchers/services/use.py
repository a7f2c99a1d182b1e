"""A voucher is requested, and later confirmed by its carrier."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from carriers.models import Carrier
from innovation_voucher.casework import calendar
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Region
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.money import yuan
from innovation_voucher.lib.references import new_code

from .. import rules
from ..models import PolicySnapshot, Programme, Voucher
from ..models.parameters import HoldAt
from ..policy import redeemers
from ..resolve import policy_of
from . import moves, per_order
from .locking import lock_voucher
from .reviewing import LATER, confirm, issue
from .telling import record
from .worth import VoucherFacts, worth_of

_TRIES = 5


@transaction.atomic
def request_voucher(
    *,
    organization: Organization,
    carrier: Carrier,
    programme: Programme,
    snapshot: PolicySnapshot,
    region: Region,
    facts: VoucherFacts,
    redeemer: str,
    by: User | None,
    amount: Decimal | None = None,
) -> Voucher:
    """Bind quota to a contract. The amount is computed by the pinned policy from what is left;
    where the reviewer sets it, it is the `amount` (yuan) that is asked for, at most that.
    Quota that comes with its voucher is granted now, to those who may ask for it.

    Takes the hold when the policy says so now; without a review of the use the voucher is issued at
    once, and confirmed too where confirming is no act of its own. One that is asked for with its order
    is issued when the carrier accepts that. Raises Refused, InsufficientQuota.
    """
    policy, day = policy_of(snapshot), calendar.today()
    if redeemer not in redeemers(policy):
        raise Refused(_("兑付方由当地规则确定，请按页面显示的兑付方提交"))
    source = per_order.locked_source(organization, programme, policy, day=day)
    require(rules.first_no(*per_order.answers(organization, programme, policy, day=day)))
    account = source.account
    worth = worth_of(policy, facts.contract_amount, remaining=source.left, asked=amount)
    voucher = _born(
        organization=organization,
        carrier=carrier,
        programme=programme,
        snapshot=snapshot,
        region=region,
        account=account,
        organization_name=organization.name,
        carrier_name=carrier.name,
        redeemer=redeemer,
        amount=worth.amount,
        formula=worth.formula,
        valid_until=account.valid_until,
        redeem_until=account.redeem_until,
        requested_at=timezone.now(),
        **{**asdict(facts), "contract_amount": yuan(facts.contract_amount)},
    )
    if policy.hold_at not in LATER:
        moves.hold(voucher, account, by=by)
        voucher.save(update_fields=["held", "movements", "account"])
    record("voucher.requested", voucher, by=by, before="", amount=voucher.amount)
    if not policy.use_chain and policy.hold_at != HoldAt.ORDER_PLACED:
        issue(voucher, policy, by=by)
    return voucher


def _born(**values: Any) -> Voucher:
    """A saved voucher in its first state, under a code that nobody has."""
    for _attempt in range(_TRIES):
        try:
            with transaction.atomic():
                return Voucher.objects.create(code=new_code(), **values)
        except IntegrityError as error:
            # Only a clash of the random code is tried again; every other rule of the table stands.
            if "code" not in str(error):
                raise
    raise RuntimeError("no free voucher code was found")


@transaction.atomic
def confirm_voucher(voucher: Voucher, *, by: User | None) -> Voucher:
    """The carrier has it. Who may is asked by the verb that calls (receiving, accepting)."""
    return confirm_locked(lock_voucher(voucher), by=by)


def confirm_locked(voucher: Voucher, *, by: User | None) -> Voucher:
    """The same for a row that the caller has read under its lock; no quota moves, so its account needs none."""
    require(rules.may_confirm(voucher))
    return confirm(voucher, by=by)
