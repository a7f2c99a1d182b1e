"""One order on its way, a verb at a time."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

from accounts.models import Organization, User
from innovation_voucher.casework import calendar
from orders import services as orders
from orders.models import Order
from vouchers.models import Programme, Voucher

from . import papers
from .world import World


@dataclass
class Walk:
    """One order on its way. Each method is one verb by the person whose turn it is; amounts in yuan."""

    world: World
    firm: str
    title: str
    amount: Decimal
    redeemer: str = "enterprise"
    programme: Programme | None = None

    def __post_init__(self) -> None:
        self.organization: Organization = self.world.firms[self.firm]
        self.owner: User = self.world.owners[self.firm]
        self.service = self.world.service(self.title)
        self.carrier = self.service.carrier
        self.seller = self._seller()
        self.order: Order

    def _seller(self) -> User:
        membership = self.carrier.organization.memberships.select_related("user").get(role="owner")
        return membership.user

    @property
    def voucher(self) -> Voucher:
        """The order's voucher, fresh."""
        return Voucher.objects.get(order=self.order)

    def booking(self) -> orders.Booking:
        """What the enterprise asks for."""
        return orders.Booking(
            item=self.service,
            contact_name=self.owner.name,
            contact_phone=self.world.phone_of(self.firm),
            quantity=1,
            wanted_on=calendar.today() + timedelta(days=30),
            need=f"{self.title}，样品已备好，请尽快安排。",
        )

    def place(self) -> "Walk":
        """Book the service."""
        self.order = orders.place_order(
            organization=self.organization,
            programme=self.programme or self.world.programme,
            booking=self.booking(),
            by=self.owner,
        )
        return self

    def accept(self) -> "Walk":
        """The carrier agrees on price and day."""
        promised = calendar.today() + timedelta(days=25)
        self.order = orders.accept_order(self.order, by=self.seller, amount=self.amount, promised_on=promised)
        orders.send_message(self.order, by=self.seller, text="已排期，请在本周内上传双方盖章的合同。")
        return self

    def contract(self) -> "Walk":
        """The enterprise uploads the signed contract."""
        body = (
            f"甲方：{self.organization.name}",
            f"乙方：{self.carrier.name}",
            f"服务内容：{self.title}",
            f"合同金额：{self.amount:,.2f} 元",
        )
        content = papers.pdf("技术服务合同", *body)
        orders.add_evidence(self.order, "contract", by=self.owner, name="技术服务合同.pdf", data=BytesIO(content))
        return self

    def use(self) -> "Walk":
        """The enterprise uses a voucher on the contract."""
        use = orders.Use(
            contract_name=f"{self.title}技术服务合同",
            contract_number=f"HT-{self.world.next():04d}",
            contract_amount=self.amount,
            contract_date=calendar.today(),
            redeemer=self.redeemer,
        )
        orders.use_voucher(self.order, by=self.owner, use=use)
        self.order.refresh_from_db()
        return self

    def receive(self) -> "Walk":
        """The carrier receives the voucher."""
        orders.receive_voucher(self.voucher, by=self.seller, road="link")
        return self

    def deliver(self) -> "Walk":
        """The carrier records the service."""
        orders.record_service(
            self.order, by=self.seller, delivered_on=calendar.today(), result="已按合同完成，报告已交付。"
        )
        return self

    def complete(self) -> "Walk":
        """The enterprise agrees that it is done."""
        self.order = orders.confirm_completion(self.order, by=self.owner)
        return self

    def to_issued(self) -> "Walk":
        """Booked, accepted, contract given, voucher used."""
        return self.place().accept().contract().use()

    def to_received(self) -> "Walk":
        """… and received by the carrier."""
        return self.to_issued().receive()

    def to_completed(self) -> "Walk":
        """… and served."""
        return self.to_received().deliver().complete()
