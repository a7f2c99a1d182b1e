"""The pages of quota and vouchers in a real browser: look, axe, phone width."""

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from innovation_voucher.tests import cast
from innovation_voucher.tests.browser import browser, check, follow, page, shot, sign_in, visit  # noqa: F401  fixtures
from vouchers.models import QuotaAccount, Voucher
from vouchers.services import return_by_carrier, void_voucher

from . import factories

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def wall() -> Voucher:
    """An enterprise with vouchers in several states; answers the one that waits for its carrier."""
    enterprise, programme = cast.enterprise(), factories.make_programme()
    carrier = factories.make_carrier(name="启明环境可靠性实验室")
    factories.claim(enterprise, programme, 120_000)
    first = factories.make_voucher(enterprise, programme, carrier)
    factories.make_voucher(enterprise, programme, carrier, contract=9_000, state="confirmed")
    gone = factories.make_voucher(enterprise, programme, carrier, contract=6_500)
    void_voucher(gone, by=None, reason="合同金额填错")
    back = factories.make_voucher(enterprise, programme, carrier, contract=8_000)
    return_by_carrier(back, by=None, reason="合同编号与原件不符")
    return first


def test_every_page_is_sound(page: Page, live_server: LiveServer, wall: Voucher) -> None:  # noqa: F811  fixture
    sign_in(page, live_server.url, cast.owner_of(wall.organization))
    account = QuotaAccount.objects.get()
    for name, path in [
        ("quota", "/ent/quota/"),
        ("claim-new", "/ent/quota/claim/"),
        ("ledger", f"/ent/quota/ledger/{account.number}/"),
        ("ledger-held", f"/ent/quota/ledger/{account.number}/?bucket=held"),
        ("wall", "/ent/vouchers/"),
        ("wall-over", "/ent/vouchers/?view=over"),
        ("voucher", f"/ent/vouchers/{wall.code}/"),
        ("void", f"/ent/vouchers/void/?code={wall.code}"),
    ]:
        visit(page, live_server.url + path)
        shot(page, f"vouchers-{name}")


@pytest.mark.feature("ZJ-5")
def test_too_much_then_the_largest_amount(page: Page, live_server: LiveServer, wall: Voucher) -> None:  # noqa: F811
    sign_in(page, live_server.url, cast.owner_of(wall.organization))
    visit(page, f"{live_server.url}/ent/quota/claim/")
    page.get_by_label("申领金额").fill("90000")
    page.get_by_label("本单位承诺").check()
    page.lines.clear()  # type: ignore[attr-defined]
    follow(page, page.get_by_role("button", name="确认申领"))
    check(page, status=422)
    shot(page, "vouchers-claim-refused")
    page.lines.clear()  # type: ignore[attr-defined]
    follow(page, page.get_by_role("button", name="改为 80,000.00 元"))
    assert page.url.endswith("/done/")
    check(page)
    shot(page, "vouchers-claim-done")


@pytest.mark.feature("ZJ-9")
def test_tick_and_void(page: Page, live_server: LiveServer, wall: Voucher) -> None:  # noqa: F811
    sign_in(page, live_server.url, cast.owner_of(wall.organization))
    visit(page, f"{live_server.url}/ent/vouchers/")
    page.locator(f"label[for=tick-{wall.code}]").click()
    follow(page, page.get_by_role("button", name="作废选中的创新券"))
    page.get_by_label("原因").fill("合同金额填错")
    follow(page, page.get_by_role("button", name="作废 1 张创新券"))
    assert "/voided/" in page.url
    check(page)
    wall.refresh_from_db()
    assert wall.status == "voided"
