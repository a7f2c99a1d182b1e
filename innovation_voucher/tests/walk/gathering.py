"""通用: orders that nobody accepted, gathered in one redemption over one invoice."""

from django.core.management import call_command

from accounts.models import Organization, User
from carriers.tests.factories import make_recognition
from innovation_voucher.casework.models import Region
from innovation_voucher.tests import cast
from orders import services as orders
from redemption.tests import shared as scheme
from vouchers.models import Programme
from vouchers.tests.factories import make_carrier

from . import shared
from .files import Papers
from .people import Person
from .stage import NAME, PRESETS

TOO_LONG = "成" * 201
NOVEL = "首次量化线束布局对辐射的影响。"


def member(quota: int, region: str = shared.COUNTY) -> User:
    """Who acts for an enterprise of the region that was granted quota (yuan)."""
    firm = cast.make_organization(region_code=region, name=NAME, credit_code=shared.CODE)
    # The cast has one account for all, and who shares an account is related.
    firm.bank_accounts.update(active=False)
    cast.make_bank_account(firm, "6222020000000005678")
    scheme.grant(firm, Programme.objects.get(), quota)
    return cast.owner_of(firm)


def gather(ent: Person, numbers: list[str]) -> None:
    """Both in one draft, each with what it cost."""
    ent.open("/ent/redeem/")
    ent.shot("c50-gather")
    for number in numbers:
        ent.page.locator(f"#o-{number}").check()
    ent.press("加入兑付草稿")
    ent.sees("兑付窗口期 01-01 至 12-20", "待填写")
    ent.shot("c51-draft")
    for box in ent.page.locator("#amounts input[inputmode=decimal]").all():
        box.fill("3000")
    ent.press("保存金额")
    ent.sees("6,000.00")


def write(ent: Person) -> None:
    """201 characters are refused and nothing typed is lost; 200 pass."""
    boxes = {label: ent.page.get_by_label(label, exact=False).first for label in ("服务成效体现", "创新性体现")}
    boxes["服务成效体现"].fill(TOO_LONG)
    boxes["创新性体现"].fill(NOVEL)
    ent.press("保存草稿", status=422)
    ent.sees("200")
    assert [box.input_value() for box in boxes.values()] == [TOO_LONG, NOVEL]
    ent.shot("c52-201-characters")
    boxes["服务成效体现"].fill(TOO_LONG[:-1])
    ent.press("保存草稿")
    ent.sees("已保存")


def invoices(ent: Person, numbers: list[str], papers: Papers) -> None:
    """One invoice behind both: 5,999 is too little, 6,000 is enough."""
    one, other = (f"/redeem/papers/{number}/" for number in numbers)
    ent.open(one)
    shared.give_invoice(ent, papers, "5999")
    ent.open(other)
    shared.give_invoice(ent, papers, "5999", status=422)
    ent.sees("还可分摊 2,999.00 元，少于合同金额 3,000.00 元")
    ent.shot("c53-5999")
    ent.open(one)
    ent.go(ent.page.locator("#invoices").get_by_role("button", name="删除").first)
    for path in (one, other):
        ent.open(path)
        shared.give_invoice(ent, papers, "6000")
        shared.give_receipt(ent, "3000")
        ent.sees("这个订单的材料符合")
    ent.shot("c54-papers")
    ent.press("回到兑付草稿")


def hand_in(ent: Person) -> str:
    """The draft, checked, handed in; the number."""
    ent.shot("c55-draft-ready")
    ent.press("检查并提交")
    ent.sees("3,000.00")
    ent.shot("c56-draft-check")
    ent.press("提交兑付")
    ent.sees("审核中", "等待管理中心")
    ent.shot("c57-in-review")
    return shared.last().number


def once_more(ent: Person, scene: shared.Scene, first: str) -> None:
    """A later order waits in a draft: the window has taken its request."""
    firm = Organization.objects.get(credit_code=shared.CODE)
    booking = orders.Booking(item=scene.service, contact_name="周岚", contact_phone="+8619912345678", need="复测")
    programme, by = Programme.objects.get(), cast.owner_of(firm)
    order = orders.place_order(organization=firm, programme=programme, booking=booking, by=by)
    ent.open("/ent/redeem/")
    ent.page.locator(f"#o-{order.number}").check()
    ent.press("加入兑付草稿")
    ent.sees("本窗口期不能再提交", f"本窗口期已提交兑付 {first}（审核中）", "1月1日开放")
    ent.shot("c58-window-taken")


# --- Without an order -----------------------------------------------------------------------------

#: A region whose enterprises redeem what they never ordered on the portal.
QUICK = "320507"
CARRIER = "浦中检测技术有限公司"


def quick_stage() -> None:
    """The kind, and a carrier that the region recognizes."""
    call_command("load_programme", str(PRESETS / "csj-ty.json"), verbosity=0)
    make_recognition(make_carrier(name=CARRIER, shown=True), Region.objects.get(code=QUICK))


def quick(ent: Person) -> None:
    """One carrier and one type of service down to the third level."""
    ent.open("/ent/orders/")
    ent.press("快速兑付")
    ent.page.locator("main input[name=q]").fill("浦中")
    ent.press("查找")
    ent.shot("c70-quick-carriers")
    ent.press("选择")
    ent.fill("服务金额", "6000")
    ent.fill("服务内容", "两批控制器的电磁兼容检测，报告已交付。")
    ent.press("登记并继续", status=422)
    ent.sees("选择服务类型")
    ent.page.locator("select[name$=category]").select_option("010101")
    ent.shot("c71-quick-form")
    ent.press("登记并继续")


def several_invoices(ent: Person, papers: Papers) -> None:
    """Two invoices behind the same service; then it goes into a draft of its own."""
    shared.give_invoice(ent, papers, "2000")
    shared.give_invoice(ent, papers, "4000", number="26327000000012345679")
    shared.give_receipt(ent, "6000")
    ent.sees("这个订单的材料符合")
    ent.shot("c72-quick-papers")
    ent.press("回到兑付申请")
    ent.page.locator("input[name=o]").check()
    ent.press("加入兑付草稿")
