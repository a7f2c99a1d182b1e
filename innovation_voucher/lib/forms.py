"""The form base, the renderer and the fields that every page of the portal shares."""

from collections.abc import Mapping
from typing import Any, Protocol

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Input
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from innovation_voucher.lib.money import NoAmount, parse_yuan

#: Widget class -> class name of the vendored base; the first match wins.
WIDGET_CLASSES: list[tuple[type[forms.Widget], str]] = [
    (forms.CheckboxSelectMultiple, "govuk-checkboxes__input"),
    (forms.RadioSelect, "govuk-radios__input"),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.FileInput, "govuk-file-upload"),
    (forms.Textarea, "govuk-textarea"),
    (forms.PasswordInput, "govuk-input govuk-password-input__input govuk-js-password-input-input"),
    (forms.Select, "govuk-select"),
    (Input, "govuk-input"),
]

#: Widget class -> what to say when nothing was given; the first match wins.
REQUIRED: list[tuple[type[forms.Widget], Any]] = [
    (forms.CheckboxSelectMultiple, _("选择{label}")),
    (forms.RadioSelect, _("选择{label}")),
    (forms.CheckboxInput, _("勾选后才能继续：{label}")),
    (forms.FileInput, _("上传{label}")),
    (forms.Select, _("选择{label}")),
    (forms.Widget, _("填写{label}")),
]

#: Field class, message code, our words for it.
STOCK: list[tuple[type[forms.Field], str, Any]] = [
    (forms.IntegerField, "invalid", _("{label}填写整数，如 12")),
    (forms.DecimalField, "invalid", _("{label}填写数字，如 18,000.00")),
    (forms.DateField, "invalid", _("{label}按 2026-11-18 的格式填写")),
    (forms.ChoiceField, "invalid_choice", _("从列出的选项中选择{label}")),
    (forms.ModelChoiceField, "invalid_choice", _("从列出的选项中选择{label}")),
    (forms.FileField, "empty", _("{label}是空文件，换一份再传")),
]


class Pin(Protocol):
    """A reviewer's words that stand beside one field of a returned form."""

    number: int
    text: str
    by: str


class PortalBoundField(BoundField):
    """A field with the class names of the vendored base and all its notes announced."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Add our class names to those the form author chose."""
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        name = next((name for kind, name in WIDGET_CLASSES if isinstance(widget, kind)), "")
        classes = [name, f"{name.split()[0]}--error" if name and self.errors else ""]
        if self.max_words:
            classes.append("govuk-js-character-count")
        classes.append(widget.attrs.get("class", ""))
        if joined := " ".join(filter(None, classes)):
            attrs["class"] = joined
        return attrs

    @property
    def aria_describedby(self) -> str | None:
        """Ids of the pin, the hint, the message and the counter, in the order they are read."""
        own = super().aria_describedby
        if own is None:
            return None
        pin = f"{self.auto_id}_pin" if self.pin else ""
        counter = f"{self.auto_id}-info" if self.max_words else ""
        return " ".join(filter(None, [pin, own, counter]))

    @property
    def pin(self) -> Pin | None:
        """The reviewer's words for this field, when the form was returned."""
        pins: Mapping[str, Pin] = getattr(self.form, "pins", {})
        return pins.get(self.name)

    @property
    def max_words(self) -> int | None:
        """Longest text in characters, for the counter under a text area."""
        if isinstance(self.field.widget, forms.Textarea):
            return getattr(self.field, "max_length", None)
        return None

    @property
    def kind(self) -> str:
        """Which part of ``components/field.html`` draws this field."""
        widget = self.field.widget
        if isinstance(widget, forms.CheckboxSelectMultiple):
            return "checkboxes"
        if isinstance(widget, forms.RadioSelect):
            return "radios"
        if isinstance(widget, forms.CheckboxInput):
            return "tick"
        if isinstance(widget, forms.FileInput):
            return "file"
        if isinstance(widget, MoneyInput):
            return "money"
        if isinstance(widget, forms.PasswordInput):
            return "password"
        return "counted" if self.max_words else "plain"

    @property
    def focus_id(self) -> str:
        """Id of the first box: groups of radios and ticks have none of their own."""
        return f"{self.auto_id}_0" if self.kind in {"radios", "checkboxes"} else self.auto_id


class PortalFormRenderer(TemplatesSetting):
    """Draw every field of every form with our template (setting ``FORM_RENDERER``)."""

    field_template_name = "components/field.html"
    bound_field_class = PortalBoundField


class MoneyInput(forms.TextInput):
    """A text box for yuan: never ``type=number``, which drops digits and changes on a scroll."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})


class MoneyField(forms.DecimalField):
    """Yuan with two places, read by `money.parse_yuan`: "1,5" and "1e5" are asked about, not guessed."""

    widget = MoneyInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 14, "decimal_places": 2, "min_value": 0, **kwargs})

    def to_python(self, value: Any) -> Any:
        """What people type or paste, as an amount; None for an empty box."""
        if not isinstance(value, str):
            return super().to_python(value)
        try:
            return parse_yuan(value) if value.strip() else None
        except NoAmount:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
        except ValueError as error:
            raise forms.ValidationError(str(error), code="invalid") from None


def say_what_to_do(field: forms.Field, label: Any) -> None:
    """Replace Django's stock messages by words that name the field and the act.

    Messages that the author of the field chose stay.
    """
    required = forms.Field.default_error_messages["required"]
    for code, message in field.error_messages.items():
        if message is required:
            words = next(words for kind, words in REQUIRED if isinstance(field.widget, kind))
            field.error_messages[code] = format_lazy(words, label=label)
        for kind, stock, words in STOCK:
            if code == stock and message is kind.default_error_messages[stock]:
                field.error_messages[code] = format_lazy(words, label=label)


class _PortalBase(forms.BaseForm):
    """What a plain form and a model form of the portal have in common.

    ``pins`` maps field names to the reviewer's words when a case came back.
    """

    use_required_attribute = False
    pins: Mapping[str, Pin] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for name, field in self.fields.items():
            say_what_to_do(field, field.label or name)

    @property
    def error_summary(self) -> list[tuple[str, str]]:
        """Pairs of (id to jump to, message) in the order of the page; empty when all is well."""
        general = [("main", str(message)) for message in self.non_field_errors()]
        return general + [
            (getattr(bound, "focus_id", bound.auto_id), str(bound.errors[0])) for bound in self if bound.errors
        ]


class PortalForm(_PortalBase, forms.Form):
    """Base of every form that is not tied to one model."""


class PortalModelForm(_PortalBase, forms.ModelForm):  # type: ignore[type-arg]
    """Base of the few forms that edit one model row."""


def render_form(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    form: forms.BaseForm,
    status: int | None = None,
) -> HttpResponse:
    """Render a page with a form: 422 and the title prefix 错误： when the form did not pass.

    ``status`` overrides the code, as for an error that the service found (422) on a valid form.
    """
    invalid = form.is_bound and bool(form.errors)
    values = {"form": form, "title_prefix": _("错误：") if invalid else "", **(context or {})}
    return render(request, template, values, status=status or (422 if invalid else 200))
