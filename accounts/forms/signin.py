"""Sign-in by password and new passwords, on top of allauth's own forms."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordKeyForm, SetPasswordForm
from django import forms
from django.utils.translation import gettext_lazy as _

from innovation_voucher.lib.identifiers import clean_uscc

from .. import rules
from ..models import Membership, User
from ..services.organizations import registration_rules_of


class PasswordSignInForm(LoginForm):
    """User name, phone or credit code with the password; the check and its limits are allauth's."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        login, password = self.fields["login"], self.fields["password"]
        login.label, login.help_text = _("账号"), _("用户名、手机号或统一社会信用代码")
        login.error_messages["required"] = _("填写账号")
        login.widget = forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false"})
        password.label, password.help_text = _("密码"), ""
        password.error_messages["required"] = _("填写密码")
        password.widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})

    @property
    def error_summary(self) -> list[tuple[str, str]]:
        """As in the portal's own forms: (id to jump to, message)."""
        general = [("id_login", str(message)) for message in self.non_field_errors()]
        return general + [(bound.auto_id, str(bound.errors[0])) for bound in self if bound.errors]

    def clean_login(self) -> str:
        """A credit code stands for the person who registered the organization."""
        login: str = super().clean_login()
        try:
            code = clean_uscc(login)
        except ValueError:
            return login
        owner = (
            Membership.objects.filter(organization__credit_code=code, role=Membership.Role.OWNER, active=True)
            .select_related("user")
            .first()
        )
        return owner.user.username if owner else login


class _NewPassword(forms.Form):
    """Says the rules of the person's region under the box, in place of Django's list."""

    user: User | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["password1"].help_text = rules.password_hint(registration_rules_of(self.user))


class ChangePassword(_NewPassword, ChangePasswordForm):
    """A new password for who knows the old one."""


class SetPassword(_NewPassword, SetPasswordForm):
    """A first password."""


class NewPasswordByCode(_NewPassword, ResetPasswordKeyForm):
    """A new password for who has proved the phone."""
