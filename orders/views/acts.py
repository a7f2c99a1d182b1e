"""Acts on an order that get a page of their own: facts, consequence, reason, button."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.models import Organization
from accounts.viewer import organization_required
from carriers.models import Carrier
from carriers.views.guard import carrier_required
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.statuses import Text
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import PortalForm, render_form

from .. import rules, services
from ..forms.order import ActForm, ReasonForm
from ..forms.quote import DifferenceForm
from ..models import Order
from ..pages.quote import quote_facts
from .getters import carriers_order, own_order, person


@dataclass(frozen=True, kw_only=True)
class Act:
    """Title and button say the same; `run` is the verb, given the cleaned reason where the form asks one."""

    title: Text
    consequence: Text
    run: Callable[..., Any]
    said: Text
    form: type[PortalForm] = ActForm
    warning: bool = False
    more: Callable[[Order], list[dict[str, Any]]] | None = None


ENTERPRISE: dict[str, Act] = {
    "cancel": Act(
        title=_("取消订单"),
        consequence=_("取消后不能恢复，需要时重新预约；服务机构会收到通知。"),
        run=services.cancel_order,
        said=_("订单已取消"),
        form=ReasonForm,
        warning=True,
    ),
    "accept-quote": Act(
        title=_("接受报价"),
        consequence=_("接受后订单按报价生效，机构开始服务；随订单申请的创新券按报价重新计算。"),
        run=services.accept_quote,
        said=_("已接受报价，订单生效"),
        more=quote_facts,
    ),
    "difference": Act(
        title=_("补下差价订单"),
        consequence=_("差价订单挂在原订单下，服务机构确认后生效，另开的发票可以列在它名下。"),
        run=services.place_difference,
        said=_("差价订单已提交，等服务机构确认"),
        form=DifferenceForm,
    ),
    "confirm": Act(
        title=_("确认完成"),
        consequence=_("确认后订单完成，可以评价和申请兑付；不能再反馈有问题。"),
        run=services.confirm_completion,
        said=_("已确认完成，请评价这次服务"),
    ),
    "problem": Act(
        title=_("反馈有问题"),
        consequence=_("订单回到服务中，服务机构处理后重新登记完成。"),
        run=services.report_problem,
        said=_("已告知服务机构"),
        form=ReasonForm,
    ),
    "resubmit": Act(
        title=_("重新提交"),
        consequence=_("按原订单复制一份新订单，合同和材料一并带过去，原订单取消；之后重新使用创新券。"),
        run=services.resubmit_order,
        said=_("已复制为新订单，核对后重新使用创新券"),
    ),
}
CARRIER: dict[str, Act] = {
    "decline": Act(
        title=_("不接单"),
        consequence=_("不接单后不能恢复，企业会收到通知和原因。"),
        run=services.decline_order,
        said=_("已告知企业不接单"),
        form=ReasonForm,
        warning=True,
    ),
    "withdraw-quote": Act(
        title=_("撤回报价"),
        consequence=_("撤回后预约回到待您答复，期限从今天重新计算；企业会收到通知。"),
        run=services.withdraw_quote,
        said=_("已撤回报价"),
    ),
    "remind": Act(
        title=_("提醒企业"),
        consequence=_("给企业发一条提醒，请其上传合同；每天最多一条。"),
        run=services.remind_enterprise,
        said=_("已提醒企业"),
    ),
}


@require_http_methods(["GET", "POST"])
@organization_required
@once
def enterprise(request: HttpRequest, organization: Organization, number: str, act: str) -> HttpResponse:
    """An act of the enterprise."""
    order = own_order(organization, number)
    require(rules.for_enterprise(request.user, order), NotAllowed)
    return _page(request, order, ENTERPRISE[act], "ent-order")


@require_http_methods(["GET", "POST"])
@carrier_required
@once
def carrier(request: HttpRequest, of: Carrier, number: str, act: str) -> HttpResponse:
    """An act of the carrier."""
    order = carriers_order(of, number)
    require(rules.for_carrier(request.user, order), NotAllowed)
    return _page(request, order, CARRIER[act], "carrier-booking")


def _page(request: HttpRequest, order: Order, act: Act, back: str) -> HttpResponse:
    form = act.form(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refusal(form):
            done = partial(act.run, order, by=person(request))(**form.cleaned_data)
            messages.success(request, str(act.said))
            return redirect(back, done.number if isinstance(done, Order) else order.number)
    rows = [*facts(order), *(act.more(order) if act.more else [])]
    context = {"order": order, "act": act, "facts": rows, "back_url": reverse(back, args=[order.number])}
    return render_form(request, "orders/act.html", context, form=form)


def facts(order: Order) -> list[dict[str, Any]]:
    """Which order it is about."""
    return [
        {"label": _("订单编号"), "value": order.number},
        {"label": _("服务"), "value": order.title},
        {"label": _("企业"), "value": order.organization.name},
        {"label": _("服务机构"), "value": order.carrier.name},
    ]
