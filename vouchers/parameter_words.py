"""What a parameter's value reads like: choices by their labels, tiers, shares and amounts in words."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework import memo
from innovation_voucher.casework.models import Chain
from innovation_voucher.lib.money import YuanField

from .models import ClassRow
from .models.parameters import PoolScope
from .parameter_fields import CHAINS, INVOICE_FIELDS, columns
from .policy import plain, rate_words

NOTHING = "—"
_KINDS = {"any": gettext_lazy("各类企业"), "individual": gettext_lazy("创业者")}


def value_words(name: str, value: Any) -> str:
    """The value of a parameter as people read it; a dash for what is not set. Chains cost one query a request."""
    column = columns()[name]
    if value is None or value == "":
        return NOTHING
    if name in _SPECIAL:
        return _SPECIAL[name](value)
    if name in CHAINS:
        return _chain(value)
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(column, models.BooleanField):
        return _("是") if value else _("否")
    return _("%s 元") % plain(value) if isinstance(column, YuanField) else str(value)


def _chain(key: str) -> str:
    names: dict[str, str] = memo.asked("chain names", lambda: dict(Chain.objects.values_list("key", "name")))
    return names.get(key, key)


def _tiers(tiers: Iterable[Any]) -> str:
    steps = ((plain(Decimal(str(start))), rate_words(Decimal(str(rate)))) for start, rate in tiers)
    return "；".join(_("%(start)s 元起 %(rate)s") % {"start": start, "rate": rate} for start, rate in steps) or NOTHING


def _shares(shares: Iterable[Any]) -> str:
    known = dict(PoolScope.choices)
    return "；".join(f"{known.get(key, key)} {rate_words(Decimal(str(rate)))}" for key, rate in shares) or NOTHING


def _listed(words: Iterable[Any]) -> str:
    return "、".join(map(str, words)) or NOTHING


def _classes(keys: Iterable[str]) -> str:
    """Classes that come with the kind of organization by their own words, the others as the schemes name them."""
    return "、".join(str(_KINDS.get(key) or _class_names().get(key, key)) for key in keys) or NOTHING


def _class_names() -> dict[str, str]:
    names: dict[str, str] = memo.asked("class names", lambda: dict(ClassRow.objects.values_list("key", "label")))
    return names


def _invoice_fields(keys: Iterable[str]) -> str:
    return "、".join(str(INVOICE_FIELDS.get(key, key)) for key in keys) or NOTHING


def _rate(rate: Decimal) -> str:
    return rate_words(Decimal(rate))


_SPECIAL: dict[str, Callable[[Any], str]] = {
    "subsidy_tiers": _tiers,
    "cost_share": _shares,
    "eligible_classes": _classes,
    "excluded_categories": _listed,
    "invoice_fields": _invoice_fields,
    "sample_rate": _rate,
}
