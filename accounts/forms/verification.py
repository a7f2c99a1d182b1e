"""Forms of the verification's sections, built from what `sections` asks."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework import attachments
from innovation_voucher.lib.forms import MoneyInput, PortalForm

from ..answers import shown_value
from ..sections import Question, Section

ACCEPT = ".jpg,.jpeg,.png,.pdf"


class AnswerField(forms.CharField):
    """One question; a secret that is stored already may stay empty and is never shown again."""

    def __init__(self, question: Question, *, stored: str = "") -> None:
        self.question, self.stored = question, stored
        hint = question.hint
        if question.kind == "secret" and stored:
            hint = _("已填写：%s。不改就留空") % shown_value(question, stored)
        super().__init__(
            label=question.label, help_text=hint, required=question.required, widget=_widget(question), strip=True
        )

    def clean(self, value: Any) -> str:
        text = str(value or "").strip()
        if not text and self.stored and self.question.kind == "secret":
            return ""
        if problem := self.question.problem(text):
            raise ValidationError(problem)
        return self.question.canonical(text)


class AnswerFile(forms.FileField):
    """One file; what is stored already will do."""

    widget = forms.FileInput(attrs={"accept": ACCEPT})

    def __init__(self, question: Question, *, stored: Any) -> None:
        self.question, self.stored = question, stored
        label = _("换一份") if stored else question.label
        super().__init__(label=label, help_text=_("jpg、png 或 pdf，不超过 10 MB"), required=question.required)

    def clean(self, data: Any, initial: Any = None) -> Any:
        if not data and not self.stored:
            raise ValidationError(str(self.question.ask))
        return data


def _widget(question: Question) -> forms.Widget:
    attrs = {"autocomplete": question.autocomplete}
    if question.kind == "choice":
        return forms.RadioSelect(choices=question.choices)
    if question.kind == "money":
        return MoneyInput()
    if question.kind == "secret":
        return forms.TextInput({**attrs, "spellcheck": "false"})
    return forms.TextInput(attrs)


class SectionForm(PortalForm):
    """One section, or those of its questions that a return has reopened."""

    def __init__(
        self,
        section: Section,
        *,
        values: Mapping[str, str],
        files: Mapping[str, Any],
        only: Iterable[str] | None = None,
        pins: Mapping[str, Any] | None = None,
        data: Any = None,
        uploads: Any = None,
    ) -> None:
        open_values = {q.key: values.get(q.key, "") for q in section.questions if q.kind not in {"secret", "file"}}
        super().__init__(data, uploads, initial=open_values)
        self.section, self.stored_files, self.pins = section, files, pins or {}
        wanted = {q.key for q in section.questions} if only is None else set(only)
        for question in section.questions:
            if question.key not in wanted:
                continue
            self.fields[question.key] = (
                AnswerFile(question, stored=files.get(question.key))
                if question.kind == "file"
                else AnswerField(question, stored=values.get(question.key, ""))
            )

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """(bound field, the card of its stored file or None) in the order of the page."""
        cards = {key: attachments.card(file) for key, file in self.stored_files.items()}
        return [(self[name], cards.get(name)) for name in self.fields]

    def typed(self) -> dict[str, str]:
        """Everything that was typed, right or wrong, so that a draft keeps it."""
        return {name: self.data.get(name, "") for name, field in self.fields.items() if isinstance(field, AnswerField)}


class DeclarationForm(PortalForm):
    declared = forms.BooleanField(
        label=gettext_lazy("所填信息和上传材料真实、完整，愿意承担相应责任"),
        error_messages={"required": gettext_lazy("阅读并勾选声明后才能提交")},
    )
