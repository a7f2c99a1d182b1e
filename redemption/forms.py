"""Forms of redemption: the payee account, the batch, the year end."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from innovation_voucher.casework.models import Region
from innovation_voucher.lib.forms import MoneyField, PortalForm, say_what_to_do
from innovation_voucher.lib.identifiers import clean_bank_account
from vouchers.models import Programme
from vouchers.prefill import WrittenAccount

from .models import Payment

RESULT_LIMIT = 5 * 1024 * 1024


class BankForm(PortalForm):
    """A new payee account; the password proves who asks."""

    bank = forms.CharField(
        label=_("开户银行"),
        max_length=100,
        help_text=_("写到支行"),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    number = forms.CharField(
        label=_("银行账号"), max_length=40, widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"})
    )
    password = forms.CharField(
        label=_("登录密码"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        help_text=_("更换收款账户前再核对一次身份"),
    )

    def __init__(self, *args: Any, user: User, written: WrittenAccount | None = None, **kwargs: Any) -> None:
        """`written`: the account of a claim, which an empty number takes over; it is not shown."""
        super().__init__(*args, **kwargs)
        self.user, self.written = user, written
        if written:
            self.fields["bank"].initial = written.bank
            self.fields["number"].required = False
            self.fields["number"].help_text = _("不填则用申领时填写的账号（尾号 %s）") % written.last_four

    def clean_number(self) -> str:
        """Digits only; what the claim says where nothing is typed."""
        if self.written and not self.cleaned_data["number"]:
            return self.written.number
        try:
            return clean_bank_account(self.cleaned_data["number"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def clean_password(self) -> str:
        """The password of the person who asks."""
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("密码不对，再输入一次"))
        return password


class BatchForm(PortalForm):
    """What a new settlement batch covers (admin)."""

    period_from = forms.DateField(label=_("核定日期从"), help_text=_("如 2026-07-01"))
    period_to = forms.DateField(label=_("核定日期到"), help_text=_("如 2026-09-30"))
    programme = forms.ModelChoiceField(label=_("方案"), queryset=Programme.objects.none())
    region = forms.ModelChoiceField(
        label=_("地区"), queryset=Region.objects.none(), help_text=_("含其下各级地区的兑付")
    )

    def __init__(self, *args: Any, regions: QuerySet[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {"programme": Programme.objects.order_by("-year", "name"), "region": regions}
        for name, rows in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows

    def clean(self) -> dict[str, Any]:
        """The period runs forward."""
        data = super().clean() or {}
        start, end = data.get("period_from"), data.get("period_to")
        if start and end and end < start:
            self.add_error("period_to", _("期间结束不能早于期间开始"))
        return data


class TotalForm(PortalForm):
    """The total typed again before money is frozen or countersigned."""

    typed_total = MoneyField(label=_("再次输入合计金额"), help_text=_("与系统合计一致才能继续"))


class ResultForm(PortalForm):
    """The bank's result file."""

    file = forms.FileField(
        label=_("银行结果文件"),
        help_text=_("xlsx 或 csv，不超过 5 MB；列：流水号、金额、结果（成功或退回）、银行流水号、退回原因"),
    )

    def clean_file(self) -> Any:
        """Small enough to be read at once."""
        given = self.cleaned_data["file"]
        if given.size > RESULT_LIMIT:
            raise forms.ValidationError(_("文件超过 5 MB，分开再传"))
        return given


class ReasonForm(PortalForm):
    """Why an act is done."""

    reason = forms.CharField(label=_("撤销原因"), max_length=300)


class ConfirmForm(PortalForm):
    """Nothing to fill in: the button alone says it."""


class RoundForm(PortalForm):
    """What a year end is about: a programme, and the days of its service records."""

    programme = forms.ModelChoiceField(label=_("方案"), queryset=Programme.objects.none(), empty_label=None)
    since = forms.DateField(label=_("服务记录从"), required=False, help_text=_("如 2026-01-01"))
    until = forms.DateField(label=_("服务记录到"), required=False, help_text=_("如 2026-12-31"))

    def __init__(self, data: Any, *, programmes: QuerySet[Programme]) -> None:
        first = programmes.first()
        super().__init__(data if data.get("programme") else {**data.dict(), "programme": first.pk if first else ""})
        field = self.fields["programme"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = programmes

    def clean(self) -> None:
        """A period that ends before it begins holds nothing."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("期间结束不能早于期间开始"))

    @property
    def period(self) -> tuple[date, date] | None:
        """The chosen days; an open end reaches as far as dates go. None = all."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        return (since or date.min, until or date.max) if since or until else None


class DropForm(PortalForm):
    """Why a voucher is taken out of a redemption."""

    reason = forms.CharField(label=_("移出原因"), max_length=300)


class SignForm(PortalForm):
    """What the check of a batch came to."""

    words = forms.CharField(
        label=_("核对意见"),
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("没有需要说明的可以不填"),
    )


class BankReceiptForm(PortalForm):
    """A receipt of the bank for a batch."""

    file = forms.FileField(label=_("银行回单"), help_text=_("pdf、jpg 或 png，每份不超过 20 MB"))


class DifferenceForm(PortalForm):
    """Why the bank did not pay, for every payment that came back; prefixed with its number in the list."""

    def __init__(self, data: Any = None, *, payments: Sequence[Payment]) -> None:
        super().__init__(data)
        self._payments = payments
        for number, payment in enumerate(payments):
            cause = forms.ChoiceField(
                label=_("原因"),
                choices=[("", _("选择原因")), *Payment.Cause.choices],
                initial=payment.cause,
                required=False,
            )
            say_what_to_do(cause, _("原因"))
            self.fields[f"cause_{number}"] = cause
            self.fields[f"words_{number}"] = forms.CharField(
                label=_("说明"), initial=payment.explanation, required=False, max_length=200
            )

    @property
    def rows(self) -> list[tuple[Payment, BoundField, BoundField]]:
        """Each payment with its two boxes."""
        return [(row, self[f"cause_{n}"], self[f"words_{n}"]) for n, row in enumerate(self._payments)]

    @property
    def given(self) -> dict[str, tuple[str, str]]:
        """What was written, by the payment's reference."""
        return {
            row.reference: (self.cleaned_data[cause.name], self.cleaned_data[words.name])
            for row, cause, words in self.rows
        }

    def clean(self) -> None:
        """Words without a cause, or "other" without words, say too little."""
        for _row, cause, words in self.rows:
            given, text = self.cleaned_data.get(cause.name), self.cleaned_data.get(words.name)
            if text and not given:
                self.add_error(cause.name, _("选择原因"))
            if given == Payment.Cause.OTHER and not text:
                self.add_error(words.name, _("原因选“其他”时写明说明"))
