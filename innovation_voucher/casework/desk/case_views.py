"""The case page, the decision, the soft lock, and the letter that names what to mend."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from innovation_voucher.lib.forms import render_form
from innovation_voucher.lib.pdf import render_html

from .. import reviews
from ..errors import NotAllowed, Stale, stale_at
from ..idempotency import once
from ..models import ReviewTask
from ..reviews.tasks import how_it_ended
from ..rules import has_interest, held_by_other, may_look, may_recuse, require
from ..subjects import Subject
from ..web import office_required, refusal, viewer_of
from . import evidence, letters
from .cases import CasePage, case_for, find_case
from .forms import DecisionForm, RecuseForm
from .queues import due_words
from .views import address, filtered, go_to_next, kept


@require_http_methods(["GET", "POST"])
@office_required
@once
def case(request: HttpRequest, subject: Subject, number: str) -> HttpResponse:
    """Everything about one case side by side, and the decision on its open step."""
    viewer = viewer_of(request)
    page = CasePage(case_for(viewer, subject, number), subject, viewer)
    files = evidence.files_of(subject, page.obj, viewer.user, request.GET)
    form = _form(request, page, files)
    preview = None
    if form is not None and form.is_bound and form.is_valid():
        if "preview" in request.POST and page.task:
            preview = letters.draft(page, page.task, form)
        else:
            with refusal(form), stale_at(page.url):
                decided = _decide(page, form)
                messages.success(request, _said(decided, page))
                return _after(request, page)
    context = {**_context(request, page, files), "preview": preview}
    if form is None:
        return render(request, "casework/desk/case.html", context)
    return render_form(request, "casework/desk/case.html", context, form=form)


def _form(request: HttpRequest, page: CasePage, files: list[Any]) -> DecisionForm | None:
    """The form for those who may decide; a POST that came too late or from others is refused."""
    if request.method == "POST":
        _refuse_late(request, page)
    if page.task is None or not page.answer[0]:
        return None
    targets = evidence.targets_of(page.subject, page.obj, files)
    lines = page.subject.lines(page.obj) if page.subject.lines else ()
    reasons = letters.reasons_for(page.subject.key)
    return DecisionForm(_posted(request), task=page.task, targets=targets, lines=lines, reasons=reasons)


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was posted; a letter is previewed of a return, whichever decision is ticked so far."""
    if "preview" not in request.POST:
        return request.POST or None
    given = request.POST.copy()
    given["decision"] = ReviewTask.Decision.RETURN
    return given


def _refuse_late(request: HttpRequest, page: CasePage) -> None:
    posted = next((t for t in page.case.tasks.all() if str(t.pk) == request.POST.get("task")), None)
    if page.task is None or (posted is not None and posted.pk != page.task.pk):
        with stale_at(page.url):
            raise Stale(how_it_ended(posted or page.case.tasks.all()[len(page.case.tasks.all()) - 1]))
    require(page.answer, NotAllowed)


def _decide(page: CasePage, form: DecisionForm) -> str:
    """Call the verb with what the form says; returns the decision."""
    given = form.cleaned_data
    if page.task is None:
        raise Stale(_("此件已办结。"))
    reviews.decide(
        page.task,
        by=page.viewer.user,
        office=page.viewer.office,
        decision=given["decision"],
        amount=given.get("amount"),
        reason=given["reason"],
        items=form.items,
        lines=form.lines,
    )
    return str(given["decision"])


def _said(decision: str, page: CasePage) -> str:
    words = ReviewTask.Decision(decision).label
    return _("%(number)s 已办理：%(words)s") % {"number": page.case.number, "words": words}


def _after(request: HttpRequest, page: CasePage) -> HttpResponse:
    """The next case of the same view, or back to the queue."""
    found, _form = filtered(request, page.subject)
    if "next" in request.POST:
        return go_to_next(request, found)
    return redirect(address("desk-queue", page.subject.key, query=kept(request)))


def _context(request: HttpRequest, page: CasePage, files: list[Any]) -> dict[str, Any]:
    task = page.task
    due, tone = due_words(task.due_on) if task else ("", "")
    return {
        "page": page,
        "case": page.case,
        "task": task,
        "due": due,
        "due_tone": tone,
        "held": task if task and held_by_other(page.viewer.user, task) else None,
        "may_take": task is not None and page.answer[0] and task.holder_id != page.viewer.user.pk,
        "evidence": evidence.pane(files, request.GET),
        "unseen": sum(not file.seen for file in files),
        "place": _place(request, page),
        "query": kept(request),
        "subject_label": page.subject.label,
        "facts_template": page.subject.facts_template,
        "subject": page.obj,
        "crumbs": [
            (_("待办队列"), reverse("desk-inbox")),
            (page.subject.label, address("desk-queue", page.subject.key)),
            (page.case.number, ""),
        ],
    }


def _place(request: HttpRequest, page: CasePage) -> tuple[int, int] | None:
    """At which place of how many the case stands in the view it was opened from, for who decides on it."""
    if page.task is None or not page.answer[0] or not kept(request):
        return None
    found, _form = filtered(request, page.subject)
    place, total = found.place_of(page.task)
    return (place, total) if place else None


@require_POST
@office_required
@once
def take(request: HttpRequest, subject: Subject, number: str) -> HttpResponse:
    """Hold the open task for 15 minutes, or give it back."""
    viewer = viewer_of(request)
    page = CasePage(case_for(viewer, subject, number), subject, viewer)
    with stale_at(page.url):
        if page.task is None:
            raise Stale(_("此件现在没有待办的步骤。"))
        if request.POST.get("act") == "release":
            reviews.release(page.task, by=viewer.user)
        else:
            reviews.take(page.task, by=viewer.user, office=viewer.office)
    return redirect(address("desk-case", subject.key, number, query=kept(request)))


@require_http_methods(["GET", "POST"])
@office_required
@once
def recuse(request: HttpRequest, subject: Subject, number: str) -> HttpResponse:
    """回避: declare an interest in the case, after which it does not exist for the person any more."""
    viewer = viewer_of(request)
    page = CasePage(case_for(viewer, subject, number), subject, viewer)
    require(may_recuse(page.case, viewer.office, viewer.reach), NotAllowed)
    form = RecuseForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with refusal(form), stale_at(page.url):
            reviews.recuse(page.case, by=viewer.user, office=viewer.office, reason=form.cleaned_data["reason"])
            messages.success(request, _("已申请回避，%(number)s 由本机构其他人办理") % {"number": page.case.number})
            return redirect(address("desk-queue", subject.key, query=kept(request)))
    back = address("desk-case", subject.key, number, query=kept(request))
    return render_form(request, "casework/desk/recuse.html", {"case": page.case, "back_url": back}, form=form)


@require_GET
@login_required
def notice(request: HttpRequest, subject: Subject, number: str, *, pdf: bool = False) -> HttpResponse:
    """一次性告知: everything to mend in one letter, for the desk and for the applicant."""
    viewer = viewer_of(request)
    page = CasePage(find_case(subject, number, viewer.user), subject, viewer)
    if has_interest(viewer.user, page.case):
        raise Http404
    looks, _reason = may_look(page.case, viewer.office, viewer.reach)
    if not page.items or not (looks or subject.may_see(request.user, page.obj)):
        raise Http404
    context = {"page": page, **letters.sent(page)}
    if not pdf:
        return render(request, "casework/desk/notice.html", context)
    content = render_html(render_to_string("casework/desk/notice_pdf.html", context, request))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="notice-{page.case.pk}.pdf"'
    return response
