"""规则设置: what a bureau sets itself, prepared by one person and confirmed by another."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.viewer import person
from innovation_voucher.casework import audit, rights
from innovation_voucher.casework.errors import NotAllowed, Stale
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.models import Region
from innovation_voucher.casework.rules import Answer, require
from innovation_voucher.casework.statuses import Text
from innovation_voucher.casework.web import get_or_404_403, office_required, refusal, viewer_of
from innovation_voucher.lib.forms import PortalForm, render_form

from ..local_rule_forms import LocalRulesForm
from ..local_rules import LocalRules, before_it, compared, rules_in
from ..models import Override, Programme
from ..programme_rules import may_confirm, may_set, may_withdraw
from ..services.overriding import confirm_override, latest_of, prepare_override, withdraw_override


@dataclass(frozen=True, kw_only=True)
class Act:
    """What is done with a draft: whether it may be, the verb, and what is said before and after."""

    label: Text
    may: Callable[[Any, Override], Answer]
    run: Callable[..., None]
    consequence: Text
    said: Text
    warning: bool


CONFIRM = Act(
    label=gettext_lazy("确认本地规则"),
    may=may_confirm,
    run=confirm_override,
    consequence=gettext_lazy("确认后从生效日期起执行，不能修改；需要调整时另拟一版。之前生成的券不受影响。"),
    said=gettext_lazy("已确认，从生效日期起执行"),
    warning=False,
)
WITHDRAW = Act(
    label=gettext_lazy("撤回草案"),
    may=may_withdraw,
    run=withdraw_override,
    consequence=gettext_lazy("撤回后这份草案不再保留，办理记录仍可查。现行规则不变。"),
    said=gettext_lazy("草案已撤回，现行规则不变"),
    warning=True,
)


@require_GET
@office_required
def rules(request: HttpRequest) -> HttpResponse:
    """The programmes of the office's region: what they say, what the region has instead, since when."""
    region = _region(request)
    context = {"region": region, "programmes": rules_in(region), "may_set": may_set(request.user, region)}
    return render(request, "vouchers/rules.html", context)


@require_http_methods(["GET", "POST"])
@office_required
@once
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Prepare local rules for one programme; they wait for another person."""
    found = _rules(request, pk)
    region = _region(request)
    require(may_set(request.user, region), NotAllowed)
    latest = latest_of(found.programme, region)
    data = request.POST if request.method == "POST" else None
    form = LocalRulesForm(data, rules=found, region=region, latest=latest)
    if form.is_valid():
        with refusal(form):
            made = prepare_override(
                found.programme,
                region,
                by=person(request),
                office=viewer_of(request).office,
                effective_from=form.cleaned_data["effective_from"],
                parameters=form.parameters,
            )
            messages.success(request, _("已拟定，由另一位有“设置规则”权限的人员确认后执行"))
            return redirect("desk-rule", made.pk)
    context = {"rules": found, "region": region, "crumbs": _crumbs(found.programme.name)}
    return render_form(request, "vouchers/rule_new.html", context, form=form)


@require_GET
@office_required
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """One version of local rules: what it sets, who prepared and confirmed it, what can be done now."""
    found = _override(request, pk)
    acts = [
        {"act": act, "answer": act.may(request.user, found), "url": reverse(name, args=[pk])}
        for act, name in ((CONFIRM, "desk-rule-confirm"), (WITHDRAW, "desk-rule-withdraw"))
    ]
    context = {**_about(found), "acts": [] if found.published_at else acts, "events": audit.timeline(found)}
    return render(request, "vouchers/rule.html", {**context, "crumbs": _crumbs(_("第 %d 版") % found.number)})


@require_http_methods(["GET", "POST"])
@office_required
@once
def act(request: HttpRequest, pk: int, act: Act) -> HttpResponse:
    """Confirm a draft as another person than who prepared it, or take it back."""
    found = _override(request, pk, may_set)
    answer = act.may(request.user, found)
    form = PortalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        require(answer, Stale)
        with refusal(form):
            act.run(found, by=person(request), office=viewer_of(request).office)
            messages.success(request, str(act.said))
            return redirect("desk-rules")
    context = {**_about(found), "act": act, "why_not": answer[1], "back_url": reverse("desk-rule", args=[pk])}
    crumbs = {"crumbs": _crumbs(str(act.label)), "consequence": act.consequence}
    return render_form(request, "vouchers/rule_act.html", {**context, **crumbs}, form=form)


def _region(request: HttpRequest) -> Region:
    """The region whose rules the reader's office sets."""
    office = viewer_of(request).office
    if office is None:
        raise Http404
    return office.region


def _rules(request: HttpRequest, pk: int) -> LocalRules:
    programme = get_object_or_404(Programme, pk=pk)
    found = rules_in(_region(request), programme=programme)
    if not found:
        raise Http404
    return found[0]


def _override(request: HttpRequest, pk: int, may: Callable[[Any, Region], Answer] | None = None) -> Override:
    """404 for what lies outside of the reader's regions, 403 with who can where `may` says no."""
    rows = Override.objects.select_related("programme", "region", "prepared_by", "published_by")
    reach = viewer_of(request).reach
    return get_or_404_403(
        rows.exclude(region=None),
        seen=lambda row: any(rights.covers(reach, right, row.region) for right in reach),  # type: ignore[arg-type]
        allowed=(lambda row: may(request.user, row.region)) if may else None,  # type: ignore[arg-type]
        pk=pk,
    )


def _about(found: Override) -> dict[str, Any]:
    """Which rules it is about: facts and the parameters beside those of the version before."""
    before = before_it(found)
    rows = [
        (_("方案"), found.programme.name),
        (_("地区"), found.region.full_name if found.region else ""),
        (_("版本"), _("第 %d 版") % found.number),
        (_("生效日期"), found.effective_from.isoformat()),
        (_("拟定"), str(found.prepared_by or "")),
        (_("确认"), str(found.published_by or "") or _("待确认")),
    ]
    facts = [{"label": label, "value": value} for label, value in rows]
    return {"rule": found, "before": before, "facts": facts, "lines": compared(found, before)}


def _crumbs(last: str) -> list[tuple[str, str]]:
    return [(_("规则设置"), reverse("desk-rules")), (last, "")]
