"""The enterprise's orders: the list, one order, its messages and its files."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Organization
from accounts.viewer import organization_required
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.models import Attachment
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.web import refusal, viewer_of
from innovation_voucher.lib.forms import PortalForm, render_form

from .. import rules, services
from ..documents import contract_template
from ..forms.order import ActForm, ContractForm, MessageForm
from ..models import Order
from ..pages.files import order_files
from ..pages.order import OrderPage
from ..pages.order_lists import enterprise_list
from ..schemes import lets_offline, lets_quick, schemes_of
from .acts import facts
from .getters import orders, own_order, person


@require_GET
@organization_required
def order_list(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Every order of the enterprise, by tabs and words."""
    rules_here = [scheme.policy for scheme in schemes_of(organization)]
    context = {
        "list": enterprise_list(request, organization),
        "quick": any(map(lets_quick, rules_here)),
        "offline": any(map(lets_offline, rules_here)),
    }
    return render(request, "orders/ent_orders.html", context)


@require_GET
@organization_required
def order(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """One order."""
    return show(request, own_order(organization, number))


def show(request: HttpRequest, order: Order, *, failed: PortalForm | None = None) -> HttpResponse:
    """The page of an order; `failed` is the small form of it that did not pass."""
    page = OrderPage(order, "enterprise", request.user)
    hint = page.contract_hint if page.may_upload else ""
    context: dict[str, Any] = {
        "page": page,
        "order": order,
        "message_form": MessageForm(),
        "contract_form": ContractForm(hint=hint),
    }
    if isinstance(failed, MessageForm):
        context["message_form"] = failed
    if isinstance(failed, ContractForm):
        failed.fields["contract"].help_text = hint
        context["contract_form"] = failed
    return render_form(request, "orders/order.html", context, form=failed or ActForm())


@require_POST
@organization_required
@once
def message(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """A message to the carrier."""
    order = own_order(organization, number)
    form = MessageForm(request.POST)
    if form.is_valid():
        with refusal(form, "text"):
            services.send_message(order, by=person(request), text=form.cleaned_data["text"])
            messages.success(request, _("留言已发送"))
            return redirect(f"{reverse('ent-order', args=[number])}#talk")
    return show(request, order, failed=form)


@require_POST
@organization_required
@once
def contract(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """The signed contract, saved at once; where one is the most, it replaces the one that is there."""
    order = own_order(organization, number)
    form = ContractForm(request.POST, request.FILES)
    if form.is_valid():
        with refusal(form, "contract"):
            _add_contract(order, form.cleaned_data["contract"], by=person(request))
            messages.success(request, _("合同已上传"))
            return redirect(f"{reverse('ent-order', args=[number])}#contract")
    return show(request, order, failed=form)


def _add_contract(order: Order, file: Any, *, by: Any) -> None:
    row = OrderPage(order, "enterprise", by).contract_row
    there = [each for each in order_files(order) if each.key == services.CONTRACT]
    old = there[0] if row and row.maximum == 1 and there else None
    services.add_evidence(order, services.CONTRACT, by=by, name=file.name, data=file, replaces=old)


@require_http_methods(["GET", "POST"])
@organization_required
@once
def file_remove(request: HttpRequest, organization: Organization, number: str, token: str) -> HttpResponse:
    """Asks before a file is taken out."""
    order = own_order(organization, number)
    require(rules.for_enterprise(request.user, order), NotAllowed)
    file = _file(order, token)
    form = ActForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refusal(form):
            services.remove_evidence(order, file, by=person(request))
            messages.success(request, _("文件已删除"))
            return redirect("ent-order", number)
    rows = [*facts(order), {"label": _("文件"), "value": file.name}]
    context = {"order": order, "facts": rows, "back_url": reverse("ent-order", args=[number])}
    return render_form(request, "orders/file_remove.html", context, form=form)


def _file(order: Order, token: str) -> Attachment:
    for file in order_files(order):
        if file.token == token:
            return file
    raise Http404


@require_GET
def template(request: HttpRequest, number: str) -> HttpResponse:
    """The contract template, for both sides: made once, then handed out like any file."""
    found = get_object_or_404(orders(), number=number)
    viewer = viewer_of(request)
    if viewer.organization is None or viewer.organization.pk not in (
        found.organization_id,
        found.carrier.organization_id,
    ):
        raise Http404
    if found.accepted_at is None:
        raise NotAllowed(_("服务机构确认预约后，才能下载合同模板。"))
    return redirect("file", contract_template(found, by=person(request)).token)
