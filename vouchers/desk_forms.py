"""Forms of the bureau's pages of vouchers: filters, and the reason of an act."""

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework import calendar
from innovation_voucher.lib.forms import MoneyField, PortalForm

_DAY_ERROR = {"invalid": gettext_lazy("日期写成 2026-01-31 的样子")}


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
        named = Q(organization_name__icontains=words) | Q(carrier_name__icontains=words)
        # Words of dashes alone are no code; every code starts with nothing.
        return found & (named | Q(code__startswith=code) if code else named)

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
