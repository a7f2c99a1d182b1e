"""Ends of the scheme whose vouchers are asked for one by one that its other stories leave out."""

from carriers.models import Category
from redemption import services as redemption
from redemption.models import Redemption
from vouchers import services as vouchers

from .ends import ask_again, bargain, end_bookings, serve
from .settled import show
from .settling import Desk, end_batches, walk_batches, walk_lists
from .tj_redemptions import CHECKER, EFFECT, MAKER, agreed, complete, contract, formal, valid
from .tj_walks import GAS, ApplyingWalk, scheme, start
from .world import World, decide


def walk_ends(world: World, field: Category) -> None:
    """Bookings, vouchers and redemptions that ended; a draft; lists and batches on their way."""
    _bookings(world)
    _vouchers(world)
    _draft(world)
    programme, walk = scheme(), complete(world)
    items = [("result", "检测报告不是本项目的，请重新上传。")]
    again = ask_again(
        lambda: redemption.submit_voucher(walk.voucher, by=walk.owner),
        lambda late: decide(world, late, "return", items=items),
    )
    desk = Desk(world, programme, programme.region, MAKER, CHECKER)
    drafted = Redemption.objects.get(programme=programme, status=Redemption.State.APPROVED)
    walk_batches(desk, lambda: _payable(world, field))
    _payable(world, field)
    end_batches(desk)
    contested, refused = (agreed(world, formal(world, row), field) for row in (None, again))
    walk_lists(desk, drafted=drafted, contested=contested, refused=refused)


def _bookings(world: World) -> None:
    def begin() -> ApplyingWalk:
        return start(world, "haiyun", GAS, "100")

    end_bookings(begin)
    bargain(begin)
    serve(begin)


def _vouchers(world: World) -> None:
    """Ended by the district after both reviews; and one that nobody looked at in time."""
    ended = valid(world)
    office, officer = world.bureau_of(ended.organization)
    vouchers.terminate_voucher(ended.voucher, by=officer, office=office, reason="服务未实际开展，双方申请终止。")
    vouchers.lapse_voucher(start(world, "shuishang", ended.title, "4000").to_issued().voucher)


def _draft(world: World) -> None:
    """Its contract is there, the papers of the service are not."""
    draft = valid(world)
    contract(draft)
    redemption.keep_facts(draft.voucher, by=draft.owner, answers={"effect": EFFECT})


def _payable(world: World, field: Category) -> Redemption:
    """Its list is over and its signed paper has come."""
    row = agreed(world, formal(world), field)
    show(world, [row], by=MAKER, title=f"拟兑付名单（{row.number}）")
    office, officer = world.bureau_of(row.payee)
    return redemption.receive_paper(row, by=officer, office=office)
