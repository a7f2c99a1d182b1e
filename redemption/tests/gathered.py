"""A scheme whose orders are redeemed together, each getting its voucher then."""

from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from accounts.models import Organization, User
from carriers.models import Carrier
from innovation_voucher.tests import cast
from orders.models import Order
from redemption import services
from redemption.models import Redemption
from redemption.services import drafts
from redemption.tests import factories
from redemption.things import handle
from vouchers.models import EvidenceRow, FieldRow, Programme, ProgrammeVersion
from vouchers.resolve import snapshot
from vouchers.services.publishing import publish
from vouchers.tests import factories as quota

_serial = count(1)
RULES: dict[str, Any] = {
    "subsidy_tiers": [["0", "0.5"]],
    "rounding_step": Decimal(1),
    "rounding_mode": "down",
    "amount_base": "orders_or_invoices",
    "hold_at": "redemption",
    "confirmation": "none",
    "redeemer": "enterprise",
    "redeem_from": "placed",
    "grouping": "per_window",
    "payment_check": "none",
    "invoice_fields": ["code", "number", "date", "amount"],
    "invoices_per_order": 1,
    "orders_per_invoice": None,
}
WORDS = {"effect": "缩短试制周期两周", "innovation": "自研夹具"}


def make_programme(*fields: tuple[str, str, str], **parameters: Any) -> Programme:
    """An open programme that gathers, asks for two texts of 200 characters and one attachment; and for `fields` (key,
    type, label).
    """
    programme = factories.make_programme(**{**RULES, **parameters})
    latest = programme.versions.latest("number")
    values = {name: getattr(latest, name) for name in latest.parameter_names()}
    version = ProgrammeVersion.objects.create(
        programme=programme, number=latest.number + 1, effective_from=latest.effective_from, **values
    )
    for key, label, required in (
        ("effect", "服务成效", True),
        ("innovation", "创新性", True),
        ("remark", "备注", False),
    ):
        FieldRow.objects.create(
            version=version,
            stage="redemption",
            key=key,
            label=label,
            type="long_text",
            required=required,
            max_length=200,
        )
    for field in fields:
        quota.add_field(version, *field, stage="redemption")
    EvidenceRow.objects.create(
        version=version, stage="redemption", key="attachment", label="附件", formats=["pdf", "png"], max_bytes=1_000_000
    )
    publish(version, by=None)
    programme.refresh_from_db()
    return programme


def make_order(
    organization: Organization,
    programme: Programme,
    *,
    amount: int | None = 3_000,
    carrier: Carrier | None = None,
    **values: Any,
) -> Order:
    """A placed order that gets its voucher when it is redeemed; quota is there."""
    if not organization.quota_accounts.filter(programme=programme).exists():
        quota.claim(organization, programme, 100_000)
    return Order.objects.create(
        number=f"DD-G-{next(_serial):06d}",
        organization=organization,
        region=organization.bureau,
        carrier=carrier or quota.make_carrier(),
        programme=programme,
        snapshot=snapshot(programme, organization.region),
        title="电子检测",
        category_name="检测",
        contact_name="周甲",
        contact_phone="+8619900000000",
        agreed_amount=amount,
        placed_at=timezone.now(),
        **values,
    )


def invoice(order: Order, amount: int, number: str = "", *, by: User | None = None) -> Any:
    """Put an invoice of this year behind the order."""
    facts = services.InvoiceFacts(
        number=number or factories.invoice_number(), amount=Decimal(amount), issued_on=timezone.localdate()
    )
    return services.add_invoice(order, by=by or cast.owner_of(order.organization), facts=facts)


def complete(draft: Redemption, *, by: User) -> None:
    """Write the two texts and attach the file."""
    services.keep_answers(draft, by=by, answers=WORDS)
    services.keep_file(draft, "attachment", by=by, name="合同.pdf", data=factories.pdf())


def two_drafts(organization: Organization, programme: Programme) -> list[Redemption]:
    """Two drafts that lack nothing, as when two people gather at the same moment.

    Their orders have vouchers from an earlier request that was taken back.
    """
    by = cast.owner_of(organization)
    orders = [make_order(organization, programme) for _index in range(2)]
    for order in orders:
        draft = services.gather([order], by=by)
        invoice(order, 3_000, by=by)
        complete(draft, by=by)
        services.withdraw_redemption(services.submit_draft(draft, by=by), by=by)
    found = []
    for order in Order.objects.filter(pk__in=[order.pk for order in orders]).order_by("pk"):
        draft = drafts.begin(handle(order), by=by)
        drafts.put_in(draft, order)
        complete(draft, by=by)
        found.append(draft)
    return found
