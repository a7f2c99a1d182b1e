"""The desk's acts over several cases in a browser: saved views, bulk agreement, sharing out, keeping away."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal

import pytest
from playwright.sync_api import Browser

from innovation_voucher.casework import reviews
from innovation_voucher.casework.models import Interest, ReviewCase
from innovation_voucher.tests import cast
from innovation_voucher.tests.browser import browser
from innovation_voucher.tests.walk.people import Person, person

from .trial import RIGHT, make_chain, open_case, open_task

__all__ = ["browser"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("subject"),
    pytest.mark.browser,
    pytest.mark.feature("X-2"),
    pytest.mark.parametrize("script", [True, False], ids=["scripts on", "scripts off"]),
]

QUEUE = "/desk/trial/"


@dataclass
class Desk:
    """Two people of one office, and three cases of which the last one fails a check."""

    one: Person
    other: Person
    cases: list[ReviewCase]

    def pick(self, *cases: ReviewCase) -> None:
        """Tick rows of the queue."""
        self.one.open(QUEUE)
        for case in cases:
            self.one.page.locator(f"#s{open_task(case).pk}").check()


@pytest.fixture
def desk(browser: Browser, live_server: object, script: bool) -> Iterator[Desk]:
    make_chain({"name": "初审"})
    office = cast.make_office("bureau", rights=(RIGHT,))
    staff = [cast.make_officer(name=name, office=office) for name in ("王审核员", "李审核员")]
    cases = [open_case(number=f"SB-2026-00000{n}", amount=Decimal("1000.00")) for n in range(3)]
    ReviewCase.objects.filter(pk__in=[case.pk for case in cases[:2]]).update(checks_bad=0)
    with ExitStack() as stack:
        seats = [stack.enter_context(person(browser, str(live_server), one, script=script)) for one in staff]
        yield Desk(seats[0], seats[1], cases)


def test_many_are_agreed_to_after_a_preview_and_the_rest_is_explained(desk: Desk) -> None:
    desk.pick(*desk.cases)
    desk.one.press("批量通过")
    desk.one.sees("所选 3 件中 2 件可批量通过", "1 件不会通过，留在队列里", "打开此件办理", "2,000.00")
    desk.one.shot("90-bulk-preview")
    desk.one.press("批量通过 2 件", status=422)
    desk.one.fill("办理意见", "核对无误")
    desk.one.tick("已看过这些件的核对结果")
    desk.one.press("批量通过 2 件")
    desk.one.sees("2 件已办", "已通过")
    desk.one.shot("91-bulk-result")
    found = ReviewCase.objects.order_by("number").values_list("status", flat=True)
    assert list(found) == ["approved", "approved", "open"]


def test_cases_are_given_to_a_colleague_who_sees_them(desk: Desk) -> None:
    desk.pick(desk.cases[0], desk.cases[2])
    desk.one.press("分派给他人")
    desk.one.shot("92-assign")
    desk.one.press("分派 2 件", status=422)
    desk.one.page.locator("select[name=to]").select_option(label="李审核员")
    desk.one.press("分派 2 件")
    desk.one.sees("已分派")
    assert [open_task(case).assignee is not None for case in desk.cases] == [True, False, True]
    desk.other.open(QUEUE)
    desk.other.sees("李审核员")


def test_a_view_is_saved_opened_and_deleted(desk: Desk) -> None:
    desk.one.open(f"{QUEUE}?q=000001")
    desk.one.page.locator("summary", has_text="把现在的筛选保存为视图").click()
    desk.one.fill("名称", "只看第一件")
    desk.one.press("保存视图")
    desk.one.open(QUEUE)
    desk.one.press("只看第一件")
    desk.one.sees("SB-2026-000001")
    assert "SB-2026-000002" not in desk.one.page.content()
    desk.one.shot("93-saved-view")
    desk.one.press("删除此视图")
    desk.one.press("删除")
    desk.one.open(QUEUE)
    assert "只看第一件" not in desk.one.page.locator("main").inner_text()


def test_who_has_an_interest_never_sees_the_case_again(desk: Desk) -> None:
    case = desk.cases[1]
    desk.one.open(f"{QUEUE}{case.number}/")
    desk.one.press("申请回避")
    desk.one.shot("94-recuse")
    desk.one.press("申请回避", status=422)
    desk.one.page.locator("textarea").first.fill("配偶在申请单位任职")
    desk.one.press("申请回避")
    desk.one.sees("由本机构其他人办理")
    assert Interest.objects.get().case == case
    desk.one.open(f"{QUEUE}{case.number}/", status=404)
    desk.other.open(f"{QUEUE}{case.number}/")
    assert reviews.live_case(case.subject) is not None
