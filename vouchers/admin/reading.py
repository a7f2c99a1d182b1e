"""What is only read: lists and sizes in the words in which they are written, not as they are stored."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from ..models.parameters import Parameters
from ..parameter_fields import labels
from ..parameter_words import NOTHING, value_words
from .forms import field_of


class ReadInWords:
    """For admin pages and inlines of rules: who may not change them reads words."""

    model: type[models.Model]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        rows = super().get_fieldsets(request, obj)  # type: ignore[misc]
        if self.has_change_permission(request, obj):  # type: ignore[attr-defined]
            return rows
        return [(head, {**said, "fields": self._in_words(said["fields"])}) for head, said in rows]

    def _in_words(self, names: Sequence[Any]) -> list[Any]:
        """The same fields; rows of several stay together."""
        return [self._in_words(name) if isinstance(name, list | tuple) else self._reader(name) for name in names]

    def _reader(self, name: str) -> str | Callable[[Any], str]:
        column = next((field for field in self.model._meta.local_concrete_fields if field.name == name), None)
        return name if column is None or not _is_coded(column) else reader(column)


def _is_coded(column: "models.Field[Any, Any]") -> bool:
    """Whether people could not read what is stored."""
    return isinstance(column, models.JSONField) or column.name == "max_bytes"


def reader(column: "models.Field[Any, Any]") -> Callable[[Any], str]:
    """What the admin shows for the column of a row, under the column's own name and help."""

    @admin.display(description=str(labels().get(column.name, column.verbose_name)))
    def words(row: Any) -> str:
        return words_of(column, getattr(row, column.name))

    words.__name__ = column.name
    return words


def words_of(column: "models.Field[Any, Any]", value: Any) -> str:
    """A stored value as its form would have it written; a dash for nothing."""
    if value in (None, "", [], {}):
        return NOTHING
    if issubclass(column.model, Parameters) and column.name in labels():
        return value_words(column.name, value)
    if column.name == "classes":
        return value_words("eligible_classes", value)
    field = field_of(column)
    if isinstance(field, forms.MultipleChoiceField):
        return "、".join(str(labels().get(name, name)) for name in value)
    return str(field.prepare_value(value)) if field else str(value)
