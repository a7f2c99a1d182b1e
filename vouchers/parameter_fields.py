"""The field that asks for a parameter: radios, selects and lines of text instead of codes and JSON."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from innovation_voucher.casework.models import Chain
from innovation_voucher.casework.statuses import Text
from innovation_voucher.lib.forms import MoneyField
from innovation_voucher.lib.money import YuanField

from .models.parameters import Parameters, PoolScope
from .parameter_help import HELP
from .plain_fields import SharesField, TiersField, WordsField

CHAINS = ("claim_chain", "use_chain", "redemption_chain")
NOT_SET: Text = _("不设")
#: More choices than this stand in a select.
_RADIOS = 4

INVOICE_FIELDS: dict[str, Any] = {
    "name": _("发票名称"),
    "code": _("发票代码"),
    "number": _("发票号码"),
    "date": _("开票日期"),
    "amount": _("金额"),
    "image": _("影像"),
}


def columns() -> dict[str, "models.Field[Any, Any]"]:
    """Every parameter with its column."""
    return {field.name: field for field in Parameters._meta.local_fields}


def labels() -> dict[str, Text]:
    """What every parameter is called, without the hint that some columns carry behind a comma."""
    return {name: str(field.verbose_name).split("，")[0] for name, field in columns().items()}


def numbers() -> dict[str, Text]:
    """What the parameters are called that are numbers: only these can have a least and a most."""
    kinds = (YuanField, models.DecimalField, models.PositiveSmallIntegerField)
    return {name: label for name, label in labels().items() if isinstance(columns()[name], kinds)}


class YesNoField(forms.TypedChoiceField):
    """Yes, no, or not set."""

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class TicksField(forms.MultipleChoiceField):
    """Ticks, kept as a list; none of them is not set."""

    def clean(self, value: Any) -> Any:
        return super().clean(value) or None


def parameter_field(name: str, *, not_set: Text = NOT_SET, help_text: Text = "") -> forms.Field:
    """The field of a parameter; `not_set` names the empty choice. Nothing is required."""
    column = columns()[name]
    said = {"label": labels()[name], "required": False, "help_text": help_text or HELP[name]}
    if name in _SPECIAL:
        return _SPECIAL[name](**said)
    if name in CHAINS:
        return _chosen(lambda: [("", not_set), *Chain.objects.order_by("key").values_list("key", "name")], **said)
    if column.choices:
        return _chosen([("", not_set), *column.choices], **said)
    if isinstance(column, models.BooleanField):
        return _yes_no(not_set, **said)
    if isinstance(column, YuanField):
        return MoneyField(**said)
    return _plain(column, **said)


def _chosen(choices: Any, **said: Any) -> forms.Field:
    few = not callable(choices) and len(choices) <= _RADIOS + 1
    widget: type[forms.Widget] = forms.RadioSelect if few else forms.Select
    return forms.TypedChoiceField(choices=choices, empty_value=None, widget=widget, **said)


def _yes_no(not_set: Text, **said: Any) -> forms.Field:
    choices = [("", not_set), ("yes", _("是")), ("no", _("否"))]
    return YesNoField(
        choices=choices, coerce=lambda text: text == "yes", empty_value=None, widget=forms.RadioSelect, **said
    )


def _plain(column: "models.Field[Any, Any]", **said: Any) -> forms.Field:
    more = next((said for kind, said in _MORE.items() if isinstance(column, kind)), {})
    build: Callable[..., forms.Field] = column.formfield  # type: ignore[assignment]
    return build(**said, **more)


#: What a column's own field must be told; a small integer alone would take what its column cannot hold.
_MORE: dict[type, dict[str, Any]] = {
    models.URLField: {"assume_scheme": "https"},
    models.PositiveSmallIntegerField: {"max_value": 32_767},
}


def _shares(**said: Any) -> forms.Field:
    return SharesField(labels={key: label for key, label in PoolScope.choices if key != PoolScope.NONE}, **said)


def _ticks(**said: Any) -> forms.Field:
    return TicksField(choices=list(INVOICE_FIELDS.items()), widget=forms.CheckboxSelectMultiple, **said)


_SPECIAL: dict[str, Callable[..., forms.Field]] = {
    "eligible_classes": WordsField,
    "excluded_categories": WordsField,
    "subsidy_tiers": TiersField,
    "cost_share": _shares,
    "invoice_fields": _ticks,
}
