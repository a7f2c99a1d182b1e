"""快速兑付: one carrier was chosen; the type of service, what it cost and what was done."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from carriers.models import Category
from innovation_voucher.lib.forms import MoneyField, PortalForm
from innovation_voucher.lib.identifiers import clean_mobile
from vouchers.forms import CheckedField


class CarrierForm(PortalForm):
    """Search among carriers that the region has registered."""

    q = forms.CharField(
        label=gettext_lazy("服务机构"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("机构名称中的几个字"),
    )


class QuickForm(PortalForm):
    """`categories` are those of the third level, with the two above them."""

    category = forms.ChoiceField(
        label=gettext_lazy("服务类型"),
        help_text=gettext_lazy("选到第三级；一次只选一个类型"),
        error_messages={"required": gettext_lazy("选择服务类型")},
    )
    amount = MoneyField(
        label=gettext_lazy("服务金额"),
        min_value=Decimal("0.01"),
        help_text=gettext_lazy("含税总价，与合同和发票一致"),
        error_messages={"min_value": gettext_lazy("服务金额要大于 0 元")},
    )
    need = forms.CharField(
        label=gettext_lazy("服务内容"),
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("机构做了什么、交付了什么"),
    )
    contact_name = forms.CharField(
        label=gettext_lazy("经办人"), max_length=50, widget=forms.TextInput({"autocomplete": "name"})
    )
    contact_phone = CheckedField(
        check=clean_mobile,
        label=gettext_lazy("手机号"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )

    def __init__(self, *args: Any, categories: Iterable[Category], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.categories = {category.code: category for category in categories}
        field = self.fields["category"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "—"), *_grouped(self.categories.values())]

    def clean_category(self) -> Category:
        return self.categories[self.cleaned_data["category"]]


def _grouped(categories: Iterable[Category]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Options under the two levels above them."""

    def above(category: Category) -> str:
        return " / ".join(node.name for node in category.trail[:-1])

    return [
        (name, [(category.code, category.name) for category in members])
        for name, members in groupby(categories, key=above)
    ]
