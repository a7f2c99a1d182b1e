"""Redemptions of the scheme that holds quota with the order: contracts entered, one in every state before publicity."""

from decimal import Decimal
from io import BytesIO

from innovation_voucher.casework import calendar
from innovation_voucher.casework.subjects import Award
from innovation_voucher.lib.money import format_yuan, yuan
from redemption import services as redemption
from redemption.models import Redemption
from vouchers.models import Programme

from . import papers
from .granting import ensure_quota
from .js_claims import scheme
from .walk import Walk
from .world import World, decide

FIRM = "changhong"
LONG, SHORT, SMALL = "生物相容性试验", "结构件力学性能检测", "水质常规检测"
#: Evidence of which each order has its own.
_PAPERS = {"contract": "技术服务合同", "report": "检测报告", "rd_proof": "研发立项文件"}


def walk_redemptions(world: World) -> None:
    """Written, waiting at both offices, returned, taken back, refused, and approved for less than was claimed."""
    programme = scheme()
    ensure_quota(world.firms[FIRM], programme)
    written_order(world, programme, SMALL, "100", "100")
    handed_in(world, programme, SHORT, "8112", "8112")
    _agreed(world, handed_in(world, programme, SHORT, "8112", "7600"))
    returned = handed_in(world, programme, LONG, "15000", "15000")
    items = [("report", "报告缺第 2 页，请重新上传。"), ("contract_amount", "与发票合计不一致，请核对。")]
    decide(world, returned, "return", items=items, reason="补正后优先办理。")
    taken = handed_in(world, programme, SMALL, "100", "100")
    redemption.withdraw_redemption(taken, by=world.owners[FIRM])
    refused = handed_in(world, programme, SMALL, "100", "100")
    decide(world, refused, "reject", reason="常规出厂检验，不属于研发活动。")
    _lowered(world, programme)


def _lowered(world: World, programme: Programme) -> None:
    """Ordered at 15,000, claimed for 14,000, recognized for 12,000."""
    found = handed_in(world, programme, LONG, "15000", "14000")
    line = found.lines.get()
    award = Award(yuan("3000"), "样品寄送费 2,000 元不属于服务费用", yuan("12000"))
    decide(world, found, "approve", lines={line.pk: award}, reason="按认定的合同金额核定")
    decide(world, found, "approve")


def _agreed(world: World, found: Redemption) -> None:
    """The bureau agreed; it waits at the centre."""
    decide(world, found, "approve")


def handed_in(world: World, programme: Programme, title: str, ordered: str, paid: str) -> Redemption:
    """Ordered and accepted, with all papers over what was paid, and handed in. Yuan."""
    walk = written_order(world, programme, title, ordered, paid)
    return redemption.submit_voucher(walk.voucher, by=walk.owner)


def written_order(world: World, programme: Programme, title: str, ordered: str, paid: str) -> Walk:
    """An accepted order whose papers are complete and whose contract is entered in a draft."""
    walk = Walk(world, FIRM, title, yuan(ordered), programme=programme)
    walk.place()
    walk.accept()
    give_papers(world, walk, yuan(paid))
    redemption.keep_facts(walk.voucher, by=walk.owner, answers={}, contract_amount=yuan(paid))
    return walk


def give_papers(world: World, walk: Walk, paid: Decimal) -> None:
    """Contract, report, proof, one invoice and one bank receipt with their pictures."""
    for key, name in _PAPERS.items():
        content = papers.pdf(name, f"甲方：{walk.organization.name}", f"项目：{walk.title}")
        redemption.add_paper(walk.voucher, key, by=walk.owner, name=f"{name}.pdf", data=BytesIO(content))
    number, amount = f"{calendar.today():%y}32{world.next():016d}", format_yuan(paid)
    facts = redemption.InvoiceFacts(number=number, amount=paid)
    shown = papers.picture("电子发票", f"发票号码 {number}", f"金额 {amount} 元")
    redemption.add_invoice(walk.voucher, by=walk.owner, facts=facts, picture=("发票.jpg", BytesIO(shown)))
    shown = papers.picture("银行回单", f"付款 {amount} 元")
    redemption.add_receipt(
        walk.voucher, by=walk.owner, amount=paid, paid_on=calendar.today(), picture=("回单.jpg", BytesIO(shown))
    )
