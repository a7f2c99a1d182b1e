"""Sign-up: who and where, one page of facts, the SMS code, done.

Nothing is stored before the phone is proved; until then the form waits in the session, its
password as a hash.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.contrib.auth.decorators import login_required
from django.contrib.auth.hashers import make_password
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from innovation_voucher.casework.models import Region
from innovation_voucher.casework.web import refusal
from innovation_voucher.lib.forms import render_form
from innovation_voucher.lib.identifiers import mask_mobile

from .. import codes
from ..forms.region import WhoForm
from ..forms.registration import CONSENTS, CodeForm, PhoneForm, RegistrationForm
from ..models import Organization, PhoneCode, User
from ..services import organization_of, register
from ..viewer import person

KEY = "signup"
STEPS = (gettext_lazy("选择身份和地区"), gettext_lazy("填写信息"), gettext_lazy("验证手机"), gettext_lazy("完成"))
REGISTER = PhoneCode.Purpose.REGISTER


@dataclass
class Pending:
    """The sign-up that waits in the session for its code."""

    values: dict[str, Any]

    @property
    def phone(self) -> str:
        return str(self.values["phone"])

    @property
    def masked(self) -> str:
        return mask_mobile(self.phone.removeprefix("+86"))

    @property
    def resend_at(self) -> datetime:
        return codes.resend_at(datetime.fromisoformat(self.values["sent_at"]))


def _pending(request: HttpRequest) -> Pending | None:
    values = request.session.get(KEY)
    return Pending(values) if values else None


@require_GET
def who(request: HttpRequest) -> HttpResponse:
    """Kind and region by three selects; every step is a link, nothing is stored."""
    form = WhoForm(request.GET if "kind" in request.GET or "province" in request.GET else None)
    if form.is_bound and form.is_valid() and form.region:
        return redirect(f"{reverse('register-form')}?kind={form.cleaned_data['kind']}&region={form.region.code}")
    return render_form(request, "accounts/register_who.html", {"steps": STEPS}, form=form)


@require_http_methods(["GET", "POST"])
def facts(request: HttpRequest) -> HttpResponse:
    """The one page of facts; a valid one sends the code."""
    kind, region = request.GET.get("kind", ""), request.GET.get("region", "")
    if kind not in Organization.Kind.values:
        return redirect("register")
    place = get_object_or_404(Region, code=region)
    form = RegistrationForm(request.POST or None, kind=kind, region=place)
    if form.is_valid():
        if not ratelimit.consume(request, action="signup"):
            too_many: HttpResponse = ratelimit.respond_429(request)
            return too_many
        with refusal(form, "phone"):
            _send(request, {**form.cleaned_data, "kind": kind, "region": place.code})
            return redirect("register-code")
    return render_form(
        request,
        "accounts/register_form.html",
        {"region": place, "kind": Organization.Kind(kind), "steps": STEPS},
        form=form,
    )


def _send(request: HttpRequest, values: dict[str, Any]) -> None:
    """Keep the form, and send the code; a phone that has an account is told so instead."""
    if not values["password"].startswith("hashed:"):
        values["password"] = "hashed:" + make_password(values["password"])
    binding = codes.new_binding()
    if User.objects.filter(phone=values["phone"]).exists():
        codes.send_notice(phone=values["phone"], words=_("【创新券】该手机号已注册，可直接登录，不用再次注册。"))
    else:
        codes.send_code(phone=values["phone"], purpose=REGISTER, binding=binding)
    request.session[KEY] = {**values, "binding": binding, "sent_at": timezone.now().isoformat()}


@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The SMS code; the right one makes the account and signs in."""
    pending = _pending(request)
    if pending is None:
        return redirect("register")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        with refusal(form, "code"):
            codes.check_code(
                phone=pending.phone, purpose=REGISTER, binding=pending.values["binding"], code=form.cleaned_data["code"]
            )
            user = _register(pending.values)
            del request.session[KEY]
            response: HttpResponse = perform_login(request, user, redirect_url=reverse("register-done"), signup=True)
            return response
    return render_form(request, "accounts/register_code.html", {"pending": pending, "steps": STEPS}, form=form)


def _register(values: dict[str, Any]) -> User:
    return register(
        kind=values["kind"],
        region=Region.objects.get(code=values["region"]),
        name=values.get("name") or values["person_name"],
        credit_code=values.get("credit_code"),
        person_name=values["person_name"],
        phone=values["phone"],
        email=values["email"],
        username=values["username"],
        password=values["password"].removeprefix("hashed:"),
        consents=CONSENTS,
    )


@require_http_methods(["GET", "POST"])
def help_with_code(request: HttpRequest) -> HttpResponse:
    """没收到短信: see the number, change it, have the code sent again."""
    pending = _pending(request)
    if pending is None:
        return redirect("register")
    phone = pending.phone.removeprefix("+86")
    form = PhoneForm(request.POST or None, initial={"phone": phone})
    if form.is_valid():
        with refusal(form, "phone"):
            _send(request, {**pending.values, "phone": form.cleaned_data["phone"]})
            return redirect("register-code")
    waits = pending.resend_at > timezone.now()
    return render_form(request, "accounts/register_help.html", {"pending": pending, "waits": waits}, form=form)


@require_GET
@login_required
def done(request: HttpRequest) -> HttpResponse:
    """The account is there: its name, what comes next, and who helps."""
    organization = organization_of(person(request))
    if organization is None:
        raise Http404
    return render(request, "accounts/register_done.html", {"organization": organization, "steps": STEPS})
