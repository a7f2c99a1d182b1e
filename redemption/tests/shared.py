"""The shared scheme from its own data files: one region, its enterprise with quota, a carrier, and both offices."""

from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any

from django.core.management import call_command
from django.db import transaction

from accounts.models import Organization, User
from carriers.models import Carrier, Service
from carriers.tests.factories import category, make_recognition, make_service
from innovation_voucher.casework import calendar
from innovation_voucher.lib.tests import files
from innovation_voucher.tests import cast
from orders import services as orders
from orders.models import Order
from redemption import services
from redemption.things import Thing
from vouchers import ledger
from vouchers.models import Programme, QuotaAccount
from vouchers.resolve import policy_of, snapshot
from vouchers.services.accounts import open_account
from vouchers.tests.factories import make_carrier

REGION = "320509"
#: What the booking of the kind asks beside the need and the phone.
ANSWERS = {
    "project": "高温合金叶片寿命提升",
    "contact": "周甲",
    "situation": "样件已试制两批",
    "need": "疲劳寿命和断口分析",
    "outcome": "寿命提高两成",
}
WRITTEN = {"effect": "报告用于改进热处理工艺", "innovation": "首次给出温度与寿命的关系", "remark": ""}
_serial = count(1)


@dataclass
class Shared:
    """Who acts in the region under one kind of the scheme."""

    programme: Programme
    enterprise: Organization
    owner: User
    carrier: Carrier
    seller: User
    service: Service
    officer: User


def build(kind: str = "csj-td", *, region: str = REGION, quota: int = 50_000, price: int | None = None) -> Shared:
    """Load the preset; the carrier is registered in the region, the enterprise has quota (yuan)."""
    call_command("load_programme", kind, verbosity=0)
    programme = Programme.objects.get(family=kind.split("-", 1)[0])
    enterprise = cast.make_organization(region_code=region)
    carrier = make_carrier(name="浦中检测技术有限公司", shown=True)
    make_recognition(carrier, enterprise.bureau)
    rights = ("review_use", "review_claim", "review_redemption", "view_cases")
    office = cast.make_office("bureau", region, rights=rights, name="区科技局")
    if quota:
        grant(enterprise, programme, quota)
    return Shared(
        programme=programme,
        enterprise=enterprise,
        owner=cast.owner_of(enterprise),
        carrier=carrier,
        seller=cast.owner_of(carrier.organization),
        service=make_service(carrier, "汽车电子检测服务", category=category(), price=price, unit="项"),
        officer=cast.make_officer(region, office=office),
    )


@transaction.atomic
def grant(organization: Organization, programme: Programme, amount: int) -> QuotaAccount:
    """Quota without a claim, yuan."""
    policy = policy_of(snapshot(programme, organization.region))
    account = open_account(organization, programme, policy, day=calendar.today(), known=[])
    ledger.grant(account, Decimal(amount), reference=f"T-{next(_serial)}/1", by=None)
    return QuotaAccount.objects.get(pk=account.pk)


def place(shared: Shared, *, answers: dict[str, Any] | None = None) -> Order:
    """Booked with a voucher of the kind; these answers and the owner's own phone."""
    phone = cast.number_of(shared.owner)
    said = {**answers, "contact_phone": phone} if answers else {}
    booking = orders.Booking(item=shared.service, contact_name="周甲", contact_phone=phone, need="检测", answers=said)
    return orders.place_order(
        organization=shared.enterprise, programme=shared.programme, booking=booking, by=shared.owner
    )


def picture() -> tuple[str, BytesIO]:
    """A small photo of an invoice."""
    return "发票.png", BytesIO(files.picture())


def invoice(thing: Thing, by: User, amount: int | str, *, number: str = "") -> Any:
    """An invoice of this year with its picture."""
    facts = services.InvoiceFacts(
        number=number or f"26320000{next(_serial):012d}", issued_on=calendar.today(), amount=Decimal(amount)
    )
    return services.add_invoice(thing, by=by, facts=facts, picture=picture())


def attach(thing: Thing, by: User) -> None:
    """Contract and report."""
    services.add_paper(thing, "attachment", by=by, name="合同和报告.pdf", data=BytesIO(files.pdf()))


def fresh(order: Order) -> Order:
    """The order with its voucher as the database has them."""
    found: Order = Order.objects.select_related("voucher__snapshot", "snapshot", "service").get(pk=order.pk)
    return found


def buckets(shared: Shared) -> tuple[Decimal, Decimal]:
    """What the enterprise has available and held, yuan."""
    account = QuotaAccount.objects.get(organization=shared.enterprise)
    return account.available, account.held
