"""A scheme whose vouchers bring their quota, whose contracts are listed one by one, and that wants a signed paper."""

from decimal import Decimal
from io import BytesIO
from typing import Any

from accounts.models import Organization, User
from innovation_voucher.casework.models import Office
from innovation_voucher.lib.tests import files
from innovation_voucher.tests import cast
from redemption import services
from redemption.models import ContractPaper, Redemption
from redemption.tests import factories
from vouchers.models import Programme, ProgrammeVersion, Voucher
from vouchers.services.publishing import publish
from vouchers.tests import factories as quota, per_order

MEGABYTE = 1024 * 1024
RULES: dict[str, Any] = {
    **per_order.RULES,
    "use_chain": "",
    "amount_base": "effective_or_invoices",
    "payment_check": "one_receipt",
    "invoice_fields": ["name", "code", "number", "amount"],
    "orders_per_invoice": 1,
    "paper_copy": True,
    "publicity_days": 0,
}


def make_programme(**changes: Any) -> Programme:
    """Open; scans of contracts are PDFs smaller than 5 MB."""
    programme = factories.make_programme(**{**RULES, **changes})
    version = ProgrammeVersion.objects.create(
        programme=programme,
        number=2,
        effective_from=programme.opens_on,
        **{**quota.INSTANT, **factories.ASKING, **RULES, **changes},
    )
    version.evidencerows.create(
        stage="redemption",
        key="signed_contract",
        label="合同扫描件",
        formats=["pdf", "docx"],
        max_bytes=5 * MEGABYTE,
        strict=True,
    )
    publish(version, by=None)
    programme.refresh_from_db()
    return programme


def make_voucher(programme: Programme | None = None, contract: int | str = "9099") -> Voucher:
    """A confirmed voucher on an accepted order."""
    voucher = per_order.ask(cast.make_organization(), programme or make_programme(), contract)
    factories.make_order(voucher)
    return Voucher.objects.get(pk=voucher.pk)


def add_contract(
    voucher: Voucher, amount: int | str = "9099", name: str = "技术服务合同", **changes: Any
) -> ContractPaper:
    """A contract with its scan."""
    values = {"picture": (f"{name}.pdf", BytesIO(files.pdf())), "by": factories.payee_of(voucher), **changes}
    facts = services.ContractFacts(name=name, amount=Decimal(amount))
    return services.add_contract(voucher, facts=facts, **values)


def add_rest(voucher: Voucher, amount: int | str = "9099") -> None:
    """An invoice of so many yuan and a receipt of one."""
    by = factories.payee_of(voucher)
    number = factories.invoice_number()
    facts = services.InvoiceFacts(number=number, name="检测服务", amount=Decimal(amount))
    services.add_invoice(voucher, by=by, facts=facts)
    services.add_receipt(voucher, by=by, amount=Decimal(1), paid_on=None)


def submitted(programme: Programme | None = None, contract: int | str = "9099") -> Redemption:
    """Handed in with everything."""
    voucher = make_voucher(programme, contract)
    add_contract(voucher, contract)
    add_rest(voucher, contract)
    return services.submit_voucher(voucher, by=factories.payee_of(voucher))


def district(organization: Organization | None = None) -> User:
    """A person of the accepting bureau."""
    return cast.make_officer(cast.COUNTY, "review_redemption", "view_cases")


def office_of(person: User) -> Office:
    return Office.objects.get(group__user=person)
