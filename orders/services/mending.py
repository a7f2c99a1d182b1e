"""A use that the reviewer returned: what is open again, and handing it in anew."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.organizations import people_of
from innovation_voucher.casework import audit, messaging, reviews
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Office, ReturnItem
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.subjects import Target, subject_for
from vouchers import services as vouchers
from vouchers.models import Voucher
from vouchers.phones import require_confirmed
from vouchers.policy import Policy, redeemers

from .. import rules
from ..models import Order
from ..roads import asked_rows, asks_contract
from .common import lock_for, tell_enterprise
from .evidence import use_gaps, use_policy
from .use import Use, facts_of, may_pay_for

#: Facts of a use that a return can be pinned to, beside the answers and the evidence.
#: The last one is asked only where there is a choice.
FACTS = ("contract_name", "contract_number", "contract_date", "contract_amount", "redeemer")


def facts_asked(policy: Policy) -> tuple[str, ...]:
    """Which of FACTS a use under the policy states: those of a contract only where one is looked at."""
    choice = ("redeemer",) if len(redeemers(policy)) > 1 else ()
    return (*(FACTS[:-1] if asks_contract(policy) else ("contract_amount",)), *choice)


def order_of(voucher: Voucher) -> Order:
    """The order of a voucher with its parties."""
    return Order.objects.select_related("organization", "carrier__organization", "region").get(voucher=voucher)


def asked_to_mend(voucher: Voucher) -> dict[str, list[ReturnItem]]:
    """What the reviewer wants mended, by key of a fact, an answer or an evidence row; "" is the whole."""
    return reviews.returned_items(voucher)


def open_keys(asked: dict[str, list[ReturnItem]]) -> frozenset[str] | None:
    """Which facts and files may change; None = all of them."""
    if not asked or "" in asked:
        return None
    # What is asked for must fit the contract's amount.
    return frozenset(asked) | ({"amount"} if "contract_amount" in asked else frozenset())


def return_use(
    voucher: Voucher, *, by: User, office: Office | None, items: Sequence[Target], due: date, reason: str
) -> None:
    """Back to the enterprise with everything to mend until `due`; the quota stays held."""
    vouchers.return_for_correction(voucher, by=by, office=office, reason=reason)
    order = order_of(voucher)
    audit.record("order.use_returned", order, by=by, office=office, region=order.region, reason=reason)
    words = {"n": len(items), "month": due.month, "day": due.day, "title": order.title}
    title = _("用券申请有 %(n)d 项需补正（%(month)d月%(day)d日前）：%(title)s") % words
    body = "；".join(str(text) for _target, text in items)
    sms = _("【创新券】%s。") % title
    tell_enterprise(order, "use.returned", title, body=body, sms=sms, mark=f"{voucher.movements}:{due}")


def remind_use(voucher: Voucher, *, act: str) -> None:
    """The clock: the day until which a returned use must be mended comes near."""
    if act != reviews.RESUBMIT:
        return
    case = reviews.live_case(voucher)
    if case is None or case.return_due is None:
        return
    order = order_of(voucher)
    words = {"title": order.title, "month": case.return_due.month, "day": case.return_due.day}
    messaging.notify(
        people_of(order.organization),
        kind="order.reminder",
        title=_("用券申请的补正期限将到，%(month)d月%(day)d日前重新提交：%(title)s") % words,
        link=reverse("ent-order", args=[order.number]),
        dedupe=f"reminder:{voucher.code}:{case.return_due}",
    )


@transaction.atomic
def resubmit_use(order: Order, *, by: User, use: Use) -> Voucher:
    """Hand in a returned use again. What was not asked to be mended stays as it was.

    Raises NotAllowed for strangers; Refused when nothing is returned (any more), evidence is missing
    or the quota does not suffice for a larger amount.
    """
    if order.voucher is None:
        raise Refused(_("这个订单没有待补正的用券申请，刷新页面查看最新进展。"))
    # The order of locks: the case, accounts and voucher, then the order.
    reviews.lock_case_of(order.voucher)
    vouchers.lock_voucher(order.voucher)
    order = lock_for(order, rules.for_enterprise, by)
    require(rules.may_mend(by, order))
    old = order.voucher
    policy = use_policy(order)
    gaps = use_gaps(order, policy)
    if gaps or old is None:
        raise Refused("；".join(gap.words for gap in gaps), "evidence")
    require(may_pay_for(order, policy))
    keys = open_keys(asked_to_mend(old))
    use = _within(use, old, keys)
    require_confirmed(order.organization, asked_rows(policy), use.answers, among=keys)
    voucher = vouchers.resubmit_voucher(
        old, facts=facts_of(order, use), redeemer=use.redeemer, amount=use.amount, by=by
    )
    audit.record("order.use_resubmitted", order, by=by, region=order.region, after={"amount": voucher.amount})
    reviews.resubmit(voucher, by=by, amount=voucher.amount, checks=subject_for(voucher).checks(voucher))
    return voucher


def _within(use: Use, old: Voucher, keys: frozenset[str] | None) -> Use:
    """The use with only the open keys taken from what was typed."""
    if keys is None:
        return use
    kept = {name: getattr(old, name) for name in FACTS if name not in keys}
    if "amount" not in keys:
        kept["amount"] = old.amount
    answers = {**old.answers, **{key: value for key, value in use.answers.items() if key in keys}}
    return replace(use, answers=answers, **kept)
