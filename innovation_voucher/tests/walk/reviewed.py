"""The second scheme: the bureau grants the claim and the use, a third party opens the redemption at year end."""

from redemption.models import Redemption

from . import using
from .files import Papers
from .people import Person


def ask(ent: Person) -> None:
    """Ask for an amount, check, hand in; who decides until when is said."""
    ent.open("/ent/quota/")
    ent.press("申领额度")
    ent.press("下一步", status=422)
    ent.fill("申领金额", "50000")
    ent.fill("拟购买的服务和用途", "两台样机的疲劳寿命试验，预计 24,000 元。")
    ent.shot("60-claim-ask")
    ent.press("下一步")
    ent.sees("50,000.00")
    ent.page.get_by_role("checkbox").first.check()
    ent.shot("61-claim-check")
    ent.press("提交申领")
    ent.sees("滨江区")
    ent.shot("62-claim-handed-in")


def granted(ent: Person) -> None:
    """What came is less than what was asked, with the reason."""
    ent.open("/ent/quota/")
    ent.sees("30,000.00", "50,000.00")
    ent.shot("63-quota-granted")


def find_on_the_map(ent: Person, title: str) -> str:
    """By a keyword on the map: the list holds it with its booking, with and without scripts."""
    ent.open("/map/?q=疲劳")
    ent.sees("东海分析测试中心", title)
    if ent.script:
        ent.page.locator("#map .leaflet-interactive, #map .leaflet-marker-icon").first.wait_for()
    ent.shot("64-map")
    ent.follow(ent.page.get_by_role("link", name=title).first)
    ent.press("立即预约")
    return using.order(ent)


def use(ent: Person, number: str, papers: Papers) -> None:
    """The enterprise names the amount; more than the quota is refused in words."""
    using.contract(ent, number, papers)
    ent.fill("合同金额", "24000")
    ent.fill("申请使用金额", "31000")
    ent.tick("本单位承诺")
    ent.press("下一步：检查并提交", status=422)
    ent.fill("申请使用金额", "15000")
    if not ent.page.get_by_label("本单位承诺").is_checked():
        ent.tick("本单位承诺")
    ent.shot("65-use-asked")
    ent.press("下一步：检查并提交")
    ent.sees("15,000.00")
    ent.press("提交使用")
    ent.shot("66-use-in-review")


def waits_for_the_year_end(seller: Person) -> None:
    """The carrier reads who opens its redemption, and has nothing to submit."""
    seller.open("/carrier/redeem/")
    seller.sees("第三方")
    seller.shot("67-carrier-year-end")


def open_redemption(agent: Person, owed: str) -> str:
    """The third party opens one redemption for the carrier and the county, and hands it in."""
    agent.open("/settle/")
    agent.sees(owed)
    agent.shot("68-settle-round")
    agent.follow(agent.page.get_by_role("link", name="东海分析测试中心").first)
    agent.shot("69-settle-share")
    agent.press("发起兑付")
    agent.shot("70-settle-redemption")
    agent.press("提交审核")
    agent.shot("71-settle-in-review")
    return Redemption.objects.get().number


def own_case_is_refused(agent: Person, number: str) -> None:
    """Who opened it reads the case and cannot decide it."""
    agent.open(f"/desk/redeem/{number}/")
    assert agent.page.get_by_label("同意").count() == 0
