"""Pages of an expert: what waits, the declaration, the sheet beside the evidence, and what was done."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.viewer import person
from innovation_voucher.casework import panels
from innovation_voucher.casework.desk import evidence
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.models import PanelSeat
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.subjects import subject_of
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import render_form

from .. import expert_pages, services
from ..expert_pages import WORKING, expert_required, facts, rules_of, seat_of
from ..models import Expert
from ..panel_forms import ConflictForm, DeclareForm, RecuseForm, SheetForm

ROWS = 20


@require_GET
@expert_required
def tasks(request: HttpRequest) -> HttpResponse:
    """Cases that wait for the expert's scores."""
    return _seats(request, expert_pages.seats(request.user).filter(WORKING), done=False)


@require_GET
@expert_required
def history(request: HttpRequest) -> HttpResponse:
    """Cases in which the expert has scored, kept away or was replaced."""
    return _seats(request, expert_pages.seats(request.user).exclude(WORKING).order_by("-id"), done=True)


def _seats(request: HttpRequest, rows: Any, *, done: bool) -> HttpResponse:
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {"page_obj": page, "done": done, "gone": expert_pages.GONE}
    return render(request, "redemption/panels/tasks.html", context)


@require_http_methods(["GET", "POST"])
@expert_required
@once
def case(request: HttpRequest, number: str) -> HttpResponse:
    """The declaration first; then the sheet beside what was declared and the evidence."""
    seat = seat_of(request.user, number)
    if seat.status == PanelSeat.State.INVITED:
        return _declaration(request, seat)
    rules, may = rules_of(seat), panels.may_score(seat)
    first = {**seat.points, "comment": seat.comment}
    form = SheetForm(request.POST if request.method == "POST" else None, rules=rules, initial=first)
    if form.is_bound:
        require(may, NotAllowed)
    if form.is_bound and form.is_valid():
        with refusal(form):
            given = {"points": form.points, "comment": form.cleaned_data["comment"]}
            panels.save_sheet(seat, by=person(request), **given)
            if "check" in request.POST:
                return redirect("expert-check", number)
            messages.success(request, _("已暂存，%(day)s前可以继续填写") % {"day": seat.panel.due_on})
            return redirect("expert-case", number)
    subject = subject_of(seat.case)
    files = evidence.files_of(subject, seat.case.subject, request.user, request.GET)
    context = {
        **_context(seat, number),
        "may": may,
        "evidence": evidence.pane(files, request.GET),
        "given": sum(row.key in seat.points for row in rules.criteria),
    }
    return render_form(request, "redemption/panels/case.html", context, form=form)


def _context(seat: PanelSeat, number: str, *words: str) -> dict[str, Any]:
    crumbs = [(_("评审任务"), reverse("expert-tasks")), *_below(number, words)]
    rules = rules_of(seat)
    return {"seat": seat, "case": seat.case, "rules": rules, "facts": facts(seat), "crumbs": crumbs}


def _below(number: str, words: tuple[str, ...]) -> list[tuple[str, str]]:
    if not words:
        return [(number, "")]
    return [(number, reverse("expert-case", args=[number])), (words[0], "")]


def _declaration(request: HttpRequest, seat: PanelSeat) -> HttpResponse:
    """What an invited expert reads: not more than is needed to know of a conflict."""
    form = DeclareForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refusal(form):
            panels.declare(seat, by=person(request))
            return redirect("expert-case", seat.case.number)
    context = _context(seat, seat.case.number)
    return render_form(request, "redemption/panels/declare.html", context, form=form)


@require_http_methods(["GET", "POST"])
@expert_required
@once
def check(request: HttpRequest, number: str) -> HttpResponse:
    """The whole sheet before it is given for good."""
    seat = seat_of(request.user, number)
    require(panels.may_score(seat), NotAllowed)
    form = DeclareForm(request.POST if request.method == "POST" else None)
    form.fields["agree"].label = _("以上评分由本人独立作出，提交后不能修改")
    if form.is_bound and form.is_valid():
        with refusal(form):
            panels.submit_sheet(seat, by=person(request), points=seat.points, comment=seat.comment)
            messages.success(request, _("评分已提交"))
            return redirect("expert-case", number)
    context = {
        **_context(seat, number, _("检查评分")),
        "rows": [(row, seat.points.get(row.key)) for row in rules_of(seat).criteria],
        "total": sum(seat.points.values()),
    }
    return render_form(request, "redemption/panels/check.html", context, form=form)


@require_http_methods(["GET", "POST"])
@expert_required
@once
def recuse(request: HttpRequest, number: str) -> HttpResponse:
    """Declare a conflict: the case is hidden, and further ones of the same sides are not offered."""
    seat = seat_of(request.user, number)
    form = RecuseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refusal(form):
            services.recuse_expert(seat, by=person(request), reason=form.cleaned_data["reason"])
            messages.success(request, _("已申请回避，这件评审由其他专家办理"))
            return redirect("expert-tasks")
    context = {**_context(seat, number, _("申请回避")), "back_url": reverse("expert-case", args=[number])}
    return render_form(request, "redemption/panels/recuse.html", context, form=form)


@require_http_methods(["GET", "POST"])
@expert_required
@once
def declaration(request: HttpRequest) -> HttpResponse:
    """保密与回避声明: what every expert promises, and the organizations from which this one keeps away."""
    expert = get_object_or_404(Expert.objects.select_related("region"), user=request.user)
    form = ConflictForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with refusal(form):
            services.declare_conflict(expert, by=person(request), **form.cleaned_data)
            messages.success(request, _("已登记，以后不会抽取您评审这个单位的申请"))
            return redirect("expert-declaration")
    rows = list(expert.conflicts.select_related("organization"))
    context = {"expert": expert, "conflicts": rows, "fields": list(expert.fields.all())}
    return render_form(request, "redemption/panels/declaration.html", context, form=form)
