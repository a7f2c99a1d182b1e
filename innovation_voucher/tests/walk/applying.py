"""A scheme whose orders apply for vouchers one by one: the firm on a list, the district, then an agency."""

from dataclasses import dataclass

from django.core.management import call_command
from django.utils import timezone

from accounts import services as accounts
from accounts.listing import Row, Sheet
from accounts.models import User
from innovation_voucher.demo.people import BUREAU
from innovation_voucher.lib.money import yuan
from innovation_voucher.tests import cast

from . import joining, judging, stage
from .files import Papers
from .people import Person

CITY, HOME = "120000", "120104"
CODE = cast.credit_code(880004, HOME)
TITLE = "样机疲劳寿命试验"
KEEPERS = ("manage_lists", "review_recognition", "publish_notices", "settle", "countersign", "view_cases")


@dataclass
class Scene:
    """The people who act, by what they do."""

    officer: User
    reviewer: User
    organizer: User
    keeper: User
    checker: User
    seller: User


def build() -> Scene:
    """Load the scheme, open the offices, list the firm as certified, recognize a carrier, register experts."""
    call_command("load_programme", str(stage.PRESETS / "tj.json"), verbosity=0)
    bureau = cast.make_office("bureau", HOME, rights=BUREAU, name="南开区科技局")
    agency = cast.make_office("agency", CITY, rights=("review_use", "review_redemption", "view_cases"), name="专业机构")
    city = cast.make_office("province", CITY, rights=KEEPERS, name="市创新券办公室")
    keeper, checker = (stage.staff(name, city) for name in ("景制单", "侯复核"))
    _registry(keeper)
    service = stage.shop(city, keeper, price=yuan("9099"))
    judging.register(CITY, 3)
    return Scene(
        officer=cast.make_officer(HOME, office=bureau),
        reviewer=cast.make_officer(CITY, office=agency),
        organizer=cast.make_officer(CITY, office=agency),
        keeper=keeper,
        checker=checker,
        seller=cast.owner_of(service.carrier.organization),
    )


def _registry(keeper: User) -> None:
    """The firm stands in the registry and on this year's list."""
    stage.register(CODE)
    year = timezone.localdate().year
    listed = accounts.open_list(
        region=cast.make_region(CITY), class_key="certified_list", year=year, name="科技型中小企业名单", by=keeper
    )
    sheet = Sheet((Row(CODE, stage.NAME, "KZ-1"),), ())
    accounts.import_list(listed, sheet, mode="add", by=keeper, source="名单.xlsx")


def sign_up(ent: Person) -> None:
    """Register in a district that lies right below its province."""
    ent.open("/accounts/login/")
    ent.press("注册")
    ent.tick("企业")
    for label, option in (("省", "天津市"), ("市", "南开区")):
        ent.choose(label, option)
        ent.press("下一步")
    for label, value in (("统一社会信用代码", CODE), ("单位名称", stage.NAME), ("经办人姓名", "周岚")):
        ent.fill(label, value)
    ent.fill("手机号", joining.PHONE)
    ent.page.get_by_label("密码", exact=True).fill(joining.PASSWORD)
    ent.tick("用户协议")
    ent.tick("隐私政策")
    ent.press("注册")
    ent.fill("短信验证码", joining.sms_code())
    ent.press("验证并注册")


def apply(ent: Person, number: str, papers: Papers) -> None:
    """Below the least amount it is refused in words; half of the contract is computed."""
    ent.open(f"/ent/orders/{number}/")
    ent.sees("待申请创新券")
    ent.shot("80-order-to-apply")
    ent.press("不能申请的原因")
    ent.sees("这个订单可以申请创新券")
    ent.shot("81-order-missing")
    ent.press("立刻申请")
    ent.attach("quote-file", papers.contract)
    ent.attach("licence-file", papers.licence)
    ent.fill("合同金额", "9099")
    ent.fill("合同开始日期", "2026-11-20")
    ent.fill("合同结束日期", "2026-12-31")
    ent.fill("科技创新活动描述", "验证新样机的疲劳寿命，解决批产前的可靠性问题。")
    ent.press("重新计算")
    ent.sees("4,549.50")
    if not ent.page.get_by_label("本单位承诺").is_checked():
        ent.tick("本单位承诺")
    ent.shot("82-apply")
    ent.press("下一步：检查并提交")
    ent.sees("4,549.50", "营业执照.jpg")
    ent.press("提交使用")
    ent.shot("83-applied")
