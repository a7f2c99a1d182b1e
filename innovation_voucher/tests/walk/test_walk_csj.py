"""The shared scheme in a real browser, through the carrier (通兑): from registration to a redemption under review."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from innovation_voucher.casework import invariants
from innovation_voucher.tests.browser import browser

from . import files, joining, shared, using
from .people import Person, person
from .test_walk import buckets

__all__ = ["browser"]

ANSWERS = {
    "项目名称": "车载控制器研发",
    "联系人": "周岚",
    "联系手机": "19912345678",
    "基本情况": "样机已完成两轮试制。",
    "需求或自主研发项目": "验证电磁兼容与环境可靠性。",
    "预计成效": "通过车规级测试。",
}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.feature("YRD-1", "YRD-4", "YRD-9", "YRD-13"),
]


def join(ent: Person, officer: Person, scene: shared.Scene, papers: files.Papers) -> None:
    """Registered in a region that takes part, verified, and granted quota by that region."""
    joining.sign_up(ent, where=shared.PLACE, code=shared.CODE)
    joining.fill_verification(ent, papers, bureau=shared.OFFICE)
    joining.approve(officer, scene, "verification")
    shared.ask(ent)
    joining.approve(officer, scene, "claim")


def test_through_the_carrier(browser: Browser, live_server: object, tmp_path: Path) -> None:
    base, scene, papers = str(live_server), shared.build("td"), files.write(tmp_path)
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
    assert buckets() == {"available": 47000, "held": 3000, "in_batch": 0, "spent": 0}
    assert invariants.broken() == {}


def asks(seller: Person, papers: files.Papers) -> str:
    """The carrier gives its papers and asks; the enterprise has paid its half."""
    seller.open("/carrier/redeem/")
    seller.shot("c40-carrier-list")
    seller.page.get_by_role("link", name=shared.SERVICE).first.click()
    seller.look()
    shared.write(seller)
    shared.attach(seller, papers.contract)
    shared.give_invoice(seller, papers, "6000", "3000")
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
    ent.page.get_by_role("link", name=number).first.click()
    ent.look()
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
    ent.sees("审核中")
    ent.shot("c46-in-review")
