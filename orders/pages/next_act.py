"""The one next act of an order's page, for each side and shown status."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework.statuses import TURN_LABELS, Status, Text

from ..models import Order
from .turn_words import (
    answer_words,
    completion_words,
    entered_words,
    quote_why,
    quoted_words,
    resubmit_words,
)


@dataclass(frozen=True, kw_only=True)
class NextAct:
    """The names that components/nextact.html reads."""

    tone: str
    turn: Text
    what: Text
    why: Text = ""
    url: str = ""
    label: Text = ""
    more_url: str = ""
    more_label: Text = ""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a side can do in a status; addresses are URL names, or anchors of the page."""

    what: Text
    why: Text = ""
    why_of: Callable[[Order], Text] | None = None
    label: Text = ""
    label_of: Callable[[Order], Text] | None = None
    url: str = ""
    more_label: Text = ""
    more_url: str = ""


_CARD = Plan(what="", more_label=gettext_lazy("查看创新券"), more_url="ent-voucher")

ENTERPRISE: dict[str, Plan] = {
    "placed": Plan(what="", more_label=gettext_lazy("撤回预约"), more_url="ent-order-cancel"),
    "talking": Plan(
        what=gettext_lazy("答复报价"),
        why_of=quote_why,
        label=gettext_lazy("查看并接受报价"),
        url="ent-order-accept-quote",
        more_label=gettext_lazy("取消订单"),
        more_url="ent-order-cancel",
    ),
    "awaiting_enterprise": Plan(
        what=gettext_lazy("确认电话预约"),
        why_of=entered_words,
        label=gettext_lazy("核对并确认"),
        url="ent-order-phone",
        more_label=gettext_lazy("不是我单位的预约"),
        more_url="ent-order-cancel",
    ),
    "awaiting_contract": Plan(
        what=gettext_lazy("上传服务合同"),
        label=gettext_lazy("上传合同"),
        url="#contract",
        more_label=gettext_lazy("下载合同模板"),
        more_url="ent-order-contract-template",
    ),
    "awaiting_use": Plan(
        what=gettext_lazy("申请使用创新券"),
        label=gettext_lazy("申请使用创新券"),
        url="ent-use",
        more_label=gettext_lazy("更换合同"),
        more_url="#contract",
    ),
    "awaiting_application": Plan(
        what=gettext_lazy("申请创新券"),
        label=gettext_lazy("立刻申请"),
        url="ent-use",
        more_label=gettext_lazy("不能申请的原因"),
        more_url="order-missing",
    ),
    "awaiting_request": Plan(what=gettext_lazy("申请科技局核额"), label=gettext_lazy("申请核额"), url="ent-use"),
    "awaiting_amount": Plan(
        what="",
        more_label=gettext_lazy("撤回用券申请"),
        more_url="void",
    ),
    "awaiting_mend": Plan(
        what=gettext_lazy("补正用券申请"),
        label=gettext_lazy("补正并重新提交"),
        url="ent-use",
        more_label=gettext_lazy("撤回用券申请"),
        more_url="void",
    ),
    "awaiting_receipt": _CARD,
    "awaiting_resubmit": Plan(
        what=gettext_lazy("重新提交创新券"),
        label_of=resubmit_words,
        url="ent-order-resubmit",
        more_label=gettext_lazy("取消订单"),
        more_url="ent-order-cancel",
    ),
    "delivered": Plan(
        what=gettext_lazy("确认服务完成"),
        label=gettext_lazy("确认完成"),
        url="ent-order-confirm",
        more_label=gettext_lazy("有问题"),
        more_url="ent-order-problem",
    ),
    "completed": Plan(what=gettext_lazy("评价服务"), label=gettext_lazy("去评价"), url="ent-order-review"),
    **dict.fromkeys(
        ("declined", "cancelled", "lapsed"),
        Plan(what=gettext_lazy("再次预约"), label=gettext_lazy("再次预约"), url="order-new"),
    ),
}

CARRIER: dict[str, Plan] = {
    "placed": Plan(
        what=gettext_lazy("答复预约"),
        why_of=answer_words,
        label=gettext_lazy("确认预约"),
        url="#answer",
        more_label=gettext_lazy("不接单"),
        more_url="carrier-booking-decline",
    ),
    "talking": Plan(
        what="",
        why_of=quoted_words,
        more_label=gettext_lazy("修改或撤回报价"),
        more_url="order-quote",
    ),
    "awaiting_enterprise": Plan(
        what="",
        why_of=entered_words,
        more_label=gettext_lazy("撤回登记"),
        more_url="carrier-booking-decline",
    ),
    "awaiting_contract": Plan(
        what="",
        why=gettext_lazy("企业上传双方盖章的合同后使用创新券，届时用短信告诉您。"),
        more_label=gettext_lazy("提醒企业"),
        more_url="carrier-booking-remind",
    ),
    "awaiting_use": Plan(what="", why=gettext_lazy("企业已上传合同，使用创新券后由您接收。")),
    "awaiting_application": Plan(what="", why=gettext_lazy("企业正在申请创新券，审核通过后告诉您。")),
    "awaiting_request": Plan(what="", why=gettext_lazy("企业向科技局申请核定券额，核定后开始服务。")),
    "awaiting_amount": Plan(what="", why=gettext_lazy("科技局核定可用额度后，创新券发给您。")),
    "awaiting_mend": Plan(what="", why=gettext_lazy("企业按科技局的要求补正用券申请，通过后创新券发给您。")),
    "awaiting_receipt": Plan(
        what=gettext_lazy("接收创新券"),
        why=gettext_lazy("核对券面与合同一致后接收；不符的可以退回企业。"),
        label=gettext_lazy("核对并接收"),
        url="verify",
    ),
    "awaiting_resubmit": Plan(what="", why=gettext_lazy("创新券没有用成，企业会重新提交或取消订单。")),
    "accepted": Plan(
        what=gettext_lazy("登记服务完成"),
        why=gettext_lazy("服务完成后登记结果，企业确认后订单完成。"),
        label=gettext_lazy("登记完成"),
        url="carrier-record",
    ),
    "delivered": Plan(what="", why_of=completion_words),
    "completed": Plan(what="", why=gettext_lazy("服务已完成。")),
    "declined": Plan(what="", why=gettext_lazy("已告知企业原因。")),
    "cancelled": Plan(what="", why=gettext_lazy("企业已取消。")),
    "lapsed": Plan(what="", why=gettext_lazy("超过办理时限，预约已失效。")),
}
PLANS = {"enterprise": ENTERPRISE, "carrier": CARRIER}


def next_act(order: Order, status: Status, *, side: str, rated: bool) -> NextAct:
    """The box for this side: what to do, or that nothing is to be done and who is awaited."""
    plan = PLANS[side].get(status.code, Plan(what=""))
    if status.code == "completed" and rated:
        plan = Plan(what="", why=_("订单已完成并评价。"))
    more: dict[str, Any] = {"more_url": _address(plan.more_url, order), "more_label": plan.more_label}
    why = plan.why_of(order) if plan.why_of else plan.why or status.next_text
    if not plan.what:
        over = "done" if status.code == "completed" else ""
        turn = _("等待%(who)s") % {"who": TURN_LABELS[status.turn]} if status.turn else _("不用办理")
        return NextAct(tone="wait" if status.turn else over, turn=turn, what=_("现在不需要您操作"), why=why, **more)
    tone = "act" if order.status not in ("declined", "cancelled", "lapsed") else "stop"
    return NextAct(
        tone=tone,
        turn=_("下一步"),
        what=plan.what,
        why=why if tone == "act" else order.end_reason or why,
        url=_address(plan.url, order),
        label=plan.label_of(order) if plan.label_of else plan.label,
        **more,
    )


_ARGUMENT: dict[str, Callable[[Order], str]] = {
    "ent-voucher": lambda order: order.voucher.code if order.voucher else "",
    "verify": lambda order: order.voucher.code if order.voucher else "",
    "order-new": lambda order: getattr(order.service or order.instrument, "number", ""),
}


def _address(name: str, order: Order) -> str:
    if not name or name.startswith("#"):
        return name
    if name == "order-missing":
        return f"{reverse(name)}?number={order.number}"
    if name == "void":
        return f"{reverse('ent-voucher-void')}?code={order.voucher.code}" if order.voucher else ""
    argument = _ARGUMENT[name](order) if name in _ARGUMENT else order.number
    return reverse(name, args=[argument]) if argument else ""
