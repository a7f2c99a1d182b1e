"""Forms: the fields that a policy names, the claim, the end of vouchers."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework.models import Region
from innovation_voucher.casework.statuses import Text
from innovation_voucher.lib import identifiers
from innovation_voucher.lib.crypto import encrypt
from innovation_voucher.lib.forms import MoneyField, PortalForm
from innovation_voucher.lib.uploads.refusal import size_text

from .parameter_checks import problems_of
from .phone_forms import ConfirmingForm
from .phones import phone_rows
from .policy import EvidenceSpec, FieldSpec

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_SHORT, _LONG = 100, 1000


class CheckedField(forms.CharField):
    """A text that one function cleans or refuses with its sentence."""

    def __init__(self, *, check: Callable[[str], str], **kwargs: Any) -> None:
        self.check = check
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return text
        try:
            return self.check(text)
        except ValueError as error:
            raise ValidationError(str(error)) from None


def clean_month(text: str) -> str:
    """A month as 2026-08; also takes 2026/8 and 2026.8."""
    parts = re.split(r"[-/.年月]", text.strip())
    found = _MONTH.fullmatch(f"{parts[0]}-{parts[1]:0>2}" if len(parts) > 1 else text)
    if not found:
        raise ValueError(_("年月写成 2026-08"))
    return found[0]


def clean_region(text: str) -> str:
    """The code of a region that exists."""
    if not Region.objects.filter(code=text).exists():
        raise ValueError(_("从列表中选择地区"))
    return text


def _text(spec: FieldSpec, **kwargs: Any) -> forms.Field:
    return forms.CharField(max_length=spec.max_length or _SHORT, **kwargs)


def _long_text(spec: FieldSpec, **kwargs: Any) -> forms.Field:
    return forms.CharField(max_length=spec.max_length or _LONG, widget=forms.Textarea({"rows": 5}), **kwargs)


def _choice(spec: FieldSpec, **kwargs: Any) -> forms.Field:
    return forms.ChoiceField(choices=spec.choices, widget=forms.RadioSelect, **kwargs)


def _date(_spec: FieldSpec, **kwargs: Any) -> forms.Field:
    return forms.DateField(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **kwargs)


def _plain(field: Callable[..., forms.Field], _spec: FieldSpec, **kwargs: Any) -> forms.Field:
    return field(**kwargs)


#: Type of a row -> the field that asks for it.
BUILDERS: dict[str, Callable[..., forms.Field]] = {
    "text": _text,
    "long_text": _long_text,
    "integer": partial(_plain, partial(forms.IntegerField, min_value=0)),
    "yuan": partial(_plain, MoneyField),
    "date": _date,
    "month": partial(_plain, partial(CheckedField, check=clean_month)),
    "choice": _choice,
    "region": partial(_plain, partial(CheckedField, check=clean_region)),
    "phone": partial(_plain, partial(CheckedField, check=identifiers.clean_mobile)),
    "credit_code": partial(_plain, partial(CheckedField, check=identifiers.clean_uscc)),
    "secret": _text,
    "person_id": partial(_plain, partial(CheckedField, check=identifiers.clean_resident_id)),
}


class AnswersForm(ConfirmingForm):
    """A form whose fields a policy names; `answers` is what is stored."""

    specs: tuple[FieldSpec, ...] = ()

    @property
    def phone_names(self) -> Iterable[str]:
        return [row.key for row in phone_rows(self.specs)]

    @property
    def answers(self) -> dict[str, Any]:
        """The cleaned values as plain JSON: amounts and days as texts, ID numbers encrypted."""
        return {spec.key: _stored(spec, self.cleaned_data.get(spec.key)) for spec in self.specs}


def _stored(spec: FieldSpec, value: Any) -> Any:
    if spec.is_secret and value:
        return encrypt(value)
    if isinstance(value, Decimal | date):
        return str(value)
    return value


def answers_form(
    specs: Iterable[FieldSpec], *, base: type[AnswersForm] = AnswersForm, prefill: Mapping[str, Any] | None = None
) -> type[AnswersForm]:
    """A form class with one typed field per row, behind the fields of `base`.

    `prefill` holds the values that rows name as their source, such as {"organization.name": "…"}.
    """
    rows = tuple(specs)
    known = prefill or {}
    fields = {
        spec.key: BUILDERS[spec.type](
            spec,
            label=spec.label,
            required=spec.required,
            help_text=spec.help,
            initial=known.get(spec.prefill),
        )
        for spec in rows
    }
    return type("PolicyForm", (base,), {**fields, "specs": rows})


def evidence_field(row: EvidenceSpec) -> forms.FileField:
    """The box for one more file of an evidence row."""
    suffixes = ",".join(f".{name}" for name in (*row.formats, *(("jpeg",) if "jpg" in row.formats else ())))
    widget = forms.FileInput(attrs={"accept": suffixes})
    return forms.FileField(label=row.label, required=False, widget=widget, help_text=evidence_hint(row))


def evidence_hint(row: EvidenceSpec) -> str:
    """Formats, size and number of a row in one line."""
    limits = {"formats": "、".join(row.formats), "size": size_text(row.max_bytes)}
    size = _("%(formats)s，每份小于 %(size)s") if row.strict else _("%(formats)s，每份不超过 %(size)s")
    words = [size % limits]
    if row.maximum is not None:
        words.append(_("最多 %(n)d 份") % {"n": row.maximum})
    return "；".join([*words, *filter(None, [row.help])])


class ParametersForm(forms.ModelForm):  # type: ignore[type-arg]
    """Rules in the admin: what could not be computed later is refused before it is published."""

    WORDS: Mapping[str, Text] = {
        "list": gettext_lazy("用逗号分开填写，如 a, b"),
        "tiers": gettext_lazy("从 0 元起，起点逐段增大，比例在 0 与 1 之间"),
        "month_day": gettext_lazy("按 月-日 填写，如 03-15"),
        "pattern": gettext_lazy("编号格式里有不认识的部分，如 {yyyy}-{seq4}"),
    }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, key in problems_of(cleaned):
            self.add_error(name, str(self.WORDS[key]))
        return cleaned


class EndForm(PortalForm):
    """Why vouchers end."""

    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("服务机构会看到"),
        error_messages={"required": gettext_lazy("写明作废的原因，例如合同金额填写有误")},
    )
