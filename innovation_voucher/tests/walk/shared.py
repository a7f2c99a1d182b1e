"""The shared scheme: its stage, and what both sides do on the road of either kind."""

from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.utils import timezone

from accounts.listing import checked
from accounts.models import EnterpriseRecord, User
from accounts.services import lists
from carriers.models import Service
from carriers.tests.factories import category, make_recognition, make_service
from innovation_voucher.casework import calendar
from innovation_voucher.casework.models import Region
from innovation_voucher.demo.people import BUREAU
from innovation_voucher.tests import cast
from orders.models import Order
from redemption.models import Redemption
from vouchers.models import QuotaAccount
from vouchers.tests.factories import make_carrier

from . import judging
from .files import Papers
from .people import Person
from .stage import NAME, PRESETS

COUNTY, PROVINCE = "320509", "320000"
PLACE = ("江苏省", "苏州市", "吴江区")
OFFICE = "吴江区科技局"
CODE = cast.credit_code(880002, COUNTY)
SERVICE = "汽车电子检测服务"
INVOICE = "26327000000012345678"


@dataclass
class Scene:
    """The people who act, by what they do."""

    officer: User
    publisher: User
    organizer: User
    maker: User
    checker: User
    seller: User
    service: Service
    experts: list[User]


def build(kind: str) -> Scene:
    """Load one kind, open the region's offices, register the carrier, put the enterprise on the year's list.

    The region pays what it has agreed to: its own office settles.
    """
    call_command("load_programme", str(PRESETS / f"csj-{kind}.json"), verbosity=0)
    bureau = cast.make_office("bureau", COUNTY, rights=BUREAU, name=OFFICE)
    centre = cast.make_office("centre", COUNTY, rights=("review_redemption", "view_cases"), name="吴江区评审中心")
    payers = cast.make_office("centre", COUNTY, rights=("settle", "countersign"), name="吴江区创新券资金管理中心")
    carrier = make_carrier(name="浦中检测技术有限公司", shown=True)
    make_recognition(carrier, Region.objects.get(code=COUNTY))
    _enlist()
    EnterpriseRecord.objects.create(
        credit_code=CODE,
        name=NAME,
        legal_person="许澄",
        address="云梨路 1688 号",
        nature="有限责任公司",
        source="工商登记",
        imported_at=timezone.now(),
    )
    maker, checker = (cast.make_user(name, is_staff=True) for name in ("沈制单", "孟复核"))
    for person in (maker, checker):
        person.groups.add(payers.group)
    return Scene(
        officer=cast.make_officer(COUNTY, office=bureau),
        publisher=cast.make_officer(COUNTY, office=bureau, name="顾发布"),
        organizer=cast.make_officer(COUNTY, office=centre, name="史组织"),
        maker=maker,
        checker=checker,
        seller=cast.owner_of(carrier.organization),
        service=make_service(carrier, SERVICE, category=category(), price=6_000, unit="项"),
        experts=judging.register(PROVINCE, 6),
    )


def _enlist() -> None:
    keeper = cast.make_officer(PROVINCE, "manage_lists", kind="province", name="白名单")
    region, year = Region.objects.get(code=PROVINCE), calendar.today().year
    target = lists.open_list(region=region, class_key="listed_sme", year=year, name="科小名单", by=keeper)
    rows = checked([{"统一社会信用代码": CODE, "单位名称": NAME}])
    lists.import_list(target, rows, mode="add", by=keeper, source="名单.xlsx")


def ask(ent: Person, amount: str = "50000") -> None:
    """The claim with its sections, checked and handed in."""
    ent.open("/ent/quota/")
    ent.shot("c10-quota")
    ent.press("申领额度")
    for label, value in (
        ("上年度营业收入", "32000000"),
        ("职工总数", "48"),
        ("主营产品或服务", "车载控制器"),
        ("拟购买的服务和用途", "控制器的电磁兼容和环境可靠性检测，预计 12,000 元。"),
        ("联系人", "周岚"),
        ("联系手机", "19912345678"),
        ("申领金额", amount),
    ):
        ent.fill(label, value)
    ent.shot("c11-claim")
    ent.press("下一步")
    ent.page.get_by_role("checkbox").first.check()
    ent.shot("c12-claim-check")
    ent.press("提交申领")
    ent.shot("c13-claim-handed-in")


def book(ent: Person, answers: dict[str, str]) -> str:
    """From the catalogue to the order; `answers` are what the kind asks with it. The order's number."""
    ent.open("/services/?q=汽车电子")
    ent.follow(ent.page.get_by_role("link", name=SERVICE).first)
    ent.shot("c20-service")
    ent.press("立即预约")
    ent.fill("需求说明", "三套控制器，按大纲检测。")
    if answers:
        ent.press("下一步：检查", status=422)
    for label, value in answers.items():
        ent.page.get_by_label(label, exact=True).last.fill(value)
    ent.shot("c21-booking")
    ent.press("下一步：检查")
    ent.shot("c22-booking-check")
    ent.press("提交预约")
    ent.shot("c23-booked")
    return Order.objects.latest("pk").number


def record(seller: Person, number: str, papers: Papers) -> None:
    """The carrier says what it delivered."""
    seller.open(f"/carrier/bookings/{number}/record/")
    seller.fill("完成日期", calendar.today().isoformat())
    seller.fill("服务结果", "检测完成，报告已交付。")
    seller.attach("file", papers.report)
    seller.press("登记完成")
    seller.sees("待确认完成")
    seller.shot("c30-recorded")


def give_invoice(person: Person, papers: Papers, amount: str, *, number: str = INVOICE, status: int = 200) -> None:
    """An invoice of today with its picture."""
    box = person.page.locator("#invoices")
    box.locator("input[name$=number]").fill(number)
    box.locator("input[name$=issued_on]").fill(calendar.today().isoformat())
    box.locator("input[name$=amount]").fill(amount)
    box.locator("input[type=file]").set_input_files(papers.invoice)
    person.press("添加发票", status)


def give_receipt(person: Person, paid: str) -> None:
    """What the bank paid, beside the invoice."""
    person.page.locator("#receipts input[name$=amount]").fill(paid)
    person.press("添加回单")


def write(person: Person) -> None:
    """服务成效 and 创新性."""
    person.fill("服务成效体现", "检测数据用于改进屏蔽设计。")
    person.fill("创新性体现", "首次量化线束布局对辐射的影响。")
    person.press("保存草稿")


def attach(person: Person, file: Path) -> None:
    """Contract and report."""
    person.page.locator("#attachment input[type=file]").set_input_files(file)
    person.press("上传合同及其他证明材料")


def last() -> Redemption:
    """The newest redemption."""
    return Redemption.objects.latest("pk")


def buckets() -> dict[str, int]:
    """What the account of the enterprise of the walk holds, whole yuan."""
    row = QuotaAccount.objects.get(organization__credit_code=CODE)
    return {name: int(getattr(row, name)) for name in ("available", "held", "in_batch", "spent")}
