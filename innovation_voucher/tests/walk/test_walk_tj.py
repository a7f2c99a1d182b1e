"""Order by order, from registration to paid: certified by a list, applied for, reviewed twice, scored, on paper."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from innovation_voucher.casework import invariants, sweeps
from innovation_voucher.tests.browser import browser
from redemption.models import Publicity, Redemption
from vouchers.models import Voucher

from . import applying, files, joining, judging, paying, proving, publishing, using
from .people import Person, person
from .test_walk import buckets

__all__ = ["browser"]

PAID = "4,549.50"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.feature("TJ-1", "TJ-2", "TJ-5", "TJ-6", "X-8")
def test_applied_for_by_order_scored_published_and_paid(browser: Browser, live_server: object, tmp_path: Path) -> None:
    """Scenario 15 in the pages: 9,099 → 4,549.50; without the paper copy received it is not closed."""
    base, scene, papers = str(live_server), applying.build(), files.write(tmp_path)
    with (
        person(browser, base) as ent,
        person(browser, base, scene.officer) as officer,
        person(browser, base, scene.reviewer) as reviewer,
        person(browser, base, scene.seller) as seller,
    ):
        number = join_and_book(ent, officer, seller, scene, papers)
        applying.apply(ent, number, papers)
        assert buckets() == {"available": 0, "held": 4549, "in_batch": 0, "spent": 0}
        for desk in (officer, reviewer):
            joining.approve(desk, scene, "use")
        assert Voucher.objects.get().status == Voucher.State.CONFIRMED
        ent.open("/ent/vouchers/")
        ent.sees("复审通过", PAID)
        ent.shot("83-voucher-passed")
        redemption = proving.redeem(ent, papers)
        for desk in (officer, reviewer):
            joining.approve(desk, scene, "redeem")
        proving.is_called(ent, redemption, "市级形式审查受理", "89-formal-check")
        judge(browser, base, scene, redemption)
        proving.is_called(ent, redemption, "评审通过")
        proving.waits_for_its_paper(ent, redemption, "97-scored")
        published(browser, base, scene)
        proving.waits_for_its_paper(ent, redemption, "99-paper-missing")
        proving.receive_paper(officer, redemption)
        settle(browser, base, scene, tmp_path)
        ent.open(f"/redeem/{redemption}/")
        ent.sees("已拨付", PAID)
        ent.shot("9b-redeem-paid")
    assert buckets() == {"available": 0, "held": 0, "in_batch": 0, "spent": 4549}
    assert Voucher.objects.get().status == Voucher.State.PAID
    assert invariants.broken() == {}


def join_and_book(ent: Person, officer: Person, seller: Person, scene: applying.Scene, papers: files.Papers) -> str:
    """Verified in the district, and an order that the carrier took."""
    applying.sign_up(ent)
    joining.fill_verification(ent, papers, bureau="南开区科技局")
    joining.approve(officer, scene, "verification")
    number = using.book(ent, applying.TITLE)
    assert number.startswith("IV")
    using.accept(seller, number, "9,099.00")
    return number


def judge(browser: Browser, base: str, scene: applying.Scene, number: str) -> None:
    """The agency draws experts, each scores alone, and the agency sums up and agrees."""
    with person(browser, base, scene.organizer) as organizer:
        judging.draw(organizer, number)
        for user in judging.waiting(number):
            with person(browser, base, user) as expert:
                judging.score(expert, number)
        judging.sum_up(organizer, number)
        joining.approve(organizer, scene, "redeem")


def published(browser: Browser, base: str, scene: applying.Scene) -> None:
    """Before the public until its last day is over; the missing paper keeps it there."""
    with person(browser, base, scene.keeper) as keeper, person(browser, base) as stranger:
        publishing.publish(keeper, PAID)
        publishing.read(stranger, "9,099.00", PAID)
    sweeps.run("redemption.lists", at=timezone.now() + timedelta(days=30))
    assert Publicity.objects.get().status == Publicity.State.CLOSED
    assert Redemption.objects.get().status == Redemption.State.IN_PUBLICITY


def settle(browser: Browser, base: str, scene: applying.Scene, folder: Path) -> None:
    """One batch of the city, two people."""
    with person(browser, base, scene.keeper) as maker, person(browser, base, scene.checker) as checker:
        paying.freeze(maker, PAID, "天津市")
        assert buckets() == {"available": 0, "held": 0, "in_batch": 4549, "spent": 0}
        paying.countersign(checker, PAID)
        paying.export(maker, 4549.5)
        paying.settle(maker, folder)
