"""The pages of redemption and settlement in a real Chromium: readable, reachable, never sideways."""

import re
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from innovation_voucher.tests import cast
from innovation_voucher.tests.browser import browser, check_admin, follow, page, shot, sign_in, visit
from redemption import services
from redemption.models import Redemption, SettlementBatch
from redemption.tests import factories

__all__ = ["browser", "page"]

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_the_way_from_the_list_to_a_redemption(page: Page, live_server: Any) -> None:
    programme, organization = factories.make_programme(), cast.enterprise()
    factories.ask_for(programme, "report", label="服务报告", minimum=0)
    factories.ready(organization, programme)
    lacking = factories.make_voucher(organization, programme, contract=36_000)
    factories.make_voucher(organization, programme, redeemer="carrier", contract=9_000)
    sign_in(page, live_server.url, cast.owner_of(organization))
    visit(page, f"{live_server.url}/ent/redeem/")
    shot(page, "redeem-list")
    visit(page, f"{live_server.url}/redeem/papers/{lacking.code}/")
    page.get_by_label("发票号码").fill("123")
    follow(page, page.get_by_role("button", name="添加发票"))
    expect(page.locator(".govuk-error-summary")).to_contain_text("对照发票核对")
    page.get_by_label("发票号码").fill(factories.invoice_number())
    page.get_by_label("发票金额").fill("36,000.00")
    follow(page, page.get_by_role("button", name="添加发票"))
    page.get_by_label("回单金额").fill("34000")
    follow(page, page.get_by_role("button", name="添加回单"))
    expect(page.locator(".notice")).to_contain_text("银行回单合计比发票合计少 2,000.00 元")
    visit(page, f"{live_server.url}/redeem/papers/{lacking.code}/")
    shot(page, "redeem-papers")
    visit(page, f"{live_server.url}/redeem/check/?all=1")
    shot(page, "redeem-check")
    follow(page, page.get_by_role("button", name="提交兑付"))
    expect(page.locator("h1")).to_contain_text("兑付：")
    number = Redemption.objects.get().number
    visit(page, f"{live_server.url}/redeem/{number}/")
    shot(page, "redeem")
    visit(page, f"{live_server.url}/redeem/{number}/withdraw/")
    shot(page, "redeem-withdraw")
    factories.decide(Redemption.objects.get(), "return", items=[("receipts", "回单日期与合同不符")])
    visit(page, f"{live_server.url}/redeem/{number}/")
    shot(page, "redeem-returned")
    visit(page, f"{live_server.url}/account/bank/")
    shot(page, "account-bank")
    for tab in ("open", "paid"):
        visit(page, f"{live_server.url}/ent/redeem/?tab={tab}")
    shot(page, "redeem-empty-tab")
    visit(page, f"{live_server.url}/ent/")
    shot(page, "redeem-home")


def test_a_batch_is_worked_in_the_admin(page: Page, live_server: Any) -> None:
    programme = factories.make_programme()
    factories.payable(programme=programme)
    factories.payable(programme=programme, contract=8_000)
    waiting = factories.payable(programme=programme)
    waiting.payee.bank_accounts.update(active=False)
    settler, second = factories.settler(), factories.countersigner()
    base = f"{live_server.url}/admin/redemption/settlementbatch/"
    sign_in(page, live_server.url, settler)
    check_admin(page, f"{base}add/")
    shot(page, "admin-batch-new")
    page.get_by_label(re.compile("方案")).select_option(label=str(programme))
    page.get_by_label(re.compile("地区")).select_option(label=str(cast.make_region("330000")))
    page.get_by_label(re.compile("核定日期从")).fill("2026-01-01")
    follow(page, page.get_by_role("button", name="建立草稿并核对明细"))
    batch = SettlementBatch.objects.get()
    check_admin(page, f"{base}{batch.pk}/change/")
    shot(page, "admin-batch-draft")
    page.get_by_label(re.compile("再次输入合计金额")).fill("1")
    follow(page, page.get_by_role("button", name="锁定批次"))
    expect(page.locator(".errornote")).to_contain_text("系统合计是 22,000.00 元")
    page.get_by_label(re.compile("再次输入合计金额")).fill("22000")
    follow(page, page.get_by_role("button", name="锁定批次"))
    expect(page.locator("body")).to_contain_text("批次已锁定，等待另一人复核")
    services.countersign_batch(batch, by=second, typed_total=Decimal(22_000))
    services.export_batch(batch, by=settler)
    batch.refresh_from_db()
    rows = [*factories.paid_rows(batch, failed=1), ["JS-0", 1, "成功", "", ""]]
    factories.import_rows(batch, settler, rows)
    check_admin(page, f"{base}{batch.pk}/change/")
    expect(page.locator("body")).to_contain_text("0.00，两边相符")
    shot(page, "admin-batch-answered")
    check_admin(page, base)
    shot(page, "admin-batch-list")
