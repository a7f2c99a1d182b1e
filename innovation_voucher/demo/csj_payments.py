"""The shared scheme to its end in one region: scored, agreed to, shown to the public, paid."""

from carriers.models import Category
from innovation_voucher.casework.models import Region
from redemption.models import Redemption

from . import seats
from .csj_cast import EXPERTS
from .csj_redemptions import CARS, ended
from .experts import register
from .settled import pay, show
from .world import World, decide

OWNER = {"person": "shi-wj", "agency": "吴江区科技创新券评审中心"}
MAKER, CHECKER, MANAGER = "ke-wj", "tu-wj", "meng-lh"


def walk_payments(world: World) -> None:
    """One whose list is over and that is paid; what else is handed in waits for its experts."""
    region = Region.objects.get(code="320509")
    field: Category = world.service(CARS).category.trail[0]
    register(world, EXPERTS, field, region, by=world.officers[MANAGER])
    row = ended(world)
    seats.agree(world, row, field, **OWNER)
    decide(world, row, "approve")
    row = Redemption.objects.get(pk=row.pk)
    show(world, [row], by=MAKER, title="吴江区第一批拟兑付名单", region=region)
    pay(world, row.programme, maker=MAKER, checker=CHECKER, region=region)
