"""Orders and vouchers of the demo world, each walked by the portal's verbs to one state."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

from accounts.models import Organization, User
from innovation_voucher.casework import calendar
from innovation_voucher.lib.money import yuan
from orders import services as orders
from orders.models import Order
from vouchers import services as vouchers
from vouchers.models import Voucher

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

    def place(self) -> "Walk":
        """Book the service."""
        booking = orders.Booking(
            item=self.service,
            contact_name=self.owner.name,
            contact_phone=(self.owner.phone or "").removeprefix("+86"),
            quantity=1,
            wanted_on=calendar.today() + timedelta(days=30),
            need=f"{self.title}，样品已备好，请尽快安排。",
        )
        self.order = orders.place_order(
            organization=self.organization, programme=self.world.programme, booking=booking, by=self.owner
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


def claim(world: World, firm: str, *amounts: str) -> None:
    """Claim quota at once, as often as there are amounts (yuan)."""
    for amount in amounts:
        vouchers.claim_instantly(world.firms[firm], world.programme, amount=yuan(amount), by=world.owners[firm])


def walk_orders(world: World) -> None:
    """One order in every state, and one voucher in every state before redemption."""
    claim(world, "chengguang", "120000", "60000")
    claim(world, "hegu", "150000")
    claim(world, "qingyu", "20000", "20000")
    _bookings(world)
    _vouchers(world)
    _reviews(world)


def _bookings(world: World) -> None:
    Walk(world, "chengguang", "金属材料化学成分分析", yuan("1200")).place()
    Walk(world, "chengguang", "软件产品登记测试", yuan("18000")).place().accept()
    Walk(world, "chengguang", "软件代码安全扫描", yuan("7500")).place().accept().contract()
    declined = Walk(world, "chengguang", "中试工艺验证", yuan("40000")).place()
    orders.decline_order(declined.order, by=declined.seller, reason="近期产线检修，十二月中旬后可以排期。")
    cancelled = Walk(world, "hegu", "专利导航分析", yuan("15000")).place()
    orders.cancel_order(cancelled.order, by=cancelled.owner, reason="项目推迟到明年。")
    orders.lapse_order(Walk(world, "hegu", "电磁兼容摸底试验", yuan("6500")).place().order)
    booking = orders.Booking(
        item=world.service("科技查新"), contact_name="周岚", contact_phone="19900000000", need="线下已签合同"
    )
    orders.place_offline(
        organization=world.firms["chengguang"],
        programme=world.programme,
        booking=booking,
        by=world.owners["chengguang"],
    )


def _vouchers(world: World) -> None:
    Walk(world, "chengguang", "样机环境可靠性试验", yuan("30000")).to_issued()
    Walk(world, "qingyu", "软件产品登记测试", yuan("8000")).to_issued()
    Walk(world, "chengguang", "疲劳寿命试验", yuan("12000"), redeemer="carrier").to_received()
    Walk(world, "chengguang", "半导体薄膜成分剖析", yuan("9600")).to_received().deliver()
    voided = Walk(world, "chengguang", "电磁兼容摸底试验", yuan("6500")).to_issued()
    vouchers.void_voucher(voided.voucher, by=voided.owner, reason="合同金额填写有误")
    back = Walk(world, "chengguang", "金属材料化学成分分析", yuan("2400")).to_issued()
    orders.return_voucher(back.voucher, by=back.seller, reason="合同编号与原件不符，请核对后重新提交。")
    ended = Walk(world, "hegu", "疲劳寿命试验", yuan("18000")).to_received()
    office, officer = world.bureau_of(ended.organization)
    vouchers.terminate_voucher(ended.voucher, by=officer, office=office, reason="服务未实际开展，双方申请终止。")
    vouchers.lapse_voucher(Walk(world, "hegu", "软件代码安全扫描", yuan("4000")).to_issued().voucher)


def _reviews(world: World) -> None:
    """Rated by people, and one by the clock."""
    rows = (
        ("chengguang", "软件代码安全扫描", "8000", 5, "响应快，报告很细。"),
        ("hegu", "金属材料化学成分分析", "1200", 4, "按时交付。"),
        ("hegu", "样机环境可靠性试验", "16000", 5, "试验大纲沟通充分，数据可靠。"),
    )
    for firm, title, amount, stars, words in rows:
        done = Walk(world, firm, title, yuan(amount)).to_completed()
        orders.review_service(done.order, by=done.owner, rating=orders.Rating(stars=stars, words=words))
    silent = Walk(world, "hegu", "科技查新", yuan("1800")).to_completed()
    orders.default_review(silent.order)
    Walk(world, "chengguang", "科技查新", yuan("1800")).to_completed()
