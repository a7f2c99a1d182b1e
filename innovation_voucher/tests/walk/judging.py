"""Experts at a step: drawn by field, one keeps away, the others score, and the office sums up."""

from django.db.models import QuerySet

from accounts.models import User
from carriers.tests.factories import category
from innovation_voucher.casework.models import PanelSeat, Region
from innovation_voucher.tests import cast
from redemption.models import Expert
from redemption.services import save_expert

from .people import Person

#: What an expert gives, in the order of the standard sheet: 85 of 100.
POINTS = {"reality": "22", "relevance": "18", "novelty": "20", "effect": "16", "cost": "9"}
WHY = "三年内曾在这家服务机构任职"


def register(province: str, count: int) -> list[User]:
    """So many experts of the province, of the field to which the service belongs."""
    region, field = Region.objects.get(code=province), category().trail[0]
    made = []
    for number in range(1, count + 1):
        user = cast.make_user(f"评审{number}")
        expert = Expert(user=user, number=f"E-07{number:02d}", unit=f"江澜第{number}研究院", region=region)
        made.append(save_expert(expert, by=user, fields=[field]).user)
    return made


def page_of(number: str) -> str:
    """The panel of a redemption at the office that owns the step."""
    return f"/inst/panels/redeem/{number}/"


def case_of(number: str) -> str:
    """The redemption as its experts see it."""
    return f"/expert/case/{number}/"


def waiting(number: str) -> QuerySet[User]:
    """The experts who were invited and have not answered."""
    seats = PanelSeat.objects.filter(panel__case__number=number, status="invited")
    return User.objects.filter(pk__in=seats.values("user")).order_by("pk")


def draw(organizer: Person, number: str) -> None:
    """Three of the field, which the page proposes."""
    organizer.open("/inst/panels/")
    organizer.sees(number, "待抽取专家")
    organizer.shot("d10-panels")
    organizer.press(number)
    organizer.shot("d11-draw")
    organizer.press("发出评审邀请")
    organizer.sees("已抽取专家并发出邀请")
    organizer.shot("d12-drawn")


def keep_away(expert: Person, number: str) -> None:
    """A declared conflict hides the case."""
    expert.open("/expert/")
    expert.sees(number)
    expert.shot("d13-tasks")
    expert.open(case_of(number))
    expert.shot("d14-declaration")
    expert.press("有利害关系，申请回避")
    expert.fill("回避原因", WHY)
    expert.shot("d15-keep-away")
    expert.press("申请回避")
    expert.sees("已申请回避")
    expert.open(case_of(number), status=404)
    assert number not in expert.page.locator("body").inner_text()


def draw_again(organizer: Person, number: str) -> None:
    """The empty place is filled."""
    organizer.open(page_of(number))
    organizer.sees("已回避", WHY)
    organizer.shot("d16-one-left")
    organizer.press("补抽")
    organizer.sees("已补抽专家并发出邀请")


def score(expert: Person, number: str) -> None:
    """Declared, scored, checked, given for good."""
    expert.open(case_of(number))
    expert.tick("我承诺对评审内容保密")
    expert.press("确认声明，开始评审")
    for name, points in POINTS.items():
        expert.page.locator(f"input[name={name}]").fill(points)
    expert.shot("d17-sheet")
    expert.press("检查并提交评分")
    expert.sees("85 / 100")
    expert.tick("以上评分由本人独立作出")
    expert.shot("d18-sheet-check")
    expert.press("提交评分")
    expert.sees("评分已提交")


def sum_up(organizer: Person, number: str) -> None:
    """The office writes what came of it."""
    organizer.open(page_of(number))
    organizer.sees("平均 85.0 分", "相差 0 分")
    organizer.shot("d19-scores")
    organizer.page.locator("textarea[name$=summary]").fill("三位专家平均 85 分，一致同意兑付。")
    organizer.press("保存汇总意见")
    organizer.sees("已写汇总意见，可以作出决定")
    organizer.shot("d20-summed-up")
