"""The use of a voucher on an order."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import audit, reviews
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.rules import Answer, require
from innovation_voucher.casework.subjects import subject_for
from innovation_voucher.lib.money import format_yuan
from innovation_voucher.lib.references import group_code
from vouchers import services as vouchers
from vouchers.models import Voucher
from vouchers.models.parameters import Confirmation, ProviderScope
from vouchers.phones import require_confirmed
from vouchers.policy import Policy, Subsidy, is_excluded
from vouchers.resolve import policy_of, snapshot

from .. import rules
from ..models import Order
from ..roads import asked_rows
from .common import expected, lock_for, tell_carrier, tell_enterprise
from .evidence import use_gaps, use_policy

#: `confirmation` values under which an accepted order is all that a voucher waits for.
_BY_ACCEPTANCE = (Confirmation.ORDER_ACCEPTED, Confirmation.ORDER_AND_AMOUNT)


@dataclass(frozen=True, kw_only=True)
class Use:
    """The facts of the contract that the voucher is used on. Amounts in yuan.

    `amount` is what is asked for where the reviewer sets it.
    """

    contract_name: str
    contract_amount: Decimal
    redeemer: str
    contract_number: str = ""
    contract_date: date | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    amount: Decimal | None = None


def facts_of(order: Order, use: Use) -> vouchers.VoucherFacts:
    """What the voucher will bear: the order's service and the contract's facts."""
    return vouchers.VoucherFacts(
        service_title=order.title,
        service_category=order.category_name,
        contract_name=use.contract_name,
        contract_number=use.contract_number,
        contract_amount=use.contract_amount,
        contract_date=use.contract_date,
        answers=use.answers,
    )


def estimate(order: Order, contract_amount: Decimal) -> Subsidy:
    """What a voucher on this contract would be worth today, with the words that explain it."""
    policy = use_policy(order)
    if order.programme is None:
        raise Refused(_("这个订单没有选择创新券方案，不能使用创新券。"))
    kept = order.voucher.held if order.voucher is not None else None
    return expected(order.organization, order.programme, policy, contract_amount, held=kept)


def may_pay_for(order: Order, policy: Policy) -> Answer:
    """Whether the policy pays for this category, this carrier and these two parties."""
    item = order.service or order.instrument
    if item and is_excluded(policy, [category.code for category in item.category.trail]):
        return False, _("“%(name)s”不在创新券补贴范围内，不能使用创新券。") % {"name": order.category_name}
    if policy.provider_scope == ProviderScope.LABELS_OR_MUTUAL:
        scope = rules.in_scope(order.organization, item or order.carrier, policy)
        if not scope[0]:
            return scope
    return vouchers.related_party_answer(policy, order.organization, order.carrier)


@transaction.atomic
def use_voucher(order: Order, *, by: User, use: Use) -> Voucher:
    """Bind quota to the order's contract as a voucher for its carrier.

    The voucher keeps the policy of today. Without a review of the use it is issued at once and waits
    for the carrier. Raises NotAllowed for strangers, Refused with the reason when evidence is
    missing, the service is not paid for, the parties are related, the contract is too small or the
    quota does not suffice.
    """
    # Locks are taken in one order everywhere: accounts, then the order.
    vouchers.lock_for_use(order.organization, order.programme)
    order = lock_for(order, rules.for_enterprise, by)
    require(rules.may_use(by, order))
    require_confirmed(order.organization, asked_rows(use_policy(order)), use.answers)
    return bind(order, use, by=by)


def bind(order: Order, use: Use, *, by: User | None) -> Voucher:
    """`use_voucher` for a locked order whose accounts are locked; `by` is None where acceptance asks for it."""
    policy = use_policy(order)
    _refuse_gaps(order, policy)
    require(may_pay_for(order, policy))
    voucher = vouchers.request_voucher(**voucher_facts(order, use), by=by)
    order.voucher, order.snapshot, order.use_voucher = voucher, voucher.snapshot, True
    order.save(update_fields=["voucher", "snapshot", "use_voucher"])
    after = {"voucher": voucher.code, "amount": voucher.amount}
    audit.record("order.voucher_used", order, by=by, region=order.region, after=after)
    return send_on(order, voucher, by=by)


def _refuse_gaps(order: Order, policy: Policy) -> None:
    gaps = use_gaps(order, policy)
    if gaps:
        raise Refused("；".join(gap.words for gap in gaps), "evidence")


def voucher_facts(order: Order, use: Use) -> dict[str, Any]:
    """What a voucher on the order is requested with, under the policy of today; Refused without a scheme."""
    if order.programme is None:
        raise Refused(_("这个订单没有选择创新券方案，不能使用创新券。"))
    return {
        "organization": order.organization,
        "carrier": order.carrier,
        "programme": order.programme,
        "snapshot": snapshot(order.programme, order.organization.region),
        "region": order.region,
        "facts": facts_of(order, use),
        "amount": use.amount,
        "redeemer": use.redeemer,
    }


def send_on(order: Order, voucher: Voucher, *, by: User | None) -> Voucher:
    """Send the new voucher on: to its review, to be confirmed at once, or to the carrier."""
    policy = policy_of(voucher.snapshot)
    if voucher.status == Voucher.State.REQUESTED and not policy.use_chain:
        voucher = vouchers.issue_voucher(voucher, by=by)
    if voucher.status == Voucher.State.REQUESTED:
        reviews.open_case(
            voucher,
            chain=policy.use_chain or "",
            number=f"YQ-{voucher.code}",
            title=order.title,
            applicant=order.organization.name,
            region=order.region,
            home=voucher.programme.region,
            by=by,
            amount=voucher.amount,
            checks=subject_for(voucher).checks(voucher),
        )
    else:
        voucher = forward(voucher, order)
    return voucher


def forward(voucher: Voucher, order: Order) -> Voucher:
    """An issued voucher goes to the carrier; where confirming is no act of its own it is confirmed."""
    if voucher.status != Voucher.State.ISSUED:
        return _tell_valid(voucher, order)
    if policy_of(voucher.snapshot).confirmation in _BY_ACCEPTANCE:
        return _tell_valid(vouchers.confirm_voucher(voucher, by=None), order)
    title = _("有一张 %(amount)s 元的创新券待您确认") % {"amount": format_yuan(voucher.amount)}
    sms = _("【创新券】%(title)s，券号 %(code)s。") % {"title": title, "code": group_code(voucher.code)}
    tell_carrier(order, "voucher.issued", title, mark=voucher.code, sms=sms)
    return voucher


def _tell_valid(voucher: Voucher, order: Order) -> Voucher:
    """Nothing more is waited for: both sides learn the amount."""
    if voucher.status != Voucher.State.CONFIRMED:
        return voucher
    words = {"amount": format_yuan(voucher.amount), "title": order.title}
    title = _("创新券 %(amount)s 元已生效：%(title)s") % words
    for tell in (tell_enterprise, tell_carrier):
        tell(order, "voucher.confirmed", title, mark=voucher.code, sms=_("【创新券】%s。") % title)
    return voucher
