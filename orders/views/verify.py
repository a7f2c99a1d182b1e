"""验券: anyone may look; the bound carrier receives or sends back. GET changes nothing."""

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.idempotency import once
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import PortalForm, render_form
from innovation_voucher.lib.references import normalise_code
from vouchers.models import Voucher

from .. import rules, services
from ..forms.scan import CodeForm, ReceiveForm, SendBackForm
from ..models import Order
from ..pages.scan import Look
from .getters import person


@require_GET
def verify_form(request: HttpRequest) -> HttpResponse:
    """A typed code leads to its page."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("verify", form.cleaned_data["code"])
    return render_form(request, "orders/verify_form.html", form=form)


@require_GET
def verify(request: HttpRequest, code: str, signature: str = "") -> HttpResponse:
    """What this voucher is to this reader; every look is logged."""
    look = Look(request, code, signature)
    look.refuse_guessing()
    look.log()
    return show(request, look)


def show(request: HttpRequest, look: Look, failed: PortalForm | None = None) -> HttpResponse:
    """The verdict page; `failed` is the form of it that did not pass."""
    back = reverse("verify", args=[look.code, *([look.signature] if look.signature else [])])
    context: dict[str, Any] = {
        "look": look,
        "verdict": look.verdict,
        "receive_form": failed if isinstance(failed, ReceiveForm) else ReceiveForm(),
        "return_form": failed if isinstance(failed, SendBackForm) else SendBackForm(),
        "login_url": f"{reverse('account_login')}?next={back}",
    }
    response = render_form(request, "orders/verify.html", context, form=failed or ReceiveForm())
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@login_required
@once
def receive(request: HttpRequest, code: str) -> HttpResponse:
    """确认接收此券. Above the scheme's limit the password, or the second factor, is asked again."""
    order = services.lock_for_receiving(normalise_code(code))
    look = _posted(request, code, order)
    if order is None:
        raise Http404

    def act(_voucher: Voucher, _form: PortalForm) -> None:
        services.receive_locked(order, by=person(request), road=look.road)

    def answer(request: HttpRequest) -> HttpResponse:
        return _act(request, look, ReceiveForm(request.POST), act)

    # What it raises takes the whole transaction back, the form's token with it: the same form is posted again.
    asking: Callable[[HttpRequest], HttpResponse] = reauthentication_required(answer)
    return (asking if look.needs_password else answer)(request)


@require_POST
@login_required
@once
def send_back(request: HttpRequest, code: str) -> HttpResponse:
    """信息不符，退回企业."""

    def act(voucher: Voucher, form: PortalForm) -> None:
        services.return_voucher(voucher, by=person(request), reason=form.cleaned_data["reason"])

    return _act(request, _posted(request, code), SendBackForm(request.POST), act)


def _posted(request: HttpRequest, code: str, order: Order | None = None) -> Look:
    """The voucher of the address (the locked one of the order), for people of its carrier."""
    look = Look(request, code, request.POST.get("signature", ""), order)
    if look.voucher is None:
        raise Http404
    if not rules.is_member(request.user, look.voucher.carrier.organization):
        raise NotAllowed(_("此券由券上指定的服务机构接收。"))
    return look


def _act(
    request: HttpRequest, look: Look, form: PortalForm, act: Callable[[Voucher, PortalForm], None]
) -> HttpResponse:
    """Do it once; a bad print, or a voucher that is not to be received, only shows its verdict."""
    address = [look.code, *([look.signature] if look.signature else [])]
    if not look.verdict.receivable or look.voucher is None:
        return redirect("verify", *address)
    if form.is_valid():
        with refusal(form):
            act(look.voucher, form)
            return redirect("verify", *address)
    return show(request, Look(request, look.code, look.signature), form)
