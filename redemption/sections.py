"""The parts of the papers page: one for each thing that a scheme asks for at the redemption."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from innovation_voucher.casework import attachments
from innovation_voucher.casework.models import Attachment, ReturnItem
from innovation_voucher.lib.forms import PortalForm
from innovation_voucher.lib.money import format_yuan

from . import asked, services
from .models import BankReceipt, ContractPaper, InvoiceAllocation
from .things import Thing, rules_of


@dataclass
class Row:
    """One thing that was given; `url` opens it, `pk` takes it back."""

    pk: int
    name: str
    meta: str = ""
    amount: str = ""
    url: str = ""


@dataclass
class Section:
    """One thing that is asked for; without `form` nothing can be changed now."""

    key: str
    label: str
    rows: list[Row]
    form: PortalForm | None
    button: str
    optional: bool = False
    most: int | None = None
    is_file: bool = False
    pins: Sequence[str] = field(default_factory=tuple)

    @property
    def is_full(self) -> bool:
        """Whether there are as many as may be: another takes the place of one that goes first."""
        return self.most is not None and len(self.rows) >= self.most

    @property
    def has_file(self) -> bool:
        """Whether the form sends a file."""
        return self.form is not None and self.form.is_multipart()


def sections_of(
    thing: Thing,
    papers: services.Papers,
    files: Iterable[Attachment],
    forms: Mapping[str, PortalForm],
    returned: Mapping[str, Sequence[ReturnItem]],
) -> list[Section]:
    """What the policy asks for, in the order of the page, with what was given.

    The files of a gathered redemption hang on it, not on its orders.
    """
    policy, kept = rules_of(thing), list(files)
    found = [
        Section(
            key=row.key,
            label=row.label,
            rows=[file_row(file) for file in kept if file.key == row.key],
            form=forms[row.key],
            button=_("上传%(what)s") % {"what": row.label},
            optional=not row.minimum,
            most=row.maximum,
            is_file=True,
        )
        for row in (() if asked.gathers(policy) else asked.file_rows(policy))
    ]
    if asked.itemizes(policy):
        rows = [_contract(paper) for paper in papers.contracts]
        found.append(Section(services.CONTRACTS, _("合同"), rows, forms[services.CONTRACTS], _("添加合同")))
    if policy.invoice_fields:
        rows = [_invoice(allocation) for allocation in papers.allocations]
        form = forms[services.INVOICES]
        found.append(Section(services.INVOICES, _("发票信息"), rows, form, _("添加发票")))
    if services.payment_check(policy, thing) != "none":
        rows = [_receipt(receipt, number) for number, receipt in enumerate(papers.receipts, 1)]
        form = forms[services.RECEIPTS]
        found.append(Section(services.RECEIPTS, _("银行回单"), rows, form, _("添加回单")))
    for section in found:
        section.pins = [item.words for item in returned.get(section.key, ())]
    return found


def file_row(file: Attachment) -> Row:
    shown = attachments.card(file)
    return Row(pk=file.pk, name=file.name, meta=shown["meta"], url=shown["url"])


def _invoice(allocation: InvoiceAllocation) -> Row:
    invoice = allocation.invoice
    number = f"{invoice.code} / {invoice.number}" if invoice.code else invoice.number
    day = invoice.issued_on.isoformat() if invoice.issued_on else ""
    amount = format_yuan(allocation.amount) if allocation.amount is not None else ""
    return Row(pk=invoice.pk, name=number, meta=day or invoice.name, amount=amount, url=_picture(invoice.image))


def _receipt(receipt: BankReceipt, number: int) -> Row:
    name = receipt.paid_on.isoformat() if receipt.paid_on else _("回单 %(n)s") % {"n": number}
    return Row(pk=receipt.pk, name=name, amount=format_yuan(receipt.amount), url=_picture(receipt.image))


def _contract(paper: ContractPaper) -> Row:
    return Row(pk=paper.pk, name=paper.name, amount=format_yuan(paper.amount), url=_picture(paper.image))


def _picture(file: Attachment | None) -> str:
    return attachments.card(file)["url"] if file is not None else ""
