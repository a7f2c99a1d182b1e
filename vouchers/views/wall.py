"""Vouchers of the enterprise: the wall, one card, its prints, taking it back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Organization
from accounts.rules import may_act
from accounts.viewer import organization_required, person
from innovation_voucher.casework import audit, calendar
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.rules import require
from innovation_voucher.lib import qr
from innovation_voucher.lib.forms import render_form
from innovation_voucher.lib.references import group_code

from .. import cards, rules
from ..documents import voucher_pdf
from ..forms import EndForm
from ..models import Voucher
from ..resolve import policy_of
from ..services import reprint, scan_url, void_vouchers

PER_PAGE = 24
_MOST_AT_ONCE = 50


def _mine(organization: Organization) -> QuerySet[Voucher]:
    rows = Voucher.objects.filter(organization=organization)
    return rows.select_related("programme", "snapshot", "account", "organization", "region", "carrier__organization")


def _one(organization: Organization, code: str) -> Voucher:
    return get_object_or_404(_mine(organization), code=code)


@require_GET
@organization_required
def wall(request: HttpRequest, organization: Organization) -> HttpResponse:
    """All vouchers as cards; those that can be taken back carry a tick box."""
    chosen = request.GET.get("view", "")
    states = {key: found for key, _words, found in cards.VIEWS}.get(chosen)
    if states is None:
        raise Http404
    rows = _mine(organization)
    counts = cards.view_counts(rows.order_by().values_list("status").annotate(n=Count("pk")))
    page = Paginator(rows.filter(status__in=states) if states else rows, PER_PAGE).get_page(request.GET.get("page"))
    may_write = may_act(person(request), organization)[0]
    shown = [cards.card_of(voucher, may_write=may_write) for voucher in page]
    context = {
        "page": page,
        "cards": shown,
        "views": [
            {"label": words, "url": f"?view={key}" if key else "?", "current": key == chosen, "count": counts[key]}
            for key, words, _states in cards.VIEWS
        ],
        "total": counts[""],
        "tickable": any(card.tickable for card in shown),
    }
    return render(request, "vouchers/wall.html", context)


@require_GET
@organization_required
def voucher(request: HttpRequest, organization: Organization, code: str) -> HttpResponse:
    """One voucher as it is printed, with everything that happened to it."""
    row = _one(organization, code)
    may_void, why_not = rules.may_void(person(request), row, policy_of(row.snapshot))
    context = {
        "voucher": row,
        "card": cards.card_of(row, full=True),
        "rows": _rows(row),
        "living": row.status in rules.LIVE,
        "frozen": rules.frozen_words(row) if rules.is_frozen(row) else "",
        "may_void": may_void,
        "why_not": why_not,
        "may_reprint": rules.may_reprint(person(request), row)[0],
        "events": audit.timeline(row),
        "crumbs": [(_("我的创新券"), reverse("ent-vouchers")), (group_code(row.code), "")],
    }
    return render(request, "vouchers/voucher.html", context)


def _rows(row: Voucher) -> list[dict[str, Any]]:
    return [
        {"label": _("合同名称"), "value": row.contract_name},
        {"label": _("合同金额"), "value": _("%s 元") % f"{row.contract_amount:,.2f}"},
        {"label": _("券额计算"), "value": row.formula.get("words", "")},
        {"label": _("服务类别"), "value": row.service_category},
        {"label": _("兑付方"), "value": row.get_redeemer_display()},
        *([{"label": _("机构确认截止"), "value": _confirm_until(row)}] if row.status == Voucher.State.ISSUED else []),
        {"label": _("兑付截止"), "value": row.redeem_until.isoformat()},
        *([{"label": _("结束原因"), "value": row.end_reason}] if row.end_reason else []),
    ]


def _confirm_until(row: Voucher) -> str:
    return (row.confirm_until or row.valid_until).isoformat()


@require_GET
@organization_required
def pdf(request: HttpRequest, organization: Organization, code: str) -> HttpResponse:
    """The A4 print of a voucher that is not over."""
    row = _printable(organization, code)
    made = voucher_pdf(row, by=person(request))
    with made.file.open() as file:
        return _download(file.read(), made.name, "application/pdf")


@require_GET
@organization_required
def qr_png(request: HttpRequest, organization: Organization, code: str) -> HttpResponse:
    """The QR code as a picture, for the page and for sending on; `?save=1` downloads it."""
    row = _printable(organization, code)
    name = _("创新券二维码 %(code)s.png") % {"code": group_code(row.code)}
    return _download(qr.png(scan_url(row)), name, "image/png", attachment=bool(request.GET.get("save")))


def _printable(organization: Organization, code: str) -> Voucher:
    row = _one(organization, code)
    if row.status not in rules.LIVE:
        raise Http404
    return row


def _download(content: bytes, name: str, kind: str, *, attachment: bool = True) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(attachment, name) or ""
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@organization_required
@once
def new_print(request: HttpRequest, organization: Organization, code: str) -> HttpResponse:
    """A new print; scanning an older one says to use the new one."""
    reprint(_one(organization, code), by=person(request))
    messages.success(request, _("已生成新的打印版，之前打印或下载的二维码不再有效"))
    return redirect("ent-voucher", code)


# --- Taking back ------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@organization_required
@once
def void(request: HttpRequest, organization: Organization) -> HttpResponse:
    """Confirm that one voucher or several are taken back; nobody but the holder may."""
    require(may_act(person(request), organization), NotAllowed)
    rows = _ticked(request, organization)
    if not rows:
        messages.info(request, _("先勾选要作废的创新券"))
        return redirect("ent-vouchers")
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        ended = void_vouchers(rows, by=person(request), reason=form.cleaned_data["reason"])
        refused = [found for found in ended if found.refusal]
        if len(rows) > 1 or not refused:
            return redirect(f"{reverse('ent-voucher-voided')}?{_query(rows)}")
        form.add_error(None, refused[0].refusal)
    return render_form(request, "vouchers/void.html", _void_facts(rows), form=form)


@require_GET
@organization_required
def voided(request: HttpRequest, organization: Organization) -> HttpResponse:
    """What came of it, row by row."""
    rows = _ticked(request, organization)
    if not rows:
        raise Http404
    results = [
        {
            "voucher": row,
            "ok": row.status == Voucher.State.VOIDED,
            "reason": rules.may_void(None, row, policy_of(row.snapshot))[1],
        }
        for row in rows
    ]
    done = sum(row.status == Voucher.State.VOIDED for row in rows)
    return render(request, "vouchers/voided.html", {"results": results, "done": done, "left": len(results) - done})


def _ticked(request: HttpRequest, organization: Organization) -> list[Voucher]:
    """The organization's vouchers that are named; one that is not theirs is as if it did not exist."""
    codes = set(request.GET.getlist("code") or request.POST.getlist("code"))
    rows = list(_mine(organization).filter(code__in=codes)[:_MOST_AT_ONCE]) if codes else []
    if len(rows) != len(codes):
        raise Http404
    return rows


def _query(rows: list[Voucher]) -> str:
    return urlencode([("code", row.code) for row in rows])


def _void_facts(rows: list[Voucher]) -> dict[str, Any]:
    today = calendar.today()
    over = [row for row in rows if row.valid_until < today]
    return {
        "vouchers": rows,
        "total": sum(row.held for row in rows if row not in over),
        "over": bool(over),
        "crumbs": [(_("我的创新券"), reverse("ent-vouchers")), (_("作废创新券"), "")],
    }
