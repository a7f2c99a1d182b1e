"""The shared scheme in a real browser, from registration to the payment, both of its kinds.

Through the carrier (通兑, scenario 14) and by the enterprise itself (通用, scenario 13).
"""

from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from innovation_voucher.casework import invariants, sweeps
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests.browser import browser
from redemption.models import Publicity, Redemption
from vouchers.models import Voucher

from . import files, gathering, joining, judging, neighbour, objecting, paying, publishing, shared, using
from .people import Person, person
from .shared import buckets

__all__ = ["browser"]

ANSWERS = {
    "项目名称": "车载控制器研发",
    "联系人": "周岚",
    "联系手机": "19912345678",
    "基本情况": "样机已完成两轮试制。",
    "需求或自主研发项目": "验证电磁兼容与环境可靠性。",
    "预计成效": "通过车规级测试。",
}
PLACE = "".join(shared.PLACE)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def join(ent: Person, officer: Person, scene: shared.Scene, papers: files.Papers) -> None:
    """Registered in a region that takes part, verified, and granted quota by that region."""
    joining.sign_up(ent, where=shared.PLACE, code=shared.CODE)
    joining.fill_verification(ent, papers, bureau=shared.OFFICE)
    joining.approve(officer, scene, "verification")
    shared.ask(ent)
    joining.approve(officer, scene, "claim")


@pytest.mark.feature("YRD-1", "YRD-4", "YRD-9", "YRD-13", "YRD-15", "X-8")
def test_through_the_carrier(browser: Browser, live_server: object, tmp_path: Path) -> None:
    base, scene, papers = str(live_server), shared.build("td"), files.write(tmp_path)
    other = neighbour.approved(scene)
    with (
        person(browser, base) as ent,
        person(browser, base, scene.officer) as officer,
        person(browser, base, scene.seller) as seller,
    ):
        join(ent, officer, scene, papers)
        number = shared.book(ent, ANSWERS)
        using.accept(seller, number, "6,000.00")
        seller.sees("待科技局核额")
        assert buckets() == {"available": 50000, "held": 0, "in_batch": 0, "spent": 0}
        joining.approve(officer, scene, "use")
        assert buckets() == {"available": 47000, "held": 3000, "in_batch": 0, "spent": 0}
        ent.open(f"/ent/orders/{number}/")
        ent.sees("服务中", "3,000.00")
        ent.shot("c24-confirmed")
        shared.record(seller, number, papers)
        redemption = asks(seller, papers)
        refuses(ent, redemption)
        again(seller, redemption)
        agrees(ent, redemption)
        judged(browser, base, scene, redemption)
        joining.approve(officer, scene, "redeem")
        assert buckets() == {"available": 47000, "held": 3000, "in_batch": 0, "spent": 0}
        contested(browser, base, scene, redemption, other, tmp_path)
        seller.open(f"/redeem/{redemption}/")
        seller.sees("已拨付", "3,000.00")
        seller.shot("d40-paid")
    assert buckets() == {"available": 47000, "held": 0, "in_batch": 0, "spent": 3000}
    assert Redemption.objects.get(number=redemption).payee == scene.service.carrier.organization
    assert invariants.broken() == {}


def asks(seller: Person, papers: files.Papers) -> str:
    """The carrier gives its papers and asks; the enterprise has paid its half."""
    seller.open("/carrier/redeem/")
    seller.shot("c40-carrier-list")
    seller.follow(seller.page.get_by_role("link", name=shared.SERVICE).first)
    shared.write(seller)
    shared.attach(seller, papers.contract)
    shared.give_invoice(seller, papers, "6000")
    shared.give_receipt(seller, "3000")
    seller.shot("c41-carrier-papers")
    again(seller)
    return shared.last().number


def again(seller: Person, number: str = "") -> None:
    """Check and hand in."""
    if number:
        seller.open(f"/redeem/{number}/")
        seller.sees("企业不同意兑付", "还缺第二批样品的数据")
        seller.shot("c45-refused")
    seller.press("检查并提交")
    seller.sees("3,000.00")
    seller.shot("c42-carrier-check")
    seller.press("提交兑付")
    seller.sees("待企业确认")
    seller.shot("c43-awaits-enterprise")


def refuses(ent: Person, number: str) -> None:
    """A no needs its reason."""
    ent.open("/ent/")
    ent.sees("待您确认的兑付")
    ent.follow(ent.page.get_by_role("link", name=number).first)
    ent.shot("c44-consent")
    ent.tick("不同意，退回服务机构")
    ent.press("提交确认", status=422)
    ent.sees("写明不同意的原因")
    ent.fill("不同意的原因", "还缺第二批样品的数据")
    ent.press("提交确认")
    ent.sees("已退回服务机构")


def agrees(ent: Person, number: str) -> None:
    """A yes ends the order and starts the review."""
    ent.open(f"/redeem/{number}/consent/")
    ent.tick("同意兑付")
    ent.press("提交确认")
    ent.sees("审核中", "等待管理中心")
    ent.shot("c46-in-review")


# --- Experts, the public, the bank ----------------------------------------------------------------


def judged(browser: Browser, base: str, scene: shared.Scene, number: str) -> None:
    """Three are drawn, one keeps away and is replaced, three score, the office sums up and agrees."""
    with person(browser, base, scene.organizer) as organizer:
        judging.draw(organizer, number)
        with person(browser, base, judging.waiting(number)[0]) as expert:
            judging.keep_away(expert, number)
        judging.draw_again(organizer, number)
        for user in judging.waiting(number):
            with person(browser, base, user) as expert:
                judging.score(expert, number)
        judging.sum_up(organizer, number)
        joining.approve(organizer, scene, "redeem")


def contested(browser: Browser, base: str, scene: shared.Scene, number: str, other: Redemption, folder: Path) -> None:
    """An objection to one row of the list stops that row only: the rest is paid before it is answered."""
    with person(browser, base, scene.publisher) as publisher, person(browser, base) as stranger:
        publishing.publish(publisher, "7,000.00")
        publishing.read(stranger, "3,000.00", neighbour.NAME)
        objection = objecting.object_to(stranger, neighbour.SERVICE)
        over()
        assert states(number, other.number) == ["payable", "contested"]
        settle(browser, base, scene, folder)
        assert states(number, other.number) == ["paid", "contested"]
        objecting.answer(publisher, objection)
        objecting.read_answer(stranger, objection)
    assert states(number, other.number) == ["paid", "payable"]


def states(*numbers: str) -> list[str]:
    return [Redemption.objects.get(number=number).status for number in numbers]


def over() -> None:
    """The clock ends the list on the day after its last one, not before."""
    closes_on = Publicity.objects.get().closes_on
    assert closes_on is not None
    after = datetime.combine(closes_on + timedelta(days=1), time(9), timezone.get_current_timezone())
    assert sweeps.run("redemption.lists", at=after - timedelta(days=1)) == []
    sweeps.run("redemption.lists", at=after)


def settle(browser: Browser, base: str, scene: shared.Scene, folder: Path) -> None:
    """Two people of the region pay."""
    with person(browser, base, scene.maker) as maker, person(browser, base, scene.checker) as checker:
        paying.freeze(maker, "3,000.00", PLACE)
        assert buckets() == {"available": 47000, "held": 0, "in_batch": 3000, "spent": 0}
        paying.countersign(checker, "3,000.00")
        paying.export(maker, 3000)
        paying.settle(maker, folder)


# --- By the enterprise itself ---------------------------------------------------------------------


@pytest.mark.feature("YRD-4", "YRD-10", "YRD-12", "YRD-13", "YRD-15")
def test_by_the_enterprise_itself(browser: Browser, live_server: object, tmp_path: Path) -> None:
    base, scene, papers = str(live_server), shared.build("ty"), files.write(tmp_path)
    with (
        person(browser, base, gathering.member(50_000)) as ent,
        person(browser, base, scene.officer) as officer,
    ):
        numbers = [shared.book(ent, {}) for _order in range(2)]
        assert buckets() == {"available": 50000, "held": 0, "in_batch": 0, "spent": 0}
        gathering.gather(ent, numbers)
        gathering.write(ent)
        shared.attach(ent, papers.contract)
        gathering.invoices(ent, numbers, papers)
        assert Voucher.objects.count() == 0
        redemption = gathering.hand_in(ent)
        assert trail() == [["voucher.requested", "voucher.issued", "voucher.confirmed", "voucher.redeeming"]] * 2
        assert buckets() == {"available": 47000, "held": 3000, "in_batch": 0, "spent": 0}
        gathering.once_more(ent, scene, redemption)
        judged(browser, base, scene, redemption)
        joining.approve(officer, scene, "redeem")
        with person(browser, base, scene.publisher) as publisher:
            publishing.publish(publisher, "3,000.00")
        over()
        settle(browser, base, scene, tmp_path)
        ent.open(f"/redeem/{redemption}/")
        ent.sees("已拨付", "1,500.00")
        ent.shot("d60-paid")
    assert buckets() == {"available": 47000, "held": 0, "in_batch": 0, "spent": 3000}
    assert Redemption.objects.get(number=redemption).payee.credit_code == shared.CODE
    assert invariants.broken() == {}


def trail() -> list[list[str]]:
    """What became of each voucher, in order."""
    rows = AuditRow.objects.filter(verb__startswith="voucher.").order_by("pk")
    return [
        [row.verb for row in rows.filter(subject_type__model="voucher", subject_id=voucher.pk)]
        for voucher in Voucher.objects.order_by("pk")
    ]


@pytest.mark.feature("YRD-14")
def test_without_an_order(browser: Browser, live_server: object, tmp_path: Path) -> None:
    gathering.quick_stage()
    papers = files.write(tmp_path)
    with person(browser, str(live_server), gathering.member(50_000, gathering.QUICK)) as ent:
        gathering.quick(ent)
        gathering.several_invoices(ent, papers)
        gathering.write(ent)
        shared.attach(ent, papers.contract)
        gathering.hand_in(ent)
    assert buckets() == {"available": 47000, "held": 3000, "in_batch": 0, "spent": 0}
    assert invariants.broken() == {}
