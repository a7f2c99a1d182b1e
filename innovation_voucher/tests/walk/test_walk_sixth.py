"""A sixth scheme without a line of code, and a rule that changes at the turn of the year."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from innovation_voucher.casework import calendar, invariants
from innovation_voucher.casework.errors import Refused
from innovation_voucher.lib.references import group_code
from innovation_voucher.tests import cast
from innovation_voucher.tests.browser import browser
from orders import services as orders
from orders.tests import factories
from vouchers.models import Programme, Voucher
from vouchers.tests.factories import claim

from . import files, joining, paying, sixth, stage, using
from .people import Person, person
from .test_walk import buckets

__all__ = ["browser"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.feature("X-3", "ZJ-11")
def test_an_invented_scheme_is_set_up_on_pages_and_paid(browser: Browser, live_server: object, tmp_path: Path) -> None:
    base, scene, papers = str(live_server), sixth.build(), files.write(tmp_path)
    with person(browser, base, scene.maker) as maker:
        sixth.new_chain(maker)
        sixth.copy_programme(maker)
        sixth.change_rules(maker)
        sixth.publish(maker)
    with (
        person(browser, base, scene.owner) as ent,
        person(browser, base, scene.officer) as officer,
        person(browser, base, scene.seller) as seller,
    ):
        sixth.claim(ent)
        number = using.book(ent, scene.service.title)
        using.accept(seller, number)
        sixth.use(ent, number, papers)
        assert buckets() == {"available": 38000, "held": 12000, "in_batch": 0, "spent": 0}
        using.receive(seller, using.scan_address(ent, "12,000.00"), "12,000.00")
        using.serve(seller, ent, number, papers)
        redemption = paying.redeem(ent, papers, "12,000.00")
        joining.approve(officer, None, "redeem", amount="10000", reason="材料费不在补贴范围")
        settle(browser, base, scene, tmp_path)
        ent.open(f"/redeem/{redemption}/")
        ent.sees("已拨付", "10,000.00")
        ent.shot("A8-paid")
    assert buckets() == {"available": 40000, "held": 0, "in_batch": 0, "spent": 10000}
    assert Voucher.objects.get().programme.name == sixth.NAME
    assert invariants.broken() == {}


def settle(browser: Browser, base: str, scene: sixth.Scene, folder: Path) -> None:
    """Two people of the province pay."""
    with person(browser, base, scene.maker) as maker, person(browser, base, scene.checker) as checker:
        paying.freeze(maker, "10,000.00", "四川省", sixth.NAME)
        paying.countersign(checker, "10,000.00")
        paying.export(maker, 10000)
        paying.settle(maker, folder)


# --- The turn of the year -------------------------------------------------------------------------


@pytest.fixture
def on(settings: object) -> Callable[[date], None]:
    """Sets the portal's clock to the morning of a day, for every thread."""

    def turn(day: date) -> None:
        settings.CLOCK_OFFSET = datetime(day.year, day.month, day.day, 10, tzinfo=SHANGHAI) - timezone.now()  # type: ignore[attr-defined]

    return turn


@pytest.mark.feature("ZJ-11")
def test_who_redeems_changes_on_1_january_and_december_keeps_its_rule(
    browser: Browser, live_server: object, on: Callable[[date], None]
) -> None:
    """Scenario 17 through pages."""
    year, base = calendar.today().year, str(live_server)
    on(date(year, 12, 20))
    world = factories.make_world(redeemer="carrier", redemption_chain="", redeem_from="accepted")
    december = received(world, "carrier")
    province = cast.make_office("province", "330000", rights=stage.PROVINCE, name="省创新券办公室")
    with person(browser, base, stage.staff("钱制单", province)) as maker:
        switch(maker, world.programme)
    on(date(year + 1, 1, 5))
    coming = Programme.objects.get(year=year + 1)
    claim(world.enterprise, coming, 50_000)
    with pytest.raises(Refused, match="兑付方由当地规则确定"):
        received(replace(world, programme=coming), "carrier")
    january = received(replace(world, programme=coming), "enterprise")
    assert (december.redeemer, january.redeemer) == ("carrier", "enterprise")
    assert (december.programme.year, january.programme.year) == (year, year + 1)
    with person(browser, base, world.owner) as ent, person(browser, base, world.seller) as seller:
        lists_only(ent, "/ent/redeem/", january, december)
        ent.shot("B2-january-enterprise")
        lists_only(seller, "/carrier/redeem/", december, january)
        seller.shot("B3-december-carrier")


def received(world: factories.World, redeemer: str) -> Voucher:
    """A voucher that the carrier has received, to be redeemed by one of the two."""
    order = factories.make_order(world, "contract")
    orders.use_voucher(order, by=world.owner, use=factories.use_of(redeemer=redeemer))
    orders.receive_voucher(factories.voucher_of(order), by=world.seller, road="link")
    return factories.voucher_of(order)


def switch(maker: Person, programme: Programme) -> None:
    """Next year's programme: a copy in which the enterprise redeems, published and opened in December."""
    sixth.go(maker, f"/admin/vouchers/programme/{programme.pk}/change/")
    sixth.click(maker, "复制到下一年")
    sixth.click(maker, "复制为草稿")
    sixth.box(maker, "redeemer", "enterprise")
    sixth.click(maker, "保存并继续编辑")
    sixth.click(maker, "与上一版的变化")
    maker.sees("兑付方", "服务机构", "企业", "有 1 处不同")
    maker.shot("B0-changes")
    made = Programme.objects.exclude(pk=programme.pk).get().versions.get()
    sixth.go(maker, f"/admin/vouchers/programmeversion/{made.pk}/publish/")
    maker.sees(f"从 {made.effective_from} 起执行")
    maker.shot("B1-publish")
    sixth.click(maker, "公布规则")
    sixth.go(maker, "/admin/vouchers/programme/?status__exact=draft")
    maker.page.locator("input[name=_selected_action]").check()
    maker.page.locator("select[name=action]").select_option(label="开放受理")
    sixth.click(maker, "执行")
    maker.sees("已办理")


def lists_only(someone: Person, path: str, mine: Voucher, theirs: Voucher) -> None:
    """The page of redemptions has one voucher and not the other."""
    someone.open(path)
    someone.sees(group_code(mine.code))
    assert group_code(theirs.code) not in someone.page.locator("body").inner_text()
