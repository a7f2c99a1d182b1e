"""Views of a queue that a person saved: offered above the filters, renamed and deleted on pages of their own."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from innovation_voucher.lib.forms import PortalForm, render_form

from ..errors import Refused
from ..idempotency import once
from ..models import Office, SavedView
from ..reviews.saved import change_view, delete_view, save_view, views_of
from ..subjects import Subject
from ..web import office_required, refusal, viewer_of
from .forms import FilterForm
from .queues import SORTS, VIEWS
from .view_forms import ViewForm


def asked(query: QueryDict) -> str:
    """The filters of an address in one order: without empty ones, unknown ones, and the page."""
    found = QueryDict(mutable=True)
    for name in ("view", "sort", *FilterForm.base_fields):
        if value := query.get(name, "").strip():
            found[name] = value
    if found.get("view") not in VIEWS:
        found.pop("view", None)
    if found.get("sort", "").removeprefix("-") not in SORTS:
        found.pop("sort", None)
    return found.urlencode()


def office_of(request: HttpRequest) -> Office:
    """The office as which the reader acts."""
    office = viewer_of(request).office
    if office is None:
        raise Refused(_("先选择以哪个机构的身份办理。"))
    return office


class Saved:
    """What the reader keeps of one queue, beside what the address asks now."""

    def __init__(self, request: HttpRequest, subject: Subject) -> None:
        self.query = asked(request.GET)
        self.views = list(views_of(request.user, office_of(request), subject.key))

    @property
    def default(self) -> SavedView | None:
        """With which the queue opens when the address asks nothing."""
        return next((view for view in self.views if view.is_default), None)

    @property
    def current(self) -> SavedView | None:
        """Of which the filters are those of the address."""
        return next((view for view in self.views if view.query == self.query), None)


def keep(request: HttpRequest, subject: Subject, form: ViewForm) -> SavedView | None:
    """Save the filters of the address as the form says; None leaves why not on the form."""
    given, view = form.cleaned_data, None
    with refusal(form, "name"):
        view = save_view(by=request.user, office=office_of(request), key=subject.key, query=asked(request.GET), **given)
        messages.success(request, _("已保存视图“%(name)s”") % {"name": view.name})
    return view


def _own(request: HttpRequest, subject: Subject, pk: int) -> SavedView:
    return get_object_or_404(views_of(request.user, office_of(request), subject.key), pk=pk)


def _context(subject: Subject, view: SavedView, title: str) -> dict[str, Any]:
    queue = reverse("desk-queue", args=(subject.key,))
    crumbs = [(_("待办队列"), reverse("desk-inbox")), (subject.label, queue), (title, "")]
    return {"subject": subject, "view": view, "back_url": f"{queue}?{view.query}", "crumbs": crumbs, "title": title}


@require_http_methods(["GET", "POST"])
@office_required
@once
def change(request: HttpRequest, subject: Subject, pk: int) -> HttpResponse:
    """Another name for a saved view, and whether its queue opens with it."""
    view = _own(request, subject, pk)
    initial = {"name": view.name, "is_default": view.is_default}
    form = ViewForm(request.POST or None, initial=initial)
    context = _context(subject, view, _("修改视图"))
    if form.is_bound and form.is_valid():
        with refusal(form, "name"):
            change_view(view, by=request.user, **form.cleaned_data)
            messages.success(request, _("视图已修改"))
            return redirect(context["back_url"])
    return render_form(request, "casework/desk/view.html", context, form=form)


@require_http_methods(["GET", "POST"])
@office_required
@once
def delete(request: HttpRequest, subject: Subject, pk: int) -> HttpResponse:
    """Ask, then forget a saved view."""
    view = _own(request, subject, pk)
    context = _context(subject, view, _("删除视图"))
    if request.method == "POST":
        delete_view(view, by=request.user)
        messages.success(request, _("已删除视图“%(name)s”") % {"name": view.name})
        return redirect(reverse("desk-queue", args=(subject.key,)) + "?view=all")
    return render_form(request, "casework/desk/view_delete.html", context, form=PortalForm())
