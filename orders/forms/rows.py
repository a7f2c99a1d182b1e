"""A form that ends with the field rows of a scheme, under names that cannot clash with its own."""

from collections.abc import Iterable
from typing import Any

from django import forms

from innovation_voucher.lib.forms import say_what_to_do
from vouchers.forms import BUILDERS, AnswersForm
from vouchers.phones import phone_rows
from vouchers.policy import FieldSpec

PREFIX = "row_"


def field_for(row: FieldSpec, *, required: bool = True) -> forms.Field:
    """The form field of a row."""
    return BUILDERS[row.type](row, label=row.label, required=row.required and required, help_text=row.help)


class RowsForm(AnswersForm):
    """A form of our own fields first, then one box per row."""

    def __init__(self, *args: Any, rows: Iterable[FieldSpec] = (), **kwargs: Any) -> None:
        self.specs = tuple(rows)
        boxes = {f"{PREFIX}{row.key}": self.row_field(row) for row in self.specs}
        super().__init__(*args, **kwargs)
        for name, box in boxes.items():
            say_what_to_do(box, box.label or name)
        self.fields.update(boxes)

    def row_field(self, row: FieldSpec) -> forms.Field:
        """The box of one row."""
        return field_for(row)

    @property
    def asked(self) -> tuple[FieldSpec, ...]:
        """The rows whose answers count."""
        return self.specs

    @property
    def phone_names(self) -> Iterable[str]:
        return [f"{PREFIX}{row.key}" for row in phone_rows(self.asked)]

    @property
    def row_boxes(self) -> list[forms.BoundField]:
        """The bound fields of the rows, in their order, and codes behind their phones."""
        rows = {f"{PREFIX}{row.key}" for row in self.specs}
        return [box for box in self if self.codes.get(box.name, box.name) in rows]

    @property
    def answers(self) -> dict[str, Any]:
        """What was answered, as JSON keeps it."""
        own = self.cleaned_data
        self.cleaned_data = {row.key: own.get(f"{PREFIX}{row.key}") for row in self.specs}
        try:
            return {key: value for key, value in super().answers.items() if value not in (None, "")}
        finally:
            self.cleaned_data = own
