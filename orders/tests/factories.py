"""One story for the tests: an enterprise with quota, a carrier with a service, an order in each state."""

import io
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Organization, User
from carriers.models import Carrier, Service
from carriers.tests.factories import category, make_carrier, make_recognition, make_service
from innovation_voucher.casework import calendar
from innovation_voucher.lib.tests.files import pdf
from innovation_voucher.tests import cast
from orders import services
from orders.models import Order
from orders.services import Booking, Rating, Use
from vouchers.models import EvidenceRow, FieldRow, Programme, ProgrammeVersion, TermRow, Voucher
from vouchers.services import void_voucher
from vouchers.services.publishing import open_programme, publish
from vouchers.tests.factories import INSTANT, claim


def make_scheme(
    *,
    evidence: tuple[dict[str, Any], ...] = (),
    fields: tuple[dict[str, Any], ...] = (),
    terms: tuple[dict[str, Any], ...] = (),
    contract: bool = True,
    **parameters: Any,
) -> Programme:
    """An open programme that asks for the contract at the use, unless told; the rest are further rows of its rules."""
    year = calendar.today().year
    programme = Programme.objects.create(
        family="orders",
        year=year,
        name="测试创新券",
        region=cast.make_region("330000"),
        opens_on=date(year, 1, 1),
        closes_on=date(year, 12, 31),
    )
    rules = {**INSTANT, "offline_use": "registered", "receive_mfa_over": Decimal(50_000), **parameters}
    version = ProgrammeVersion.objects.create(programme=programme, number=1, effective_from=date(year, 1, 1), **rules)
    signed = {"key": "contract", "label": "合同", "formats": ["pdf", "jpg"], "max_bytes": 1_000_000}
    for row in (*((signed,) if contract else ()), *evidence):
        EvidenceRow.objects.create(version=version, stage="use", **row)
    for row in fields:
        FieldRow.objects.create(version=version, **row)
    for row in terms:
        TermRow.objects.create(version=version, **row)
    publish(version, by=None)
    return open_programme(programme, by=None)


@dataclass
class World:
    """Both sides of the story, and what they deal in."""

    enterprise: Organization
    owner: User
    carrier: Carrier
    seller: User
    service: Service
    programme: Programme

    @property
    def bureau(self) -> Any:
        return self.enterprise.bureau


def make_world(*, quota: int = 50_000, **parameters: Any) -> World:
    """A verified enterprise with quota, a recognized carrier that is not related, a service for 18,000 yuan."""
    enterprise = cast.enterprise()
    organization = cast.carrier_organization()
    organization.bank_accounts.update(active=False)
    cast.make_bank_account(organization, "6222020000000009876")
    carrier = make_carrier(organization, shown=True)
    make_recognition(carrier, enterprise.bureau)
    programme = make_scheme(**parameters)
    if quota:
        claim(enterprise, programme, quota)
    return World(
        enterprise=enterprise,
        owner=cast.owner_of(enterprise),
        carrier=carrier,
        seller=cast.owner_of(organization),
        service=make_service(carrier, "样机环境可靠性试验", category=category(), price=18_000, unit="次"),
        programme=programme,
    )


def booking(world: World, **changes: Any) -> Booking:
    """What the enterprise asks for."""
    values: dict[str, Any] = {
        "item": world.service,
        "contact_name": "周甲",
        "contact_phone": "19900000001",
        "need": "两台样机，高低温循环 72 小时",
    }
    return Booking(**{**values, **changes})


def use_of(amount: int | str = 18_000, **changes: Any) -> Use:
    """The contract's facts."""
    values: dict[str, Any] = {
        "contract_name": "样机试验服务合同",
        "contract_number": "HT-118",
        "contract_amount": Decimal(amount),
        "contract_date": calendar.today(),
        "redeemer": "carrier",
    }
    return Use(**{**values, **changes})


def contract_file() -> io.BytesIO:
    """A contract as a PDF."""
    return io.BytesIO(pdf())


def give_contract(world: World, order: Order) -> None:
    """Upload the signed contract."""
    services.add_evidence(order, "contract", by=world.owner, name="合同.pdf", data=contract_file())


def make_order(world: World, state: str = "placed", *, contract: int | str = 18_000) -> Order:
    """An order brought to a shown state by the verbs themselves.

    placed, declined, cancelled, lapsed, accepted (awaits the contract), contract (awaits the use),
    issued (voucher awaits the carrier), received (in service), voided, delivered, completed, reviewed.
    """
    order = services.place_order(
        organization=world.enterprise, programme=world.programme, booking=booking(world), by=world.owner
    )
    for step in _ROADS[state]:
        step(world, order, contract)
        order = Order.objects.get(pk=order.pk)
    return order


def voucher_of(order: Order) -> Voucher:
    """The order's voucher as it stands in the database."""
    found: Voucher = Voucher.objects.get(order=order)
    return found


def _accept(world: World, order: Order, _contract: Any) -> None:
    later = calendar.today() + timedelta(days=10)
    services.accept_order(order, by=world.seller, amount=Decimal(18_000), promised_on=later)


def _use(world: World, order: Order, contract: Any) -> None:
    services.use_voucher(order, by=world.owner, use=use_of(contract))


def _receive(world: World, order: Order, _contract: Any) -> None:
    services.receive_voucher(voucher_of(order), by=world.seller, road="link")


def _record(world: World, order: Order, _contract: Any) -> None:
    services.record_service(order, by=world.seller, delivered_on=calendar.today(), result="试验完成，见报告")


_CONTRACT = (_accept, lambda world, order, _c: give_contract(world, order))
_ISSUED = (*_CONTRACT, _use)
_RECEIVED = (
    *_ISSUED,
    lambda world, order, _c: services.receive_voucher(voucher_of(order), by=world.seller, road="link"),
)
_DONE = (*_RECEIVED, _record, lambda world, order, _c: services.confirm_completion(order, by=world.owner))
_ROADS: dict[str, tuple[Any, ...]] = {
    "placed": (),
    "declined": (lambda world, order, _c: services.decline_order(order, by=world.seller, reason="排期已满"),),
    "cancelled": (lambda world, order, _c: services.cancel_order(order, by=world.owner, reason="计划有变"),),
    "lapsed": (lambda _world, order, _c: services.lapse_order(order),),
    "accepted": (_accept,),
    "contract": _CONTRACT,
    "issued": _ISSUED,
    "received": _RECEIVED,
    "voided": (*_ISSUED, lambda world, order, _c: void_voucher(voucher_of(order), by=world.owner, reason="填错")),
    "delivered": (*_RECEIVED, _record),
    "completed": _DONE,
    "reviewed": (
        *_DONE,
        lambda world, order, _c: services.review_service(order, by=world.owner, rating=Rating(stars=4, words="及时")),
    ),
}
