"""Quota: the meter, claiming, the ledger."""

from collections.abc import Sequence
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
from innovation_voucher.casework import calendar
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import render_form

from .. import choosing, claim_pages, claim_rules, external_rules, quota_pages, quota_years
from ..claim_forms import ClaimForm
from ..forms import answers_form
from ..models import Claim, Programme, QuotaAccount
from ..phone_forms import phones_of
from ..places import Places, open_places, places_of
from ..resolve import open_programmes
from ..services import (
    ClaimRefused,
    Standing,
    accounts_of,
    grant_instantly,
    grant_or_wait,
    lock_claimant,
    locked_standing,
    programmes_before,
    standing,
)
from . import claims

PER_PAGE = 20
INSTEAD, WAIT = "instead", "wait"


@require_GET
@organization_required
def quota(request: HttpRequest, organization: Organization) -> HttpResponse:
    """The meters, the history of claims, and the accounts of earlier years."""
    today = calendar.today()
    rows = Claim.objects.filter(organization=organization).select_related("programme", "account")
    context = {
        "organization": organization,
        "meters": quota_pages.meters(organization, today),
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "earlier": accounts_of(organization).filter(valid_until__lt=today).order_by("-valid_until"),
    }
    return render(request, "vouchers/quota.html", context)


@require_GET
@organization_required
def years(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Every claim of every year: result, total, what is left, until when, and what can be done."""
    page = Paginator(quota_years.claims_of(organization), PER_PAGE).get_page(request.GET.get("page"))
    rows = [quota_years.row_of(claim, calendar.today()) for claim in page]
    context = {"page": page, "rows": rows, "crumbs": claim_pages.crumbs(_("历年额度"))}
    return render(request, "vouchers/quota_years.html", context)


@require_http_methods(["GET", "POST"])
@organization_required
@once
def claim_new(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Ask for an amount under a programme; who cannot claim reads why instead of a form."""
    posted = request.method == "POST"
    if posted:
        organization = lock_claimant(organization, by=person(request))
    programme = _programme(request, organization)
    if programme is None:
        return _choose(request, organization)
    class_key = request.GET.get("class", "")
    found = (locked_standing if posted else standing)(organization, programme, class_key=class_key)
    if found.refusal:
        return _refused(request, found)
    stop = "" if posted else quota_pages.stop_words(found)
    if stop:
        return _closed(request, stop, programme, capped=True)
    if not claim_rules.goes_by_draft(found.policy):
        return _instant(request, found)
    allowed, words = claim_rules.runs_none(organization, programme)
    if allowed and found.options and not found.class_key:
        return _choose_class(request, found)
    if allowed:
        return claims.ask(request, found)
    return _closed(request, words, programme, claim_rules.running(organization, programme))


def _refused(request: HttpRequest, found: Standing) -> HttpResponse:
    """Why there is no form: the claim is made elsewhere, the region takes no part, or the rule that says no."""
    participates = bool(getattr(found.programme, "participates", False))
    if participates and external_rules.is_elsewhere(found.policy):
        context = {"organization": found.organization, "programme": found.programme, "link": found.policy.claim_link}
        return render(request, "vouchers/claim_elsewhere.html", context)
    places = [] if participates else [places_of(found.programme)]
    return _closed(request, found.refusal, found.programme, places=places)


def _instant(request: HttpRequest, found: Standing) -> HttpResponse:
    """All on one page, and the quota is there; an empty budget offers a place in the line."""
    form = _form(request, found)
    problem = None
    if form.is_valid():
        verb = grant_or_wait if WAIT in request.POST else grant_instantly
        with refusal(form, "amount"):
            try:
                claim = verb(found, amount=form.cleaned_data["amount"], by=person(request), answers=form.answers)
            except ClaimRefused as refused:
                problem = refused.problem
                raise
            return redirect("ent-claim-done", claim.number)
    # Only the page asks what is left in the budget, not a claim that goes through.
    form["amount"].help_text = quota_pages.claim_hint(found)
    return render_form(request, "vouchers/claim_new.html", _facts(found, problem), form=form)


def _closed(
    request: HttpRequest,
    words: str,
    programme: Programme | None = None,
    running: Claim | None = None,
    *,
    places: Sequence[Places] = (),
    capped: bool = False,
) -> HttpResponse:
    """Why not; where claims can be made for who lives elsewhere, what to do for who has all there is (`capped`)."""
    context = {"refusal": words, "programme": programme, "running": running, "places": places, "capped": capped}
    return render(request, "vouchers/claim_closed.html", context)


def _programme(request: HttpRequest, organization: Organization) -> Programme | None:
    """The programme of the address, else the only one that is open for the organization."""
    programmes, asked = programmes_before(organization), request.GET.get("programme")
    if not asked:
        open_ones = open_programmes(programmes=programmes).filter(Q(participates=True))[:2]
        return open_ones[0] if len(open_ones) == 1 else None
    if not asked.isdecimal():
        raise Http404
    return get_object_or_404(programmes, pk=int(asked))


def _choose(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Cards of the open programmes; why not, where there is none."""
    found = choosing.choices(organization)
    if not found:
        words = _("您单位所在的%(region)s现在没有可申领的创新券") % {"region": organization.region.name}
        return _closed(request, words, places=open_places())
    context = {"choices": found, "crumbs": claim_pages.crumbs(_("申领额度"))}
    return render(request, "vouchers/claim_choose.html", context)


def _choose_class(request: HttpRequest, found: Standing) -> HttpResponse:
    """As what to claim, where several qualifications fit; each has its own form."""
    context = {
        "programme": found.programme,
        "options": choosing.class_options(found),
        "crumbs": claim_pages.crumbs(_("申领额度")),
    }
    return render(request, "vouchers/claim_class.html", context)


def _form(request: HttpRequest, found: Standing) -> Any:
    """The claim's form by the policy; the button that takes the largest amount fills the box."""
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None and data.get(INSTEAD):
        data["amount"] = str(data[INSTEAD])
    kind = answers_form(found.policy.fields_of("claim"), base=ClaimForm)
    return kind(data, phones=phones_of(request, found.organization))


def _facts(found: Standing, problem: Any) -> dict[str, Any]:
    return {
        "organization": found.organization,
        "programme": found.programme,
        "meter": quota_pages.meter_of(found.programme, found),
        "largest": problem.largest if problem else None,
        "may_wait": problem is not None and problem.limit == "pool",
        "crumbs": claim_pages.crumbs(_("申领额度")),
    }


@require_GET
@organization_required
def claim_done(request: HttpRequest, organization: Organization, number: str) -> HttpResponse:
    """What became of it: the new balance, a place in the line, or who decides until when."""
    claim = claims.own_claim(organization, number)
    if claim.status in claim_rules.OPEN:
        return redirect("ent-claim", number)
    if claim.status != Claim.State.APPROVED:
        return render(request, "vouchers/claim_handed_in.html", claim_pages.page_of(claim))
    found = standing(organization, claim.programme)
    meter = quota_pages.meter_of(claim.programme, found)
    return render(request, "vouchers/claim_done.html", {"claim": claim, "meter": meter})


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
