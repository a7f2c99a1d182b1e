"""Redemptions of the scheme whose vouchers are asked for one by one: from papers being given to paid."""

from io import BytesIO

from carriers.models import Category
from innovation_voucher.casework import calendar
from innovation_voucher.lib.money import yuan
from orders.models import Order
from redemption import services as redemption
from redemption.models import Redemption

from . import papers, seats
from .experts import register
from .settled import pay, show
from .tj_cast import EXPERTS
from .tj_walks import BENCH, ApplyingWalk, scheme, start
from .world import World, decide

OWNER = {"person": "min-hh", "agency": "海河科技服务中心（示例）"}
MAKER, CHECKER = "jing-tj", "hou-tj"
EFFECT = "找到断裂起源并改进结构，样机寿命提高一倍，形成企业标准一项。"


def walk_redemptions(world: World) -> Category:
    """Being written, at the district, returned, at the experts, agreed, waiting for its paper, paid.

    Gives the field of its experts.
    """
    field = _register(world)
    contract(_waiting(world))
    _handed_in(world)
    decide(world, _handed_in(world), "return", items=[("result", "检测报告缺第 2 页，请重新上传。")])
    formal(world)
    agreed(world, formal(world), field)
    unsigned, paid = (agreed(world, formal(world), field) for _n in range(2))
    show(world, [unsigned, paid], by=MAKER, title="第一批拟兑付名单")
    office, officer = world.bureau_of(paid.payee)
    redemption.receive_paper(paid, by=officer, office=office)
    pay(world, paid.programme, maker=MAKER, checker=CHECKER)
    return field


def _register(world: World) -> Category:
    """Experts of the field of the tests."""
    field: Category = world.service(BENCH).category.trail[0]
    register(world, EXPERTS, field, scheme().region, by=world.officers[MAKER])
    return field


def _waiting(world: World) -> ApplyingWalk:
    """The valid voucher of another story, whose papers are to be given."""
    walk = start(world, "jinhe", BENCH, "9099")
    walk.order = Order.objects.get(organization=walk.organization, title=BENCH, voucher__status="confirmed")
    return walk


def valid(world: World) -> ApplyingWalk:
    """A voucher of the least contract that both reviews have passed."""
    return start(world, "shuishang", BENCH, "4000").to_valid()


def contract(walk: ApplyingWalk) -> None:
    """The first of the papers: the contract and the part of it that is asked for."""
    scan = papers.pdf("技术服务合同", f"甲方：{walk.organization.name}", f"服务内容：{walk.title}")
    facts = redemption.ContractFacts(name="发动机台架试验合同", amount=walk.amount)
    redemption.add_contract(walk.voucher, by=walk.owner, facts=facts, picture=("合同.pdf", BytesIO(scan)))


def _handed_in(world: World) -> Redemption:
    walk = complete(world)
    return redemption.submit_voucher(walk.voucher, by=walk.owner)


def complete(world: World) -> ApplyingWalk:
    """With contract, invoice, receipt, result and what came of it."""
    walk = valid(world)
    voucher, by = walk.voucher, walk.owner
    contract(walk)
    number = f"{calendar.today():%y}12{world.next():016d}"
    facts = redemption.InvoiceFacts(number=number, name="检测服务费", amount=walk.amount)
    picture = papers.picture("电子发票", walk.organization.name, "金额 4,000.00 元")
    redemption.add_invoice(voucher, by=by, facts=facts, picture=("发票.jpg", BytesIO(picture)))
    receipt = papers.picture("银行回单", "付款 4,000.00 元")
    redemption.add_receipt(voucher, by=by, amount=yuan("4000"), paid_on=None, picture=("回单.jpg", BytesIO(receipt)))
    redemption.add_paper(voucher, "result", by=by, name="检测报告.jpg", data=BytesIO(papers.picture("检测报告")))
    redemption.keep_facts(voucher, by=by, answers={"effect": EFFECT})
    return walk


def formal(world: World, row: Redemption | None = None) -> Redemption:
    """District and formal check have passed, it waits for experts: a new one, or what was handed in."""
    row = row or _handed_in(world)
    for _step in range(2):
        decide(world, row, "approve")
    return row


def agreed(world: World, row: Redemption, field: Category) -> Redemption:
    """Scored by experts and agreed to by the agency."""
    seats.agree(world, row, field, **OWNER)
    return Redemption.objects.get(pk=row.pk)
