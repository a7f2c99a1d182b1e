"""One enterprise, one voucher, from registration to paid, through every role, in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from innovation_voucher.casework import invariants
from innovation_voucher.tests.browser import browser

from . import files, joining, stage
from .people import person

__all__ = ["browser"]


@pytest.mark.browser
@pytest.mark.core_sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.feature("ZO-1", "ZO-2", "ZJ-3", "ZJ-5", "ZJ-7", "ZJ-8", "ZJ-10", "ZJ-11", "ZJ-12", "ZO-9", "ZO-12")
def test_one_enterprise_one_voucher_paid(browser: Browser, live_server: object, tmp_path: Path) -> None:
    base = str(live_server)
    scene = stage.build()
    papers = files.write(tmp_path)
    with person(browser, base) as ent, person(browser, base, scene.officer) as officer:
        joining.sign_up(ent)
        joining.fill_verification(ent, papers)
        joining.approve(officer, scene, "verification")
    assert invariants.broken() == {}
