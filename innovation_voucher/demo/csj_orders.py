"""Orders, vouchers and redemptions of the shared scheme in the demo world, in every state of their own roads."""

from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Any

from innovation_voucher.casework import calendar
from innovation_voucher.lib.money import yuan
from orders import services as orders
from orders.models import Order
from redemption import services as redemption
from redemption.models import Redemption
from redemption.things import Thing, handle
from vouchers.models import Programme
from vouchers.policy import FieldSpec
from vouchers.resolve import policy_of, snapshot

from . import csj_quota, papers
from .csj_claims import kind
from .js_claims import LIST_NAME, LISTED
from .lists import enlist
from .walk import Walk
from .world import World, decide

#: Who redeems through the carrier, and who by itself.
THROUGH, ALONE, QUICK = "taihu", "zhenze", "yangcheng"
MENDING = "songling"
TEST, BIO, TUNNEL, VALUE = "汽车电子检测服务", "生物种质分析", "风洞试验", "知识产权专利价值评估"
WRITTEN = {"effect": "检测数据用于改进产品设计。", "innovation": "首次建立该工况下的数据模型。", "remark": ""}
_SAID = {
    "project": "新一代车载控制器研发",
    "contact": "吴湖",
    "situation": "样机已完成两轮试制，具备送检条件。",
    "need": "验证电磁兼容与环境可靠性，取得认可报告。",
    "outcome": "通过车规级测试，年内小批量供货。",
}


@dataclass
class SharedWalk(Walk):
    """A booking that answers what its kind asks; no contract is shown before the voucher."""

    said: dict[str, Any] = field(default_factory=lambda: dict(_SAID))

    def rows(self) -> tuple[FieldSpec, ...]:
        """What the kind asks with the order."""
        if self.programme is None:
            return ()
        return policy_of(snapshot(self.programme, self.organization.region)).fields_of("order")

    def booking(self) -> orders.Booking:
        """The same booking with the answers of the kind."""
        return orders.Booking(
            item=self.service,
            contact_name=self.owner.name,
            contact_phone=self.world.phone_of(self.firm),
            need=f"{self.title}，样品已备好。",
            answers=csj_quota.answers_to(self.rows(), contact_phone=self.world.phone_of(self.firm), **self.said),
        )

    def place(self) -> "SharedWalk":
        """Booked with the kind's voucher, or at one's own cost."""
        self.order = orders.place_order(
            organization=self.organization, programme=self.programme, booking=self.booking(), by=self.owner
        )
        return self

    def accept(self) -> "SharedWalk":
        """The carrier agrees; where the region confirms the amount it is asked now."""
        self.order = orders.accept_order(self.order, by=self.seller, amount=self.amount, promised_on=None)
        return self

    def confirm(self, decision: str = "approve", **words: Any) -> "SharedWalk":
        """The region confirms the amount, or not."""
        decide(self.world, self.voucher, decision, **words)
        return self

    def thing(self) -> Thing:
        """What papers hang on, fresh."""
        rows = Order.objects.select_related("voucher__snapshot", "snapshot", "service", "carrier__organization")
        return handle(rows.get(pk=self.order.pk))


def walk_orders(world: World) -> None:
    """Both kinds, and what was never ordered here."""
    enlist(world, "320000", LISTED, LIST_NAME, THROUGH, MENDING, ALONE, QUICK)
    csj_quota.grant(world, THROUGH, "tongdui", "300000")
    csj_quota.grant(world, MENDING, "tongdui", "50000")
    csj_quota.grant(world, ALONE, "tongyong", "200000")
    csj_quota.grant(world, QUICK, "tongyong", "100000")
    _through_the_carrier(world)
    _stopped(world)
    _alone(world)
    _quick(world)


def _booked(world: World, firm: str, title: str, amount: str, name: str = "tongdui") -> SharedWalk:
    programme: Programme | None = kind(name) if name else None
    return SharedWalk(world, firm, title, yuan(amount), programme=programme).place()


def _confirmed(world: World, title: str, amount: str) -> SharedWalk:
    walk = _booked(world, THROUGH, title, amount).accept()
    walk.confirm()
    return walk


def _through_the_carrier(world: World) -> None:
    """通兑: booked, waiting for the amount, in service, delivered; and redemptions that wait, came back, went on."""
    _booked(world, THROUGH, TUNNEL, "20000")
    _booked(world, THROUGH, VALUE, "8000").accept()
    _confirmed(world, BIO, "3000")
    _confirmed(world, VALUE, "9000").deliver()
    asked(world, "6000")
    refused = asked(world, "12000")
    redemption.refuse_consent(refused, by=world.owners[THROUGH], reason="还缺第二批样品的原始数据，请补充后再申请。")
    redemption.agree_consent(asked(world, "18000"), by=world.owners[THROUGH])


def asked(world: World, amount: str) -> Redemption:
    """The carrier has served and asks to be paid; the enterprise has not answered."""
    walk = _confirmed(world, TEST, amount)
    walk.deliver()
    voucher = walk.thing()
    give(world, voucher, walk.seller, amount, paid=yuan(amount) - walk.voucher.amount)
    content = papers.pdf("技术服务合同和检测报告", f"服务内容：{walk.title}", f"金额：{amount} 元")
    redemption.add_paper(voucher, "attachment", by=walk.seller, name="合同和报告.pdf", data=BytesIO(content))
    redemption.keep_facts(voucher, by=walk.seller, answers=WRITTEN)
    return redemption.submit_voucher(walk.voucher, by=walk.seller)


def give(world: World, thing: Thing, by: Any, amount: str, *, paid: Decimal, number: str = "") -> None:
    """An invoice with its picture, and a bank receipt over what was paid."""
    number = number or f"2632{world.next():016d}"
    picture = papers.picture("电子发票", f"发票号码 {number}", f"金额 {yuan(amount):,.2f} 元")
    facts = redemption.InvoiceFacts(number=number, issued_on=calendar.today(), amount=yuan(amount))
    redemption.add_invoice(thing, by=by, facts=facts, picture=("发票.jpg", BytesIO(picture)))
    redemption.add_receipt(thing, by=by, amount=paid, paid_on=calendar.today())


def _stopped(world: World) -> None:
    """Returned and refused by the region, taken back, not accepted, lapsed; and one at its own cost."""
    returned = _booked(world, MENDING, TEST, "6000").accept()
    returned.confirm("return", items=[("project", "写明产品型号和研发阶段。")])
    _booked(world, MENDING, BIO, "3000").accept().confirm("reject", reason="服务内容与申报项目无关。")
    cancelled = _booked(world, MENDING, TUNNEL, "15000")
    orders.cancel_order(cancelled.order, by=cancelled.owner, reason="试验推迟到明年。")
    declined = _booked(world, MENDING, VALUE, "8000")
    orders.decline_order(declined.order, by=declined.seller, reason="本季度评估师排期已满。")
    orders.lapse_order(_booked(world, MENDING, BIO, "3000").order)
    own = _booked(world, MENDING, TEST, "6000", name="").accept()
    own.deliver().complete()


def _alone(world: World) -> None:
    """通用: orders that nobody need accept, a redemption of two under review, a draft of two."""
    _booked(world, ALONE, TUNNEL, "20000", "tongyong")
    _booked(world, ALONE, VALUE, "8000", "tongyong").accept()
    _booked(world, ALONE, TEST, "6000", "tongyong").accept().deliver()
    done = _draft(world, ("3000", "3000"), complete=True)
    redemption.submit_draft(done, by=world.owners[ALONE])
    _draft(world, ("5000", "7000"), complete=False)


def _draft(world: World, amounts: tuple[str, ...], *, complete: bool) -> Redemption:
    """Orders in one draft that share an invoice; nobody accepted them, so the enterprise says what they cost."""
    walks = [_booked(world, ALONE, BIO, amount, "tongyong") for amount in amounts]
    by, total = world.owners[ALONE], sum((walk.amount for walk in walks), Decimal(0))
    draft = redemption.gather([walk.thing() for walk in walks], by=by)
    entered = {pick.pk: walk.amount for walk in walks for pick in draft.picks.filter(order=walk.order)}
    redemption.keep_amounts(draft, by=by, amounts=entered)
    if complete:
        number = f"2632{world.next():016d}"
        for walk in walks:
            give(world, walk.thing(), by, str(total), paid=walk.amount, number=number)
        redemption.keep_answers(draft, by=by, answers=WRITTEN)
        content = papers.pdf("合同、检测报告和付款凭证", f"共 {len(walks)} 个订单")
        redemption.keep_file(draft, "attachment", by=by, name="合同和报告.pdf", data=BytesIO(content))
    return draft


def _quick(world: World) -> None:
    """快速兑付: one that is registered only, and one under review with two invoices."""
    quick(world, "6000")
    order, by = quick(world, "10000"), world.owners[QUICK]
    draft = redemption.gather([order], by=by)
    for amount in ("4000", "6000"):
        give(world, order, by, amount, paid=yuan(amount))
    redemption.keep_answers(draft, by=by, answers=WRITTEN)
    content = papers.pdf("合同、检测报告和付款凭证", "快速兑付")
    redemption.keep_file(draft, "attachment", by=by, name="合同和报告.pdf", data=BytesIO(content))
    redemption.submit_draft(draft, by=by)


def quick(world: World, amount: str) -> Order:
    """A finished service that was never ordered here."""
    service, owner = world.service(TEST), world.owners[QUICK]
    facts = orders.QuickFacts(
        carrier=service.carrier,
        category=service.category,
        amount=yuan(amount),
        contact_name=owner.name,
        contact_phone=owner.phone or "",
        need="两批控制器的电磁兼容检测，报告已交付。",
    )
    made = orders.place_quick(organization=world.firms[QUICK], programme=kind("tongyong"), facts=facts, by=owner)
    return Order.objects.select_related("snapshot", "service", "carrier__organization").get(pk=made.pk)
