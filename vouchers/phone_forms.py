"""Forms that ask for an SMS code behind a phone that nobody of the organization has confirmed yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.codes import CodeRefused, CodeSpent, new_binding
from accounts.forms.registration import CodeField
from accounts.models import Organization, User
from accounts.services import ask_to_confirm, confirm_phone, is_confirmed
from accounts.viewer import person
from innovation_voucher.casework.messaging import TooOften
from innovation_voucher.lib.forms import PortalForm
from innovation_voucher.lib.identifiers import mask_mobile

from .phones import e164

#: Where a session keeps what its codes are bound to.
KEY = "code:answer"


@dataclass(frozen=True)
class Phones:
    """For whom phones are confirmed, by whom, and the session that is sent the codes."""

    organization: Organization
    by: User
    session: SessionBase

    @property
    def _binding(self) -> str:
        return str(self.session.setdefault(KEY, new_binding()))

    def is_confirmed(self, phone: str) -> bool:
        """Whether the phone (11 digits) needs no code."""
        return is_confirmed(self.organization, e164(phone))

    def ask(self, phone: str) -> str:
        """Send a code to it; answers what to do now, or why none was sent."""
        try:
            ask_to_confirm(self.organization, e164(phone), by=self.by, binding=self._binding)
        except TooOften as refused:
            return str(refused.message)
        return _("已向 %s 发送验证码，请在下面填写后再提交") % mask_mobile(phone)

    def confirm(self, phone: str, code: str) -> bool:
        """Use the code up; False when another has to be sent. Raises CodeRefused when it is not the right one."""
        try:
            confirm_phone(self.organization, e164(phone), by=self.by, binding=self._binding, code=code)
        except CodeSpent:
            return False
        return True


def phones_of(request: HttpRequest, organization: Organization) -> Phones:
    """Phones that the reader confirms for the organization."""
    return Phones(organization, person(request), request.session)


class ConfirmingForm(PortalForm):
    """Where `phones` are given, a phone among the answers passes only once it is confirmed.

    Without them nothing is asked and nothing sent: of a draft, and of a page that only shows what was typed.
    """

    def __init__(self, *args: Any, phones: Phones | None = None, **kwargs: Any) -> None:
        self._phones = phones
        #: Boxes for codes, each with the box of its phone.
        self.codes: dict[str, str] = {}
        super().__init__(*args, **kwargs)

    @property
    def phone_names(self) -> Iterable[str]:
        """The boxes whose phones are handed in."""
        return ()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self._phones:
            for name in self.phone_names:
                self._prove(self._phones, name, cleaned.get(name) or "")
        return cleaned

    def _prove(self, phones: Phones, name: str, phone: str) -> None:
        """Confirm the phone by the code that was typed behind it, or send one and ask for it there."""
        if not phone or self.fields[name].disabled or phones.is_confirmed(phone):
            return
        code = self._ask_behind(name)
        typed = self[code].data
        try:
            if typed and phones.confirm(phone, self.fields[code].clean(typed)):
                del self.fields[code]
            else:
                self.add_error(name, phones.ask(phone))
        except ValidationError as error:
            self.add_error(code, error)
        except CodeRefused as refused:
            self.add_error(code, str(refused.message))

    def _ask_behind(self, name: str) -> str:
        """The name of a new box for the code."""
        code, names = f"{name}_code", list(self.fields)
        self.fields[code] = CodeField(
            label=_("短信验证码"), help_text=_("6 位数字，5 分钟内有效；没收到可留空再按一次按钮重新获取")
        )
        self.codes[code] = name
        names.insert(names.index(name) + 1, code)
        self.order_fields(names)
        return code
