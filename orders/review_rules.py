"""Who may rate a service and answer a rating, and until when."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from innovation_voucher.casework.rules import Answer

from .models import Order, ServiceReview
from .rules import for_carrier, for_enterprise, in_state

#: For so long after it a default review may be replaced by one's own.
REPLACEABLE = timedelta(days=180)


def review_of(order: Order) -> ServiceReview | None:
    """The order's review, when there is one."""
    return getattr(order, "review", None)


def may_review(user: Any, order: Order) -> Answer:
    """The enterprise rates a completed order, once; a default review may be replaced for 180 days."""
    review = review_of(order)
    if review is not None and not review.by_system:
        return False, _("您已评价过这个订单。")
    if review is not None and timezone.now() - review.at > REPLACEABLE:
        return False, _("系统默认评价已超过 180 天，不能再修改。")
    standing = in_state(order, Order.State.COMPLETED)
    return for_enterprise(user, order) if standing[0] else standing


def may_reply(user: Any, order: Order) -> Answer:
    """The carrier answers a person's review once."""
    review = review_of(order)
    if review is None or review.by_system or review.reply:
        return False, _("企业评价之后可以回复一次。")
    return for_carrier(user, order)
