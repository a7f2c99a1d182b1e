"""A voucher from its request until the carrier has it."""

from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from carriers.models import Carrier
from innovation_voucher.casework import calendar
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Office, Region
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.money import yuan
from innovation_voucher.lib.references import new_code

from .. import rules
from ..models import PolicySnapshot, Programme, QuotaAccount, Voucher
from ..models.parameters import Confirmation, HoldAt
from ..policy import Policy, Subsidy, redeemers, subsidy
from ..resolve import policy_of
from . import moves
from .accounts import locked_accounts
from .locking import lock_voucher
from .telling import record, tell_holder

#: Moments of `hold_at` that lie after the request.
_LATER = {HoldAt.REGION_CONFIRMS, HoldAt.REDEMPTION}
_TRIES = 5


@dataclass(frozen=True, kw_only=True)
class VoucherFacts:
    """What is printed on the voucher and never changes after it is issued. Amount in yuan."""

    service_title: str
    service_category: str
    contract_name: str
    contract_amount: Decimal
    contract_number: str = ""
    contract_date: date | None = None
    answers: dict[str, Any] = field(default_factory=dict)


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
) -> Voucher:
    """Bind quota to a contract. The amount is computed by the pinned policy from what is available.

    Takes the hold when the policy says so now; without a review of the use the voucher is issued at
    once, and confirmed too where confirming is no act of its own. Raises Refused, InsufficientQuota.
    """
    policy, day = policy_of(snapshot), calendar.today()
    if redeemer not in redeemers(policy):
        raise Refused(_("兑付方由当地规则确定，请按页面显示的兑付方提交"))
    accounts = locked_accounts(organization, [programme.pk])
    account = _account_for(accounts, day)
    worth = _worth(policy, facts.contract_amount, account)
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
        formula={"words": worth.words, "decided_by": worth.decided_by},
        valid_until=account.valid_until,
        redeem_until=account.redeem_until,
        requested_at=timezone.now(),
        **{**asdict(facts), "contract_amount": yuan(facts.contract_amount)},
    )
    if policy.hold_at not in _LATER:
        moves.hold(voucher, account, by=by)
        voucher.save(update_fields=["held", "movements", "account"])
    record("voucher.requested", voucher, by=by, before="", amount=voucher.amount)
    if not policy.use_chain:
        _issue(voucher, policy, by=by)
    return voucher


def _account_for(accounts: list[QuotaAccount], day: date) -> QuotaAccount:
    """The account that ends first among those that have something left; the reason where there is none."""
    usable = [a for a in accounts if rules.is_usable(a, day)[0]]
    if accounts and not usable:
        require(rules.is_usable(max(accounts, key=lambda a: a.valid_until), day))
    filled = [a for a in usable if a.available > 0]
    if not filled:
        raise Refused(_("可用额度为 0 元，申领额度后再使用创新券"), code="insufficient_quota")
    return min(filled, key=lambda a: (a.valid_until, a.pk))


def _worth(policy: Policy, contract_amount: Decimal, account: QuotaAccount) -> Subsidy:
    worth = subsidy(policy, yuan(contract_amount), remaining=account.available)
    if worth.amount <= 0:
        words = worth.words if worth.decided_by == "min_contract" else _("按这份合同计算的券额为 0 元，核对合同金额")
        raise Refused(words, code=worth.decided_by)
    return worth


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
def issue_voucher(
    voucher: Voucher, *, by: User | None, amount: Decimal | None = None, office: Office | None = None, reason: str = ""
) -> Voucher:
    """The reviewer agrees: the facts are frozen, at `amount` yuan when the reviewer lowered it."""
    voucher = lock_voucher(voucher)
    require(rules.in_state(voucher, Voucher.State.REQUESTED, Voucher.State.RETURNED, act=_("核额")))
    if amount is not None and amount != voucher.amount:
        if not 0 < amount < voucher.amount:
            raise Refused(_("核定券额不能超过计算的券额"))
        moves.release(voucher, by=by, keep=amount)
        voucher.amount = amount
        voucher.save(update_fields=["amount", "held", "movements"])
    policy = policy_of(voucher.snapshot)
    if policy.hold_at == HoldAt.REGION_CONFIRMS:
        moves.hold(voucher, moves.account_of(voucher), by=by)
        voucher.save(update_fields=["held", "movements"])
    return _issue(voucher, policy, by=by, office=office, reason=reason)


def _issue(
    voucher: Voucher, policy: Policy, *, by: User | None, office: Office | None = None, reason: str = ""
) -> Voucher:
    before = voucher.status
    voucher.issue()
    voucher.issued_at = timezone.now()
    voucher.save(update_fields=["status", "issued_at"])
    record("voucher.issued", voucher, by=by, before=before, office=office, reason=reason, amount=voucher.amount)
    if policy.confirmation == Confirmation.NONE:
        _confirm(voucher, by=None)
    return voucher


@transaction.atomic
def refuse_voucher(voucher: Voucher, *, by: User | None, reason: str, office: Office | None = None) -> Voucher:
    """The reviewer refuses: the hold is free again."""
    voucher = lock_voucher(voucher)
    require(rules.in_state(voucher, Voucher.State.REQUESTED, Voucher.State.RETURNED, act=_("审核")))
    before = voucher.status
    moves.release(voucher, by=by)
    voucher.refuse()
    voucher.ended_at, voucher.end_reason = timezone.now(), reason
    voucher.save()
    record("voucher.refused", voucher, by=by, before=before, office=office, reason=reason)
    tell_holder(voucher, "voucher.refused", _("创新券 %(code)s 未通过审核，额度已退回"), reason)
    return voucher


@transaction.atomic
def confirm_voucher(voucher: Voucher, *, by: User | None) -> Voucher:
    """The carrier has it. Who may is asked by the verb that calls (receiving, accepting)."""
    voucher = lock_voucher(voucher)
    require(rules.may_confirm(voucher))
    return _confirm(voucher, by=by)


def _confirm(voucher: Voucher, *, by: User | None) -> Voucher:
    before = voucher.status
    voucher.confirm()
    voucher.confirmed_at, voucher.confirmed_by = timezone.now(), by
    voucher.save(update_fields=["status", "confirmed_at", "confirmed_by"])
    record("voucher.confirmed", voucher, by=by, before=before)
    return voucher
