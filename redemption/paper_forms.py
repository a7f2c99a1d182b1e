"""Forms of the papers: invoices, receipts, files, and what is written beside them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from innovation_voucher.lib.forms import MoneyField, PortalForm, say_what_to_do
from innovation_voucher.lib.identifiers import clean_invoice
from innovation_voucher.lib.money import CENT
from orders.forms.rows import PREFIX, RowsForm, field_for
from vouchers.forms import evidence_field
from vouchers.phone_forms import Phones
from vouchers.policy import EvidenceSpec, FieldSpec, Policy

from . import asked
from .models import Pick


def _later(box: forms.Field, *, needed: bool) -> forms.Field:
    """A box that may stay empty in a draft; it is not called optional where it is asked for in the end."""
    vars(box)["later"] = needed
    return box


class PictureForm(PortalForm):
    """A paper that may come with its picture; `row` is the scheme's evidence row for it."""

    image = forms.FileField(label=_("图片或扫描件"), required=False)

    def __init__(self, *args: Any, row: EvidenceSpec | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if row is None:
            del self.fields["image"]
            return
        box = _later(evidence_field(row), needed=row.minimum > 0)
        box.label = _("图片或扫描件")
        say_what_to_do(box, box.label)
        self.fields["image"] = box

    @property
    def picture(self) -> tuple[str, Any] | None:
        """Name and content of what was uploaded."""
        given = self.cleaned_data.get("image")
        return (given.name, given) if given else None


class InvoiceForm(PictureForm):
    """One invoice; which boxes are shown follows what the policy asks for."""

    name = forms.CharField(label=_("发票名称"), max_length=100, help_text=_("发票上的货物或服务名称"))
    code = forms.CharField(label=_("发票代码"), max_length=12, required=False, help_text=_("数电票没有代码，留空"))
    number = forms.CharField(label=_("发票号码"), max_length=24, help_text=_("8 位，或数电票 20 位"))
    issued_on = forms.DateField(label=_("开票日期"), help_text=_("如 2026-11-18"))
    amount = MoneyField(label=_("发票金额"), min_value=CENT, help_text=_("含税金额"))
    field_order = ("name", "code", "number", "issued_on", "amount", "image")

    def __init__(self, *args: Any, wanted: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, key in (("name", "name"), ("issued_on", "date"), ("amount", "amount")):
            if key not in wanted:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Code and number fit each other."""
        data = super().clean() or {}
        if "number" in data:
            try:
                data["code"], data["number"] = clean_invoice(data.get("code", ""), data["number"])
            except ValueError as error:
                self.add_error("number", str(error))
        return data


class ReceiptForm(PictureForm):
    """One bank receipt."""

    amount = MoneyField(label=_("回单金额"), min_value=CENT)
    paid_on = forms.DateField(label=_("付款日期"), required=False, help_text=_("如 2026-11-18"))
    field_order = ("amount", "paid_on", "image")


class ContractForm(PictureForm):
    """One signed contract and the part of it that is asked for."""

    name = forms.CharField(label=_("合同名称"), max_length=100)
    amount = MoneyField(label=_("申请兑付合同有效金额"), min_value=CENT, help_text=_("这份合同中申请补贴的部分"))
    field_order = ("name", "amount", "image")


class FileForm(PortalForm):
    """One file for one evidence row."""

    file = forms.FileField(label=_("文件"))

    def __init__(self, *args: Any, row: EvidenceSpec, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        box = evidence_field(row)
        box.required = True
        say_what_to_do(box, row.label)
        self.fields["file"] = box


class FactsForm(RowsForm):
    """What the scheme asks to be written, kept as a draft: nothing is required before it is handed in.

    `contract`: the row for the amount of the contract, where it is asked for. `kept` are the answers
    so far: what is secret among them never comes back, and stays until another is typed.
    """

    contract_amount = MoneyField(label=_("合同金额"), min_value=CENT, required=False)

    def __init__(self, *args: Any, contract: FieldSpec | None, kept: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._take_over(kept)
        if contract is None:
            del self.fields["contract_amount"]
            return
        box = _later(self.fields["contract_amount"], needed=contract.required)
        box.label, box.help_text = contract.label, contract.help
        say_what_to_do(box, contract.label)

    def row_field(self, row: FieldSpec) -> forms.Field:
        """A box that may stay empty in a draft."""
        return _later(field_for(row, required=False), needed=row.required)

    def _take_over(self, kept: Mapping[str, Any]) -> None:
        for row in self.specs:
            name = f"{PREFIX}{row.key}"
            if not row.is_secret:
                self.initial[name] = kept.get(row.key, "")
            elif kept.get(row.key):
                self.fields[name].help_text = _("已保存，不填则不变")

    @property
    def written(self) -> dict[str, Any]:
        """What is kept now: an emptied box empties its answer, unless that is secret."""
        return {**{row.key: "" for row in self.specs if not row.is_secret}, **self.answers}

    def close(self, keys: set[str]) -> None:
        """Lock what may not be written now; `keys` may."""
        for name, field in self.fields.items():
            field.disabled = self.codes.get(name, name).removeprefix(PREFIX) not in keys


def facts_form(
    policy: Policy,
    data: Any = None,
    *,
    phones: Phones | None = None,
    kept: Mapping[str, Any],
    amount: Decimal | None = None,
    single: bool,
) -> FactsForm | None:
    """The form of what is written for one order (`single`), or for all that a draft gathers; None = nothing is.

    `amount` is what the contract comes to so far, yuan.
    """
    rows = asked.rows(policy) if single != asked.gathers(policy) else ()
    contract = asked.contract_row(policy) if single else None
    if not rows and contract is None:
        return None
    initial = {"contract_amount": amount}
    return FactsForm(data, phones=phones, prefix=asked.FACTS, rows=rows, contract=contract, kept=kept, initial=initial)


class AmountsForm(PortalForm):
    """What orders cost whose price nobody settled, by their place in the draft."""

    def __init__(self, *args: Any, picks: Sequence[Pick], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for pick in picks:
            label = _("%(title)s（%(number)s）的服务金额") % {"title": pick.order.title, "number": pick.order.number}
            box = MoneyField(label=label, min_value=CENT, required=False, initial=pick.contract_amount)
            say_what_to_do(box, label)
            self.fields[str(pick.pk)] = _later(box, needed=True)

    @property
    def amounts(self) -> dict[int, Decimal]:
        """What was entered, by pick id, yuan."""
        return {int(key): amount for key, amount in self.cleaned_data.items() if amount is not None}
