"""How allauth sees our users: by phone in E.164, with passwords by the region's rules."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from innovation_voucher.lib.identifiers import clean_mobile

from . import codes
from .forms.registration import PhoneField
from .models import User
from .passwords import check_password_rules
from .services.organizations import registration_rules_of


class AccountAdapter(DefaultAccountAdapter):
    """Phones and passwords; sign-up itself is a page of ours."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("账号或密码不对，核对后再试"),
        "phone_password_mismatch": _("账号或密码不对，核对后再试"),
        "too_many_login_attempts": _("登录尝试次数过多，15 分钟后再试，或用短信验证码登录"),
        "enter_current_password": _("当前密码不对，核对后再试"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """allauth's own sign-up knows neither organizations nor regions."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To the first page of the reader's role."""
        return reverse("start")

    def phone_form_field(self, **kwargs: Any) -> forms.Field:
        return PhoneField(**kwargs)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        user.phone, user.phone_verified = phone, verified
        user.save(update_fields=("phone", "phone_verified"))

    def set_phone_verified(self, user: User, phone: str) -> None:
        self.set_phone(user, phone, True)

    def get_user_by_phone(self, phone: str) -> User | None:
        """The person with this number, typed in any usual way: sign-in passes on what was typed."""
        try:
            number = f"+86{clean_mobile(phone)}"
        except ValueError:
            return None
        return User.objects.filter(phone=number, is_active=True).first()

    def generate_phone_verification_code(self, *, user: Any, phone: str) -> str:
        return codes.new_code()

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **kwargs: Any) -> None:
        codes.send_notice(phone=phone, words=codes.text_of(code))

    def clean_password(self, password: str, user: User | None = None) -> str:
        """By the rules of the region where the person's organization is registered."""
        person = user or User()
        check_password_rules(password, rules=registration_rules_of(person), user=person)
        return password
