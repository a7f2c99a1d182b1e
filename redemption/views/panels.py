"""专家评审 at the office that owns the step: drawn, watched, summed up."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.viewer import person
from innovation_voucher.casework import panels
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.subjects import Subject, subject_of
from innovation_voucher.casework.web import office_required, refusal, viewer_of
from innovation_voucher.lib.forms import PortalForm, render_form

from .. import panel_pages, services
from ..panel_forms import AgainForm, DaysForm, DrawForm, MoreForm, ReplaceForm, SummaryForm
from ..panel_pages import PanelPage

ROWS = 20


@require_GET
@office_required
def panel_list(request: HttpRequest) -> HttpResponse:
    """Cases that wait for experts or are with them, and those that were decided."""
    done = request.GET.get("tab") == "done"
    rows = panel_pages.tasks(viewer_of(request)).filter(status="done" if done else "open")
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    tabs = (("", _("办理中"), not done), ("?tab=done", _("已办结"), done))
    context = {
        "page_obj": page,
        "rows": [(task, subject_of(task.case)) for task in page],
        "views": [{"label": label, "url": url or "?", "current": current} for url, label, current in tabs],
    }
    return render(request, "redemption/panels/list.html", context)


def _draw(page: PanelPage, given: dict[str, Any], **who: Any) -> str:
    services.draw_panel(page.task, given["field"], **who)
    return _("已抽取专家并发出邀请")


def _more(page: PanelPage, given: dict[str, Any], **who: Any) -> str:
    services.draw_more(_panel(page), count=given["count"], **who)
    return _("已补抽专家并发出邀请")


def _replace(page: PanelPage, given: dict[str, Any], **who: Any) -> str:
    seat = get_object_or_404(_panel(page).seats, pk=given["seat"])
    services.replace_expert(seat, reason=given["reason"], **who)
    return _("已更换专家")


def _extend(page: PanelPage, given: dict[str, Any], **who: Any) -> str:
    panels.extend(_panel(page), days=given["days"], **who)
    return _("已延长评审期限")


def _again(page: PanelPage, given: dict[str, Any], **who: Any) -> str:
    panels.score_again(_panel(page), days=given["days"], reason=given["reason"], **who)
    return _("已发起复议")


def _conclude(page: PanelPage, given: dict[str, Any], **who: Any) -> str:
    panels.conclude(_panel(page), summary=given["summary"], **who)
    return _("已写汇总意见，可以作出决定")


def _panel(page: PanelPage) -> Any:
    if page.panel is None:
        raise Refused(_("还没有抽取专家。"))
    return page.panel


ACTS: dict[str, Callable[..., str]] = {
    "draw": _draw,
    "more": _more,
    "replace": _replace,
    "extend": _extend,
    "again": _again,
    "conclude": _conclude,
}


def _forms(page: PanelPage, data: Any = None, act: str = "") -> dict[str, forms.Form]:
    """The forms of what the panel's state allows; the posted one is bound."""

    def made(name: str, form: type[PortalForm], **values: Any) -> forms.Form:
        return form(data if name == act else None, prefix=name, **values)

    if not page.answer[0]:
        return {}
    if page.panel is None:
        return {"draw": made("draw", DrawForm, initial={"field": page.field})}
    if page.panel.status == "ended":
        found = {"conclude": made("conclude", SummaryForm)} if panels.waits_for(page.panel)[0] else {}
        second = {"again": made("again", AgainForm, initial={"days": page.rules.days})}
        return {**found, **(second if page.panel.round == 1 else {})}
    if page.panel.status != "scoring":
        return {}
    found = {"extend": made("extend", DaysForm, initial={"days": page.rules.days})}
    if page.missing:
        found["more"] = made("more", MoreForm, initial={"count": page.missing})
    if page.replaceable:
        found["replace"] = made("replace", ReplaceForm, seats=page.replaceable)
    return found


@require_http_methods(["GET", "POST"])
@office_required
@once
def panel(request: HttpRequest, subject: Subject, number: str) -> HttpResponse:
    """One panel with its scores; which forms it offers follows its state."""
    page = panel_pages.page_of(viewer_of(request), subject, number)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    found = _forms(page, request.POST, act)
    form = found.get(act)
    if request.method == "POST":
        require(page.answer, NotAllowed)
        require((form is not None, _("评审刚刚变了，刷新页面查看。")))
    if form is not None and form.is_valid():
        with refusal(form):
            who = {"by": person(request), "office": page.viewer.office}
            messages.success(request, ACTS[act](page, form.cleaned_data, **who))
            return redirect("inst-panel", subject.key, number)
    context = {"page": page, "case": page.case, "forms": found, "crumbs": _crumbs(page)}
    return render_form(request, "redemption/panels/panel.html", context, form=form or PortalForm())


def _crumbs(page: PanelPage) -> list[tuple[str, str]]:
    return [(_("专家评审"), reverse("inst-panels")), (page.case.number, "")]
