"""The one page of sign-up, and the pages around the SMS code."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework.models import Region
from innovation_voucher.lib.forms import PortalForm
from innovation_voucher.lib.identifiers import clean_mobile, clean_uscc

from .. import rules
from ..models import Organization, User
from ..passwords import check_password_rules
from ..services.registration import credit_code_taken

#: The texts to which a person agrees, with the version now in force.
CONSENTS = {"terms": "4", "privacy": "3"}


def _checked(clean: Callable[[str], str], text: str) -> str:
    try:
        return clean(text)
    except ValueError as error:
        raise ValidationError(str(error)) from None


class PhoneField(forms.CharField):
    """A mobile number typed in any usual way; cleans to E.164."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "class": "govuk-input--width-20"})
    default_error_messages = {"required": gettext_lazy("填写手机号，共 11 位数字")}

    def clean(self, value: Any) -> str:
        return f"+86{_checked(clean_mobile, super().clean(value))}"


class PasswordField(forms.CharField):
    """A new password; pasting is welcome, nothing is stripped."""

    widget = forms.PasswordInput(attrs={"autocomplete": "new-password", "spellcheck": "false"})
    default_error_messages = {"required": gettext_lazy("填写密码")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"strip": False, **kwargs})


class CodeField(forms.CharField):
    """The six digits of an SMS; spaces are ignored, phones fill it in by themselves."""

    widget = forms.TextInput(
        attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "govuk-input--width-10"}
    )

    def clean(self, value: Any) -> str:
        code = "".join(str(super().clean(value)).split())
        if len(code) != 6 or not code.isdecimal():
            raise ValidationError(_("验证码是短信里的 6 位数字"))
        return code


class CodeForm(PortalForm):
    code = CodeField(
        label=gettext_lazy("短信验证码"),
        help_text=gettext_lazy("6 位数字，5 分钟内有效"),
        error_messages={"required": gettext_lazy("填写短信里的 6 位验证码")},
    )


class PhoneForm(PortalForm):
    phone = PhoneField(label=gettext_lazy("手机号"))


class RegistrationForm(PortalForm):
    """Facts of the organization and of the person who registers it, for one kind and region."""

    credit_code = forms.CharField(
        label=gettext_lazy("统一社会信用代码"),
        help_text=gettext_lazy("18 位，空格会自动去掉"),
        error_messages={"required": gettext_lazy("填写统一社会信用代码，共 18 位")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label=gettext_lazy("单位名称"),
        help_text=gettext_lazy("与营业执照一致"),
        error_messages={
            "required": gettext_lazy("填写单位名称"),
            "max_length": gettext_lazy("单位名称最多 100 字"),
        },
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    person_name = forms.CharField(
        label=gettext_lazy("经办人姓名"),
        error_messages={"required": gettext_lazy("填写姓名"), "max_length": gettext_lazy("姓名最多 50 字")},
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "govuk-input--width-10"}),
    )
    phone = PhoneField(label=gettext_lazy("手机号"), help_text=gettext_lazy("用于接收验证码和办理进度"))
    email = forms.EmailField(
        label=gettext_lazy("邮箱"),
        required=False,
        error_messages={"invalid": gettext_lazy("邮箱写成 name@example.cn 这样")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    username = forms.CharField(
        label=gettext_lazy("用户名"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "username", "class": "govuk-input--width-20"}),
    )
    password = PasswordField(label=gettext_lazy("密码"))
    terms = forms.BooleanField(
        label=gettext_lazy("我已阅读并同意《用户协议》（第 4 版）"),
        error_messages={"required": gettext_lazy("阅读并勾选《用户协议》后才能注册")},
    )
    privacy = forms.BooleanField(
        label=gettext_lazy("我已阅读并同意《隐私政策》（第 3 版）"),
        error_messages={"required": gettext_lazy("阅读并勾选《隐私政策》后才能注册")},
    )

    def __init__(self, *args: Any, kind: str, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = rules.registration_rules(region)
        self.fields["password"].help_text = rules.password_hint(self.rules)
        if kind == Organization.Kind.ENTREPRENEUR:
            del self.fields["credit_code"], self.fields["name"]
            self.fields["person_name"].label = _("姓名")
            self.fields["username"].help_text = _("不填则用手机号登录")
        else:
            self.fields["username"].help_text = _("不填则用手机号或统一社会信用代码登录")

    def clean_credit_code(self) -> str:
        code = _checked(clean_uscc, self.cleaned_data["credit_code"])
        if Organization.objects.filter(credit_code=code).exists():
            raise ValidationError(credit_code_taken())
        return code

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"].strip()
        if not username:
            return ""
        if problem := rules.username_problem(self.rules, username):
            raise ValidationError(problem)
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(_("该用户名已被使用，换一个"))
        return username

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        given = self.cleaned_data
        user = User(username=given.get("username", ""), name=given.get("person_name", ""), phone=given.get("phone", ""))
        check_password_rules(password, rules=self.rules, user=user)
        return password
