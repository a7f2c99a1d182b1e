"""One enterprise, one voucher, from registration to paid, through every role, in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from innovation_voucher.casework import invariants
from innovation_voucher.tests.browser import browser
from vouchers.models import QuotaAccount

from . import files, joining, paying, stage, using
from .people import person

__all__ = ["browser"]


@pytest.mark.browser
@pytest.mark.core_sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.feature("ZO-1", "ZO-2", "ZJ-3", "ZJ-5", "ZJ-7", "ZJ-8", "ZJ-10", "ZJ-11", "ZJ-12", "ZO-9", "ZO-12")
@pytest.mark.parametrize("script", [True, False], ids=["scripts on", "scripts off"])
def test_one_enterprise_one_voucher_paid(browser: Browser, live_server: object, tmp_path: Path, script: bool) -> None:
    base = str(live_server)
    scene = stage.build()
    papers = files.write(tmp_path)
    with (
        person(browser, base, script=script) as ent,
        person(browser, base, scene.officer, script=script) as officer,
        person(browser, base, scene.seller, script=script) as seller,
    ):
        joining.sign_up(ent)
        joining.fill_verification(ent, papers)
        joining.approve(officer, scene, "verification")
        using.claim(ent)
        number = using.book(ent, scene.service.title)
        using.accept(seller, number)
        using.use(ent, number, papers)
        assert buckets() == {"available": 30000, "held": 20000, "in_batch": 0, "spent": 0}
        address = using.scan_address(ent)
        with person(browser, base) as stranger:
            using.passer_by(stranger, address)
        using.receive(seller, address)
        using.serve(seller, ent, number, papers)
        redemption = paying.redeem(ent, papers)
        joining.approve(officer, scene, "redeem", amount="18000", reason="材料费不在补贴范围，核减 2,000 元")
        assert buckets() == {"available": 32000, "held": 18000, "in_batch": 0, "spent": 0}
        settle(browser, base, scene, tmp_path)
        ent.open(f"/redeem/{redemption}/")
        ent.sees("已拨付", "18,000.00")
        ent.shot("56-redeem-paid")
    assert buckets() == {"available": 32000, "held": 0, "in_batch": 0, "spent": 18000}
    assert invariants.broken() == {}


def settle(browser: Browser, base: str, scene: stage.Stage, folder: Path) -> None:
    """Provincial staff work the batch, two people."""
    with person(browser, base, scene.maker) as maker, person(browser, base, scene.checker) as checker:
        paying.freeze(maker)
        assert buckets() == {"available": 32000, "held": 0, "in_batch": 18000, "spent": 0}
        paying.countersign(checker)
        paying.export(maker)
        paying.settle(maker, folder)


def buckets() -> dict[str, int]:
    """What the enterprise's only account holds, whole yuan."""
    row = QuotaAccount.objects.get()
    return {name: int(getattr(row, name)) for name in ("available", "held", "in_batch", "spent")}
