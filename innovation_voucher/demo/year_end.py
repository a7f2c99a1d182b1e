"""Vouchers of the reviewed scheme on their way to the year end, and what the third party makes of them."""

from io import BytesIO
from typing import Any

from innovation_voucher.casework import calendar, reviews
from innovation_voucher.casework.models import Office, Region, ReviewTask
from innovation_voucher.lib.money import yuan
from redemption import services as redemption
from redemption.models import Redemption, SettlementBatch
from redemption.rules import agency_programmes
from vouchers.models import Programme, Voucher

from . import papers
from .ends import ask_again
from .payments import bank_answers
from .settling import Desk, draw_up, walk_batches
from .uses import ReviewedWalk
from .world import World, decide

FIRM = "moxi"
OPENER, CHECKER = "zhao-hx", "qin-hx"
SETTLER, SECOND = "qian-zd", "zhou-fh"


def walk_year_end(world: World) -> None:
    """One redemption in every state: paid, sent back, at the bank, payable, at the county, being checked, a draft."""
    programme = agency_programmes().get()
    paid = _payable(world, programme, "样机环境可靠性试验", "12000")
    _settle(world, programme, paid.region, failed=0)
    _payable(world, programme, "金属材料化学成分分析", "1200")
    _settle(world, programme, paid.region, failed=1)
    _payable(world, programme, "电磁兼容摸底试验", "2500")
    _exported(world, programme, paid.region)
    _on_the_way(world, programme, paid.region)
    _payable(world, programme, "疲劳寿命试验", "1800")
    _again(world, programme)
    _checked(world, programme, "金属材料化学成分分析", "1500", "2200")
    _submitted(world, programme, "样机环境可靠性试验", "1600")
    items = [("", "服务记录的完成日期与合同不符，请机构更正后重新提交。")]
    _decide(world, _submitted(world, programme, "疲劳寿命试验", "900"), CHECKER, "return", items=items)
    _opened(world, programme, "电磁兼容摸底试验", "1100", "700")
    ReviewedWalk(world, FIRM, "疲劳寿命试验", yuan("800"), programme=programme).to_received()
    ReviewedWalk(world, FIRM, "样机环境可靠性试验", yuan("1000"), programme=programme).to_completed()


def _on_the_way(world: World, programme: Programme, region: Region) -> None:
    """One countersigned, one frozen; one cancelled, one drawn up."""
    desk = Desk(world, programme, region, SETTLER, SECOND)
    walk_batches(desk, lambda: _payable(world, programme, "样机环境可靠性试验", "30"), at_the_bank=False)
    draw_up(desk)


def _again(world: World, programme: Programme) -> None:
    """One voucher for which payment is asked thrice: the county refuses it in the end."""
    walk = ReviewedWalk(world, FIRM, "样机环境可靠性试验", yuan("40"), programme=programme).to_completed()

    def ask() -> Redemption:
        opened = redemption.open_for_carrier(
            walk.carrier, programme, walk.voucher.region, by=world.officers[OPENER], office=_office(world)
        )
        return redemption.submit_opened(opened, by=world.officers[OPENER])

    items = [("", "服务记录缺少验收日期，请机构更正后重新提交。")]
    row = ask_again(ask, lambda late: _decide(world, late, CHECKER, "return", items=items))
    _decide(world, row, CHECKER, "reject", reason="服务内容与研发活动无关。")


def _opened(world: World, programme: Programme, title: str, *amounts: str) -> Redemption:
    """A draft over vouchers of these amounts (yuan) that were served."""
    walks = [ReviewedWalk(world, FIRM, title, yuan(amount), programme=programme).to_completed() for amount in amounts]
    voucher: Voucher = walks[0].voucher
    return redemption.open_for_carrier(
        walks[0].carrier, programme, voucher.region, by=world.officers[OPENER], office=_office(world)
    )


def _office(world: World) -> Office:
    return next(office for office in world.offices.values() if office.kind == Office.Kind.THIRD_PARTY)


def _submitted(world: World, programme: Programme, title: str, *amounts: str) -> Redemption:
    return redemption.submit_opened(_opened(world, programme, title, *amounts), by=world.officers[OPENER])


def _checked(world: World, programme: Programme, title: str, *amounts: str) -> Redemption:
    return _decide(world, _submitted(world, programme, title, *amounts), CHECKER, "approve")


def _payable(world: World, programme: Programme, title: str, amount: str) -> Redemption:
    row = _checked(world, programme, title, amount)
    decide(world, row, "approve")
    return Redemption.objects.get(pk=row.pk)


def _decide(world: World, row: Redemption, username: str, decision: str, **words: Any) -> Redemption:
    """A named person decides the open step."""
    case = reviews.live_case(row)
    assert case is not None
    task = case.tasks.get(status=ReviewTask.State.OPEN)
    reviews.decide(task, by=world.officers[username], office=None, decision=decision, **words)
    return Redemption.objects.get(pk=row.pk)


def _exported(world: World, programme: Programme, region: Region) -> SettlementBatch:
    """A batch at the bank over all that waits in the county."""
    today, settler = calendar.today(), world.officers[SETTLER]
    batch = redemption.create_batch(
        programme=programme, region=region, period_from=today.replace(day=1), period_to=today, by=settler
    )
    total = redemption.preview_of(batch).total
    redemption.freeze_batch(batch, by=settler, typed_total=total)
    redemption.countersign_batch(batch, by=world.officers[SECOND], typed_total=total)
    redemption.export_batch(batch, by=settler)
    return SettlementBatch.objects.get(pk=batch.pk)


def _settle(world: World, programme: Programme, region: Region, *, failed: int) -> None:
    """The bank answers; where it paid all, the third party signs."""
    batch = _exported(world, programme, region)
    bank_answers(world, batch, failed=failed)
    redemption.reconcile_batch(batch, by=world.officers[SETTLER])
    receipt = BytesIO(papers.pdf("银行回单", batch.number, f"金额 {batch.total:,.2f} 元"))
    redemption.add_bank_receipt(batch, by=world.officers[OPENER], name="银行回单.pdf", data=receipt)
    if not failed:
        redemption.sign_batch(batch, by=world.officers[OPENER], words="两边相符。")
