"""The booking: who, how much, when, what for, and who pays."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework import calendar
from innovation_voucher.lib.identifiers import clean_mobile
from vouchers.forms import CheckedField
from vouchers.policy import FieldSpec

from .rows import PREFIX, RowsForm, field_for

#: The choice of a booking without a voucher.
OWN = "own"


class BookingForm(RowsForm):
    """`schemes` are pairs of programme id and label; `rows_of` the field rows of each scheme by id."""

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
    pay = forms.ChoiceField(label=gettext_lazy("是否使用创新券"), widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, schemes: Iterable[tuple[int, str]], rows_of: dict[str, Iterable[FieldSpec]], **kwargs: Any
    ) -> None:
        self._rows_of = {key: tuple(rows) for key, rows in rows_of.items()}
        union = {row.key: row for rows in self._rows_of.values() for row in rows}
        super().__init__(*args, rows=union.values(), **kwargs)
        choices = [(str(pk), label) for pk, label in schemes]
        pay = self.fields["pay"]
        if isinstance(pay, forms.ChoiceField):
            pay.choices = [*choices, (OWN, _("不使用，自费预约"))]

    def row_field(self, row: FieldSpec) -> forms.Field:
        # Whether it must be answered depends on the scheme that is chosen.
        return field_for(row, required=False)

    def clean_wanted_on(self) -> Any:
        day = self.cleaned_data["wanted_on"]
        if day and day < calendar.today():
            raise ValidationError(_("期望完成时间不能早于今天"))
        return day

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for row in self._rows_of.get(data.get("pay", ""), ()):
            if row.required and data.get(f"{PREFIX}{row.key}") in (None, ""):
                self.add_error(f"{PREFIX}{row.key}", _("填写%(label)s") % {"label": row.label})
        return data
