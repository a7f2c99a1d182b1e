"""A scheme that nobody has written a line of code for: set up by provincial staff on the pages of the admin."""

from dataclasses import dataclass

from django.conf import settings
from django.core.management import call_command

from accounts.models import Organization, User
from carriers.models import Service
from innovation_voucher.casework.models import Office
from innovation_voucher.demo.people import BUREAU
from innovation_voucher.tests import cast
from vouchers.models import Programme

from . import stage, using
from .files import Papers
from .people import Person

PROVINCE, COUNTY = "510000", "510107"
NAME = "蜀光科技创新券"
CHAIN = "蜀光创新券兑付审批"


@dataclass
class Scene:
    """The people of a province in which no scheme has run so far."""

    maker: User
    checker: User
    officer: User
    seller: User
    service: Service
    enterprise: Organization

    @property
    def owner(self) -> User:
        return cast.owner_of(self.enterprise)


def build() -> Scene:
    """Offices, a verified enterprise and a recognized carrier; the only scheme is another province's."""
    call_command("load_programme", str(settings.BASE_DIR / "vouchers" / "data" / "zj.json"), verbosity=0)
    rights = (*stage.PROVINCE, "set_rules")
    province = cast.make_office("province", PROVINCE, rights=rights, name="蜀光创新券办公室")
    bureau: Office = cast.make_office("bureau", COUNTY, rights=BUREAU, name="武侯区科技局")
    maker, checker = (stage.staff(name, province) for name in ("罗制单", "唐复核"))
    service = stage.shop(province, maker)
    enterprise = cast.make_organization("enterprise", COUNTY, name="蜀光测试设备有限公司")
    # The cast has one account for all, and who shares an account is related.
    enterprise.bank_accounts.update(active=False)
    cast.make_bank_account(enterprise, "6222020000000005678")
    return Scene(
        maker=maker,
        checker=checker,
        officer=cast.make_officer(COUNTY, office=bureau),
        seller=cast.owner_of(service.carrier.organization),
        service=service,
        enterprise=enterprise,
    )


# --- The scheme -----------------------------------------------------------------------------------


def go(maker: Person, path: str) -> None:
    """A page of the admin, which has its own markup."""
    response = maker.page.goto(maker.base + path)
    assert response is not None
    assert response.status == 200, path


def click(maker: Person, name: str) -> None:
    """Press a button or follow a link of the admin."""
    maker.go(maker.find(name))
    assert maker.page.locator("h1").count() == 1, maker.page.url


def box(maker: Person, name: str, value: str) -> None:
    """Type into, or choose in, the box of that name."""
    found = maker.page.locator(f"[name='{name}']")
    if found.first.evaluate("element => element.tagName") == "SELECT":
        found.select_option(label=value)
    elif found.first.get_attribute("type") == "radio":
        maker.page.locator(f"[name='{name}'][value='{value}']").check()
    else:
        found.fill(value)


def new_chain(maker: Person) -> None:
    """A review of redemptions in one step by the county."""
    go(maker, "/admin/casework/chain/add/")
    answers = {"key": "sixth-redemption", "name": CHAIN}
    step = {"position": "1", "name": "兑付审批", "office_kind": "科技主管部门", "right": "review_redemption"}
    for name, value in {**answers, **{f"steps-0-{key}": value for key, value in step.items()}}.items():
        box(maker, name, value)
    maker.page.locator("[name='steps-0-may_lower']").check()
    maker.shot("A0-chain")
    click(maker, "保存")


def copy_programme(maker: Person) -> None:
    """A draft out of what another province has published."""
    go(maker, "/admin/vouchers/programme/")
    click(maker, "复制已有方案")
    click(maker, "复制为草稿")
    maker.sees("填写名称", "选择主管地区")
    source = Programme.objects.get()
    box(maker, "source", f"{source.year} {source.name}")
    for name, value in {"year": str(source.year), "name": NAME, "region": "四川省", "family": "sixth"}.items():
        box(maker, name, value)
    maker.shot("A1-clone")
    click(maker, "复制为草稿")
    maker.sees("已复制为草稿", "申领与额度", "一个单位一年最多申领多少元")


def change_rules(maker: Person) -> None:
    """Other amounts, another share, the enterprise is paid, another chain; then compare and try."""
    said = {
        "cap_year": "80,000",
        "cap_claim": "60000",
        "subsidy_tiers": "0 一半",
        "min_contract": "5000",
        "redeemer": "enterprise",
        "redemption_chain": CHAIN,
        "order_number": "SG{yyyymmdd}{seq4}",
        "bounds": "年度上限 0 100000",
    }
    for name, value in said.items():
        box(maker, name, value)
    click(maker, "保存并继续编辑")
    maker.sees("按“起点金额 比例”填写，如 10000 50%")
    assert maker.page.locator("[name='min_contract']").input_value() == "5000"
    box(maker, "subsidy_tiers", "0 40%")
    maker.shot("A2-rules")
    click(maker, "保存并继续编辑")
    assert maker.page.locator(".errorlist").count() == 0
    click(maker, "试算")
    for name, value in {"amount": "30000", "region": "四川省成都市武侯区"}.items():
        box(maker, name, value)
    click(maker, "试算")
    maker.sees("30,000 × 40% ＝ 12,000 元", "补贴比例，没有碰到上限", "60,000.00")
    maker.shot("A3-trial")


def publish(maker: Person) -> None:
    """公布, and open the programme."""
    programme = Programme.objects.get(family="sixth")
    go(maker, f"/admin/vouchers/programmeversion/{programme.versions.get().pk}/publish/")
    maker.shot("A4-publish")
    click(maker, "公布规则")
    maker.sees("规则已公布", NAME)
    go(maker, "/admin/vouchers/programme/")
    maker.page.locator("tr", has_text=NAME).locator("input[name=_selected_action]").check()
    maker.page.locator("select[name=action]").select_option(label="开放受理")
    click(maker, "执行")
    maker.sees("已办理", "受理中")
    maker.shot("A5-opened")


# --- Its use --------------------------------------------------------------------------------------


def claim(ent: Person) -> None:
    """What the new rules allow, and not more."""
    ent.open("/ent/quota/")
    ent.press("申领额度")
    ent.sees(NAME)
    ent.fill("申领金额", "60001")
    ent.press("确认申领", status=422)
    ent.sees("60,000")
    ent.fill("申领金额", "50000")
    if ent.page.get_by_role("checkbox").count():
        ent.page.get_by_role("checkbox").first.check()
    ent.press("确认申领")
    ent.sees("50,000.00")
    ent.shot("A6-claimed")


def use(ent: Person, number: str, papers: Papers) -> None:
    """40 % of 30,000; who redeems is not asked."""
    assert number.startswith("SG")
    using.contract(ent, number, papers)
    ent.fill("合同金额", "30000")
    ent.tick("本单位承诺")
    ent.press("下一步：检查并提交")
    ent.sees("12,000.00")
    ent.press("提交使用")
    ent.shot("A7-used")
