"""What casework must know of orders: who sees one, what its deadlines do, its verbs' words."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.people import people_of
from innovation_voucher.casework import audit, deadlines, messaging, subjects
from innovation_voucher.casework.models import Deadline
from innovation_voucher.casework.statuses import register_statuses

from . import rules, services, statuses
from .models import Order

VERBS = {
    "order.placed": _("提交预约"),
    "order.offline": _("登记线下合同"),
    "order.accepted": _("机构确认预约"),
    "order.declined": _("机构未接单"),
    "order.cancelled": _("取消预约"),
    "order.lapsed": _("预约超时失效"),
    "order.evidence": _("上传材料"),
    "order.evidence_removed": _("删除材料"),
    "order.voucher_used": _("使用创新券"),
    "order.voucher_received": _("机构接收创新券"),
    "order.voucher_returned": _("机构退回创新券"),
    "order.resubmitted": _("重新提交"),
    "order.copied": _("由原订单重新提交"),
    "order.delivered": _("登记服务完成"),
    "order.completed": _("确认完成"),
    "order.problem": _("反馈有问题"),
    "order.reviewed": _("评价服务"),
    "order.default_review": _("系统默认评价"),
    "order.review_replied": _("回复评价"),
}

#: What the clock does when a term of an order is over.
ON_EXPIRY = {
    "order_answer": services.lapse_order,
    "rating": services.default_review,
}


def expire(order: Order, *, act: str) -> None:
    """Called by the sweep of deadlines, once per open deadline whose day is over."""
    if act == "completion":
        services.confirm_completion(order, by=None)
    else:
        ON_EXPIRY[act](order)


def remind(order: Order, *, act: str) -> None:
    """Tell the side that must act that its day comes near."""
    to_carrier = act == "order_answer"
    organization = order.carrier.organization if to_carrier else order.organization
    link = reverse("carrier-booking" if to_carrier else "ent-order", args=[order.number])
    messaging.notify(
        people_of(organization),
        kind="order.reminder",
        title=str(_("订单 %(number)s 快到期了，请尽快办理") % {"number": order.number}),
        link=link,
        dedupe=f"reminder:{order.number}:{act}:{_day(order, act)}",
    )


def _day(order: Order, act: str) -> str:
    due: Deadline | None = deadlines.due(order, act)
    return str(due.due_on) if due else ""


def _never(*_args: Any, **_kwargs: Any) -> None:
    raise AssertionError("orders have no review chain")


def register() -> None:
    """Called once by AppConfig.ready."""
    audit.register_verbs(VERBS)
    register_statuses("orders.Order", statuses.ORDER)
    subjects.register(
        subjects.Subject(
            model=Order,
            key="order",
            label=_("订单"),
            approve=_never,
            return_=_never,
            reject=_never,
            may_see=rules.may_see,
            facts_template="orders/_facts.html",
            checks=lambda order: [],
            parties=lambda order: people_of(order.organization),
            region=lambda order: order.region,
            url=lambda order: reverse("ent-order", args=[order.number]),
            expire=expire,
            remind=remind,
        )
    )
