"""Ends of the shared scheme that its other stories leave out, in one region."""

from carriers.models import Category
from innovation_voucher.casework.models import Region
from innovation_voucher.lib.money import yuan
from redemption import services as redemption
from redemption.models import Redemption
from vouchers import services as vouchers

from . import seats
from .csj_claims import kind
from .csj_orders import BIO, MENDING, TEST, THROUGH, SharedWalk, asked
from .csj_payments import CHECKER, MAKER, OWNER
from .ends import ask_again, bargain
from .settled import show
from .settling import Desk, end_batches, walk_batches, walk_lists
from .world import World, decide

#: What each of the services costs, yuan.
AMOUNT = "1000"


def walk_ends(world: World) -> None:
    """Prices talked over, vouchers that ended, payment asked for thrice; lists and batches on their way."""
    bargain(lambda: _start(world))
    _vouchers(world)
    region = Region.objects.get(code="320509")
    field: Category = world.service(TEST).category.trail[0]
    items = [("effect", "写明检测数据用在哪个产品上。")]
    again = ask_again(Again(world, asked(world, AMOUNT)), lambda late: decide(world, late, "return", items=items))
    desk = Desk(world, kind("tongdui"), region, MAKER, CHECKER)
    walk_batches(desk, lambda: _payable(desk, field))
    _payable(desk, field)
    end_batches(desk)
    rows = [_approved(world, field) for _n in range(3)]
    walk_lists(desk, drafted=rows[0], contested=rows[1], refused=_agreed(world, again, field), more=rows[2:])


def _start(world: World) -> SharedWalk:
    """Not booked yet."""
    return SharedWalk(world, MENDING, BIO, yuan(AMOUNT), programme=kind("tongdui"))


def _requested(world: World) -> SharedWalk:
    """Taken by the carrier; the region is asked for the amount."""
    walk = _start(world)
    walk.place().accept()
    return walk


def _vouchers(world: World) -> None:
    """Taken back and over before the region looked; ended by the region after it had agreed."""
    voided = _requested(world)
    vouchers.void_voucher(voided.voucher, by=voided.owner, reason="试验方案调整，重新下单。")
    vouchers.lapse_voucher(_requested(world).voucher)
    ended = _requested(world).confirm()
    office, officer = world.bureau_of(ended.organization)
    vouchers.terminate_voucher(ended.voucher, by=officer, office=office, reason="服务未实际开展，双方申请终止。")


class Again:
    """Asks for payment of one voucher; the enterprise agrees each time but the first."""

    def __init__(self, world: World, row: Redemption) -> None:
        self.world = world
        self.first: Redemption | None = row
        self.voucher = row.lines.get().voucher

    def __call__(self) -> Redemption:
        """The first request, which nobody has answered; then one that the enterprise agrees to."""
        row, self.first = self.first, None
        if row is not None:
            return row
        by = self.world.owner_of(self.voucher.carrier.organization)
        row = redemption.submit_voucher(self.voucher, by=by)
        return redemption.agree_consent(row, by=self.world.owners[THROUGH])


def _payable(desk: Desk, field: Category) -> Redemption:
    """Its list is over."""
    row = _approved(desk.world, field)
    show(desk.world, [row], by=MAKER, title=f"吴江区拟兑付名单（{row.number}）", region=desk.region)
    return row


def _approved(world: World, field: Category) -> Redemption:
    """Agreed to by the enterprise, its experts and the region."""
    return _agreed(world, redemption.agree_consent(asked(world, AMOUNT), by=world.owners[THROUGH]), field)


def _agreed(world: World, row: Redemption, field: Category) -> Redemption:
    seats.agree(world, row, field, **OWNER)
    decide(world, row, "approve")
    return Redemption.objects.get(pk=row.pk)
