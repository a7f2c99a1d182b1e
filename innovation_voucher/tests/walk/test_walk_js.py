"""A scheme whose quota is held by orders: registration, stamped claim, cart, quote, accepted order."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from innovation_voucher.casework import invariants
from innovation_voucher.tests.browser import browser
from orders import services as orders
from orders.models import Order
from vouchers.models import Voucher

from . import files, joining, ordering
from .people import person
from .test_walk import buckets

__all__ = ["browser"]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.feature("JS-5", "JS-6", "JS-10", "JS-11", "X-6", "YRD-11")
@pytest.mark.parametrize("script", [True, False], ids=["scripts on", "scripts off"])
def test_claimed_with_a_stamp_and_ordered_from_the_cart(
    browser: Browser, live_server: object, tmp_path: Path, script: bool
) -> None:
    base = str(live_server)
    scene = ordering.build()
    papers = files.write(tmp_path)
    with (
        person(browser, base, script=script) as ent,
        person(browser, base, scene.officer, script=script) as officer,
        person(browser, base, scene.seller, script=script) as seller,
    ):
        joining.sign_up(ent, where=ordering.WHERE, code=ordering.CODE)
        joining.fill_verification(ent, papers, bureau=ordering.BUREAU_NAME)
        joining.approve(officer, scene, "verification")
        ordering.claim(ent, papers)
        ordering.fill_cart(ent)
        lapsed = ordering.order(ent)
        assert buckets() == {"available": 96_250, "held": 3_750, "in_batch": 0, "spent": 0}
        orders.lapse_order(Order.objects.get(number=lapsed))
        assert buckets() == {"available": 100_000, "held": 0, "in_batch": 0, "spent": 0}
        ordering.fill_cart(ent)
        number = ordering.order(ent)
        ordering.quote(seller, number)
        ordering.accept_quote(ent, number)
        assert buckets() == {"available": 96_000, "held": 4_000, "in_batch": 0, "spent": 0}
    assert Voucher.objects.get(order__number=number).status == Voucher.State.CONFIRMED
    assert number.startswith("CXQ")
    assert invariants.broken() == {}
