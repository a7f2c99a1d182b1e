"""Forms: the fields that a policy names, the claim, the end of vouchers."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework import calendar
from innovation_voucher.casework.models import Region
from innovation_voucher.casework.statuses import Text
from innovation_voucher.lib import identifiers
from innovation_voucher.lib.crypto import encrypt
from innovation_voucher.lib.forms import MoneyField, PortalForm

from .parameter_checks import problems_of
from .policy import FieldSpec

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_SHORT, _LONG = 100, 1000
_DAY_ERROR = {"invalid": gettext_lazy("日期写成 2026-01-31 的样子")}


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
    "person_id": partial(_plain, partial(CheckedField, check=identifiers.clean_resident_id)),
}


class AnswersForm(PortalForm):
    """A form whose fields a policy names; `answers` is what is stored."""

    specs: tuple[FieldSpec, ...] = ()

    @property
    def answers(self) -> dict[str, Any]:
        """The cleaned values as plain JSON: amounts and days as texts, ID numbers encrypted."""
        return {spec.key: _stored(spec, self.cleaned_data.get(spec.key)) for spec in self.specs}


def _stored(spec: FieldSpec, value: Any) -> Any:
    if spec.type == "person_id" and value:
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


class ClaimForm(AnswersForm):
    """How much, and the promise; the region follows the verification and is no field."""

    amount = MoneyField(
        label=gettext_lazy("申领金额"),
        widget=MoneyField.widget({"class": "govuk-input--width-10"}),
        error_messages={"required": gettext_lazy("填写申领金额，单位为元")},
    )
    agree = forms.BooleanField(
        label=gettext_lazy("本单位承诺所填信息真实，并按规定使用创新券"),
        error_messages={"required": gettext_lazy("提交前需勾选承诺")},
    )


class ParametersForm(forms.ModelForm):  # type: ignore[type-arg]
    """Rules in the admin: what could not be computed later is refused before it is published."""

    WORDS: Mapping[str, Text] = {
        "list": gettext_lazy('填写文字的列表，如 ["a", "b"]'),
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


class ControlForm(PortalForm):
    """Why the bureau ends, freezes or frees something."""

    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=200,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("企业和服务机构都会看到"),
        error_messages={"required": gettext_lazy("写明原因，企业和服务机构都会看到")},
    )


class FreezeForm(ControlForm):
    """Why, and until when."""

    until = forms.DateField(
        label=gettext_lazy("冻结至"),
        required=False,
        help_text=gettext_lazy("如 2026-12-31，当天仍冻结，次日自动恢复；不填则一直冻结到解除"),
        error_messages={"invalid": gettext_lazy("日期写成 2026-12-31 的样子")},
    )

    def clean_until(self) -> date | None:
        day: date | None = self.cleaned_data["until"]
        if day and day < calendar.today():
            raise ValidationError(_("冻结截止日不能早于今天"))
        return day


class VoucherFilters(PortalForm):
    """What narrows the bureau's list of vouchers; every field may stay empty."""

    q = forms.CharField(label=gettext_lazy("券号、企业或机构"), required=False, max_length=60)
    since = forms.DateField(label=gettext_lazy("申请日期从"), required=False, error_messages=_DAY_ERROR)
    until = forms.DateField(label=gettext_lazy("申请日期到"), required=False, error_messages=_DAY_ERROR)
    least = MoneyField(label=gettext_lazy("券额不低于（元）"), required=False)
    sort = forms.ChoiceField(
        label=gettext_lazy("排序"),
        required=False,
        choices=(
            ("", gettext_lazy("新的在前")),
            ("oldest", gettext_lazy("早的在前")),
            ("amount", gettext_lazy("券额大的在前")),
            ("ending", gettext_lazy("先到期的在前")),
        ),
    )
    _LOOKUPS: ClassVar = {
        "since": "requested_at__date__gte",
        "until": "requested_at__date__lte",
        "least": "amount__gte",
    }
    _ORDERS: ClassVar = {"oldest": ("id",), "amount": ("-amount", "-id"), "ending": ("valid_until", "-id")}

    def __init__(self, data: Any, *, view: str = "") -> None:
        super().__init__(data)
        if view:
            self.fields["view"] = forms.CharField(widget=forms.HiddenInput, required=False)
        self.is_valid()

    @property
    def condition(self) -> Q:
        """What the well-filled fields ask."""
        given = self.cleaned_data
        found = Q(**{lookup: given[name] for name, lookup in self._LOOKUPS.items() if given.get(name) is not None})
        words = given.get("q")
        if not words:
            return found
        code = words.upper().replace("-", "").replace(" ", "")
        return found & (
            Q(code__startswith=code) | Q(organization_name__icontains=words) | Q(carrier_name__icontains=words)
        )

    @property
    def ordering(self) -> tuple[str, ...]:
        """The columns of the order that was asked for."""
        return self._ORDERS.get(self.cleaned_data.get("sort", ""), ("-id",))

    @property
    def in_use(self) -> Iterator[tuple[str, str]]:
        """Names of the filters in use, with the words of their chips."""
        for name in ("q", *self._LOOKUPS):
            value = self.cleaned_data.get(name)
            if value not in (None, ""):
                yield name, f"{self.fields[name].label}：{value}"
