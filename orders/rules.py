"""Who may do what with an order, and why not. Every answer is (allowed, reason)."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Membership, Organization
from accounts.rules import may_act
from carriers.models import Carrier, Instrument, Service
from carriers.rules import bookable, standing_in
from innovation_voucher.casework.rights import holds
from innovation_voucher.casework.rules import ALLOWED, Answer
from vouchers.models import Voucher
from vouchers.models.parameters import CancelUntil, OpenedBy, ProviderScope, RedeemFrom
from vouchers.policy import Policy
from vouchers.resolve import policy_of
from vouchers.rules import is_frozen, may_void

from .models import Order, Quote
from .roads import comes_with_order, has_reached, holds_late, policy_for

State = Order.State
PAYERS = (Membership.Role.OWNER, Membership.Role.HANDLER, Membership.Role.FINANCE)
#: A voucher that ended without payment: its order may be handed in anew.
ENDED_VOUCHER = (
    Voucher.State.VOIDED,
    Voucher.State.RETURNED_BY_CARRIER,
    Voucher.State.TERMINATED,
    Voucher.State.REFUSED,
    Voucher.State.LAPSED,
)
#: An order that came to nothing.
ENDED_ORDER = (State.DECLINED, State.CANCELLED, State.LAPSED)
#: A voucher that the carrier has not received yet.
WAITING_VOUCHER = (Voucher.State.REQUESTED, Voucher.State.RETURNED, Voucher.State.ISSUED)


def is_member(user: Any, organization: Organization) -> bool:
    """Whether the person belongs to the organization in any role."""
    return user.is_authenticated and may_act(user, organization, roles=Membership.Role.values)[0]


def may_see(user: Any, order: Order) -> bool:
    """Members of either side, officers who may view cases of the order's region, and the scheme's third party."""
    return (
        is_member(user, order.organization)
        or is_member(user, order.carrier.organization)
        or holds(user, "view_cases", order.region)
        or holds(user, "review_use", order.region)
        or _is_settled_by(user, order)
    )


def _is_settled_by(user: Any, order: Order) -> bool:
    """Whether the person opens the redemptions of the order's voucher: the evidence of them stands here."""
    voucher = order.voucher
    if voucher is None or policy_of(voucher.snapshot).redemption_opened_by != OpenedBy.AGENCY:
        return False
    return holds(user, "open_redemptions", voucher.programme.region)


def for_enterprise(user: Any, order: Order) -> Answer:
    """Acts of the enterprise's side: its owner and handlers."""
    return may_act(user, order.organization)


def for_carrier(user: Any, order: Order) -> Answer:
    """Acts of the carrier's side: its owner and handlers."""
    return may_act(user, order.carrier.organization)


def for_payer(user: Any, order: Order) -> Answer:
    """Acts of the enterprise's side that concern its money: owner, handlers and finance people."""
    return may_act(user, order.organization, roles=PAYERS)


def for_either(user: Any, order: Order) -> Answer:
    """Messages: owner and handlers of both sides."""
    mine = for_enterprise(user, order)
    return mine if mine[0] else for_carrier(user, order)


# --- Before there is an order ---------------------------------------------------------------


def may_book(
    organization: Organization, item: Service | Instrument, *, with_voucher: bool, policy: Policy | None = None
) -> Answer:
    """A verified organization books with a voucher what its region recognizes, and the rest at its own cost.

    `policy` of the scheme that shall pay says whether lists of mutual recognition count too.
    """
    customer = _is_customer(organization, item.carrier)
    if not customer[0]:
        return customer
    if with_voucher:
        return in_scope(organization, item, policy)
    if not item.listed:
        return False, _("该项目已下架，不能预约；可在机构页查看其他项目。")
    return (True, "") if item.carrier.shown else (False, _("该机构尚未入库，不能预约；可换一家机构。"))


def may_quick(organization: Organization, carrier: Carrier) -> Answer:
    """A verified enterprise enters what a carrier that its region recognizes has done for it."""
    customer = _is_customer(organization, carrier)
    return customer if not customer[0] else bookable(carrier, organization.bureau)


def _is_customer(organization: Organization, carrier: Carrier) -> Answer:
    """Whether the organization may have anything done by the carrier at all."""
    if organization.kind == Organization.Kind.CARRIER:
        return False, _("服务机构不能预约服务；以企业身份登录后再预约。")
    if organization.verified_at is None:
        return False, _("完成实名认证后才能预约。")
    if carrier.organization_id == organization.pk:
        return False, _("这是本单位提供的服务，不能预约。")
    return ALLOWED


def in_scope(organization: Organization, item: Service | Instrument | Carrier, policy: Policy | None) -> Answer:
    """Whether the scheme pays this carrier for enterprises of the organization's region."""
    mutual = policy is not None and policy.provider_scope == ProviderScope.LABELS_OR_MUTUAL
    return bookable(item, organization.bureau, mutual=mutual)


# --- States ---------------------------------------------------------------------------------


def in_state(order: Order, *states: str) -> Answer:
    """Whether the order stands in one of `states`; the reason names where it stands."""
    if order.status in states:
        return ALLOWED
    return False, _("订单现在是“%(state)s”，不能办理这一步，请刷新页面查看最新进展。") % {
        "state": order.get_status_display()
    }


def voucher_ended(order: Order) -> bool:
    """Whether the order's voucher ended without payment."""
    return order.voucher is not None and order.voucher.status in ENDED_VOUCHER


def _no_voucher(order: Order, by: Any = None) -> Answer:
    """Whether the order may end: without a live voucher, or with one that came with it and ends with it.

    `by` is the holder who takes it back, as far as `cancel_until` allows; else the carrier gives up.
    """
    voucher = order.voucher
    if voucher is None or voucher_ended(order):
        return ALLOWED
    if comes_with_order(order):
        return may_void(by, voucher, policy_of(voucher.snapshot)) if by else _not_redeemed(voucher)
    return False, _("这个订单已使用创新券。先作废创新券，再办理这一步。")


def _not_redeemed(voucher: Voucher) -> Answer:
    if voucher.status not in (Voucher.State.REDEEMING, Voucher.State.PAID):
        return ALLOWED
    return False, _("这个订单的创新券已经申请兑付，不能再办理这一步。")


def _all(*answers: Answer) -> Answer:
    """The first answer that refuses, else yes."""
    return next((answer for answer in answers if not answer[0]), ALLOWED)


# --- The verbs ------------------------------------------------------------------------------


def may_accept(user: Any, order: Order) -> Answer:
    """The carrier accepts a booking that still waits for it, as long as no quote of its own is open."""
    return _all(for_carrier(user, order), in_state(order, State.PLACED), _carriers_turn(order), _no_quote(order))


def may_quote(user: Any, order: Order) -> Answer:
    """The carrier offers a price for a booking that waits for it, or changes its offer."""
    return _all(for_carrier(user, order), in_state(order, State.PLACED), _carriers_turn(order))


def may_confirm_phone(user: Any, order: Order) -> Answer:
    """The enterprise confirms what the carrier entered after a call."""
    if not order.by_carrier:
        return False, _("这份预约由服务机构确认。")
    return _all(for_enterprise(user, order), in_state(order, State.PLACED))


def _carriers_turn(order: Order) -> Answer:
    return (False, _("这份电话预约由企业确认，您可以等待或撤回。")) if order.by_carrier else ALLOWED


def _no_quote(order: Order) -> Answer:
    if not order.quotes.filter(status=Quote.State.OFFERED).exists():
        return ALLOWED
    return False, _("报价还在等企业答复。需要直接确认时，先撤回报价。")


def takes_differences(order: Order) -> bool:
    """Whether the order's scheme takes one invoice for each order, so that a second one needs another order."""
    policy = policy_for(order)
    return policy is not None and policy.invoices_per_order == 1


def may_add_difference(user: Any, order: Order) -> Answer:
    """The enterprise hangs a difference order on an order whose scheme takes one invoice for each."""
    if order.parent_id is not None:
        return False, _("这是差价订单，请在原订单上再补差价。")
    if not takes_differences(order):
        return False, _("这个订单可以有多张发票，不用补差价订单。")
    live = (State.PLACED, State.ACCEPTED, State.DELIVERED, State.COMPLETED)
    return _all(for_enterprise(user, order), in_state(order, *live))


def may_decline(user: Any, order: Order) -> Answer:
    """The carrier declines a booking, or one that it accepted as long as no voucher of its own hangs on it."""
    return _all(for_carrier(user, order), in_state(order, State.PLACED, State.ACCEPTED), _no_voucher(order))


def may_cancel(user: Any, order: Order) -> Answer:
    """The enterprise takes the booking back as long as no voucher hangs on it that cannot end with it."""
    open_states = in_state(order, State.PLACED, State.ACCEPTED)
    return _all(for_enterprise(user, order), open_states, _not_taken_on(order), _no_voucher(order, user))


def _not_taken_on(order: Order) -> Answer:
    """Where an order may be cancelled until the carrier accepts: that it has not, or its voucher came to nothing."""
    policy = policy_for(order)
    until = policy.cancel_until if policy else None
    if until != CancelUntil.CARRIER_ACCEPTS or order.status != State.ACCEPTED or voucher_ended(order):
        return ALLOWED
    return False, _("机构已接单，不能自行取消。需要取消时，请机构不再承接此单。")


def may_upload_contract(user: Any, order: Order) -> Answer:
    """The contract is given once the carrier has accepted, and fixed once a voucher stands on it."""
    if order.voucher is not None:
        return False, _("这个订单已使用创新券，材料不能再修改。需要修改时，先作废创新券。")
    return _all(for_enterprise(user, order), in_state(order, State.ACCEPTED))


def may_use(user: Any, order: Order) -> Answer:
    """The enterprise uses a voucher on an accepted order, once."""
    if order.voucher is not None:
        return False, _("这个订单已经使用过创新券。需要重新提交时，请先作废原来的券。")
    if order.programme is None:
        return False, _("这个订单没有选择创新券方案，不能使用创新券。")
    if holds_late(policy_for(order)):
        return False, _("这项创新券在申请兑付时一并使用，现在不用申请。")
    return _all(for_enterprise(user, order), in_state(order, State.ACCEPTED))


def may_secure(user: Any, order: Order, policy: Policy) -> Answer:
    """The enterprise redeems an order whose quota is taken then, from the state that the policy names, once."""
    if order.voucher is not None:
        return False, _("订单 %(number)s 已使用创新券，不能再次申请兑付。") % {"number": order.number}
    if not holds_late(policy):
        return False, _("订单 %(number)s 须先使用创新券，再申请兑付。") % {"number": order.number}
    if not has_reached(order, policy.redeem_from or RedeemFrom.ACCEPTED):
        return in_state(order)
    return for_payer(user, order)


def may_mend(user: Any, order: Order) -> Answer:
    """The enterprise mends a use that the reviewer returned, and hands it in again."""
    if order.voucher is None or order.voucher.status != Voucher.State.RETURNED:
        return False, _("这个订单没有待补正的用券申请，刷新页面查看最新进展。")
    return _all(for_enterprise(user, order), in_state(order, State.ACCEPTED))


def may_change_evidence(user: Any, order: Order) -> Answer:
    """Files may change before the use, and again while it is returned."""
    mending = may_mend(user, order)
    return mending if mending[0] else may_upload_contract(user, order)


def may_resubmit(user: Any, order: Order) -> Answer:
    """A new order is copied from one whose voucher ended without payment."""
    if not voucher_ended(order):
        return False, _("只有创新券已作废、被退回或终止的订单可以重新提交。")
    return _all(for_enterprise(user, order), in_state(order, State.ACCEPTED))


def may_record(user: Any, order: Order) -> Answer:
    """The carrier records the service; a voucher on the order must have been received, and live still."""
    if order.voucher is not None and order.voucher.status in WAITING_VOUCHER:
        return False, _("请先接收这个订单的创新券，再登记服务完成。")
    if order.voucher is not None and voucher_ended(order):
        state = order.voucher.get_status_display()
        return False, _("这个订单的创新券%(state)s，不能登记服务。请企业重新提交并由您接收新券后再登记。") % {
            "state": state
        }
    return _all(for_carrier(user, order), in_state(order, State.ACCEPTED))


def may_confirm_completion(user: Any, order: Order) -> Answer:
    """The enterprise agrees, or says what is wrong, once the carrier has recorded the service."""
    return _all(for_enterprise(user, order), in_state(order, State.DELIVERED))


def may_receive(user: Any, voucher: Voucher) -> Answer:
    """The bound carrier's people receive an issued, unfrozen voucher."""
    if is_frozen(voucher):
        return False, _("这张券已被冻结，请联系科技局。")
    if voucher.status != Voucher.State.ISSUED:
        return False, _("这张券现在是“%(state)s”，不能接收。") % {"state": voucher.get_status_display()}
    if standing_in(voucher.carrier, voucher.region) != "recognized":
        return False, _("所在地区暂停了本机构的入库资格，恢复后才能接收。")
    return may_act(user, voucher.carrier.organization)
