"""快速兑付: a service that was never ordered here becomes an order that is done, ready to be redeemed."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from accounts.rules import may_act
from carriers.models import Carrier, Category
from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.rules import require
from vouchers.models import Programme
from vouchers.policy import is_excluded
from vouchers.resolve import policy_of, snapshot

from .. import rules
from ..models import Order
from ..schemes import lets_quick
from .booking import set_plan
from .common import order_number
from .delivery import finish
from .use import may_pay_for

#: Services are named down to this level of the categories.
LEVELS = 3


@dataclass(frozen=True, kw_only=True)
class QuickFacts:
    """One carrier, one type of service (a category of the third level), what it cost (yuan), and what was done."""

    carrier: Carrier
    category: Category
    amount: Decimal
    contact_name: str
    contact_phone: str
    need: str = ""


@transaction.atomic
def place_quick(*, organization: Organization, programme: Programme, facts: QuickFacts, by: User) -> Order:
    """Enter a service that both sides have finished already: the order is born completed, without a service item.

    Raises NotAllowed for people who may not act for the organization; Refused where the region wants
    orders, the carrier is not registered there, or the type is not one that vouchers pay for.
    """
    require(may_act(by, organization), NotAllowed)
    row = snapshot(programme, organization.region)
    policy = policy_of(row)
    if not lets_quick(policy):
        raise Refused(_("%(name)s在您单位所在地区不能快速兑付，请先在线下单。") % {"name": programme.name})
    require(rules.may_quick(organization, facts.carrier))
    if len(facts.category.trail) != LEVELS:
        raise Refused(_("服务类型要选到第三级。"), "category")
    if is_excluded(policy, [category.code for category in facts.category.trail]):
        raise Refused(_("“%(name)s”不在创新券补贴范围内，不能使用创新券。") % {"name": facts.category.name}, "category")
    if facts.amount <= 0:
        raise Refused(_("服务金额须大于 0 元。"), "amount")
    order = Order(
        number=order_number(policy),
        organization=organization,
        region=organization.bureau,
        carrier=facts.carrier,
        programme=programme,
        snapshot=row,
        channel=Order.Channel.QUICK,
        title=facts.category.name,
        category_name=facts.category.name,
        contact_name=facts.contact_name,
        contact_phone=facts.contact_phone,
        need=facts.need,
        agreed_amount=facts.amount,
        placed_by=by,
        placed_at=timezone.now(),
    )
    require(may_pay_for(order, policy))
    set_plan(order, policy)
    order.save()
    audit.record("order.quick", order, by=by, region=order.region, after={"amount": facts.amount})
    return finish(order, by=by)
