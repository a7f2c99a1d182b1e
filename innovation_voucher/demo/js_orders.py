"""Orders of a scheme that holds quota when they are placed: one in every state that people see."""

from dataclasses import replace
from datetime import timedelta

from innovation_voucher.casework import calendar
from innovation_voucher.lib.money import yuan
from orders import services as orders
from vouchers.models import Programme

from .js_claims import scheme
from .walk import Walk
from .world import World

FIRM = "changhong"
LONG, SHORT, SMALL = "生物相容性试验", "结构件力学性能检测", "水质常规检测"


class OrderWalk(Walk):
    """An order whose voucher comes with it."""

    def accept(self) -> "OrderWalk":
        """The carrier agrees on price and day; the voucher is issued with that."""
        promised = calendar.today() + timedelta(days=25)
        self.order = orders.accept_order(self.order, by=self.seller, amount=self.amount, promised_on=promised)
        orders.send_message(self.order, by=self.seller, text="已排期，样品请在本周内寄到实验室。")
        return self

    def quote(self, amount: str, words: str) -> "OrderWalk":
        """The carrier offers a price."""
        promised = calendar.today() + timedelta(days=30)
        offer = orders.Offer(amount=yuan(amount), promised_on=promised, words=words)
        orders.offer_quote(self.order, by=self.seller, offer=offer)
        return self

    def entered(self) -> "OrderWalk":
        """The carrier enters what was agreed on the phone."""
        booking = replace(self.booking(), amount=self.amount)
        self.order = orders.enter_phone_order(
            carrier=self.carrier, organization=self.organization, booking=booking, by=self.seller
        )
        return self


def walk_orders(world: World) -> None:
    """Placed, quoted, entered by phone, in service, delivered, done, and ended in each of the three ways."""
    programme = scheme()
    _talks(world, programme)
    _services(world, programme)
    _ends(world, programme)
    for title, quantity in ((LONG, 1), (SMALL, 6)):
        orders.add_to_cart(world.firms[FIRM], world.service(title), by=world.owners[FIRM], quantity=quantity)


def _walk(world: World, programme: Programme, title: str, amount: str) -> OrderWalk:
    return OrderWalk(world, FIRM, title, yuan(amount), programme=programme)


def _placed(world: World, programme: Programme, title: str, amount: str) -> OrderWalk:
    walk = _walk(world, programme, title, amount)
    walk.place()
    return walk


def _talks(world: World, programme: Programme) -> None:
    _placed(world, programme, LONG, "15000")
    talked = _placed(world, programme, SHORT, "8112")
    talked.quote("9600", "含一次复测")
    talked.quote("9200", "含一次复测，按两批样品优惠")
    orders.send_message(talked.order, by=talked.owner, text="复测的样品由谁准备？")
    _walk(world, programme, SMALL, "600").entered()


def _services(world: World, programme: Programme) -> None:
    _placed(world, programme, LONG, "14000").accept()
    dearer = _placed(world, programme, SMALL, "100").quote("180", "加测两项")
    orders.accept_quote(dearer.order, by=dearer.owner)
    confirmed = _walk(world, programme, SMALL, "300").entered()
    orders.confirm_phone_order(confirmed.order, by=confirmed.owner, programme=programme)
    _placed(world, programme, SHORT, "8112").accept().deliver()
    done = _placed(world, programme, SHORT, "8000").accept().deliver().complete()
    orders.review_service(done.order, by=done.owner, rating=orders.Rating(stars=5, words="报告清楚，按时交付。"))


def _ends(world: World, programme: Programme) -> None:
    declined = _placed(world, programme, LONG, "15000")
    orders.decline_order(declined.order, by=declined.seller, reason="本月排期已满，下月可以再约。")
    cancelled = _placed(world, programme, LONG, "15000").accept()
    orders.cancel_order(cancelled.order, by=cancelled.owner, reason="样机改型，试验推迟。")
    orders.lapse_order(_placed(world, programme, LONG, "15000").quote("16500", "加急").order)
