"""Redemptions of the shared scheme that gather orders: a draft, one under review, one that came back."""

from io import BytesIO

from innovation_voucher.casework import calendar
from innovation_voucher.lib.money import yuan
from orders.models import Order
from redemption import services as redemption
from redemption.models import Redemption
from vouchers.models import Programme

from . import papers
from .granting import ensure_quota
from .walk import Walk
from .world import World, decide

#: The firm of the story in a region that issues this kind.
FIRM, SAMPLES, CARS = "songling", "生物种质分析", "汽车电子检测服务"
#: A window takes one request of each firm: what came back is another's.
MENDING, PAID = "pingwang", "taihu"
_PRICES = {SAMPLES: "3000", CARS: "6000"}
_WORDS = {
    "effect": "完成 3 批样品的成分与活性分析，缩短新品试制周期两周。",
    "innovation": "据检测数据改进了培养工艺，已形成企业标准草案。",
}


def scheme() -> Programme:
    """The kind that the enterprise redeems, many orders at once."""
    return Programme.objects.get(family="csj", kind="tongyong")


def walk_redemptions(world: World) -> None:
    """Handed in and returned; handed in; a draft of two orders on one invoice; an order that waits."""
    programme = scheme()
    for firm in (FIRM, MENDING):
        ensure_quota(world.firms[firm], programme)
    returned = redemption.submit_draft(_draft(world, programme, SAMPLES, MENDING), by=world.owners[MENDING])
    items = [("innovation", "写明与本次检测有关的创新内容。")]
    decide(world, returned, "return", items=items, reason="补正后优先办理。")
    redemption.submit_draft(_draft(world, programme, CARS), by=world.owners[FIRM])
    _shared(world, [_placed(world, programme, SAMPLES), _placed(world, programme, SAMPLES)])
    _placed(world, programme, CARS)


def ended(world: World) -> Redemption:
    """Handed in by a firm that asks for nothing else in this window."""
    ensure_quota(world.firms[PAID], scheme())
    return redemption.submit_draft(_draft(world, scheme(), CARS, PAID), by=world.owners[PAID])


def _placed(world: World, programme: Programme, title: str, firm: str = FIRM) -> Order:
    """Ordered and accepted at its list price."""
    walk = Walk(world, firm, title, yuan(_PRICES[title]), programme=programme)
    walk.place().accept()
    return walk.order


def _draft(world: World, programme: Programme, title: str, firm: str = FIRM) -> Redemption:
    """A draft of one order that lacks nothing."""
    order, by = _placed(world, programme, title, firm), world.owners[firm]
    draft = redemption.gather([order], by=by)
    _invoice(world, [order], firm)
    redemption.keep_answers(draft, by=by, answers=_WORDS)
    content = papers.pdf("服务合同与检测报告", f"甲方：{order.organization.name}", f"项目：{order.title}")
    redemption.keep_file(draft, "attachment", by=by, name="合同与报告.pdf", data=BytesIO(content))
    return draft


def _shared(world: World, orders: list[Order]) -> None:
    """Two orders in a draft, one invoice behind both, the words still to be written."""
    redemption.gather(orders, by=world.owners[FIRM])
    _invoice(world, orders)


def _invoice(world: World, orders: list[Order], firm: str = FIRM) -> None:
    """One invoice over all the orders, and for each what the bank paid of it."""
    by = world.owners[firm]
    total = sum((order.agreed_amount or yuan("0") for order in orders), yuan("0"))
    number = f"{calendar.today():%y}31{world.next():016d}"
    facts = redemption.InvoiceFacts(number=number, amount=total, issued_on=calendar.today())
    shown = papers.picture("电子发票", f"发票号码 {number}", f"金额 {total:,.2f} 元")
    for order in orders:
        redemption.add_invoice(order, by=by, facts=facts, picture=("发票.jpg", BytesIO(shown)))
        redemption.add_receipt(order, by=by, amount=order.agreed_amount or total, paid_on=calendar.today())
