"""A scheme whose quota is held by orders and whose contract is entered: from registration to paid, on pages."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from innovation_voucher.casework import invariants, sweeps
from innovation_voucher.casework.models import Outgoing
from innovation_voucher.tests.browser import browser
from redemption.models import Publicity, Redemption
from vouchers.models import Voucher

from . import entering, files, joining, ordering, paying, publishing, stage
from .files import Papers
from .people import Person, person
from .test_walk import buckets

__all__ = ["browser"]

PLACE = "江苏省"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.feature("JS-5", "JS-6", "JS-10", "JS-11", "JS-12", "JS-13", "JS-14", "X-6", "X-8", "YRD-11")
@pytest.mark.parametrize("script", [True, False], ids=["scripts on", "scripts off"])
def test_claimed_with_a_stamp_ordered_recognized_in_part_published_and_paid(
    browser: Browser, live_server: object, tmp_path: Path, script: bool
) -> None:
    """Scenario 1 up to the quota at once, scenario 2 up to the lapse, then scenario 7 to its end."""
    base, scene, papers = str(live_server), ordering.build(), files.write(tmp_path)
    with (
        person(browser, base, script=script) as ent,
        person(browser, base, scene.officer, script=script) as officer,
        person(browser, base, scene.seller, script=script) as seller,
    ):
        join(ent, officer, scene, papers)
        ordered(ent, seller)
        number = entering.redeem(ent, papers, ordering.TITLE, "14000", receipts=("9000", "5000"))
        entering.recognize(officer, "12000", "寄送费 2,000 元不属于服务费用")
        with person(browser, base, scene.reader, script=script) as centre:
            entering.agree(centre)
        assert buckets() == {"available": 97_000, "held": 3_000, "in_batch": 0, "spent": 0}
        with person(browser, base, scene.opener, script=script) as publisher:
            published(browser, base, publisher, script=script)
        settle(browser, base, scene, tmp_path)
        entering.sees_paid(ent, number)
    assert buckets() == {"available": 97_000, "held": 0, "in_batch": 0, "spent": 3_000}
    assert Voucher.objects.get(status=Voucher.State.PAID).paid_amount == Decimal(3_000)
    texts = [row.body for row in Outgoing.objects.all()]
    assert any("已核定 3,000.00 元" in text for text in texts)
    assert any("已拨付 3,000.00 元" in text for text in texts)
    assert invariants.broken() == {}


def join(ent: Person, officer: Person, scene: stage.Stage, papers: Papers) -> None:
    """Registered, verified, and 100,000 yuan there at once with the stamped form."""
    joining.sign_up(ent, where=ordering.WHERE, code=ordering.CODE)
    joining.fill_verification(ent, papers, bureau=ordering.BUREAU_NAME)
    joining.approve(officer, scene, "verification")
    ordering.claim(ent, papers)
    assert buckets() == {"available": 100_000, "held": 0, "in_batch": 0, "spent": 0}


def ordered(ent: Person, seller: Person) -> None:
    """An order nobody answers gives its quota back; the next one is quoted at 15,000 and accepted."""
    ordering.fill_cart(ent)
    ordering.order(ent, "15,000", "3,750")
    assert buckets() == {"available": 96_250, "held": 3_750, "in_batch": 0, "spent": 0}
    sweeps.run("deadlines", at=timezone.now() + timedelta(days=15))
    assert buckets() == {"available": 100_000, "held": 0, "in_batch": 0, "spent": 0}
    ordering.fill_cart(ent)
    number = ordering.order(ent, "14,000", "3,500")
    assert number.startswith("CXQ")
    ordering.quote(seller, number)
    ordering.accept_quote(ent, number)
    assert buckets() == {"available": 96_250, "held": 3_750, "in_batch": 0, "spent": 0}


def published(browser: Browser, base: str, publisher: Person, *, script: bool) -> None:
    """Before the public for five working days, then payable by the clock."""
    publishing.publish(publisher, "3,000.00")
    with person(browser, base, script=script) as stranger:
        publishing.read(stranger, "12,000.00", "3,000.00")
    publicity = Publicity.objects.get()
    assert publicity.closes_on is not None
    after = datetime.combine(publicity.closes_on + timedelta(days=1), time(9), timezone.get_current_timezone())
    assert sweeps.run("redemption.lists", at=after - timedelta(days=1)) == []
    assert Redemption.objects.get().status == Redemption.State.IN_PUBLICITY
    sweeps.run("redemption.lists", at=after)
    assert Redemption.objects.get().status == Redemption.State.PAYABLE


def settle(browser: Browser, base: str, scene: stage.Stage, folder: Path) -> None:
    """Two people of the province pay."""
    with person(browser, base, scene.maker) as maker, person(browser, base, scene.checker) as checker:
        paying.freeze(maker, "3,000.00", PLACE)
        assert buckets() == {"available": 97_000, "held": 0, "in_batch": 3_000, "spent": 0}
        paying.countersign(checker, "3,000.00")
        paying.export(maker, 3_000)
        paying.settle(maker, folder)
