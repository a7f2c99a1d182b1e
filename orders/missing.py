"""为什么我的订单没有出现在这里: what the rules say against a voucher on one order, and what to do about each.

The same functions refuse the act itself, so this page can say nothing else than they do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework import calendar
from innovation_voucher.casework.rules import Answer
from innovation_voucher.casework.statuses import Text
from vouchers import services as vouchers
from vouchers.policy import Policy, plain

from . import rules, services
from .models import Order
from .roads import holds_late, policy_for

State = Order.State
#: Nothing can be redeemed of these any more.
ENDED_STATES = (State.DECLINED, State.CANCELLED, State.LAPSED)


@dataclass(frozen=True)
class Reason:
    """One thing that stands against it, and the way out; `url` is empty where somebody else acts."""

    words: str
    todo: Text
    url: str = ""
    label: Text = ""


#: What to do about each answer of `vouchers.application_answers`, in its order: words, address, label.
_ELIGIBLE: tuple[tuple[Text, str, Text], ...] = (
    (gettext_lazy("完成实名认证后再申请。"), "ent-cert", gettext_lazy("去认证")),
    (gettext_lazy("等方案受理时再申请，时间见办事指南。"), "", ""),
    (gettext_lazy("联系所在地科技主管部门，了解本地区的方案。"), "", ""),
    (
        gettext_lazy("取得所列资格、进入名单后再申请；已取得的，请联系科技主管部门更新名单。"),
        "ent-cert",
        gettext_lazy("查看认证"),
    ),
    (gettext_lazy("联系科技主管部门了解冻结原因。"), "ent-quota", gettext_lazy("查看额度")),
)


def reasons(order: Order, user: Any) -> list[Reason]:
    """Everything that keeps a voucher from this order now; empty = it can be used."""
    return [found for found in _looked_at(order, user) if found]


def _looked_at(order: Order, user: Any) -> Iterator[Reason | None]:
    yield _of_order(order, user)
    if order.programme is None or (order.voucher is not None and not rules.voucher_ended(order)):
        return
    policy = services.use_policy(order)
    yield _refused(
        services.may_pay_for(order, policy), _("选择可以用券的机构和服务再预约。"), "services", _("去找服务")
    )
    yield from _of_holder(order, policy)
    yield from _of_amount(order, policy)


def _of_order(order: Order, user: Any) -> Reason | None:
    """Where the order itself stands; the first that `rules.may_use` refuses."""
    allowed, words = rules.may_use(user, order)
    if allowed:
        return None
    page = reverse("ent-order", args=[order.number])
    if order.voucher is not None and rules.voucher_ended(order):
        return Reason(words, _("原来的券已结束，在订单页重新提交。"), page, _("去订单"))
    if order.voucher is not None:
        return Reason(
            words, _("查看这张券的进展。"), reverse("ent-voucher", args=[order.voucher.code]), _("查看创新券")
        )
    if order.programme is None:
        return Reason(words, _("重新预约，在“是否使用创新券”里选择方案。"), page, _("去订单"))
    return Reason(words, _todo(order), page, _("去订单"))


def _todo(order: Order) -> str:
    """What to do about an order without a voucher whose scheme is known, by where it stands."""
    if holds_late(policy_for(order)) and order.status not in ENDED_STATES:
        return _("服务完成、拿到发票后，直接为这个订单申请兑付。")
    todo = {
        State.PLACED: _("等服务机构确认预约；可以在订单页留言催办。"),
        State.ACCEPTED: _("请本单位能办理的人登录后申请。"),
        State.DELIVERED: _("服务已经登记完成，创新券须在服务前申请。"),
        State.COMPLETED: _("订单已经完成，创新券须在服务前申请。"),
    }
    return todo.get(State(order.status), _("需要时再次预约。"))


def _of_holder(order: Order, policy: Policy) -> Iterator[Reason | None]:
    """Whether the organization may ask at all, where it asks order by order."""
    if order.programme is None:
        return
    day = calendar.today()
    answers = vouchers.application_answers(order.organization, order.programme, policy, day=day)
    for answer, (todo, name, label) in zip(answers, _ELIGIBLE, strict=False):
        yield _refused(answer, todo, name, label)


def _of_amount(order: Order, policy: Policy) -> Iterator[Reason | None]:
    """Whether the amount is large enough, and whether there is quota for it."""
    least, amount = policy.min_contract, order.agreed_amount
    if least and amount is not None and amount < least:
        words = _("合同金额 %(amount)s 元，不到 %(least)s 元") % {"amount": plain(amount), "least": plain(least)}
        yield Reason(words, _("创新券只支持达到最低金额的合同；合同金额有变化的，在申请时填写实际金额。"))
    if order.programme is None:
        return
    left = vouchers.quota_left(order.organization, order.programme, policy, day=calendar.today())
    if left is not None and left <= 0:
        yield Reason(
            _("可用额度为 0 元"),
            _("本年度额度已用完的，明年再申请；还没有申领的，先申领额度。"),
            reverse("ent-quota"),
            _("查看额度"),
        )


def _refused(answer: Answer, todo: Text, name: str = "", label: Text = "") -> Reason | None:
    allowed, words = answer
    return None if allowed else Reason(words, todo, reverse(name) if name else "", label)
