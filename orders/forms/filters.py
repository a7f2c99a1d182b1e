"""What narrows a list of orders; every field may stay empty."""

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy

from innovation_voucher.lib.forms import PortalForm

from ..models import Order

_OTHERS = {"carrier": gettext_lazy("服务机构"), "organization": gettext_lazy("企业")}


class OrderFilters(PortalForm):
    """Words, the other side, the state, the days of placing."""

    q = forms.CharField(label=gettext_lazy("订单编号、服务或名称"), required=False, max_length=60)
    other = forms.CharField(required=False, max_length=60)
    status = forms.ChoiceField(
        label=gettext_lazy("订单状态"), required=False, choices=[("", gettext_lazy("全部")), *Order.State.choices]
    )
    since = forms.DateField(label=gettext_lazy("下单日期从"), required=False)
    until = forms.DateField(label=gettext_lazy("下单日期到"), required=False)
    view = forms.CharField(widget=forms.HiddenInput, required=False)
    kind = forms.CharField(widget=forms.HiddenInput, required=False)

    _LOOKUPS: ClassVar = {"status": "status", "since": "placed_at__date__gte", "until": "placed_at__date__lte"}
    _CHIPS: ClassVar = ("q", "other", *_LOOKUPS)

    def __init__(self, data: Any, *, other: str, view: str, kind: str) -> None:
        super().__init__({**data.dict(), "view": view, "kind": kind})
        self.fields["other"].label = _OTHERS[other]
        self._other = other
        self.is_valid()

    @property
    def condition(self) -> Q:
        """What the well-filled fields ask."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        found = Q(**{lookup: given[name] for name, lookup in self._LOOKUPS.items() if name in given})
        if "q" in given:
            names = ("number", "title", f"{self._other}__name")
            found &= reduce(or_, (Q(**{f"{name}__icontains": given["q"]}) for name in names))
        if "other" in given:
            found &= Q(**{f"{self._other}__name__icontains": given["other"]})
        return found

    @property
    def in_use(self) -> Iterator[tuple[str, str]]:
        """Names of the filters in use, with the words of their chips."""
        for name in self._CHIPS:
            value = self.cleaned_data.get(name)
            if value not in (None, ""):
                words = Order.State(value).label if name == "status" else value
                yield name, f"{self.fields[name].label}：{words}"
