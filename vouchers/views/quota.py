"""Quota: the meter, claiming, the ledger."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Organization
from accounts.viewer import organization_required, person
from innovation_voucher.casework import audit, calendar
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import render_form

from .. import quota_pages
from ..forms import ClaimForm, answers_form
from ..models import Claim, Programme, QuotaAccount
from ..resolve import open_programmes
from ..services import (
    ClaimRefused,
    accounts_of,
    grant_instantly,
    lock_claimant,
    locked_standing,
    programmes_before,
    standing,
)
from ..services.claims import Standing

PER_PAGE = 20
INSTEAD = "instead"


@require_GET
@organization_required
def quota(request: HttpRequest, organization: Organization) -> HttpResponse:
    """The meters, the history of claims, and the accounts of earlier years."""
    today = calendar.today()
    claims = Claim.objects.filter(organization=organization).select_related("programme", "account")
    context = {
        "organization": organization,
        "meters": quota_pages.meters(organization, today),
        "page": Paginator(claims, PER_PAGE).get_page(request.GET.get("page")),
        "earlier": accounts_of(organization).filter(valid_until__lt=today).order_by("-valid_until"),
    }
    return render(request, "vouchers/quota.html", context)


@require_http_methods(["GET", "POST"])
@organization_required
@once
def claim_new(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Ask for an amount and have it at once; who cannot claim reads why instead of a form."""
    posted = request.method == "POST"
    if posted:
        organization = lock_claimant(organization, by=person(request))
    programme = _programme(request, organization)
    if programme is None:
        return render(request, "vouchers/claim_closed.html", {"refusal": _closed_words(organization)})
    found = (locked_standing if posted else standing)(organization, programme)
    if found.refusal:
        return render(request, "vouchers/claim_closed.html", {"refusal": found.refusal, "programme": programme})
    form = _form(request, found)
    largest = None
    if form.is_valid():
        with refusal(form, "amount"):
            try:
                claim = grant_instantly(
                    found, amount=form.cleaned_data["amount"], by=person(request), answers=form.answers
                )
            except ClaimRefused as refused:
                largest = refused.problem.largest
                raise
            return redirect("ent-claim-done", claim.number)
    # Only the page asks what is left in the budget, not a claim that goes through.
    form["amount"].help_text = quota_pages.claim_hint(found)
    return render_form(request, "vouchers/claim_new.html", _facts(organization, programme, found, largest), form=form)


def _programme(request: HttpRequest, organization: Organization) -> Programme | None:
    """The programme of the address, else the only or first one that is open for the organization."""
    programmes, asked = programmes_before(organization), request.GET.get("programme")
    if not asked:
        return open_programmes(programmes=programmes).filter(Q(participates=True)).first()
    if not asked.isdecimal():
        raise Http404
    return get_object_or_404(programmes, pk=int(asked))


def _closed_words(organization: Organization) -> str:
    return _("您单位所在的%(region)s现在没有可申领的创新券") % {"region": organization.region.name}


def _form(request: HttpRequest, found: Standing) -> Any:
    """The claim's form by the policy; the button that takes the largest amount fills the box."""
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None and data.get(INSTEAD):
        data["amount"] = str(data[INSTEAD])
    return answers_form(found.policy.fields_of("claim"), base=ClaimForm)(data)


def _facts(organization: Organization, programme: Programme, found: Standing, largest: Any) -> dict[str, Any]:
    return {
        "organization": organization,
        "programme": programme,
        "meter": quota_pages.meter_of(programme, found),
        "largest": largest,
        "crumbs": [(_("额度申领"), reverse("ent-quota")), (_("申领额度"), "")],
    }


@require_GET
@organization_required
def claim_done(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """The amount is there: the new balance, until when, and what to do with it."""
    claim = _own_claim(organization, number)
    found = standing(organization, claim.programme)
    meter = quota_pages.meter_of(claim.programme, found)
    return render(request, "vouchers/claim_done.html", {"claim": claim, "meter": meter})


@require_GET
@organization_required
def claim(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """One claim: what was asked, what came, by which rules."""
    row = _own_claim(organization, number)
    context = {
        "claim": row,
        "rows": _claim_rows(row),
        "events": audit.timeline(row),
        "crumbs": [(_("额度申领"), reverse("ent-quota")), (row.number, "")],
    }
    return render(request, "vouchers/claim.html", context)


def _own_claim(organization: Organization, number: str) -> Claim:
    rows = Claim.objects.select_related("programme", "region", "account", "organization")
    return get_object_or_404(rows, organization=organization, number=number)


def _claim_rows(row: Claim) -> list[dict[str, Any]]:
    account = row.account
    return [
        {"label": _("方案"), "value": row.programme.name},
        {"label": _("受理地区"), "value": row.region.full_name},
        {"label": _("申领金额"), "value": _("%s 元") % f"{row.asked:,.2f}"},
        {"label": _("到账金额"), "value": _("%s 元") % f"{row.granted:,.2f}" if row.granted is not None else ""},
        {"label": _("券账户号"), "value": account.number if account else ""},
        {"label": _("有效期至"), "value": account.valid_until.isoformat() if account else ""},
    ]


@require_GET
@organization_required
def ledger(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """Every movement of one account; each figure of the equation opens the entries that it is made of."""
    accounts = QuotaAccount.objects.select_related("programme")
    account = get_object_or_404(accounts, organization=organization, number=number)
    figure = request.GET.get("bucket", "")
    if figure and figure not in quota_pages.FIGURES:
        raise Http404
    lines = quota_pages.ledger(account, figure)
    context = {
        "account": account,
        "figure": figure,
        "equation": quota_pages.equation(account),
        "held": quota_pages.held_by(account) if figure == "held" else [],
        "held_total": account.held + account.in_batch,
        "page": Paginator(lines, PER_PAGE).get_page(request.GET.get("page")),
        "crumbs": [(_("额度申领"), reverse("ent-quota")), (_("额度明细"), "")],
    }
    return render(request, "vouchers/ledger.html", context)
