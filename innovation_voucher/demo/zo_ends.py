"""Ends of the reviewed scheme that its other stories leave out; each takes little quota, or gives it back."""

from decimal import Decimal

from innovation_voucher.lib.money import yuan
from orders import services as orders
from vouchers import services as vouchers
from vouchers.models import Programme

from .ends import bargain, end_bookings
from .uses import FIRM, AskedWalk, ReviewedWalk
from .walk import Walk
from .world import World

TITLE = "金属材料化学成分分析"


def walk_ends(world: World, programme: Programme) -> None:
    """Bookings and vouchers that came to nothing, prices talked over, a service that waits for its enterprise."""
    small = yuan("20")

    def start() -> Walk:
        return Walk(world, FIRM, TITLE, small, programme=programme)

    start().place()
    end_bookings(start)
    bargain(start)
    _granted(world, programme, small).receive().deliver()
    _vouchers(world, programme, small)


def _granted(world: World, programme: Programme, amount: Decimal) -> Walk:
    return ReviewedWalk(world, FIRM, TITLE, amount, programme=programme).to_issued()


def _vouchers(world: World, programme: Programme, amount: Decimal) -> None:
    """Taken back before the bureau looked, not as agreed for the carrier, ended by the bureau, not received in time."""
    voided = AskedWalk(world, FIRM, TITLE, amount, programme=programme).to_issued()
    vouchers.void_voucher(voided.voucher, by=voided.owner, reason="检测项目有调整，重新申请。")
    back = _granted(world, programme, amount)
    orders.return_voucher(back.voucher, by=back.seller, reason="合同约定的样品数量与预约不符，请核对。")
    ended = _granted(world, programme, amount).receive()
    office, officer = world.bureau_of(ended.organization)
    vouchers.terminate_voucher(ended.voucher, by=officer, office=office, reason="服务未实际开展，双方申请终止。")
    vouchers.lapse_voucher(_granted(world, programme, amount).voucher)
