"""Pages of the top floor in a real Chromium: no violation, empty console, no sideways scroll."""

import pytest
from playwright.sync_api import Browser, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from innovation_voucher.tests.browser import PHONE, browser, check, console, page, shot, visit

__all__ = ["browser", "page"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server: LiveServer, settings: Settings) -> str:
    settings.DEMO_MODE = True
    return live_server.url


@pytest.mark.parametrize("name", ["", "help/", "accessibility/", "privacy/", "terms/", "sitemap/", "styleguide/"])
def test_standing_pages_are_clean(page: Page, site: str, name: str) -> None:
    visit(page, f"{site}/{name}")
    shot(page, name.strip("/") or "home")


def test_a_missing_page_is_clean(page: Page, site: str) -> None:
    visit(page, f"{site}/no/such/page/", status=404)
    shot(page, "404")


def test_large_text_keeps_the_page_and_its_width(page: Page, site: str) -> None:
    visit(page, f"{site}/help/")
    page.get_by_role("button", name="长辈版").click()
    assert page.url == f"{site}/help/"
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    check(page)


def test_the_keyboard_reaches_the_content_first(page: Page, site: str) -> None:
    visit(page, f"{site}/help/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "govuk-skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_error_summary_takes_the_focus_and_leads_to_the_box(page: Page, site: str) -> None:
    visit(page, f"{site}/styleguide/")
    assert "govuk-error-summary" in page.evaluate("document.activeElement.className")
    page.get_by_role("link", name="填写合同名称").click()
    assert page.evaluate("document.activeElement.name") == "wrong-name"


def test_pages_are_complete_without_a_script(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN", viewport=PHONE)  # type: ignore[arg-type]
    bare = context.new_page()
    bare.goto(f"{site}/styleguide/")
    assert bare.get_by_label("合同文件").first.get_attribute("type") == "file"
    bare.get_by_role("button", name="长辈版").click()
    assert bare.locator("html").get_attribute("data-scale") == "large"
    context.close()


def test_the_language_switch_keeps_the_page(page: Page, site: str) -> None:
    visit(page, f"{site}/help/")
    page.get_by_role("button", name="English").click()
    assert page.url == f"{site}/help/"
    assert page.locator("html").get_attribute("lang") == "en"
    assert console(page) == []
