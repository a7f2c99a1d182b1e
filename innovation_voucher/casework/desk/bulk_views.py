"""Several cases at once: a preview that changes nothing, the run, and its result by case."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from innovation_voucher.lib.forms import render_form

from ..errors import Refused
from ..idempotency import given_token
from ..models import BulkRun, Office, ReviewTask
from ..reviews import bulk, colleagues
from ..subjects import Subject
from ..web import office_required, viewer_of
from . import queues
from .forms import AssignForm, BulkForm
from .views import address, kept

#: Most cases of one run: a page of the queue and some more.
MOST = 100


def _chosen(request: HttpRequest, subject: Subject, name: str = "s") -> list[ReviewTask]:
    """The ticked tasks of the queue that the reader may see, the oldest first."""
    given = (request.POST or request.GET).getlist(name)
    pks = [int(pk) for pk in given if pk.isascii() and pk.isdecimal() and len(pk) < 19][:MOST]
    tasks = queues.visible_tasks(viewer_of(request)).filter(pk__in=pks, case__subject_type=subject.content_type)
    rows = tasks.select_related("case__region", "case__submitted_by", "step", "region", "holder", "decided_by")
    return list(rows.prefetch_related("case__tasks", "case__subject").order_by("case__submitted_at", "id"))


def _office(request: HttpRequest) -> Office:
    office = viewer_of(request).office
    if office is None:
        raise Refused(_("先选择以哪个机构的身份办理。"))
    return office


def _none_chosen(request: HttpRequest, subject: Subject) -> HttpResponse:
    messages.error(request, _("还没有选择。先在列表中勾选要办理的件"))
    return redirect(address("desk-queue", subject.key, query=kept(request)))


@require_http_methods(["GET", "POST"])
@office_required
def approve(request: HttpRequest, subject: Subject) -> HttpResponse:
    """What of the chosen cases can be agreed to and why not the rest; posted, agrees to the former."""
    tasks = _chosen(request, subject)
    if not tasks:
        return _none_chosen(request, subject)
    viewer = viewer_of(request)
    found = bulk.candidates(tasks, by=viewer.user, office=viewer.office, reach=viewer.reach)
    form = BulkForm(request.POST or None)
    if form.is_bound and form.is_valid():
        return _run(request, subject, BulkRun.Act.APPROVE, [c.task for c in found], reason=form.cleaned_data["reason"])
    # The form names apart what it does not agree to, so that the page is whole when it comes back.
    left = _chosen(request, subject, "left") if form.is_bound else []
    found += bulk.candidates(left, by=viewer.user, office=viewer.office, reach=viewer.reach)
    context = {**_frame(request, subject, _("批量通过")), **_split(found), "chosen": found}
    return render_form(request, "casework/desk/bulk.html", context, form=form)


def _split(found: list[bulk.Candidate]) -> dict[str, Any]:
    fits = [candidate for candidate in found if candidate.fits]
    total = sum((c.task.case.amount or Decimal(0) for c in fits), Decimal(0))
    firms = len({candidate.task.case.applicant for candidate in fits})
    return {"fits": fits, "rest": [c for c in found if not c.fits], "total": total, "firms": firms}


def _frame(request: HttpRequest, subject: Subject, title: str) -> dict[str, Any]:
    back = address("desk-queue", subject.key, query=kept(request))
    crumbs = [(_("待办队列"), reverse("desk-inbox")), (subject.label, back), (title, "")]
    return {"subject": subject, "query": kept(request), "back_url": back, "crumbs": crumbs}


def _run(request: HttpRequest, subject: Subject, act: str, tasks: list[ReviewTask], **given: Any) -> HttpResponse:
    """Start the run of this form unless it was started before, and show its result."""
    token, viewer = given_token(request), viewer_of(request)
    if not token:
        raise Refused(_("这一页已过期，返回队列重新选择。"))
    pks = [task.pk for task in tasks]
    run, new = bulk.start_run(token, act=act, key=subject.key, tasks=pks, by=viewer.user, query=kept(request))
    if new and act == BulkRun.Act.APPROVE:
        bulk.approve_all(run, by=viewer.user, office=viewer.office, **given)
    elif new:
        bulk.assign_all(run, by=viewer.user, office=_office(request), **given)
    return redirect("desk-bulk-result", subject.key, token)


@require_http_methods(["GET", "POST"])
@office_required
def assign(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Give the chosen cases to a colleague of the office."""
    tasks = _chosen(request, subject)
    if not tasks:
        return _none_chosen(request, subject)
    office = _office(request)
    places = {(task.step.right, task.region_id): task for task in tasks}
    people = [set(colleagues(task, office)) for task in places.values()]
    form = AssignForm(request.POST or None, people=sorted(set.intersection(*people), key=str))
    if form.is_bound and form.is_valid():
        return _run(request, subject, BulkRun.Act.ASSIGN, tasks, to=form.person)
    context = {**_frame(request, subject, _("分派给他人")), "chosen": tasks}
    return render_form(request, "casework/desk/assign.html", context, form=form)


@require_GET
@office_required
def result(request: HttpRequest, subject: Subject, token: str) -> HttpResponse:
    """What became of each case of a run; only for whoever ran it."""
    run = get_object_or_404(BulkRun, token=token, user=request.user, key=subject.key)
    tasks = ReviewTask.objects.filter(pk__in=run.asked).select_related("case", "step", "assignee")
    rows = [(task, *bulk.outcome(run, task)) for task in tasks.order_by("case__submitted_at", "id")]
    done = sum(row[1] for row in rows)
    back = address("desk-queue", subject.key, query=run.query)
    crumbs = [(_("待办队列"), reverse("desk-inbox")), (subject.label, back), (run.get_act_display(), "")]
    context = {"run": run, "rows": rows, "done": done, "left": len(rows) - done, "subject": subject}
    return render(request, "casework/desk/bulk_result.html", {**context, "back_url": back, "crumbs": crumbs})
