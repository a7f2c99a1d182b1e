"""兑付申请: the list, the papers of one voucher, submitting, and one redemption."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Organization
from accounts.services import active_bank_account
from accounts.viewer import organization_required, person
from innovation_voucher.casework import attachments, audit, reviews
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.web import refusal, viewer_of
from innovation_voucher.lib.forms import PortalForm, render_form
from innovation_voucher.lib.money import format_yuan
from vouchers.answers import answered
from vouchers.models import Voucher
from vouchers.resolve import policy_of

from .. import asked, queries, rules, services
from ..consents import may_consent
from ..models import Pick, Redemption
from ..paper_rules import keeps_open
from ..papers_page import address_of
from ..subjects import files_of
from ..things import handle

PAGE = 20


@require_GET
@organization_required
def redeem_list(request: HttpRequest, payee: Organization) -> HttpResponse:
    """Vouchers to be redeemed with what is missing, and what became of those handed in."""
    tab = request.GET.get("tab", "")
    tab = tab if tab in queries.TABS else ""
    counts, gathers = queries.tab_counts(payee)
    found, others = ([], []) if tab else queries.own_and_others(payee)
    papers = services.papers_for(found)
    rows = queries.among(found, papers)
    ready = [row for row in rows if row.ready]
    gather, drafts = ([], []) if tab else queries.to_gather(payee, found, late=gathers)
    context = {
        "tab": tab,
        "views": _tabs(tab, counts, None if tab else len(rows)),
        "rows": rows,
        "gather": gather,
        "drafts": drafts,
        "ready": ready,
        "ready_total": sum(row.amount for row in ready),
        "waiting": len(rows) - len(ready),
        "year_end": services.entries(found, facts=services.facts_along(found, papers)),
        "elsewhere": queries.redeemers(others),
        "page": Paginator(queries.redemptions(payee, tab), PAGE).get_page(request.GET.get("page")) if tab else None,
        "for_carrier": payee.kind == Organization.Kind.CARRIER,
    }
    return render(request, "redemption/list.html", context)


def _tabs(tab: str, counts: dict[str, int], waiting: int | None) -> list[dict[str, Any]]:
    words = {"": _("待申请"), "open": _("办理中"), "paid": _("已拨付"), "ended": _("未通过与撤回")}
    numbers: dict[str, int | None] = {"": waiting, **counts}
    return [
        {"label": label, "url": f"?tab={key}" if key else "?", "current": key == tab, "count": numbers.get(key)}
        for key, label in words.items()
    ]


@require_GET
@organization_required
def redeem_check(request: HttpRequest, payee: Organization) -> HttpResponse:
    """What would be handed in, before it is: the ticked ones, or all that are complete."""
    chosen = [row for row in queries.candidates(payee) if row.ready and _wanted(request, row.voucher)]
    if not chosen:
        messages.error(request, _("还没有选择材料齐全的创新券。勾选后再提交，或补齐材料。"))
        return redirect(queries.list_url(payee))
    context = {
        "rows": chosen,
        "total": sum(row.amount for row in chosen),
        "back_url": queries.list_url(payee),
        "account": active_bank_account(payee),
        "pay_within": policy_of(chosen[0].voucher.snapshot).pay_within_days,
    }
    return render(request, "redemption/check.html", context)


def _wanted(request: HttpRequest, voucher: Voucher) -> bool:
    return "all" in request.GET or voucher.code in request.GET.getlist("v")


@require_POST
@organization_required
@once
def redeem_submit(request: HttpRequest, payee: Organization) -> HttpResponse:
    """Hand in the checked ones; each goes by itself, and what cannot go says why."""
    rows = Voucher.objects.filter(queries.paid_to(payee), code__in=request.POST.getlist("v")).order_by("pk")
    outcome = services.submit_many(rows, by=person(request))
    count = len(outcome.done)
    if count:
        messages.success(request, ngettext("已提交 %(n)d 件兑付", "已提交 %(n)d 件兑付", count) % {"n": count})
    for voucher, reason in outcome.refused:
        messages.error(request, f"{voucher.service_title}：{reason}")
    if count == 1 and not outcome.refused:
        return redirect("ent-redeem", outcome.done[0].number)
    return redirect(f"{queries.list_url(payee)}?tab=open" if count else queries.list_url(payee))


@require_GET
@login_required
def redeem(request: HttpRequest, number: str) -> HttpResponse:
    """One redemption: where it stands, whose turn it is, its amounts and what was returned."""
    redemption = _visible(request, number)
    pick = redemption.picks.select_related("order__voucher").first()
    if pick is not None:
        return redirect(_draft_url(redemption, pick))
    case = queries.latest_case(redemption)
    task = queries.open_task(redemption, case)
    redemption.shown_status = rules.shown(redemption, task)
    lines = list(redemption.lines.select_related("voucher__carrier"))
    mine = viewer_of(request).organization == redemption.payee
    context = {
        "redemption": redemption,
        "lines": lines,
        "claimed": sum((line.claimed for line in lines), Decimal(0)),
        "gathers": asked.gathers(policy_of(redemption.snapshot)),
        "said": answered(asked.rows(policy_of(redemption.snapshot)), redemption.answers),
        "pay_within": policy_of(redemption.snapshot).pay_within_days,
        "case": case,
        "returned": reviews.returned_items(redemption, case) if redemption.status == "returned" else {},
        "events": audit.timeline(redemption, *(line.voucher for line in lines)),
        "paper_missing": mine and keeps_open(redemption),
        "consents": may_consent(person(request), redemption)[0],
        "files": [attachments.card(file) for file in files_of(redemption)],
        "mine": mine,
        "mends": mine and not rules.by_agency(redemption.snapshot),
        "may_withdraw": rules.may_withdraw(person(request), redemption) if mine else (False, ""),
        "next_up": queries.next_up(task),
        "crumbs": [(_("兑付申请"), queries.list_url(redemption.payee)), (redemption.number, "")],
    }
    return render(request, "redemption/redemption.html", context)


def _draft_url(redemption: Redemption, pick: Pick) -> str:
    """Where a draft is written: with several orders on its own page, else beside the papers."""
    if asked.gathers(policy_of(redemption.snapshot)):
        return reverse("redeem-draft", args=[redemption.number])
    return reverse("ent-redeem-papers", args=[address_of(handle(pick.order))])


def _visible(request: HttpRequest, number: str) -> Redemption:
    redemption = get_object_or_404(
        Redemption.objects.select_related("payee", "programme", "region", "snapshot", "bank_account"), number=number
    )
    if not rules.may_see(person(request), redemption):
        raise Http404
    return redemption


@require_http_methods(["GET", "POST"])
@organization_required
@once
def redeem_withdraw(request: HttpRequest, payee: Organization, number: str) -> HttpResponse:
    """Take it back before the first decision."""
    redemption = get_object_or_404(Redemption, number=number, payee=payee)
    form = PortalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusal(form):
            services.withdraw_redemption(redemption, by=person(request))
            messages.success(request, _("已撤回，创新券仍有效，可以重新提交"))
            return redirect("ent-redeem", redemption.number)
    lines = redemption.lines.select_related("voucher")
    context = {
        "redemption": redemption,
        "facts": [
            {"label": line.voucher.service_title, "value": _("%s 元") % format_yuan(line.claimed)} for line in lines
        ],
        "form": form,
    }
    return render_form(request, "redemption/withdraw.html", context, form=form)


@require_POST
@organization_required
@once
def redeem_resubmit(request: HttpRequest, payee: Organization, number: str) -> HttpResponse:
    """Hand in again what was returned, once it is mended."""
    redemption = get_object_or_404(Redemption, number=number, payee=payee)
    try:
        services.resubmit_redemption(redemption, by=person(request))
        messages.success(request, _("已重新提交，等待审核"))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("ent-redeem", redemption.number)
