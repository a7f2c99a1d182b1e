"""The scheme that holds quota with the order, to its end: one redemption shown to the public and paid."""

from redemption.models import Redemption

from .js_claims import scheme
from .js_redemptions import SMALL, handed_in
from .settled import pay, show
from .world import World, decide

MAKER, CHECKER = "bai-js", "dai-js"


def walk_payments(world: World) -> None:
    """A small one: agreed by bureau and centre, on a list that is over, paid."""
    programme = scheme()
    row = handed_in(world, programme, SMALL, "100", "100")
    for _step in range(2):
        decide(world, row, "approve")
    show(world, [Redemption.objects.get(pk=row.pk)], by=MAKER, title="第一批拟兑付名单")
    pay(world, programme, maker=MAKER, checker=CHECKER)
