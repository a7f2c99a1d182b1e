"""The bureau's pages of one voucher, of enterprises, and of one enterprise."""

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import Verification
from innovation_voucher.casework.web import office_required, viewer_of
from innovation_voucher.lib.references import group_code
from vouchers import desk as voucher_desk

from ..pages import desk_enterprises as desk
from ..pages.desk_enterprise import EnterprisePage
from ..pages.desk_voucher import VoucherPage

_WITH = ("organization", "region", "programme", "snapshot", "order")


@require_GET
@office_required
def voucher(request: HttpRequest, code: str) -> HttpResponse:
    """One voucher: facts, amounts, ledger, what happened, who looked, and what may be done."""
    viewer = viewer_of(request)
    found = get_object_or_404(voucher_desk.in_reach(viewer).select_related(*_WITH), code=code)
    crumbs = [(_("券与额度"), reverse("desk-vouchers")), (group_code(code), "")]
    context = {"page": VoucherPage(found, viewer), "voucher": found, "crumbs": crumbs}
    return render(request, "orders/desk_voucher.html", context)


@require_GET
@office_required
def enterprises(request: HttpRequest) -> HttpResponse:
    """Enterprises of the reader's regions, by words and quick views."""
    words, asked = request.GET.get("q", "").strip()[:100], request.GET.get("view", "")
    rows = desk.enterprises(viewer_of(request))
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(credit_code__istartswith=words))
    conditions = desk.view_conditions()
    view = asked if asked in conditions else ""
    counts = rows.aggregate(**{f"n_{key or 'all'}": Count("pk", filter=q) for key, q in conditions.items()})
    paginator = Paginator(desk.with_sums(rows.filter(conditions[view])).order_by("name", "pk"), voucher_desk.ROWS)
    paginator.count = counts[f"n_{view or 'all'}"]
    tabs = [
        {
            "label": label,
            "url": f"?{urlencode({'view': key, 'q': words} if words else {'view': key})}",
            "current": key == view,
            "count": counts[f"n_{key or 'all'}"],
        }
        for key, label in desk.VIEWS.items()
    ]
    context = {"page": paginator.get_page(request.GET.get("page")), "tabs": tabs, "words": words, "view": view}
    return render(request, "orders/desk_enterprises.html", context)


@require_GET
@office_required
def enterprise(request: HttpRequest, key: str) -> HttpResponse:
    """One enterprise from all sides; `key` is its credit code or the number of a verification."""
    viewer = viewer_of(request)
    named = Q(credit_code=key) | Q(pk__in=Verification.objects.filter(number=key).values("organization"))
    rows = desk.with_ends(desk.enterprises(viewer)).select_related("region", "bureau")
    found = get_object_or_404(rows, named)
    crumbs = [(_("企业"), reverse("desk-enterprises")), (found.name, "")]
    context = {"page": EnterprisePage(found, viewer), "firm": found, "crumbs": crumbs}
    return render(request, "orders/desk_enterprise.html", context)
