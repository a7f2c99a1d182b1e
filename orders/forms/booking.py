"""The booking: who, how much, when, what for, and who pays."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework import calendar
from innovation_voucher.lib.forms import MoneyField
from innovation_voucher.lib.identifiers import clean_mobile
from vouchers.forms import CheckedField

from .paying import OWN, PayForm

__all__ = ["ONLINE", "OWN", "PHONE", "BookingForm"]

#: How it was agreed.
ONLINE, PHONE = "online", "phone"


class BookingForm(PayForm):
    """`need_price` are the schemes that cannot go without an agreed amount; `counted` = the quantities are
    known already.
    """

    contact_name = forms.CharField(
        label=gettext_lazy("经办人"), max_length=50, widget=forms.TextInput({"autocomplete": "name"})
    )
    contact_phone = CheckedField(
        check=clean_mobile,
        label=gettext_lazy("手机号"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
        help_text=gettext_lazy("服务机构用它联系您"),
    )
    quantity = forms.IntegerField(
        label=gettext_lazy("数量"),
        min_value=1,
        max_value=9999,
        widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages={"min_value": gettext_lazy("数量至少为 1"), "max_value": gettext_lazy("数量最多 9999")},
    )
    wanted_on = forms.DateField(
        label=gettext_lazy("期望完成时间"), required=False, help_text=gettext_lazy("如 2026-12-05；没有要求可不填")
    )
    need = forms.CharField(
        label=gettext_lazy("需求说明"),
        max_length=1000,
        widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("样品、参数、交付形式等，机构据此报价"),
    )
    agreed = forms.ChoiceField(
        label=gettext_lazy("约定方式"),
        required=False,
        choices=(
            (ONLINE, gettext_lazy("在线预约，等机构答复")),
            (PHONE, gettext_lazy("电话已约定，补登记，由机构确认")),
        ),
        widget=forms.RadioSelect,
        initial=ONLINE,
    )
    amount = MoneyField(
        label=gettext_lazy("议定服务金额"),
        required=False,
        min_value=Decimal("0.01"),
        help_text=gettext_lazy("与机构谈定的总价；没有谈定可不填，按参考价计算。以最终合同和发票金额为准"),
        error_messages={"min_value": gettext_lazy("议定服务金额要大于 0 元")},
    )

    def __init__(
        self, *args: Any, need_price: frozenset[str] = frozenset(), counted: bool = False, **kwargs: Any
    ) -> None:
        self._need_price = need_price
        super().__init__(*args, **kwargs)
        if counted:
            del self.fields["quantity"]

    def clean_wanted_on(self) -> Any:
        day = self.cleaned_data["wanted_on"]
        if day and day < calendar.today():
            raise ValidationError(_("期望完成时间不能早于今天"))
        return day

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("amount") is None and "amount" not in self.errors:
            self._ask_for_price(data)
        return data

    def _ask_for_price(self, data: dict[str, Any]) -> None:
        if data.get("agreed") == PHONE:
            self.add_error("amount", _("填写电话里议定的服务金额"))
        elif data.get("pay") in self._need_price:
            self.add_error("amount", _("参考价面议，填写与机构谈定的金额后才能计算拟用券额"))
