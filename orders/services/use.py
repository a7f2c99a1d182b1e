"""Contracts and the use of a voucher on an order."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from carriers.models import Category
from innovation_voucher.casework import attachments, audit
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Attachment
from innovation_voucher.casework.rules import Answer, require
from innovation_voucher.lib.money import format_yuan
from vouchers import services as vouchers
from vouchers.models import Voucher
from vouchers.policy import Gap, Policy, Subsidy, evidence_gaps, subsidy
from vouchers.resolve import policy_of

from .. import rules
from ..models import Order
from .common import lock, order_number, tell_carrier

STAGE = "use"


@dataclass(frozen=True, kw_only=True)
class Use:
    """The facts of the contract that the voucher is used on. `contract_amount` in yuan."""

    contract_name: str
    contract_number: str = ""
    contract_amount: Decimal
    contract_date: date | None = None
    redeemer: str
    answers: dict[str, Any] = field(default_factory=dict)


def use_policy(order: Order) -> Policy:
    """The policy that the order was placed under; Refused when it has none."""
    if order.snapshot is None:
        raise Refused(_("这个订单没有选择创新券方案，不能使用创新券。"))
    return policy_of(order.snapshot)


@transaction.atomic
def add_evidence(order: Order, key: str, *, by: User, name: str, data: BinaryIO) -> Attachment:
    """Keep a file for one evidence row of the order's policy; saved at once, before submitting.

    Raises Refused when the row has its maximum, and lib.uploads.Refused when the file is not fit.
    """
    order = lock(order)
    require(rules.may_upload_contract(by, order))
    row = use_policy(order).evidence_row(STAGE, key)
    given = attachments.files(order, key)
    if row.maximum is not None and len(given) >= row.maximum:
        raise Refused(_("“%(label)s”最多 %(n)s 份。先删除一份，再上传。") % {"label": row.label, "n": row.maximum})
    attachment = attachments.attach(order, key, name=name, data=data, rule=attachments.rule_of(row), by=by)
    audit.record("order.evidence", order, by=by, region=order.region, after={"key": key, "file": attachment.name})
    return attachment


@transaction.atomic
def remove_evidence(order: Order, attachment: Attachment, *, by: User) -> None:
    """Take a file back before a voucher stands on the order."""
    order = lock(order)
    require(rules.may_upload_contract(by, order))
    attachments.remove(attachment, by=by)
    audit.record("order.evidence_removed", order, by=by, region=order.region, before={"file": attachment.name})


def use_gaps(order: Order, policy: Policy) -> list[Gap]:
    """Which evidence of the use stage is still missing."""
    counts: dict[str, int] = {}
    for file in attachments.files(order):
        counts[file.key] = counts.get(file.key, 0) + 1
    return evidence_gaps(policy, STAGE, counts)


def estimate(order: Order, contract_amount: Decimal) -> Subsidy:
    """What a voucher on this contract would be worth today, with the words that explain it."""
    left = vouchers.balance(order.organization, order.programme).available if order.programme else None
    return subsidy(use_policy(order), contract_amount, remaining=left)


def may_pay_for(order: Order, policy: Policy) -> Answer:
    """Whether the policy pays for this category and these two parties."""
    item = order.service or order.instrument
    category: Category | None = item.category if item else None
    excluded = set(policy.excluded_categories or ())
    while category is not None:
        if category.code in excluded:
            return False, _("“%(name)s”不在创新券补贴范围内，不能使用创新券。") % {"name": category.name}
        category = category.parent
    return vouchers.related_party_answer(policy, order.organization, order.carrier)


@transaction.atomic
def use_voucher(order: Order, *, by: User, use: Use) -> Voucher:
    """Bind quota to the order's contract as a voucher for its carrier.

    Without a use review the voucher is issued at once and waits for the carrier. Raises Refused
    with the reason when evidence is missing, the service is not paid for, the parties are related,
    the contract is too small or the quota does not suffice.
    """
    order = lock(order)
    require(rules.may_use(by, order))
    policy = use_policy(order)
    gaps = use_gaps(order, policy)
    if gaps:
        raise Refused("；".join(gap.words for gap in gaps))
    require(may_pay_for(order, policy))
    voucher = vouchers.request_voucher(
        organization=order.organization,
        carrier=order.carrier,
        programme=order.programme,
        snapshot=order.snapshot,
        region=order.region,
        facts=_facts(order, use),
        redeemer=use.redeemer,
        by=by,
    )
    order.voucher = voucher
    order.use_voucher = True
    order.save(update_fields=["voucher", "use_voucher"])
    audit.record(
        "order.voucher_used",
        order,
        by=by,
        region=order.region,
        after={"voucher": voucher.code, "amount": str(voucher.amount)},
    )
    if voucher.status == Voucher.State.ISSUED:
        tell_carrier(
            order,
            "voucher.issued",
            _("有一张 %(amount)s 元的创新券待您确认") % {"amount": format_yuan(voucher.amount)},
            mark=voucher.code,
        )
    return voucher


def _facts(order: Order, use: Use) -> vouchers.VoucherFacts:
    return vouchers.VoucherFacts(
        service_title=order.title,
        service_category=order.category_name,
        contract_name=use.contract_name,
        contract_number=use.contract_number,
        contract_amount=use.contract_amount,
        contract_date=use.contract_date,
        answers=use.answers,
    )


@transaction.atomic
def resubmit_order(order: Order, *, by: User) -> Order:
    """Copy an order whose voucher ended, files included, so that a new voucher can be used on it.

    The old order is cancelled and keeps its voucher; the copy is accepted like the original.
    """
    old = lock(order)
    require(rules.may_resubmit(by, old))
    fresh = _copy(old, number=order_number(old.programme, use_policy(old)))
    fresh.accept()
    fresh.save(update_fields=["status"])
    attachments.copy_files(old, fresh, by=by)
    old.cancel()
    old.ended_at = timezone.now()
    old.end_reason = _("创新券未使用成功，已重新提交为 %(number)s") % {"number": fresh.number}
    old.save()
    audit.record("order.resubmitted", old, by=by, region=old.region, after={"order": fresh.number})
    audit.record("order.copied", fresh, by=by, region=old.region, before={"order": old.number})
    return fresh


def _copy(old: Order, *, number: str) -> Order:
    """The same booking under a new number, without voucher, in the machine's first state."""
    values = {
        f.attname: getattr(old, f.attname)
        for f in Order._meta.concrete_fields
        if f.attname not in ("id", "status", "voucher_id", "number")
    }
    return Order.objects.create(number=number, **values)
