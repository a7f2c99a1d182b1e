"""The bureau's list of carriers, and suspending, resuming and ending a recognition."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_GET

from innovation_voucher.casework import audit, rights
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.models import Region
from innovation_voucher.casework.rules import Answer, require
from innovation_voucher.casework.web import get_or_404_403, office_required, refusal, viewer_of
from innovation_voucher.lib.forms import render_form

from .. import rules, services
from ..counting import PAGE
from ..forms import ListCarrierForm, ReasonForm
from ..models import CarrierRecognition

State = CarrierRecognition.State
SHOWN = (State.RECOGNIZED, State.SUSPENDED, State.ENDED)


@dataclass(frozen=True)
class Act:
    """One thing the bureau can do to a recognition, on a page of its own."""

    label: Promise
    verb: Callable[..., CarrierRecognition]
    may: Callable[[CarrierRecognition], Answer]
    consequence: Promise
    warning: bool = True


ACTS = {
    "suspend": Act(
        gettext_lazy("暂停认可"),
        services.suspend_recognition,
        rules.may_suspend,
        gettext_lazy("暂停期间，该地区的企业不能用券预约这家机构；已有订单照常办理。"),
    ),
    "resume": Act(
        gettext_lazy("恢复认可"),
        services.resume_recognition,
        rules.may_resume,
        gettext_lazy("恢复后，该地区的企业可以用券预约这家机构。"),
        warning=False,
    ),
    "end": Act(
        gettext_lazy("终止认可"),
        services.end_recognition,
        rules.may_end,
        gettext_lazy("终止后不能恢复，机构须重新申请入库；已有订单照常办理。"),
    ),
}


def _within(request: HttpRequest) -> QuerySet[CarrierRecognition]:
    """Recognitions of the regions on which the reader may review or view."""
    reach = viewer_of(request).reach
    paths = [*reach[rules.RIGHT], *reach["view_cases"]]
    return CarrierRecognition.objects.filter(rights.below(paths, "region__path"), status__in=SHOWN)


@require_GET
@office_required
def carriers(request: HttpRequest) -> HttpResponse:
    """机构与服务: who is recognized in the reader's regions."""
    state, words = request.GET.get("status", ""), request.GET.get("q", "").strip()
    rows = _within(request)
    counts = rows.aggregate(**{key: Count("pk", filter=Q(status=key)) for key in SHOWN})
    if state in SHOWN:
        rows = rows.filter(status=state)
    if words:
        rows = rows.filter(carrier__search_text__words=words)
    rows = rows.select_related("carrier__region", "region").order_by("carrier__name", "region__path")
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "words": words,
        "may_list": _province(request) is not None,
        "views": [
            {"label": _("全部"), "url": "?", "current": state not in SHOWN, "count": sum(counts.values())},
            *(
                {"label": State(key).label, "url": f"?status={key}", "current": key == state, "count": counts[key]}
                for key in SHOWN
            ),
        ],
    }
    return render(request, "carriers/desk_carriers.html", context)


@require_GET
@office_required
def carrier(request: HttpRequest, number: str) -> HttpResponse:
    """One recognition with its carrier; what may be done, and the reason where it may not."""
    row = _get(request, number)
    decide = rules.may_decide(request.user, row)
    context = {
        "row": row,
        "acts": [(key, act.label) for key, act in ACTS.items() if decide[0] and act.may(row)[0]],
        "who": "" if decide[0] else decide[1],
        "events": audit.timeline(row),
        "offered": {
            "services": row.carrier.services.filter(listed=True).count(),
            "instruments": row.carrier.instruments.filter(listed=True).count(),
        },
    }
    return render(request, "carriers/desk_carrier.html", context)


@office_required
@once
def carrier_new(request: HttpRequest) -> HttpResponse:
    """A province opens the account of a carrier of its own list."""
    province = _province(request)
    if province is None:
        raise NotAllowed(_("省级机构由省级主管部门中有“审核机构入库”权限的人员开通；其他机构自行注册后申请入库。"))
    form = ListCarrierForm(request.POST or None, province=province)
    if request.method == "POST" and form.is_valid():
        with refusal(form):
            given = dict(form.cleaned_data)
            made = services.list_carrier(
                province, by=request.user, office=viewer_of(request).office, reason=given.pop("reason"), data=given
            )
            messages.success(request, _("已开通%(name)s，机构经办人会收到设置密码的方法") % {"name": made.name})
            return redirect("desk-carrier", made.recognitions.get().number)
    return render_form(request, "carriers/desk_carrier_new.html", {"province": province}, form=form)


def _province(request: HttpRequest) -> Region | None:
    """The province whose recognitions the reader reviews; None for everybody else (one query at most)."""
    paths = [path for path in viewer_of(request).reach[rules.RIGHT] if path.count("/") == 1]
    return Region.objects.filter(path__in=paths).first() if paths else None


@office_required
@once
def carrier_act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Confirm one act with its reason."""
    row = _get(request, number)
    require(rules.may_decide(request.user, row), NotAllowed)
    if act not in ACTS:
        raise Http404
    chosen = ACTS[act]
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusal(form):
            office, reason = viewer_of(request).office, form.cleaned_data["reason"]
            chosen.verb(row, by=request.user, office=office, reason=reason)
            messages.success(request, _("已办理：%(act)s") % {"act": chosen.label})
            return redirect("desk-carrier", number)
    return render_form(request, "carriers/desk_act.html", {"row": row, "act": chosen, "facts": _facts(row)}, form=form)


def _get(request: HttpRequest, number: str) -> CarrierRecognition:
    rows = CarrierRecognition.objects.select_related("carrier__region", "carrier__organization", "region")
    return get_or_404_403(rows, number=number, seen=lambda row: _within(request).filter(pk=row.pk).exists())


def _facts(row: CarrierRecognition) -> list[dict[str, Any]]:
    return [
        {"label": _("服务机构"), "value": row.carrier.name},
        {"label": _("认可地区"), "value": row.region.full_name},
        {"label": _("现在"), "value": row.get_status_display()},
    ]
