"""公示与异议 at the desk: lists are drawn up and opened, objections are answered."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.viewer import person
from innovation_voucher.casework import attachments, audit, calendar, rights
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.models import Region
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.web import office_required, refusal, viewer_of
from innovation_voucher.lib.forms import PortalForm, render_form
from vouchers.models import Programme

from .. import notice_pages, notice_rules, services
from ..models import Objection, Publicity, Redemption
from ..notice_forms import AnswerForm, ListForm
from ..notice_pages import ListPage

ROWS = 20


@require_GET
@office_required
def publicity_list(request: HttpRequest) -> HttpResponse:
    """What waits for a list, and the lists of the reader's regions."""
    viewer = viewer_of(request)
    rows = notice_pages.with_sums(Publicity.objects.filter(notice_pages.in_reach(viewer)))
    page = Paginator(rows.order_by("-id"), ROWS).get_page(request.GET.get("page"))
    context = {
        "groups": notice_pages.waiting_groups(viewer),
        "page_obj": page,
        "lists": notice_pages.finished(page),
    }
    return render(request, "redemption/notices/desk_list.html", context)


@require_http_methods(["GET", "POST"])
@office_required
@once
def publicity_new(request: HttpRequest, region: str, programme: int) -> HttpResponse:
    """Draw up a list over what waits in one region and scheme."""
    there, scheme = get_object_or_404(Region, code=region), get_object_or_404(Programme, pk=programme)
    if not rights.covers_any(viewer_of(request).reach, there):
        raise Http404
    require(notice_rules.may_publish(person(request), there), NotAllowed)
    waiting = services.awaiting(scheme, there).select_related("payee").prefetch_related("lines")
    rows = list(waiting)
    words = _("%(region)s%(year)s年%(month)s月%(scheme)s拟兑付名单")
    today = calendar.today()
    title = words % {"region": there.name, "year": today.year, "month": today.month, "scheme": scheme.name}
    first = {"title": title, "rows": [row.number for row in rows]}
    form = ListForm(request.POST if request.method == "POST" else None, waiting=rows, initial=first)
    if form.is_bound and form.is_valid():
        with refusal(form):
            made = services.create_publicity(
                scheme,
                there,
                form.chosen,
                title=form.cleaned_data["title"],
                by=person(request),
                office=viewer_of(request).office,
            )
            return redirect("desk-publicity-one", made.number)
    context = {"rows": rows, "scheme": scheme, "there": there, "crumbs": _crumbs(_("起草公示"))}
    return render_form(request, "redemption/notices/desk_new.html", context, form=form)


def _crumbs(*words: str) -> list[tuple[str, str]]:
    return [(_("公示与异议"), reverse("desk-publicity")), *((word, "") for word in words)]


@require_http_methods(["GET", "POST"])
@office_required
@once
def publicity_one(request: HttpRequest, number: str) -> HttpResponse:
    """One list of the desk: a draft is opened here, an open one is watched."""
    viewer = viewer_of(request)
    rows = Publicity.objects.filter(notice_pages.in_reach(viewer)).select_related("region", "programme", "office")
    found = get_object_or_404(rows, number=number)
    may = notice_rules.may_open_list(person(request), found)
    form = PortalForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refusal(form):
            services.open_publicity(found, by=person(request), office=viewer.office)
            messages.success(request, _("已发布，任何人都可以查看和提出异议"))
            return redirect("desk-publicity-one", number)
    drafted = _drafted(found)
    context: dict[str, Any] = {
        "publicity": found,
        "page": ListPage(found),
        "may_open": may[0],
        "drafted": drafted,
        "total": sum((amount for _row, amount in drafted), Decimal(0)),
        "objections": list(found.objections.select_related("redemption__payee")),
        "events": audit.timeline(found),
        "crumbs": _crumbs(found.number),
    }
    return render_form(request, "redemption/notices/desk_one.html", context, form=form)


def _drafted(found: Publicity) -> list[tuple[Redemption, Decimal]]:
    """What a draft would show, in the order of the list, yuan; an open list keeps rows of its own."""
    if found.status != Publicity.State.DRAFT:
        return []
    rows = found.redemptions.select_related("payee").prefetch_related("lines").order_by("pk")
    return [(row, services.approved_amount(row)) for row in rows]


@require_GET
@office_required
def objection_list(request: HttpRequest) -> HttpResponse:
    """Objections to be answered, and those that were."""
    rows = notice_pages.objections(viewer_of(request))
    done = request.GET.get("tab") == "done"
    waiting = rows.filter(status=Objection.State.RECEIVED).order_by("id")
    shown = rows.exclude(status=Objection.State.RECEIVED).order_by("-id") if done else waiting
    tabs = (("", _("待答复"), not done), ("?tab=done", _("已答复"), done))
    context = {
        "page_obj": Paginator(shown, ROWS).get_page(request.GET.get("page")),
        "views": [{"label": label, "url": url or "?", "current": current} for url, label, current in tabs],
        "crumbs": _crumbs(_("异议")),
    }
    return render(request, "redemption/notices/desk_objections.html", context)


@require_http_methods(["GET", "POST"])
@office_required
@once
def objection(request: HttpRequest, number: str) -> HttpResponse:
    """One objection: what it says, its files, and the answer."""
    found = get_object_or_404(notice_pages.objections(viewer_of(request)), number=number)
    may = notice_rules.may_answer(person(request), found)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        require(may, NotAllowed)
    if form.is_bound and form.is_valid():
        with refusal(form):
            _answer(request, found, **form.cleaned_data)
            messages.success(request, _("已答复，提出人凭编号和联系方式可以查看"))
            return redirect("desk-objections")
    context = {
        "objection": found,
        "row": found.publicity.rows.filter(redemption=found.redemption).first(),
        "files": [attachments.card(file) for file in attachments.files(found)],
        "may": may,
        "events": audit.timeline(found),
        "crumbs": [*_crumbs(), (_("异议"), reverse("desk-objections")), (found.number, "")],
    }
    return render_form(request, "redemption/notices/desk_objection.html", context, form=form)


def _answer(request: HttpRequest, found: Objection, *, outcome: str, answer: str) -> None:
    by, office = person(request), viewer_of(request).office
    if outcome == "dismiss":
        services.dismiss_objection(found, by=by, office=office, answer=answer)
    else:
        refuse = outcome == "reject"
        services.uphold_objection(found, by=by, office=office, answer=answer, refuse=refuse)
