"""A draft of the payee: which orders are in it, and what was written so far."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import active_bank_account
from innovation_voucher.casework import audit, numbers, reviews
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.rules import require
from orders.models import Order
from vouchers.resolve import policy_of

from .. import asked, rules
from ..models import Pick, Redemption, RedemptionLine
from ..things import Thing, handle, payee_of, rules_of, snapshot_of
from .opened import lock_order, open_order


def begin(thing: Thing, *, by: User) -> Redemption:
    """A draft without orders, under the rules of the first that goes in."""
    if thing.programme is None:
        raise Refused(_("这个订单没有选择创新券方案，不能申请兑付。"))
    payee = payee_of(thing)
    redemption = Redemption.objects.create(
        number=numbers.case_number("DF"),
        payee=payee,
        programme=thing.programme,
        snapshot=snapshot_of(thing),
        region=thing.region,
        bank_account=active_bank_account(payee),
        created_by=by,
    )
    audit.record("redemption.drafted", redemption, by=by, region=redemption.region)
    return redemption


def put_in(redemption: Redemption, order: Order) -> Pick:
    """The order in the draft, with what an earlier redemption of it said that was taken back."""
    lines = order.voucher.lines.select_related("redemption").order_by("id") if order.voucher is not None else None
    before = lines.last() if lines is not None else None
    if before is not None and not redemption.answers:
        redemption.answers = before.redemption.answers
        redemption.save(update_fields=["answers"])
    amount = before.contract_amount if before is not None else None
    return Pick.objects.create(redemption=redemption, order=order, contract_amount=amount)


def pick_for(thing: Thing, *, by: User) -> Pick:
    """The order's place in its draft; a draft of its own is opened where it has none. The order is locked."""
    order = open_order(thing, "", by)
    found = Pick.objects.filter(order=order).select_related("redemption").first()
    return found or put_in(begin(handle(order), by=by), order)


@transaction.atomic
def keep_facts(
    thing: Thing, *, by: User, answers: Mapping[str, Any], contract_amount: Decimal | None = None
) -> Redemption:
    """Write the scheme's fields and what the contract came to (yuan) for an order that is redeemed by itself.

    The first time a draft is opened for it. While the redemption is returned only what the letter
    names changes. Raises Refused for an amount that is not above zero.
    """
    require((not asked.gathers(rules_of(thing)), _("先勾选要一并申请的订单，再填写。")))
    row = _returned_line(lock_order(thing)) or pick_for(thing, by=by)
    _keep_contract(row, contract_amount, by=by)
    return keep_answers(row.redemption, by=by, answers=answers)


def _returned_line(order: Order) -> RedemptionLine | None:
    lines = RedemptionLine.objects.filter(live=True, voucher__order=order)
    return lines.filter(redemption__status=Redemption.State.RETURNED).select_related("redemption").first()


def _keep_contract(row: Pick | RedemptionLine, amount: Decimal | None, *, by: User) -> None:
    """Write what the contract came to, where that may be changed now."""
    if amount is None or asked.CONTRACT not in open_keys(row.redemption, by):
        return
    if amount <= 0:
        raise Refused(_("合同金额须大于 0 元。"), "contract_amount")
    row.contract_amount = amount
    row.save(update_fields=["contract_amount"])


@transaction.atomic
def keep_answers(redemption: Redemption, *, by: User, answers: Mapping[str, Any]) -> Redemption:
    """Write what may be changed of the scheme's fields; the rest stays as it is."""
    rows = Redemption.objects.select_for_update(of=("self",)).select_related("snapshot", "payee", "programme")
    redemption = rows.get(pk=redemption.pk)
    allowed = open_keys(redemption, by)
    if not allowed:
        require(rules.may_write(by, redemption, asked.CONTRACT, ()))
    kept = {row.key: answers[row.key] for row in asked_rows(redemption) if row.key in answers and row.key in allowed}
    redemption.answers = {**redemption.answers, **kept}
    redemption.save(update_fields=["answers"])
    after = {"fields": sorted(kept)}
    audit.record("redemption.written", redemption, by=by, region=redemption.region, after=after)
    return redemption


def asked_rows(redemption: Redemption) -> tuple[Any, ...]:
    """The scheme's fields."""
    return asked.rows(policy_of(redemption.snapshot))


def open_keys(redemption: Redemption, by: User) -> set[str]:
    """Which fields the person may write now, the contract's amount among them."""
    returned = redemption.status == Redemption.State.RETURNED
    opened = set(reviews.returned_items(redemption)) if returned else set()
    keys = (asked.CONTRACT, *(row.key for row in asked_rows(redemption)))
    return {key for key in keys if rules.may_write(by, redemption, key, opened)[0]}
