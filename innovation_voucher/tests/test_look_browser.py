"""Pages of the top floor in a real Chromium: no violation, empty console, no sideways scroll."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from innovation_voucher.tests.browser import PHONE, browser, check, console, follow, page, plain, shot, visit

__all__ = ["browser", "page", "plain"]

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
    follow(page, page.get_by_role("button", name="长辈版"))
    assert page.url == f"{site}/help/"
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    check(page)


def test_the_keyboard_reaches_the_content_first(page: Page, site: str) -> None:
    visit(page, f"{site}/help/")
    page.keyboard.press("Tab")
    expect(page.locator(".govuk-skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_the_error_summary_takes_the_focus_and_leads_to_the_box(page: Page, site: str) -> None:
    visit(page, f"{site}/styleguide/")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_role("link", name="填写合同名称").click()
    expect(page.locator("[name=wrong-name]")).to_be_focused()


def test_pages_are_complete_without_a_script(plain: Page, site: str) -> None:
    plain.set_viewport_size(PHONE)  # type: ignore[arg-type]
    plain.goto(f"{site}/styleguide/")
    assert plain.get_by_label("合同文件").first.get_attribute("type") == "file"
    follow(plain, plain.get_by_role("button", name="长辈版"))
    assert plain.locator("html").get_attribute("data-scale") == "large"


def test_the_language_switch_keeps_the_page(page: Page, site: str) -> None:
    visit(page, f"{site}/help/")
    follow(page, page.get_by_role("button", name="English"))
    assert page.url == f"{site}/help/"
    assert page.locator("html").get_attribute("lang") == "en"
    assert console(page) == []
