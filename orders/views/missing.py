"""为什么我的订单没有出现在这里: an order number in, the reasons out."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import Organization
from accounts.viewer import organization_required
from innovation_voucher.lib.forms import render_form

from ..forms.order import NumberForm
from ..missing import reasons
from .getters import orders

#: So many of the newest orders can be picked.
PICKED = 8


@require_GET
@organization_required
def order_missing(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Pick or type an order; whatever is not the organization's own is not there."""
    form = NumberForm(request.GET if "number" in request.GET else None)
    mine = orders().filter(organization=organization)
    number = form.cleaned_data["number"] if form.is_valid() else ""
    order = mine.filter(number__iexact=number).first() if number else None
    if number and order is None:
        form.add_error("number", _("在您单位的订单里没有找到这个编号，核对后再查；由其他单位下的订单，请该单位查询"))
    context = {
        "order": order,
        "reasons": reasons(order, request.user) if order else [],
        "newest": mine.order_by("-id")[:PICKED],
    }
    return render_form(request, "orders/missing.html", context, form=form)
