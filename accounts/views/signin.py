"""Sign-in by password or SMS code, a forgotten password, and the first page afterwards.

The check of passwords, their limits and every new session are allauth's.
"""

from datetime import datetime
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url, perform_login, user_pk_to_url_str
from allauth.account.views import LoginView
from allauth.core import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from innovation_voucher.casework.web import refusal, viewer_of
from innovation_voucher.lib.forms import render_form
from innovation_voucher.lib.identifiers import mask_mobile

from .. import codes, demo_accounts
from ..forms.registration import CodeForm, PhoneForm
from ..models import PhoneCode, User

Purpose = PhoneCode.Purpose
_FIRST_PAGES = {
    "enterprise": "ent-home",
    "carrier": "carrier-home",
    "expert": "expert-tasks",
    "office": "desk-inbox",
    "admin": "admin:index",
}


class SignIn(LoginView):
    """allauth's sign-in with our page around it."""

    template_name = "account/login.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        bad = context["form"].is_bound
        return {**context, "demo_rows": demo_accounts.rows(), "title_prefix": _("错误：") if bad else ""}

    def form_invalid(self, form: Any) -> HttpResponse:
        """The same page with status 422."""
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response


# --- Codes --------------------------------------------------------------------------------------


def _send(request: HttpRequest, phone: str, purpose: str) -> None:
    """Send a code to a phone that has an account, a hint to one that has none: the page shows no difference."""
    binding = codes.new_binding()
    if User.objects.filter(phone=phone, is_active=True).exists():
        codes.send_code(phone=phone, purpose=purpose, binding=binding)
    else:
        codes.send_notice(phone=phone, words=_("【创新券】该手机号还没有账号，可在平台注册。"))
    request.session[_key(purpose)] = {"phone": phone, "binding": binding, "sent_at": timezone.now().isoformat()}


def _key(purpose: str) -> str:
    return f"code:{purpose}"


def _sent(request: HttpRequest, purpose: str) -> dict[str, Any]:
    """What the page shows of the code that is under way; empty when none is."""
    state = request.session.get(_key(purpose))
    if not state:
        return {}
    resend_at = codes.resend_at(datetime.fromisoformat(state["sent_at"]))
    return {**state, "masked": mask_mobile(state["phone"].removeprefix("+86")), "resend_at": resend_at}


def _proved(request: HttpRequest, purpose: str, code: str) -> User:
    """The person whose phone the code proves; raises CodeRefused."""
    state = request.session.get(_key(purpose), {"phone": "", "binding": ""})
    codes.check_code(phone=state["phone"], purpose=purpose, binding=state["binding"], code=code)
    user = User.objects.filter(phone=state["phone"], is_active=True).first()
    if user is None:
        raise codes.CodeRefused(_("验证码已过期，点“重新获取”"))
    request.session.pop(_key(purpose), None)
    return user


def _without_again(request: HttpRequest) -> str:
    """The same page, with the box for the code and the address to return to."""
    query = request.GET.copy()
    query.pop("again", None)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _code_pages(request: HttpRequest, purpose: str, template: str) -> tuple[HttpResponse | None, User | None]:
    """The two forms of one page: send a code to a phone, and prove it. Answers a page or the person."""
    sending = "send" in request.POST
    phone_form = PhoneForm(request.POST if sending else None)
    code_form = CodeForm(request.POST if request.method == "POST" and not sending else None)
    if sending and phone_form.is_valid():
        phone = phone_form.cleaned_data["phone"]
        if not ratelimit.consume(request, action="request_login_code", key=phone):
            return ratelimit.respond_429(request), None
        with refusal(phone_form, "phone"):
            _send(request, phone, purpose)
            return redirect(_without_again(request)), None
    if code_form.is_valid():
        with refusal(code_form, "code"):
            return None, _proved(request, purpose, code_form.cleaned_data["code"])
    context = {"phone_form": phone_form, "code_form": code_form, "sent": _sent(request, purpose)}
    context |= {"again": "again" in request.GET, "demo_rows": demo_accounts.rows()}
    return render_form(request, template, context, form=phone_form if sending else code_form), None


@require_http_methods(["GET", "POST"])
def by_code(request: HttpRequest) -> HttpResponse:
    """Sign in with a code sent to the phone."""
    page, user = _code_pages(request, Purpose.LOGIN, "account/login_sms.html")
    if user is None:
        return page or redirect("login-sms")
    record_authentication(request, user, method="code", phone=user.phone)
    response: HttpResponse = perform_login(request, user, redirect_url=get_next_redirect_url(request))
    return response


@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Prove the phone, then set a new password on allauth's page."""
    page, user = _code_pages(request, Purpose.RESET, "account/password_reset.html")
    if user is None:
        return page or redirect("account_reset_password")
    key = default_token_generator.make_token(user)
    return redirect("account_reset_password_from_key", uidb36=user_pk_to_url_str(user), key=key)


# --- After sign-in ------------------------------------------------------------------------------


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Lead to the first page of the reader's role."""
    name = _FIRST_PAGES.get(viewer_of(request).audience, "home")
    return redirect(reverse(name))


@require_POST
def demo(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the listed demo accounts; there is no such thing in real operation."""
    wanted = request.POST.get("as", "")
    if wanted not in {row.username for row in demo_accounts.rows()}:
        raise Http404
    user = get_object_or_404(User, username=wanted, is_active=True)
    record_authentication(request, user, method="demo")
    response: HttpResponse = perform_login(request, user, redirect_url=reverse("start"))
    return response
