"""The carrier's quote; the difference that the enterprise adds."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework import calendar
from innovation_voucher.lib.forms import MoneyField, PortalForm

from ..services import Offer


class QuoteForm(PortalForm):
    """Price, day and words."""

    amount = MoneyField(
        label=gettext_lazy("报价"),
        min_value=Decimal("0.01"),
        help_text=gettext_lazy("含税总价"),
        error_messages={"min_value": gettext_lazy("报价要大于 0 元")},
    )
    promised_on = forms.DateField(
        label=gettext_lazy("交付时间"), required=False, help_text=gettext_lazy("如 2026-12-10")
    )
    words = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("包含什么、不包含什么，企业会看到"),
    )

    def clean_promised_on(self) -> Any:
        day = self.cleaned_data["promised_on"]
        if day and day < calendar.today():
            raise ValidationError(_("交付时间不能早于今天"))
        return day

    @property
    def offer(self) -> Offer:
        """What was typed, for the verb."""
        return Offer(**self.cleaned_data)


class DifferenceForm(PortalForm):
    """How much more, and why."""

    amount = MoneyField(
        label=gettext_lazy("差价金额"),
        min_value=Decimal("0.01"),
        help_text=gettext_lazy("原订单金额之外、另开发票的部分"),
        error_messages={"min_value": gettext_lazy("差价金额要大于 0 元")},
    )
    reason = forms.CharField(
        label=gettext_lazy("差价说明"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": gettext_lazy("写明增加了什么，对方会看到")},
    )
