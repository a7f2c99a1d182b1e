"""A kind of voucher whose redemptions experts score and the public sees before they are paid, in one county."""

from datetime import timedelta

from carriers.models import Category
from innovation_voucher.casework import calendar
from innovation_voucher.casework.models import Chain, ChainStep, Region
from innovation_voucher.lib.money import yuan
from redemption import services as redemption
from redemption.models import Publicity, Redemption
from vouchers import services as vouchers
from vouchers.models import Programme
from vouchers.services.drafting import clone_programme
from vouchers.services.publishing import open_programme, publish

from . import seats
from .experts import register
from .shown_cast import COUNTY, EXPERTS, FIRMS
from .world import World

CHAIN, MANAGER = "major-redemption", "qian-zd"
OFFICER, SECOND = "sun-yh", "yan-yh"
#: Days ago on which the list that is over by now was opened.
EARLIER = 21


def walk_shown(world: World) -> None:
    """Lists that are drafted, open and over; objections received, dismissed and upheld; panels at every stage."""
    scheme = _scheme(world)
    field = _register(world)
    for firm in FIRMS:
        vouchers.claim_instantly(world.firms[firm.key], scheme, amount=yuan(150_000), by=world.owners[firm.key])
    _closed(world, scheme, field)
    _open(world, scheme, field)
    waiting = [scored(world, scheme, field, "cangqian", "4800"), scored(world, scheme, field, "pingyao", "7200")]
    _list(world, scheme, waiting[:1], "第三批拟兑付名单")
    seats.walk_panels(world, scheme, field)


def _scheme(world: World) -> Programme:
    """A copy of the first scheme with experts, five days before the public, and one county."""
    region = Region.objects.get(code=COUNTY)
    base, manager = world.programme, world.officers[MANAGER]
    chain = Chain.objects.create(key=CHAIN, name="重点创新券兑付")
    usual = {"chain": chain, "right": "review_redemption", "may_lower": True}
    ChainStep.objects.create(**usual, position=1, name="兑付初审", office_kind="bureau", working_days=5)
    panel = {"office_kind": "agency", "scope": "programme", "working_days": 10, "panel": True}
    ChainStep.objects.create(**usual, position=2, name="专家评审", **panel, panel_rules={"blind": True})
    name = f"{base.name}（重点）"
    made = clone_programme(
        base, by=manager, family=base.family, year=base.year, kind="重点", name=name, region=base.region
    )
    made.participating.set([region])
    version = made.versions.get()
    version.publicity_days, version.redemption_chain = 5, CHAIN
    version.save(update_fields=["publicity_days", "redemption_chain"])
    publish(version, by=manager)
    return open_programme(made, by=manager)


def _register(world: World) -> Category:
    """Experts of the field of the first carrier's services, one of whom works for that carrier."""
    field: Category = world.service("电磁兼容摸底试验").category.trail[0]
    register(world, EXPERTS, field, world.programme.region, by=world.officers[MANAGER])
    return field


def scored(world: World, scheme: Programme, field: Category, firm: str, amount: str) -> Redemption:
    """A redemption that county, experts and agency have agreed to; it waits for its list."""
    row = seats.handed_in(world, scheme, firm, amount)
    seats.agree(world, row, field)
    return Redemption.objects.get(pk=row.pk)


def _list(world: World, scheme: Programme, rows: list[Redemption], title: str) -> Publicity:
    office = world.offices[COUNTY]
    name = f"{office.region.name}{scheme.year}年重点创新券{title}"
    return redemption.create_publicity(
        scheme, office.region, rows, title=name, by=world.officers[OFFICER], office=office
    )


def _closed(world: World, scheme: Programme, field: Category) -> None:
    """A list of some weeks ago: one is to be paid, one objection was dismissed, one was upheld."""
    firms = ("cangqian", "liangzhu", "pingyao")
    rows = [
        scored(world, scheme, field, firm, amount) for firm, amount in zip(firms, ("9000", "6500", "8000"), strict=True)
    ]
    publicity = _list(world, scheme, rows, "第一批拟兑付名单")
    office, second = world.offices[COUNTY], world.officers[SECOND]
    with calendar.acting_at(calendar.now() - timedelta(days=EARLIER)):
        redemption.open_publicity(publicity, by=world.officers[OFFICER], office=office)
        first, other = (
            redemption.object_to(publicity, row, name="一位市民", contact="19900008888", words=words)
            for row, words in ((rows[1], "怀疑合同没有实际履行。"), (rows[2], "发票金额与合同不一致。"))
        )
    answer = "已核对合同、报告和银行回单，服务真实完成，异议不成立。"
    redemption.dismiss_objection(first, by=second, office=office, answer=answer)
    answer = "经核对，发票金额有出入，退回重新审核。"
    redemption.uphold_objection(other, by=second, office=office, answer=answer)
    redemption.close_publicity(publicity)


def _open(world: World, scheme: Programme, field: Category) -> None:
    """A list before the public, with an objection that waits for its answer."""
    rows = [scored(world, scheme, field, firm, "5600") for firm in ("cangqian", "liangzhu")]
    publicity = _list(world, scheme, rows, "第二批拟兑付名单")
    redemption.open_publicity(publicity, by=world.officers[OFFICER], office=world.offices[COUNTY])
    words = "同一项目已获得其他财政资金支持，请核实。"
    redemption.object_to(publicity, rows[1], name="某行业协会", contact="xiehui@example.org", words=words)
