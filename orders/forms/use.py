"""The use of a voucher: the contract's facts, who redeems, the promise; and the search for offline use."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy

from innovation_voucher.casework import calendar
from innovation_voucher.lib.forms import MoneyField, PortalForm
from vouchers.forms import evidence_field
from vouchers.policy import EvidenceSpec

from ..services import Use
from .rows import PREFIX, RowsForm

REDEEMERS = {
    "carrier": gettext_lazy("服务机构（券额从应付服务费中抵扣）"),
    "enterprise": gettext_lazy("本企业（先付全款，兑付后补助到账）"),
}


#: Fields that are only asked where a signed contract is looked at.
CONTRACT_ONLY = ("contract_name", "contract_number", "contract_date")


class UseForm(RowsForm):
    """`redeemers` are the keys that the scheme lets choose from; one alone is fixed.

    `asks_amount`: the enterprise says how much it wants to use, and the reviewer sets the amount.
    `asks_contract`: a signed contract is looked at; without one its name is `title`.
    """

    title = ""

    contract_name = forms.CharField(label=gettext_lazy("合同名称"), max_length=100)
    contract_number = forms.CharField(
        label=gettext_lazy("合同编号"), max_length=60, help_text=gettext_lazy("合同首页右上角")
    )
    contract_date = forms.DateField(label=gettext_lazy("签订日期"), help_text=gettext_lazy("如 2026-11-18"))
    contract_amount = MoneyField(
        label=gettext_lazy("合同金额"),
        help_text=gettext_lazy("含税总价，与合同首页一致"),
        min_value=Decimal("0.01"),
        error_messages={"min_value": gettext_lazy("合同金额要大于 0 元")},
    )
    amount = MoneyField(
        label=gettext_lazy("申请使用金额"),
        help_text=gettext_lazy("不超过可用额度和合同金额；科技局在此金额内核定"),
        min_value=Decimal("0.01"),
        error_messages={"min_value": gettext_lazy("申请使用金额要大于 0 元")},
    )
    redeemer = forms.ChoiceField(label=gettext_lazy("由谁申请兑付"), widget=forms.RadioSelect)
    promise = forms.BooleanField(
        label=gettext_lazy("本单位承诺合同真实，双方无关联关系，同一费用没有享受其他补助"),
        error_messages={"required": gettext_lazy("勾选承诺后才能继续")},
    )

    def __init__(
        self,
        *args: Any,
        redeemers: Iterable[str],
        asks_amount: bool = False,
        asks_contract: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in (*(() if asks_amount else ("amount",)), *(() if asks_contract else CONTRACT_ONLY)):
            del self.fields[name]
        self.redeemers = [(key, REDEEMERS[key]) for key in REDEEMERS if key in tuple(redeemers)]
        field = self.fields["redeemer"]
        if len(self.redeemers) == 1:
            # Nothing is asked, so whatever was posted or kept says nothing.
            self.fields["redeemer"] = forms.CharField(required=False)
        elif isinstance(field, forms.ChoiceField):
            field.choices = self.redeemers

    @property
    def fixed_redeemer(self) -> Any:
        """The words of the one who redeems where nothing can be chosen."""
        return self.redeemers[0][1] if len(self.redeemers) == 1 else ""

    def clean_redeemer(self) -> str:
        return self.redeemers[0][0] if len(self.redeemers) == 1 else str(self.cleaned_data["redeemer"])

    def clean_contract_date(self) -> Any:
        day = self.cleaned_data["contract_date"]
        if day > calendar.today():
            raise ValidationError(_("签订日期不能晚于今天"))
        return day

    @property
    def use(self) -> Use:
        """What was filled in, for the verb."""
        names = (*CONTRACT_ONLY, "contract_amount", "redeemer")
        known = {name: self.cleaned_data[name] for name in names if name in self.fields}
        amount = self.cleaned_data.get("amount")
        return Use(**{"contract_name": self.title, **known}, amount=amount, answers=self.answers)

    def reopen(self, asked: Mapping[str, Sequence[str]], keys: frozenset[str] | None) -> None:
        """Pin the reviewer's words to their boxes, and close what need not be mended.

        A closed box says what it said; whatever is posted for it counts for nothing.
        """
        for name, box in self.fields.items():
            key = name.removeprefix(PREFIX)
            setattr(box, "pins", asked.get(key, ()))  # noqa: B010  the type of a field knows no pins
            if keys is not None and key not in keys and name != "promise":
                box.disabled = True


class EvidenceForm(PortalForm):
    """The box of one evidence row, named by its key."""

    def __init__(self, row: EvidenceSpec, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=row.key, **kwargs)
        self.fields["file"] = evidence_field(row)


class FindForm(PortalForm):
    """Search among carriers and services that the region recognizes."""

    q = forms.CharField(
        label=gettext_lazy("服务机构或服务项目"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("机构名称、服务名称中的几个字"),
    )
