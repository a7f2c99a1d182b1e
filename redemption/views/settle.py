"""年终兑付: the third party looks at what is owed, opens redemptions and hands them in."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.services import active_bank_account
from accounts.viewer import person
from carriers.models import Carrier
from innovation_voucher.casework import audit, calendar, reviews
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.models import Region
from innovation_voucher.casework.rules import may_decide
from innovation_voucher.casework.web import refusal, viewer_of
from innovation_voucher.lib.forms import PortalForm, render_form
from innovation_voucher.lib.money import format_yuan

from .. import queries, rules, services, settling
from ..forms import DropForm, RoundForm
from ..models import Redemption
from ..settling import agency_required
from ..subjects import checks

PAGE = 20


@require_GET
@agency_required
def year_end(request: HttpRequest) -> HttpResponse:
    """What every county owes every carrier: included, excluded and why."""
    programmes = settling.programmes(viewer_of(request))
    if not programmes.exists():
        return render(request, "redemption/settle/year_end.html")
    form = RoundForm(request.GET, programmes=programmes)
    found = services.shares(form.cleaned_data["programme"], period=form.period) if form.is_valid() else []
    context = {
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "sums": settling.sums_of(found),
        "query": request.GET.urlencode(),
    }
    return render_form(request, "redemption/settle/year_end.html", context, form=form)


@require_http_methods(["GET", "POST"])
@agency_required
@once
def share(request: HttpRequest, region: str, carrier: str) -> HttpResponse:
    """What one county owes one carrier, voucher by voucher; the button opens the redemption."""
    viewer = viewer_of(request)
    chosen = RoundForm(request.GET, programmes=settling.programmes(viewer))
    if not chosen.is_valid():
        raise Http404
    programme, period = chosen.cleaned_data["programme"], chosen.period
    county, owner = get_object_or_404(Region, code=region), get_object_or_404(Carrier, number=carrier)
    form = PortalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusal(form):
            made = services.open_for_carrier(
                owner, programme, county, by=person(request), office=viewer.office, period=period
            )
            messages.success(request, _("已发起兑付 %(number)s，核对后提交审核") % {"number": made.number})
            return redirect("settle-redemption", made.number)
    found = services.entries(services.unpaid(programme, region=county, carrier=owner), period=period)
    if not found and not form.is_bound:
        raise Http404
    context = {
        "share": services.Share(county, owner, found),
        "programme": programme,
        "account": active_bank_account(owner.organization),
        "crumbs": [(_("年终兑付"), f"{reverse('settle-round')}?{request.GET.urlencode()}"), (owner.name, "")],
    }
    return render_form(request, "redemption/settle/share.html", context, form=form)


@require_GET
@agency_required
def redemption_list(request: HttpRequest) -> HttpResponse:
    """What was opened, by how far it has come."""
    tab = request.GET.get("tab", "")
    tab = tab if tab in settling.TABS else ""
    rows = settling.redemptions(viewer_of(request))
    words = {
        "": _("待提交"),
        "review": _("审核中"),
        "payable": _("待拨付"),
        "paid": _("已拨付"),
        "ended": _("未通过与撤回"),
    }
    context = {
        "page_obj": Paginator(rows.filter(status__in=settling.TABS[tab]), PAGE).get_page(request.GET.get("page")),
        "views": [
            {"label": label, "url": f"?tab={key}" if key else "?", "current": key == tab}
            for key, label in words.items()
        ],
    }
    return render(request, "redemption/settle/redemptions.html", context)


@require_GET
@agency_required
def redemption(request: HttpRequest, number: str) -> HttpResponse:
    """One redemption: its vouchers, the system's checks, and what its state asks for."""
    found = settling.redemption(viewer_of(request), number)
    by = person(request)
    case = queries.latest_case(found)
    waits = found.status in ("draft", "returned")
    context = {
        "redemption": found,
        "lines": found.lines.select_related("voucher").order_by("id"),
        "case": case,
        "checks": [row for row in checks(found) if not row.ok] if waits else [],
        "returned": reviews.returned_items(found) if found.status == "returned" else {},
        "next_up": queries.next_up(queries.open_task(found, case)),
        "may_check": _may_check(request, case),
        "may_drop": rules.may_drop_lines(by, found)[0],
        "may_withdraw": rules.may_withdraw(by, found)[0],
        "waits": waits,
        "today": calendar.today(),
        "events": audit.timeline(found),
        "crumbs": [(_("兑付件"), reverse("settle-redemptions")), (found.number, "")],
    }
    return render(request, "redemption/settle/redemption.html", context)


def _may_check(request: HttpRequest, case: Any) -> bool:
    """Whether the open step is the reader's."""
    if case is None:
        return False
    task = case.tasks.filter(status="open").select_related("step", "region", "holder").first()
    if task is None:
        return False
    task.case = case
    viewer = viewer_of(request)
    return may_decide(viewer.user, task, viewer.office, viewer.reach)[0]


@require_POST
@agency_required
@once
def submit(request: HttpRequest, number: str) -> HttpResponse:
    """Hand in a draft, or what was returned and is mended."""
    found = settling.redemption(viewer_of(request), number)
    verb = services.submit_opened if found.status == Redemption.State.DRAFT else services.resubmit_redemption
    try:
        verb(found, by=person(request))
        messages.success(request, _("已提交审核，由发起人以外的人核对"))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("settle-redemption", number)


@require_http_methods(["GET", "POST"])
@agency_required
@once
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Give the whole redemption up; its vouchers can be opened again."""
    found = settling.redemption(viewer_of(request), number)
    form = PortalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusal(form):
            services.withdraw_redemption(found, by=person(request))
            messages.success(request, _("已撤回，创新券可以重新发起兑付"))
            return redirect("settle-redemption", number)
    facts = [
        {"label": _("收款方"), "value": found.payee.name},
        {"label": _("付款地区"), "value": found.region.name},
        {"label": _("合计"), "value": _("%s 元") % format_yuan(sum(line.claimed for line in found.lines.all()))},
    ]
    return render_form(request, "redemption/settle/withdraw.html", {"redemption": found, "facts": facts}, form=form)


@require_http_methods(["GET", "POST"])
@agency_required
@once
def drop(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Take one voucher out, with a reason."""
    found = settling.redemption(viewer_of(request), number)
    line = get_object_or_404(found.lines.select_related("voucher"), voucher__code=code)
    form = DropForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusal(form):
            services.drop_line(found, line.voucher, by=person(request), reason=form.cleaned_data["reason"])
            messages.success(request, _("已移出，创新券可以重新发起兑付"))
            return redirect("settle-redemption", number)
    facts = [
        {"label": _("企业"), "value": line.voucher.organization_name},
        {"label": _("服务"), "value": line.voucher.service_title},
        {"label": _("金额"), "value": _("%s 元") % format_yuan(line.claimed)},
    ]
    return render_form(request, "redemption/settle/drop.html", {"redemption": found, "facts": facts}, form=form)
