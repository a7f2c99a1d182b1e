"""The second scheme of the demo world, in one county: claims that its bureau reviews, one in every state."""

from decimal import Decimal

from innovation_voucher.casework.models import Region
from innovation_voucher.casework.subjects import Target
from vouchers import services as vouchers
from vouchers.models import Claim, Programme
from vouchers.services.pools import set_pool

from .world import World, decide

COUNTY = "330521"
_BUDGET = Decimal(40_000)
_NEEDS = (
    "样机可靠性试验和整改设计，预计费用 6 万元",
    "废水处理工艺中试和检测，预计费用 5 万元",
    "控制板电磁兼容摸底和整改，预计费用 3 万元",
    "复合板材老化试验，预计费用 4 万元",
    "个人发明的手持测温装置打样和检测，预计费用 1 万元",
)


def scheme() -> Programme:
    """The programme whose claims are reviewed."""
    return Programme.objects.get(family="zo")


def limit() -> None:
    """Only one county takes part, so that everybody else meets one kind of voucher."""
    scheme().participating.set(Region.objects.filter(code=COUNTY))


def walk_claims(world: World) -> None:
    """Granted less than asked after a refusal, returned, withdrawn and handed in anew, waiting, a draft."""
    programme = scheme()
    set_pool(programme, Region.objects.get(code=COUNTY), _BUDGET, by=world.officers["qian-zd"])
    refused = _ask(world, "moxi", "80000", 0)
    decide(world, refused, "reject", reason="用途没有写明要购买的服务，请补充后重新申领。")
    decide(world, _ask(world, "moxi", "50000", 0), "approve", amount=Decimal(30_000), reason="按预计费用的一半核定")
    items = [("amount", "申领金额高于预计费用，请核对。"), ("purpose", "写明检测项目和依据的标准。")]
    _ended(world, items)
    decide(world, _ask(world, "luzhou", "60000", 1), "return", items=items, reason="补正后优先办理。")
    vouchers.withdraw_claim(_ask(world, "fuxi", "35000", 2), by=world.owners["fuxi"])
    _ask(world, "fuxi", "25000", 2)
    decide(world, _ask(world, "wukang", "20000", 3), "approve")
    _draft(world, "dongheng", "8000", 4)


def _ended(world: World, items: list[Target]) -> None:
    """Granted and taken back; returned and not mended in time."""
    granted = _ask(world, "luzhou", "5000", 1)
    decide(world, granted, "approve")
    office, officer = world.bureau_of(granted.organization)
    granted.refresh_from_db()
    vouchers.revoke_claim(granted, by=officer, office=office, reason="企业书面放弃本次申领的额度。")
    late = _ask(world, "luzhou", "65000", 1)
    decide(world, late, "return", items=items)
    vouchers.lapse_claim(late, reason="没有在补正期限内重新提交")


def _ask(world: World, firm: str, amount: str, need: int) -> Claim:
    """Handed in; yuan."""
    return vouchers.hand_in_claim(_draft(world, firm, amount, need), by=world.owners[firm])


def _draft(world: World, firm: str, amount: str, need: int) -> Claim:
    return vouchers.draft_claim(
        world.firms[firm],
        scheme(),
        amount=Decimal(amount),
        by=world.owners[firm],
        answers={"purpose": _NEEDS[need]},
    )
