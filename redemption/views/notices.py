"""公示: the public lists, and the objections that anybody may raise."""

from typing import Any

from allauth.core import ratelimit
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from innovation_voucher.casework.attachments import FileRefused
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.web import office_required, refusal
from innovation_voucher.lib.forms import render_form
from innovation_voucher.lib.spreadsheets import csv_text

from .. import notice_pages, services
from ..models import Publicity
from ..notice_forms import FilterForm, LookUpForm, ObjectionForm
from ..notice_pages import ListPage

ROWS = 20
#: Where the session keeps the number of the objection that was just raised.
DONE = "objection"


@require_GET
def publicity_list(request: HttpRequest) -> HttpResponse:
    """All lists that are or were before the public."""
    rows = notice_pages.public()
    form = FilterForm(request.GET, lists=rows)
    if form.is_valid():
        asked = {key: value for key, value in form.cleaned_data.items() if value}
        names = {"region": "region__code", "programme": "programme", "state": "status"}
        rows = rows.filter(**{names[key]: value for key, value in asked.items()})
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {"page_obj": page, "lists": notice_pages.finished(page), "crumbs": [(_("公示"), "")]}
    return render(request, "redemption/notices/list.html", {**context, "form": form})


def _page(number: str) -> ListPage:
    rows = Publicity.objects.exclude(status="draft").select_related("region", "programme", "office")
    return ListPage(get_object_or_404(rows, number=number))


@require_GET
def publicity(request: HttpRequest, number: str) -> HttpResponse:
    """One list: who is paid how much, until when it can be objected to."""
    page = _page(number)
    crumbs = [(_("公示"), reverse("publicity-list")), (page.publicity.number, "")]
    context = {"page": page, "publicity": page.publicity, "crumbs": crumbs}
    return render(request, "redemption/notices/publicity.html", context)


@require_GET
@office_required
def publicity_csv(_request: HttpRequest, number: str) -> HttpResponse:
    """The rows of a list for offices."""
    page = _page(number)
    heads = [_("序号"), _("收款单位"), _("企业"), _("服务机构"), _("服务"), _("认定合同金额"), _("拟兑付")]
    rows = [[r.position, r.payee, r.enterprise, r.carrier, r.service, r.contract, r.amount] for r in page.rows]
    response = HttpResponse(csv_text(heads, rows).encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{number}.csv"'
    return response


@require_http_methods(["GET", "POST"])
@once
def objection_new(request: HttpRequest, number: str) -> HttpResponse:
    """Raise an objection without signing in."""
    page = _page(number)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ObjectionForm(*posted, rows=page.choices, initial={"row": request.GET.get("row", "")})
    if form.is_bound and form.is_valid():
        if not ratelimit.consume(request, action="objection"):
            too_many: HttpResponse = ratelimit.respond_429(request)
            return too_many
        if _raised(request, page, form):
            return redirect("objection-done")
    crumbs = [
        (_("公示"), reverse("publicity-list")),
        (number, reverse("publicity", args=[number])),
        (_("提出异议"), ""),
    ]
    context = {"page": page, "publicity": page.publicity, "crumbs": crumbs}
    return render_form(request, "redemption/notices/objection_new.html", context, form=form)


def _raised(request: HttpRequest, page: ListPage, form: ObjectionForm) -> bool:
    """Keep the objection with its file, both or neither."""
    given = dict(form.cleaned_data)
    file = given.pop("evidence")
    chosen = next(row.redemption for row in page.rows if row.redemption.number == given["row"])
    words: dict[str, Any] = {key: given[key] for key in ("name", "contact", "words")}
    try:
        with refusal(form):
            found = services.raise_objection(page.publicity, chosen, **words, file=file)
            request.session[DONE] = found.number
            return True
    except FileRefused as refused:
        form.add_error("evidence", refused.message)
    return False


@require_GET
def objection_done(request: HttpRequest) -> HttpResponse:
    """The number, for whoever has just raised the objection."""
    number = request.session.get(DONE)
    if not number:
        return redirect("objection-answer")
    return render(request, "redemption/notices/objection_done.html", {"number": number})


@require_http_methods(["GET", "POST"])
def objection_answer(request: HttpRequest) -> HttpResponse:
    """What was answered, by number and contact; unknown and wrong read the same."""
    form = LookUpForm(request.POST or None)
    found = None
    if form.is_bound and form.is_valid():
        if not ratelimit.consume(request, action="objection_answer"):
            too_many: HttpResponse = ratelimit.respond_429(request)
            return too_many
        found = services.find_answered(form.cleaned_data["number"], form.cleaned_data["contact"])
        if found is None:
            form.add_error(None, _("没有找到。核对异议编号和当时填写的联系方式。"))
    context = {"found": found, "crumbs": [(_("公示"), reverse("publicity-list")), (_("查询异议答复"), "")]}
    return render_form(request, "redemption/notices/objection_answer.html", context, form=form)
