"""Several orders in one redemption: gathered in a draft, and handed in together."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.rules import require
from orders.models import Order
from vouchers.models.parameters import Consent
from vouchers.policy import Policy

from .. import asked, rules
from ..models import Pick, Redemption
from ..things import Thing, handle, order_of, payee_of, rules_of
from .drafts import begin, put_in
from .opened import open_order


@transaction.atomic
def gather(things: Sequence[Thing], *, by: User) -> Redemption:
    """Put orders into the payee's draft, which is opened where there is none.

    All go the same way: one payee, scheme and region, and one enterprise where it has to agree.
    Raises Refused naming the order that does not fit.
    """
    if not things:
        raise Refused(_("勾选要一并申请兑付的订单。"), "nothing")
    orders = [open_order(thing, "", by) for thing in sorted(things, key=lambda thing: order_of(thing).pk)]
    first = handle(orders[0])
    for order in orders:
        _require_free(order.number, handle(order), first)
    redemption = _open_draft(first) or begin(first, by=by)
    for order in orders:
        put_in(redemption, order)
    after = {"orders": [order.number for order in orders]}
    audit.record("redemption.gathered", redemption, by=by, region=redemption.region, after=after)
    return redemption


def _require_free(number: str, thing: Thing, first: Thing) -> None:
    if not asked.gathers(rules_of(thing)):
        raise Refused(_("订单 %(number)s 单独申请兑付，不能合并。") % {"number": number}, "single")
    pick = Pick.objects.filter(order=order_of(thing)).select_related("redemption").first()
    if pick is not None:
        words = _("订单 %(number)s 已在兑付草稿 %(draft)s 里。")
        raise Refused(words % {"number": number, "draft": pick.redemption.number}, "picked")
    if _way(thing) != _way(first):
        words = _("订单 %(number)s 与其他所选订单的方案、地区或收款方不同，分开申请。")
        raise Refused(words % {"number": number}, "other_way")


def _way(thing: Thing) -> tuple[object, ...]:
    """What must be the same for all orders of one redemption."""
    policy: Policy = rules_of(thing)
    asks = policy.consent == Consent.ENTERPRISE_AGREES
    enterprise = thing.organization_id if asks else None
    order = order_of(thing)
    # What was never ordered here is redeemed alone: one carrier, one type of service.
    alone = order.pk if order.channel == Order.Channel.QUICK else None
    road = (policy.redemption_chain, policy.publicity_days, enterprise, alone)
    return (payee_of(thing).pk, thing.programme_id, thing.region_id, *road)


def _open_draft(thing: Thing) -> Redemption | None:
    """The payee's draft into which the order fits, locked."""
    drafts = Redemption.objects.filter(
        payee=payee_of(thing),
        programme=thing.programme,
        region=thing.region,
        status=Redemption.State.DRAFT,
        picks__isnull=False,
    )
    for draft in Redemption.objects.select_for_update(of=("self",)).filter(pk__in=drafts.values("pk")):
        if all(_way(handle(pick.order)) == _way(thing) for pick in draft.picks.select_related("order__voucher")):
            return draft
    return None


@transaction.atomic
def leave_out(redemption: Redemption, thing: Thing, *, by: User) -> Redemption:
    """Take an order out of a draft; the last one stays."""
    redemption = locked_draft(redemption, by=by)
    pick = redemption.picks.filter(order=order_of(thing)).first()
    if pick is None:
        raise Refused(_("这个订单已不在这份草稿里。"))
    if redemption.picks.count() == 1:
        raise Refused(_("只剩这一个订单。不办理时放弃整份草稿。"), "last")
    pick.delete()
    before = {"order": order_of(thing).number}
    audit.record("redemption.left_out", redemption, by=by, region=redemption.region, before=before)
    return redemption


@transaction.atomic
def keep_amounts(redemption: Redemption, *, by: User, amounts: Mapping[int, Decimal]) -> Redemption:
    """Write what orders cost (yuan) by pick id, where the scheme or an open price asks for it."""
    redemption = locked_draft(redemption, by=by)
    for pick in redemption.picks.filter(pk__in=amounts):
        if amounts[pick.pk] <= 0:
            raise Refused(_("服务金额须大于 0 元。"), "amount")
        pick.contract_amount = amounts[pick.pk]
        pick.save(update_fields=["contract_amount"])
    return redemption


def locked_draft(redemption: Redemption, *, by: User) -> Redemption:
    """The fresh draft, locked, for whoever may hand it in."""
    rows = Redemption.objects.select_for_update(of=("self",))
    redemption = rows.select_related("payee", "programme", "snapshot", "region", "bank_account").get(pk=redemption.pk)
    require(rules.may_submit_draft(by, redemption), NotAllowed)
    return redemption
