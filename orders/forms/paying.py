"""Which scheme's voucher pays for an order, or none, and what that scheme asks besides."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from vouchers.policy import FieldSpec

from .rows import PREFIX, RowsForm

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
        self._ask_only_the_chosen()
        pay = self.fields["pay"]
        if isinstance(pay, forms.ChoiceField):
            pay.choices = [*choices, (OWN, _("不使用，自费预约"))]

    @property
    def asked(self) -> tuple[FieldSpec, ...]:
        """The rows of the scheme that was chosen."""
        return self._rows_of.get(str(self.data.get("pay", "")), ())

    def _ask_only_the_chosen(self) -> None:
        """Once a scheme is chosen, the rows of the others may stay empty."""
        if not self.is_bound:
            return
        asked = {row.key for row in self.asked}
        for row in self.specs:
            if row.key not in asked:
                self.fields[f"{PREFIX}{row.key}"].required = False
