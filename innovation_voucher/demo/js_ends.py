"""Ends of the order scheme that its other stories leave out: claims, redemptions, lists and batches."""

from decimal import Decimal

from innovation_voucher.casework.models import Region
from redemption import services as redemption
from redemption.models import Redemption
from vouchers import services as vouchers
from vouchers.services.pools import set_pool

from .ends import ask_again
from .js_cast import PROVINCE
from .js_claims import LIST_NAME, LISTED, filled, scheme, stamped, written
from .js_payments import CHECKER, MAKER
from .js_redemptions import SMALL, handed_in, written_order
from .lists import enlist
from .settled import show
from .settling import Desk, end_batches, walk_batches, walk_lists
from .world import World, decide

#: Less than one enterprise may have: who asks now waits in the line.
_BUDGET = Decimal(60_000)
_REPORT = [("report", "报告没有检测机构盖章，请重新上传。")]


def walk_claims(world: World) -> None:
    """A draft, one to mend, one in the line; withdrawn, refused, lapsed and taken back ones of earlier days."""
    vouchers.withdraw_claim(written(world, "fuhe", "incubated"), by=world.owners["fuhe"])
    refused = stamped(world, filled(world, "caizhi", "talent"))
    decide(world, refused, "reject", reason="人才计划证明已过期，换新证后可重新申领。")
    vouchers.lapse_claim(filled(world, "zhongyuan", "high_tech"), reason="没有在期限内上传盖章申领表")
    granted = stamped(world, filled(world, "pengcheng", "high_tech"))
    decide(world, granted, "approve")
    office, officer = world.bureau_of(granted.organization)
    vouchers.revoke_claim(granted, by=officer, office=office, reason="证书编号填写有误，企业更正后重新申领。")


def walk_waiting(world: World) -> None:
    """What is under way: being written, sent back, waiting for the budget."""
    written(world, "zhongyuan", "high_tech")
    returned = stamped(world, filled(world, "hefeng", "high_tech"))
    decide(world, returned, "return", items=[("certificate_number", "证书编号与证书图片不一致，请核对。")])
    enlist(world, PROVINCE, LISTED, LIST_NAME, "lianhu")
    set_pool(scheme(), Region.objects.get(code=PROVINCE), _BUDGET, by=None)
    stamped(world, filled(world, "lianhu", LISTED))


def walk_ends(world: World) -> None:
    """A voucher for which payment is asked thrice; lists before the public, batches on their way."""
    programme = scheme()
    walk = written_order(world, programme, SMALL, "100", "100")
    again = ask_again(
        lambda: redemption.submit_voucher(walk.voucher, by=walk.owner),
        lambda late: decide(world, late, "return", items=_REPORT),
    )
    desk = Desk(world, programme, programme.region, MAKER, CHECKER)
    walk_batches(desk, lambda: _payable(world))
    _payable(world)
    end_batches(desk)
    lowered = Redemption.objects.get(programme=programme, status=Redemption.State.APPROVED)
    contested, shown = _approved(world), _approved(world)
    walk_lists(desk, drafted=lowered, contested=contested, refused=_agreed(world, again), more=[shown])


def _approved(world: World) -> Redemption:
    return _agreed(world, handed_in(world, scheme(), SMALL, "100", "100"))


def _agreed(world: World, row: Redemption) -> Redemption:
    """Bureau and centre agree."""
    for _step in range(2):
        decide(world, row, "approve")
    return Redemption.objects.get(pk=row.pk)


def _payable(world: World) -> Redemption:
    row = _approved(world)
    show(world, [row], by=MAKER, title=f"拟兑付名单（{row.number}）")
    return row
