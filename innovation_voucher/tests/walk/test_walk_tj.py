"""Order by order, from registration to the voucher: certified by a list, applied for, reviewed twice."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from innovation_voucher.casework import invariants
from innovation_voucher.tests.browser import browser
from vouchers.models import Voucher

from . import applying, files, joining, using
from .people import person
from .test_walk import buckets

__all__ = ["browser"]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.feature("TJ-1", "TJ-2", "TJ-5")
def test_certified_by_a_list_and_applied_for_by_order(browser: Browser, live_server: object, tmp_path: Path) -> None:
    base = str(live_server)
    scene = applying.build()
    papers = files.write(tmp_path)
    with (
        person(browser, base) as ent,
        person(browser, base, scene.officer) as officer,
        person(browser, base, scene.reviewer) as reviewer,
        person(browser, base, scene.seller) as seller,
    ):
        applying.sign_up(ent)
        joining.fill_verification(ent, papers, bureau="南开区科技局")
        joining.approve(officer, scene, "verification")
        number = using.book(ent, applying.TITLE)
        assert number.startswith("IV")
        using.accept(seller, number, "9,099.00")
        applying.apply(ent, number, papers)
        assert buckets() == {"available": 0, "held": 4549, "in_batch": 0, "spent": 0}
        for desk in (officer, reviewer):
            joining.approve(desk, scene, "use")
        assert Voucher.objects.get().status == Voucher.State.CONFIRMED
    assert invariants.broken() == {}
