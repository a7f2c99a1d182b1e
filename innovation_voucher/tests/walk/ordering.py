"""A scheme that holds quota when the order is placed: its offices, its claim with a stamped form, its orders."""

from accounts.listing import checked
from accounts.models import User
from accounts.services import import_list, open_list
from accounts.tests.conftest import code_in, last_sms
from carriers import services as carriers
from carriers.models import Carrier, Category
from innovation_voucher.casework import calendar
from innovation_voucher.casework.models import Region
from innovation_voucher.demo import papers as pictures
from innovation_voucher.demo.people import BUREAU
from innovation_voucher.lib.money import yuan
from innovation_voucher.tests import cast
from orders.models import Order
from vouchers.models import Programme
from vouchers.policy import FieldSpec
from vouchers.resolve import policy_of, snapshot
from vouchers.services.loading import load_programme
from vouchers.tests.factories import preset

from . import stage
from .files import Papers
from .people import Person

PROVINCE, COUNTY, BUREAU_NAME = "320000", "320412", "武进区科技局"
WHERE = ("江苏省", "常州市", "武进区")
CODE = cast.credit_code(880002, COUNTY)
STAFF = ("settle", "countersign", "manage_programmes", "manage_lists", "view_cases", "review_recognition")
TITLE, OTHER = "生物相容性试验", "水质常规检测"

#: Whom nobody signs in as.
LEGAL_PHONE = "19912340000"
_BY_TYPE = {
    "integer": "46",
    "yuan": "32000000",
    "date": "2019-03-18",
    "month": "2025-05",
    "phone": LEGAL_PHONE,
    "credit_code": CODE,
    "secret": "6217000010000002026",
}


def build() -> stage.Stage:
    """The scheme, the county's bureau, the centre, the province with this year's list, a carrier with two services.

    The opener opens the lists that are shown to the public, the reader decides for the centre.
    """
    load_programme(preset("js"))
    bureau = cast.make_office("bureau", COUNTY, rights=BUREAU, name=BUREAU_NAME)
    province = cast.make_office("province", PROVINCE, rights=STAFF, name="省创新券办公室")
    centre = cast.make_office("centre", PROVINCE, rights=("review_redemption", "view_cases"), name="统筹中心")
    maker, checker = (stage.staff(name, province) for name in ("白制单", "戴复核"))
    prices = {"title": TITLE, "price": yuan("15000"), "unit": "样品", "working_days": 55}
    service = stage.shop(province, maker, **prices)
    seller = cast.owner_of(service.carrier.organization)
    _second_service(service.carrier, seller)
    stage.register(CODE)
    _enlist(maker)
    notices = cast.make_office("province", PROVINCE, rights=("publish_notices", "view_cases"), name="公示办公室")
    return stage.Stage(
        officer=cast.make_officer(COUNTY, office=bureau),
        maker=maker,
        checker=checker,
        opener=cast.make_officer(PROVINCE, kind="province", office=notices),
        reader=cast.make_officer(PROVINCE, office=centre),
        seller=seller,
        service=service,
    )


def _second_service(carrier: Carrier, seller: User) -> None:
    data = {
        "title": OTHER,
        "category": Category.objects.get(code="010201"),
        "description": "常规项目",
        "price": yuan("100"),
        "unit": "样品",
        "working_days": 5,
    }
    carriers.save_service(carrier, by=seller, data=data)


def _enlist(keeper: User) -> None:
    """The enterprise stands in this year's list."""
    region = Region.objects.get(code=PROVINCE)
    year = calendar.today().year
    listed = open_list(region=region, class_key="listed_sme", year=year, name="科小名单", by=keeper)
    rows = checked([{"统一社会信用代码": CODE, "单位名称": stage.NAME}])
    import_list(listed, rows, mode="add", by=keeper, source="名单.xlsx")


# --- The claim ------------------------------------------------------------------------------


def claim(ent: Person, papers: Papers) -> None:
    """Class, form, evidence, form printed and stamped; the quota is there at once, and no more can be claimed."""
    ent.open("/ent/quota/")
    ent.press("申领额度")
    ent.sees("选择申领资格", "科技型中小企业")
    ent.shot("80-claim-class")
    ent.press("以此资格申领")
    _write(ent)
    for key in ("credit_certificate", "financial_statement"):
        ent.attach(key, papers.licence)
        ent.go(ent.page.locator(f"button[name=upload][value={key}]"))
        ent.look()
    ent.tick("本单位承诺")
    ent.press("确认，去下载申领表")
    ent.shot("82-claim-stamp")
    assert ent.download("下载申领表").startswith(b"%PDF")
    papers.licence.with_name("盖章表.jpg").write_bytes(pictures.picture("申领表", "盖章"))
    ent.attach("scan", papers.licence.with_name("盖章表.jpg"))
    ent.press("上传并提交")
    ent.sees("额度已到账", "100,000.00")
    ent.shot("83-claim-done")
    ent.open("/ent/quota/")
    ent.sees("现在不能再申领（年度上限 100,000，已申领 100,000）", "用现有额度预约服务")
    ent.shot("83-quota-full")


def _write(ent: Person) -> None:
    """Every box is filled; the phone that is not the enterprise's own is proved by its code."""
    for row in _rows():
        _fill(ent, row)
    ent.shot("81-claim-form")
    ent.press("下一步", status=422)
    ent.sees("已向 199****0000 发送验证码")
    ent.shot("81-claim-code")
    ent.fill("短信验证码", code_in(last_sms(f"+86{LEGAL_PHONE}")))
    ent.press("下一步")


def _rows() -> tuple[FieldSpec, ...]:
    programme = Programme.objects.get(family="js")
    region = Region.objects.get(code=COUNTY)
    return policy_of(snapshot(programme, region, class_key="listed_sme")).fields_of("claim", "listed_sme")


def _fill(ent: Person, row: FieldSpec) -> None:
    """Answer a box that is still empty."""
    box = ent.page.locator(f"[name='{row.key}']").first
    if row.choices:
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(row.choices[0][0])
        else:
            box.check()
    elif not box.input_value():
        box.fill(_BY_TYPE.get(row.type, "填写内容"))


# --- Orders ---------------------------------------------------------------------------------


def fill_cart(ent: Person) -> None:
    """Two services of one carrier, counted on the page of the cart."""
    for title in (TITLE, OTHER):
        ent.open(f"/services/?q={title[:4]}")
        ent.follow(ent.page.get_by_role("link", name=title).first)
        ent.press("加入预约单")
    ent.page.get_by_label(f"{OTHER}的数量").fill("6")
    ent.go(ent.page.locator("tr", has_text=OTHER).get_by_role("button", name="更新"))
    ent.look()
    ent.sees("15,600.00")
    ent.shot("84-cart")


def order(ent: Person, price: str, held: str) -> str:
    """One order for both services at a price agreed on; what it takes of the quota is said before it is placed."""
    ent.press("预约这家机构")
    ent.sees("3,900.00", "100,000.00")
    assert ent.page.get_by_label("地址").input_value().startswith("".join(WHERE))
    ent.fill("Email", "office@example.com")
    ent.fill("需求说明", "两批样品，出具检测报告。")
    ent.fill("议定服务金额", price)
    ent.press("重新计算")
    ent.sees(f"{held}.00")
    ent.shot("85-order-form")
    ent.press("下一步：检查")
    ent.sees(f"{price} 元", f"{held} 元", "提交后占用")
    ent.shot("86-order-check")
    ent.press("提交预约")
    ent.sees(f"{held}.00")
    ent.shot("87-order-done")
    return Order.objects.latest("id").number


def quote(seller: Person, number: str) -> None:
    """The carrier's dearer price takes a quote."""
    seller.open(f"/carrier/bookings/{number}/")
    seller.fill("议定金额", "15,000")
    seller.fill("承诺交付时间", "2026-12-20")
    seller.press("确认预约", status=422)
    seller.sees("改为发报价")
    seller.press("改为向企业报价")
    seller.fill("报价", "15,000")
    seller.fill("交付时间", "2026-12-20")
    seller.fill("说明", "含一次复测")
    seller.shot("88-quote")
    seller.press("发出报价")
    seller.sees("沟通中")


def accept_quote(ent: Person, number: str) -> None:
    """The enterprise reads what it takes, and accepts."""
    ent.open("/ent/orders/?view=mine")
    ent.sees(number, "沟通中")
    ent.shot("89-order-list")
    ent.open(f"/ent/orders/{number}/")
    ent.press("查看并接受报价")
    ent.sees("15,000.00 元", "3,750 元", "含一次复测")
    ent.shot("90-quote-accept")
    ent.press("接受报价")
    ent.sees("服务中", "3,750.00", "机构报价")
    ent.shot("91-order-running")
