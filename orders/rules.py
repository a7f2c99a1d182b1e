"""Who may do what with an order, and why not. Every answer is (allowed, reason)."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.utils.translation import gettext as _

from accounts.rules import may_act, may_see_organization
from innovation_voucher.casework.rights import holds
from innovation_voucher.casework.rules import Answer
from vouchers.models import Voucher

from .models import Order

Person = AbstractBaseUser | AnonymousUser
OPEN_VOUCHER = ("requested", "returned", "issued", "confirmed", "redeeming", "paid")


def may_see(user: Person, order: Order) -> bool:
    """Members of either side, and officers who may view cases of the order's region."""
    return (
        may_see_organization(user, order.organization)
        or may_see_organization(user, order.carrier.organization)
        or holds(user, "view_cases", order.region)
    )


def for_enterprise(user: Person, order: Order) -> Answer:
    """Acts of the enterprise's side: its owner and handlers."""
    return may_act(user, order.organization)


def for_carrier(user: Person, order: Order) -> Answer:
    """Acts of the carrier's side: its owner and handlers."""
    return may_act(user, order.carrier.organization)


def in_state(order: Order, *states: str) -> Answer:
    """Whether the order stands in one of `states`; the reason names where it stands."""
    if order.status in states:
        return True, ""
    return False, _("订单现在是“%(state)s”，不能办理这一步，请刷新页面查看最新进展。") % {
        "state": order.get_status_display()
    }


def has_open_voucher(order: Order) -> bool:
    """Whether a voucher that has not ended hangs on the order."""
    return order.voucher is not None and order.voucher.status in OPEN_VOUCHER


def may_accept(user: Person, order: Order) -> Answer:
    """The carrier accepts a booking that still waits for it."""
    return _both(for_carrier(user, order), in_state(order, Order.State.PLACED))


def may_decline(user: Person, order: Order) -> Answer:
    """The carrier declines a booking, or one that it accepted as long as no voucher hangs on it."""
    return _both(
        for_carrier(user, order), in_state(order, Order.State.PLACED, Order.State.ACCEPTED), _no_voucher(order)
    )


def may_cancel(user: Person, order: Order) -> Answer:
    """The enterprise takes the booking back as long as no voucher hangs on it."""
    return _both(
        for_enterprise(user, order),
        in_state(order, Order.State.PLACED, Order.State.ACCEPTED),
        _no_voucher(order),
    )


def may_upload_contract(user: Person, order: Order) -> Answer:
    """The contract is given once the carrier has accepted, and fixed once a voucher stands on it."""
    return _both(for_enterprise(user, order), in_state(order, Order.State.ACCEPTED), _no_voucher(order))


def may_use(user: Person, order: Order) -> Answer:
    """The enterprise uses a voucher on an accepted order, once."""
    if order.voucher is not None:
        return False, _("这个订单已经使用过创新券。需要重新提交时，请先作废原来的券。")
    return _both(for_enterprise(user, order), in_state(order, Order.State.ACCEPTED))


def may_resubmit(user: Person, order: Order) -> Answer:
    """A new order is copied from one whose voucher ended without payment."""
    ended = ("voided", "returned_by_carrier", "terminated", "refused")
    if order.voucher is None or order.voucher.status not in ended:
        return False, _("只有创新券已作废、被退回或终止的订单可以重新提交。")
    return _both(for_enterprise(user, order), in_state(order, Order.State.ACCEPTED))


def may_record(user: Person, order: Order) -> Answer:
    """The carrier records the service; a voucher on the order must have been received before."""
    if order.voucher is not None and order.voucher.status == Voucher.State.ISSUED:
        return False, _("请先接收这个订单的创新券，再登记服务完成。")
    return _both(for_carrier(user, order), in_state(order, Order.State.ACCEPTED))


def may_confirm_completion(user: Person, order: Order) -> Answer:
    """The enterprise agrees, or says what is wrong, once the carrier has recorded the service."""
    return _both(for_enterprise(user, order), in_state(order, Order.State.DELIVERED))


def may_review(user: Person, order: Order) -> Answer:
    """The enterprise rates a completed order, once; a default review may be replaced."""
    review = getattr(order, "review", None)
    if review is not None and not review.by_system:
        return False, _("这次服务已经评价过了。")
    return _both(for_enterprise(user, order), in_state(order, Order.State.COMPLETED))


def may_reply(user: Person, order: Order) -> Answer:
    """The carrier answers a review once."""
    review = getattr(order, "review", None)
    if review is None or review.by_system or review.reply:
        return False, _("企业评价之后可以回复一次。")
    return for_carrier(user, order)


def may_write(user: Person, order: Order) -> Answer:
    """Both sides write messages until a month after the end is of no use to limit: always."""
    mine = for_enterprise(user, order)
    return mine if mine[0] else for_carrier(user, order)


def may_receive(user: Person, voucher: Voucher) -> Answer:
    """The bound carrier's people receive an issued, unfrozen voucher."""
    if voucher.frozen_reason:
        return False, _("这张券已被冻结，请联系科技局。")
    if voucher.status != Voucher.State.ISSUED:
        return False, _("这张券现在是“%(state)s”，不能接收。") % {"state": voucher.get_status_display()}
    return may_act(user, voucher.carrier.organization)


def _no_voucher(order: Order) -> Answer:
    if has_open_voucher(order):
        return False, _("这个订单已使用创新券。请先作废创新券，再取消订单。")
    return True, ""


def _both(*answers: Answer) -> Answer:
    """The first answer that refuses, else yes."""
    return next((answer for answer in answers if not answer[0]), (True, ""))
