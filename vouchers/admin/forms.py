"""Forms of rules in the admin: every parameter explained, choices and lines instead of codes and JSON."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..forms import ParametersForm
from ..models import EvidenceRow, FieldRow, ProgrammeVersion
from ..models.parameters import Parameters
from ..parameter_fields import labels, numbers, parameter_field
from ..parameter_help import GROUPS
from ..plain_fields import BoundsField, PairsField, SizeField, WordsField
from ..presets import ROWS

_BOUNDS_HELP = _("每行一个参数和它的最小、最大值，如“年度上限 0 500000”；没有写到的不限")
_PAIRS_HELP = _("每行一个选项，先写存的值，空一格写名称")
_ROWS = _("表单项、期限、证明材料")
_ASSUMED = _("%(label)s（暂定）")


def groups() -> list[tuple[Any, tuple[str, ...]]]:
    """Every parameter under the head of its group, as the columns stand in the file."""
    names = Parameters.parameter_names()
    starts = [names.index(first) for _head, first in GROUPS]
    ends = [*starts[1:], len(names)]
    return [(head, names[start:end]) for (head, _first), start, end in zip(GROUPS, starts, ends, strict=True)]


def grouped_parameters() -> list[Any]:
    """The groups as fieldsets of the admin."""
    return [(head, {"fields": list(names)}) for head, names in groups()]


def field_of(column: "models.Field[Any, Any]") -> forms.Field | None:
    """The field for a column of rules; None where the admin's own will do."""
    if column.name in labels() and issubclass(column.model, Parameters):
        return parameter_field(column.name)
    build = _COLUMNS.get((column.model, column.name))
    said = {"label": column.verbose_name, "required": not column.blank, "help_text": column.help_text}
    return build(**said) if build else None


def _grouped_choices() -> list[Any]:
    known = labels()
    return [(head, [(name, known[name]) for name in names]) for head, names in groups()]


def _ticks(**said: Any) -> forms.Field:
    return forms.MultipleChoiceField(choices=_grouped_choices(), widget=forms.CheckboxSelectMultiple, **said)


def _bounds(**said: Any) -> forms.Field:
    return BoundsField(labels=numbers(), nothing={}, **{**said, "help_text": _BOUNDS_HELP})


def _words(**said: Any) -> forms.Field:
    return WordsField(nothing=[], widget=forms.TextInput, **said)


def _formats(**said: Any) -> forms.Field:
    return WordsField(nothing=[], widget=forms.TextInput, **{**said, "help_text": "jpg, pdf"})


def _pairs(**said: Any) -> forms.Field:
    return PairsField(nothing=[], **{**said, "help_text": _PAIRS_HELP})


def _size(**said: Any) -> forms.Field:
    return SizeField(**{**said, "label": _("大小上限"), "help_text": _("如 5MB 或 500KB")})


_COLUMNS: dict[tuple[type[models.Model], str], Any] = {
    (ProgrammeVersion, "overridable"): _ticks,
    (ProgrammeVersion, "assumed"): _ticks,
    (ProgrammeVersion, "bounds"): _bounds,
    (FieldRow, "choices"): _pairs,
    (FieldRow, "classes"): _words,
    (EvidenceRow, "classes"): _words,
    (EvidenceRow, "formats"): _formats,
    (EvidenceRow, "max_bytes"): _size,
}


class RulesForm(ParametersForm):
    """Rules with what has no source marked, rows among it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assumed = self.fields.get("assumed")
        if isinstance(assumed, forms.MultipleChoiceField):
            assumed.choices = [*_grouped_choices(), (str(_ROWS), _row_choices(self.instance))]
        for name in getattr(self.instance, "assumed", ()):
            if name in self.fields:
                self.fields[name].label = _ASSUMED % {"label": self.fields[name].label}


def _row_choices(version: ProgrammeVersion) -> list[tuple[str, str]]:
    """Rows as a list of assumed values names them: terms.correction, evidence.contract."""
    found: dict[str, str] = {}
    for kind, model in ROWS.items() if version.pk else ():
        for row in model._default_manager.filter(version=version):
            key = getattr(row, "key", "") or getattr(row, "act", "")
            found[f"{kind}.{key}"] = f"{model._meta.verbose_name} {getattr(row, 'label', key)}"
    return list(found.items())
