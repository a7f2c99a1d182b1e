"""Ends of the first scheme that its other stories leave out: a line for the budget, and what was never mended."""

from decimal import Decimal

from innovation_voucher.casework.models import Region
from redemption import services as redemption
from vouchers import services as vouchers
from vouchers.models import Programme
from vouchers.services.pools import set_pool

from .ends import bargain
from .payments import submitted
from .shown_cast import COUNTY
from .walk import Walk
from .world import World, decide

FIRM, TITLE = "chengguang", "金属材料化学成分分析"
_BUDGET, _OVER = Decimal(10_000), Decimal(20_000)


def walk_ends(world: World) -> None:
    """Prices talked over; a redemption that was not mended in time; claims around a budget that is used up."""
    amount = Decimal(1_200)
    bargain(lambda: Walk(world, FIRM, TITLE, amount))
    late = submitted(world, FIRM, TITLE, "1200")
    decide(world, late, "return", items=[("invoice", "发票抬头与单位名称不符，请重新上传。")])
    redemption.expire(late, act="correction")
    _in_line(world, Programme.objects.get(family=world.programme.family, kind="重点"))


def _in_line(world: World, scheme: Programme) -> None:
    """A grant that was taken back; who waits, who no longer wants to, and whose turn never came."""
    region = Region.objects.get(code=COUNTY)
    office = world.offices[COUNTY]
    officer = world.officers[office.name]
    set_pool(scheme, region, _BUDGET, by=None)
    granted = vouchers.claim_instantly(
        world.firms["pingyao"], scheme, amount=Decimal(5_000), by=world.owners["pingyao"]
    )
    vouchers.revoke_claim(granted, by=officer, office=office, reason="企业书面放弃本次申领的额度。")
    _waits, given_up, late = (
        vouchers.claim_or_wait(world.firms[key], scheme, amount=_OVER, by=world.owners[key])
        for key in ("cangqian", "liangzhu", "pingyao")
    )
    vouchers.withdraw_claim(given_up, by=world.owners["liangzhu"])
    vouchers.lapse_claim(late, reason="本年度没有追加预算")
