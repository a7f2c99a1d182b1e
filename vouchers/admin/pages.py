"""Pages beside the admin's own: a copy for next year, a new version, what changed, 试算, 公布."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from accounts.viewer import person
from innovation_voucher.casework.adminsite import RightsAdmin
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import PortalForm, render_form

from ..changes import before, changes
from ..models import Programme, ProgrammeVersion
from ..parameter_words import value_words
from ..rule_gaps import gaps_of
from ..services.drafting import clone_programme, draft_version
from ..services.publishing import publish
from ..trials import tried
from .page_forms import CloneForm, NewVersionForm, TrialForm

View = Callable[..., HttpResponse]


def programme_urls(site: RightsAdmin) -> list[URLPattern]:
    """Copies of programmes and their next versions."""
    return [
        _path(site, "clone/", clone, "vouchers_programme_clone"),
        _path(site, "<int:pk>/version/", new_version, "vouchers_programme_version"),
    ]


def version_urls(site: RightsAdmin) -> list[URLPattern]:
    """What is looked at before a version is published, and the publication."""
    return [
        _path(site, "<int:pk>/changes/", changes_page, "vouchers_programmeversion_changes"),
        _path(site, "<int:pk>/trial/", trial, "vouchers_programmeversion_trial"),
        _path(site, "<int:pk>/publish/", publish_page, "vouchers_programmeversion_publish"),
    ]


def _path(site: RightsAdmin, route: str, view: View, name: str) -> URLPattern:
    @wraps(view)
    def bound(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not site.has_add_permission(request):
            raise NotAllowed(_("方案由有“管理方案”权限的人员设置。"))
        return view(request, site, **kwargs)

    return path(route, site.admin_site.admin_view(bound), name=name)


def _context(request: HttpRequest, site: RightsAdmin, title: str, **more: Any) -> dict[str, Any]:
    return {**site.admin_site.each_context(request), "title": title, "opts": site.opts, **more}


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@once
def clone(request: HttpRequest, site: RightsAdmin) -> HttpResponse:
    """Next year's programme, or another region's, out of one that is published."""
    asked = request.GET.get("source", "")
    source = Programme.objects.filter(pk=asked).first() if asked.isdecimal() else None
    form = CloneForm(_posted(request), user=request.user, source=source)
    if form.is_valid():
        with refusal(form):
            made = clone_programme(**form.cleaned_data, by=person(request))
            messages.success(request, _("已复制为草稿。先修改规则，再试算和公布。"))
            return redirect("admin:vouchers_programmeversion_change", made.versions.get().pk)
    return render_form(request, "admin/vouchers/clone.html", _context(request, site, _("复制方案")), form=form)


@once
def new_version(request: HttpRequest, site: RightsAdmin, pk: int) -> HttpResponse:
    """The next version of a programme's rules, as a draft."""
    programme: Programme = get_object_or_404(site.get_queryset(request), pk=pk)
    form = NewVersionForm(_posted(request))
    if form.is_valid():
        with refusal(form):
            made = draft_version(programme, by=person(request), **form.cleaned_data)
            return redirect("admin:vouchers_programmeversion_change", made.pk)
    context = _context(request, site, _("新建一版规则"), subtitle=programme.name, programme=programme)
    return render_form(request, "admin/vouchers/new_version.html", context, form=form)


def _version(request: HttpRequest, site: RightsAdmin, pk: int) -> ProgrammeVersion:
    found: ProgrammeVersion = get_object_or_404(
        site.get_queryset(request).select_related("programme__region", "published_by"), pk=pk
    )
    return found


def _about(request: HttpRequest, site: RightsAdmin, title: str, version: ProgrammeVersion) -> dict[str, Any]:
    return _context(request, site, title, subtitle=str(version), version=version)


def changes_page(request: HttpRequest, site: RightsAdmin, pk: int) -> HttpResponse:
    """What changed against the version before, old and new side by side."""
    version = _version(request, site, pk)
    context = _about(request, site, _("与上一版的变化"), version)
    return render_form(request, "admin/vouchers/changes.html", {**context, **_compared(version)}, form=PortalForm())


def _compared(version: ProgrammeVersion) -> dict[str, Any]:
    old = before(version)
    return {"old": old, "changes": changes(old, version) if old else []}


def trial(request: HttpRequest, site: RightsAdmin, pk: int) -> HttpResponse:
    """试算: amount, region and class in; subsidy, formula and the limit that decided out."""
    version = _version(request, site, pk)
    form = TrialForm(request.GET if "amount" in request.GET else None, version=version)
    found = tried(version, **form.cleaned_data) if form.is_valid() else None
    base = value_words("amount_base", found.policy.amount_base) if found else ""
    context = {**_about(request, site, _("试算"), version), "trial": found, "amount_base": base}
    return render_form(request, "admin/vouchers/trial.html", context, form=form)


@once
def publish_page(request: HttpRequest, site: RightsAdmin, pk: int) -> HttpResponse:
    """公布: what is missing, what changes from when on, and the button."""
    version = _version(request, site, pk)
    form = PortalForm(_posted(request))
    if form.is_valid():
        with refusal(form):
            publish(version, by=person(request))
            messages.success(request, _("规则已公布，从生效日期起执行。受理前在方案列表开放受理。"))
            return redirect("admin:vouchers_programme_change", version.programme_id)
    context = {**_about(request, site, _("公布规则"), version), "gaps": gaps_of(version), **_compared(version)}
    return render_form(request, "admin/vouchers/publish.html", context, form=form)
