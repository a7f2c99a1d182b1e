"""A scheme with the opposite rules through the same pages: reviewed claim and use, year end by a third party."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from innovation_voucher.casework import invariants
from innovation_voucher.tests.browser import browser
from vouchers.models import Voucher

from . import files, joining, paying, reviewed, stage, using
from .people import person
from .test_walk import buckets

__all__ = ["browser"]

COUNTY = "浙江省杭州市滨江区"


@pytest.mark.browser
@pytest.mark.core_sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.feature("ZO-3", "ZO-4", "ZO-5", "ZO-7", "ZO-8", "ZO-9", "ZO-10", "ZO-12", "ZO-13", "ZJ-6")
@pytest.mark.parametrize("script", [True, False], ids=["scripts on", "scripts off"])
def test_reviewed_at_each_step_and_paid_at_year_end(
    browser: Browser, live_server: object, tmp_path: Path, script: bool
) -> None:
    """Scenario 12 through pages, from 50,000 asked to 12,000 paid."""
    base = str(live_server)
    scene = stage.build("zo")
    papers = files.write(tmp_path)
    with (
        person(browser, base, script=script) as ent,
        person(browser, base, scene.officer, script=script) as officer,
        person(browser, base, scene.seller, script=script) as seller,
    ):
        joining.sign_up(ent)
        joining.fill_verification(ent, papers)
        joining.approve(officer, scene, "verification")
        reviewed.ask(ent)
        joining.approve(officer, scene, "claim", amount="30000", reason="按预计费用核定")
        reviewed.granted(ent)
        assert buckets() == {"available": 30000, "held": 0, "in_batch": 0, "spent": 0}
        number = reviewed.find_on_the_map(ent, scene.service.title)
        using.accept(seller, number, "24,000.00")
        reviewed.use(ent, number, papers)
        assert buckets() == {"available": 15000, "held": 15000, "in_batch": 0, "spent": 0}
        joining.approve(officer, scene, "use", amount="12000", reason="只补贴试验费")
        assert buckets() == {"available": 18000, "held": 12000, "in_batch": 0, "spent": 0}
        address = using.scan_address(ent, "12,000.00")
        using.receive(seller, address, "12,000.00")
        using.serve(seller, ent, number, papers)
        reviewed.waits_for_the_year_end(seller)
        redemption = year_end(browser, base, scene, script=script)
        joining.approve(officer, scene, "redeem")
        settle(browser, base, scene, tmp_path)
        seller.open(f"/redeem/{redemption}/")
        seller.sees("已拨付", "12,000.00")
        seller.shot("72-carrier-paid")
    assert buckets() == {"available": 18000, "held": 0, "in_batch": 0, "spent": 12000}
    assert Voucher.objects.get().status == Voucher.State.PAID
    assert invariants.broken() == {}


def year_end(browser: Browser, base: str, scene: stage.Stage, *, script: bool) -> str:
    """One person of the third party opens, another checks."""
    with person(browser, base, scene.opener, script=script) as opener:
        number = reviewed.open_redemption(opener, "12,000.00")
        reviewed.own_case_is_refused(opener, number)
    with person(browser, base, scene.reader, script=script) as reader:
        joining.approve(reader, scene, "redeem")
    return number


def settle(browser: Browser, base: str, scene: stage.Stage, folder: Path) -> None:
    """One batch for the paying county, two people."""
    with person(browser, base, scene.maker) as maker, person(browser, base, scene.checker) as checker:
        paying.freeze(maker, "12,000.00", COUNTY)
        assert buckets() == {"available": 18000, "held": 0, "in_batch": 12000, "spent": 0}
        paying.countersign(checker, "12,000.00")
        paying.export(maker, 12000)
        paying.settle(maker, folder)
