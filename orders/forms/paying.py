"""Which scheme's voucher pays for an order, or none, and what that scheme asks besides."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from vouchers.policy import FieldSpec

from .rows import PREFIX, RowsForm, field_for

#: The choice of a booking without a voucher.
OWN = "own"


class PayForm(RowsForm):
    """`schemes` are pairs of programme id and label; `rows_of` the field rows of each scheme by id."""

    pay = forms.ChoiceField(label=gettext_lazy("是否使用创新券"), widget=forms.RadioSelect)

    def __init__(
        self,
        *args: Any,
        schemes: Iterable[tuple[int, str]],
        rows_of: Mapping[str, Iterable[FieldSpec]],
        **kwargs: Any,
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

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for row in self._rows_of.get(data.get("pay", ""), ()):
            if row.required and data.get(f"{PREFIX}{row.key}") in (None, ""):
                self.add_error(f"{PREFIX}{row.key}", _("填写%(label)s") % {"label": row.label})
        return data
