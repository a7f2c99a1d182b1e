"""Using a voucher on an order: form with evidence, check, done."""

from decimal import Decimal
from typing import BinaryIO, cast

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Organization
from accounts.viewer import organization_required
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.rules import require
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import render_form
from vouchers.cards import card_of
from vouchers.phone_forms import phones_of
from vouchers.services import scan_url

from .. import rules, services
from ..forms.order import ActForm
from ..forms.use import UseForm
from ..pages.use import UsePage
from . import drafts
from .getters import own_order, person


def _page(request: HttpRequest, organization: Organization, number: str) -> UsePage:
    order = own_order(organization, number)
    require(rules.for_enterprise(request.user, order), NotAllowed)
    return UsePage(order, request)


@require_http_methods(["GET", "POST"])
@organization_required
@once
def use(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """The form; files are saved at once, what is typed meanwhile comes back."""
    page = _page(request, organization, number)
    if not page.may:
        return render(request, "orders/use_refused.html", {"page": page, "order": page.order})
    draft = f"use:{number}"
    errors = _save_files(request, page) if request.method == "POST" else {}
    handed_in = _is_handed_in(request)
    phones = phones_of(request, organization) if handed_in else None
    form = page.form(request.POST if handed_in or errors else None, phones=phones)
    if request.method == "POST":
        drafts.keep(request, draft)
        if "upload" in request.POST and not errors:
            return redirect(f"{reverse('ent-use', args=[number])}#evidence")
        if form.is_bound and form.is_valid() and not errors and not _gaps(form, page):
            return redirect("ent-use-check", number)
    typed = drafts.kept(request, draft)
    if not form.is_bound and typed:
        form.initial.update(typed.dict())
    return _show(request, page, form, errors)


def _is_handed_in(request: HttpRequest) -> bool:
    return request.method == "POST" and "upload" not in request.POST and "calc" not in request.POST


def _gaps(form: UseForm, page: UsePage) -> bool:
    """Missing evidence and amounts that cannot be are errors of the form, all of them at once."""
    for name, words in page.problems(form).items():
        form.add_error(name, words)
    for gap in page.gaps:
        form.add_error(None, gap.words)
    return bool(form.errors)


def _save_files(request: HttpRequest, page: UsePage) -> dict[str, str]:
    """Keep every file that came along; answers what was wrong, by evidence key."""
    errors = {}
    for row in services.evidence_rows(page.order):
        file = request.FILES.get(f"{row.key}-file")
        if file is None:
            if request.POST.get("upload") == row.key:
                errors[row.key] = _("先选择文件，再上传")
            continue
        try:
            services.add_evidence(
                page.order, row.key, by=person(request), name=file.name or "", data=cast("BinaryIO", file)
            )
        except Refused as refused:
            errors[row.key] = str(refused.message)
    return errors


def _show(request: HttpRequest, page: UsePage, form: UseForm, errors: dict[str, str]) -> HttpResponse:
    if form.is_bound:
        for words in errors.values():
            form.add_error(None, words)
    context = {
        "page": page,
        "order": page.order,
        "boxes": page.boxes(errors),
        "panel": page.panel(_amount(form, "contract_amount"), _amount(form, "amount")),
    }
    return render_form(request, "orders/use.html", context, form=form)


def _amount(form: UseForm, name: str) -> Decimal | None:
    """An amount as typed so far; None for what is no amount, or not asked."""
    if name not in form.fields:
        return None
    try:
        found: Decimal | None = form.fields[name].clean(form[name].value())
    except ValidationError:
        return None
    return found


@require_http_methods(["GET", "POST"])
@organization_required
@once
def check(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """Everything once more; the button binds the quota."""
    page = _page(request, organization, number)
    typed = page.form(drafts.kept(request, f"use:{number}")) if page.may else None
    if typed is None or not typed.is_valid():
        return redirect("ent-use", number)
    form = ActForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        form.full_clean()
        with refusal(form):
            page.submit(typed, by=person(request))
            drafts.forget(request, f"use:{number}")
            return redirect("ent-use-done", number)
    context = {"page": page, "order": page.order, "facts": page.facts(typed)}
    return render_form(request, "orders/use_check.html", context, form=form)


@require_GET
@organization_required
def done(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """The card, and the short link to send to the carrier."""
    order = own_order(organization, number)
    if order.voucher is None:
        return redirect("ent-use", number)
    context = {"order": order, "voucher": order.voucher, "card": card_of(order.voucher, full=True)}
    return render(request, "orders/use_done.html", {**context, "link": scan_url(order.voucher)})
