"""Claims of the shared scheme in the demo world, one in every state, and what another platform granted."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

from innovation_voucher.casework import calendar
from innovation_voucher.casework.models import Region
from innovation_voucher.casework.tokens import issue_token
from innovation_voucher.lib.spreadsheets import csv_text
from vouchers import services as vouchers
from vouchers.external_rows import COLUMNS
from vouchers.models import Claim, Programme
from vouchers.services.pools import set_pool

from .js_claims import LIST_NAME, LISTED
from .lists import enlist
from .world import World, decide

#: The region that claims on another platform, and the county whose budget is used up.
ELSEWHERE, SHORT = "310118", "330421"
_ANSWERS = {
    "revenue": "32000000.00",
    "staff": 46,
    "research_staff": 18,
    "main_products": "智能装备与核心零部件",
    "purpose": "样机可靠性检测和知识产权评估，预计费用 60 万元",
    "contact": "联系人",
}


def kind(name: str) -> Programme:
    """One kind of the scheme."""
    return Programme.objects.get(family="csj", kind=name)


def walk_claims(world: World) -> None:
    """Draft, waiting for the bureau, returned, refused, withdrawn, in line, lapsed; and claimed elsewhere."""
    enlist(world, "320000", LISTED, LIST_NAME, "pingwang", "weitangqiao")
    enlist(world, "330000", LISTED, LIST_NAME, "xitang", "weitang")
    enlist(world, "340000", LISTED, LIST_NAME, "huashan", "dangtu")
    _draft(world, "pingwang", "tongdui", "120000")
    _asked(world, "huashan", "200000")
    decide(world, _asked(world, "dangtu", "150000"), "return", items=[("purpose", "写明要购买的服务项目和机构。")])
    decide(world, _asked(world, "weitangqiao", "500000"), "reject", reason="申领用途与主营产品无关，核实后可重新申领。")
    over = _asked(world, "weitangqiao", "80000")
    decide(world, over, "return", items=[("amount", "申领金额高于预计费用。")])
    vouchers.lapse_claim(over, reason="没有在补正期限内重新提交")
    vouchers.withdraw_claim(_asked(world, "weitang", "60000", "tongdui"), by=world.owners["weitang"])
    set_pool(kind("tongdui"), Region.objects.get(code=SHORT), Decimal(20_000), by=None)
    decide(world, _asked(world, "xitang", "50000", "tongdui"), "approve", amount=Decimal(30_000), reason="按计划核定")
    _elsewhere(world)


def _draft(world: World, firm: str, name: str, amount: str) -> Claim:
    answers = {**_ANSWERS, "contact_phone": world.phone_of(firm)}
    return vouchers.draft_claim(
        world.firms[firm], kind(name), amount=Decimal(amount), by=world.owners[firm], answers=answers
    )


def _asked(world: World, firm: str, amount: str, name: str = "tongyong") -> Claim:
    return vouchers.hand_in_claim(_draft(world, firm, name, amount), by=world.owners[firm])


def _elsewhere(world: World) -> None:
    """A file with one wrong row is imported; one grant is taken back later; a token for the other platform."""
    region, day = Region.objects.get(code=ELSEWHERE), calendar.today().isoformat()
    codes = [world.firms[key].credit_code for key in ("zhujiajiao", "xujing", "taihu")]
    rows = [[f"QP-{number:04d}", code, "", "80000.00", day] for number, code in enumerate(codes, start=1)]
    data = BytesIO(csv_text(list(COLUMNS), rows).encode())
    office = world.office_at("bureau", region)
    officer = world.officers[office.name]
    run = vouchers.check_file(kind("tongyong"), region, data=data, name="申领结果.csv", by=officer)
    vouchers.import_file(run, by=officer)
    taken_back = Claim.objects.get(external_number="QP-0002")
    vouchers.revoke_claim(taken_back, by=officer, office=office, reason="企业已迁出，当地平台撤销了核定。")
    issue_token(
        name="当地创新券平台",
        scope="external-claims",
        region=region,
        last_day=calendar.today() + timedelta(days=365),
        by=world.officers["shen-lh"],
    )
