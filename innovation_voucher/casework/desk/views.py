"""Pages of the desks: inbox, queue, search, and the choice of the role."""

from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from innovation_voucher.lib import spreadsheets
from innovation_voucher.lib.forms import render_form

from .. import reviews, subjects
from ..idempotency import once
from ..subjects import Subject
from ..web import ROLE_KEY, office_required, viewer_of
from . import queues
from .exports import CSV_HEADS, csv_rows
from .forms import FilterForm
from .queues import SORTS, VIEWS, Queue
from .saved_views import Saved, keep
from .view_forms import ViewForm

#: Most cases that a search lists; the words should be more exact then.
FOUND = 30


@require_GET
@office_required
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits in each queue, the oldest and the next due."""
    tallies = queues.tallies(viewer_of(request), subjects.all_subjects())
    totals = {name: sum(getattr(tally, name) for tally in tallies) for name in ("total", "late", "soon", "mine")}
    return render(request, "casework/desk/inbox.html", {"tallies": tallies, "totals": totals})


def filtered(request: HttpRequest, subject: Subject) -> tuple[Queue, FilterForm]:
    """The queue of the address with its filters."""
    view = request.GET.get("view", "")
    form = FilterForm(request.GET, view=view)
    sort = request.GET.get("sort", "")
    return Queue(viewer_of(request), subject, view if view in VIEWS else "", form.condition, sort), form


def _chips(request: HttpRequest, form: FilterForm) -> list[dict[str, str]]:
    """Each filter in use with the address without it."""
    chips = []
    for name, label in form.in_use:
        rest = request.GET.copy()
        rest.pop(name, None)
        rest.pop("page", None)
        rest.setdefault("view", "all")  # a bare address opens the view that the reader made the default
        chips.append({"label": label, "url": f"?{rest.urlencode()}"})
    return chips


def _tabs(queue: Queue) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": f"?view={name or 'all'}", "current": queue.view == name, "count": n}
        for name, label in VIEWS.items()
        for n in [queue.count(name)]
    ]


def _sorts(request: HttpRequest) -> dict[str, dict[str, str]]:
    """For every column that sorts: the address that sorts by it, and the present direction."""
    now = request.GET.get("sort", "")
    found = {}
    for name in SORTS:
        changed = request.GET.copy()
        changed.pop("page", None)
        changed["sort"] = f"-{name}" if now == name else name
        direction = {name: "ascending", f"-{name}": "descending"}.get(now, "")
        found[name] = {"url": f"?{changed.urlencode()}", "direction": direction}
    return found


@require_GET
@office_required
def export(request: HttpRequest, subject: Subject) -> HttpResponse:
    """The filtered queue as CSV, every row of it."""
    found, _form = filtered(request, subject)
    content = spreadsheets.csv_text([str(head) for head in CSV_HEADS], csv_rows(found))
    response = HttpResponse(content.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="queue-{subject.key}.csv"'
    return response


@require_http_methods(["GET", "POST"])
@office_required
@once
def queue(request: HttpRequest, subject: Subject) -> HttpResponse:
    """The open tasks of one kind, narrowed by what the address says; posted, keeps that under a name."""
    saved = Saved(request, subject)
    if request.method == "GET" and not request.GET and saved.default:
        return redirect(address("desk-queue", subject.key, query=saved.default.query))
    naming = ViewForm(request.POST or None)
    if naming.is_bound and naming.is_valid() and (view := keep(request, subject, naming)):
        return redirect(address("desk-queue", subject.key, query=view.query))
    found, form = filtered(request, subject)
    context = {**_queue_context(request, found, form), "saved": saved, "view_form": naming}
    return render_form(request, "casework/desk/queue.html", context, form=form if form.errors else naming)


def _queue_context(request: HttpRequest, found: Queue, form: FilterForm) -> dict[str, Any]:
    subject, query = found.subject, kept(request)
    form.offer_steps(found.steps)
    page = found.page(request.GET.get("page"))
    return {
        "subject": subject,
        "queue": found,
        "tabs": _tabs(found),
        "counts": {name or "all": found.count(name) for name in VIEWS},
        "filter_form": form,
        "chips": _chips(request, form),
        "page_obj": page,
        "rows": list(queues.rows(page.object_list, subject, query)),
        "query": query,
        "sorts": _sorts(request),
        "kept_pairs": parse_qsl(query),
        "crumbs": [(_("待办队列"), reverse("desk-inbox")), (subject.label, "")],
    }


@require_POST
@office_required
@once
def start(request: HttpRequest, subject: Subject) -> HttpResponse:
    """Take the oldest task of the view and open its case."""
    found, _form = filtered(request, subject)
    return go_to_next(request, found)


def go_to_next(request: HttpRequest, found: Queue) -> HttpResponse:
    """Take the next task of a queue and go there; back to the queue when nothing is left."""
    viewer, query = found.viewer, kept(request)
    task = found.following()
    if task is None:
        messages.info(request, _("这一队列没有待您办理的件了"))
        return redirect(address("desk-queue", found.subject.key, query=query))
    reviews.take(task, by=viewer.user, office=viewer.office)
    return redirect(address("desk-case", found.subject.key, task.case.number, query=query))


def kept(request: HttpRequest) -> str:
    """The filters of the address, without the page and the file that are shown."""
    query = request.GET.copy()
    for name in ("page", "file", "turn", "zoom", "s"):
        query.pop(name, None)
    return query.urlencode()


def address(name: str, *args: str, query: str = "") -> str:
    """A named address with the filters of the queue behind it."""
    url = reverse(name, args=args)
    return f"{url}?{query}" if query else url


@require_GET
@office_required
def search(request: HttpRequest) -> HttpResponse:
    """Cases of the desk by number or applicant; a single one opens at once."""
    words = request.GET.get("q", "").strip()[:100]
    found = _search(request, words) if words else []
    if len(found) == 1:
        return redirect(found[0][1])
    return render(request, "casework/desk/search.html", {"q": words, "found": found, "full": len(found) == FOUND})


def _search(request: HttpRequest, words: str) -> list[tuple[Any, str, Subject]]:
    keys = {subject.content_type.pk: subject for subject in subjects.all_subjects()}
    named = Q(case__number__icontains=words) | Q(case__applicant__icontains=words)
    tasks = queues.visible_tasks(viewer_of(request)).filter(named, case__subject_type__in=list(keys))
    latest = tasks.order_by("-case_id", "-id").select_related("case")
    cases = {task.case_id: task.case for task in latest[: 4 * FOUND]}
    return [
        (case, reverse("desk-case", args=(keys[case.subject_type_id].key, case.number)), keys[case.subject_type_id])
        for case in list(cases.values())[:FOUND]
    ]


@login_required
def choose_role(request: HttpRequest) -> HttpResponse:
    """For whom the person acts from now on: an organization, a carrier or an office of theirs."""
    roles = {role.key: role for role in viewer_of(request).roles}
    wanted = request.POST.get("role", "")
    if request.method == "POST" and wanted in roles:
        request.session[ROLE_KEY] = wanted
        return redirect(_next(request))
    return render(
        request, "casework/choose_role.html", {"roles": roles.values()}, status=422 if request.method == "POST" else 200
    )


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if target and safe else "/"
