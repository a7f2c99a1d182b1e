"""Helpers for tests that look at pages in a real Chromium.

In a test module: ``from innovation_voucher.tests.browser import browser, page, visit`` (the first
two are fixtures, and so is ``plain``), then ``visit(page, live_server.url + "/…")``. ``shot(page, name)`` writes
pictures at both widths into the folder that the environment variable SHOTS_DIR names.
"""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: The one without windows of its own, where it is installed, needs a third less of the machine.
SHELL = "/usr/bin/chromium-headless-shell"
CHROMIUM = os.environ.get("CHROMIUM", SHELL if Path(SHELL).exists() else "/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDE = {"width": 1366, "height": 900}
PHONE = {"width": 390, "height": 844}
#: Milliseconds that a page may take on a machine that does other work besides; only a failure waits that long.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)
#: A page without its words: the kinds of its elements, which are empty, and which heading follows which.
KINDS = """[...new Set([...document.querySelectorAll('body *')].map(e => [e.tagName, e.parentElement.tagName,
    e.className, e.getAttribute('role'), e.type, e.attributes.length, !e.textContent.trim()].join())),
    ...[...document.querySelectorAll('h1, h2, h3, h4')].map((e, n, all) => [all[n - 1]?.tagName, e.tagName].join())]"""
#: Kinds that stood on sound pages: a page of nothing but these is not searched again.
_clean: set[str] = set()
#: The browser itself writes this line for every answer that is not a success.
STATUS_LINE = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")


#: Every module that imports the fixture has its own; Playwright runs once in a thread.
_running: list[Browser] = []


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole run, in whatever module the fixture was asked for first."""
    if _running:
        yield _running[0]
        return
    # Playwright's loop lives in this thread, and Django would otherwise refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        _running.append(chromium)
        yield chromium
        _running.clear()
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh context at the wide size that keeps its console in ``page.lines``."""
    context = browser.new_context(viewport=WIDE, locale="zh-CN")
    context.set_default_timeout(PATIENCE)
    opened = context.new_page()
    opened.lines = []  # type: ignore[attr-defined]
    opened.on("console", lambda message: opened.lines.append(message.text))  # type: ignore[attr-defined]
    opened.on("pageerror", lambda error: opened.lines.append(str(error)))  # type: ignore[attr-defined]
    yield opened
    context.close()


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A fresh context whose scripts are switched off."""
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def sign_in(page: Page, live_url: str, user: Any) -> None:
    """Give the browser a session of this person without going through the sign-in page."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_url}])


def visit(page: Page, url: str, status: int = 200) -> None:
    """Open a page and assert everything that holds for every page of the portal."""
    page.lines.clear()  # type: ignore[attr-defined]
    response = page.goto(url, wait_until="load")
    assert response is not None
    assert response.status == status, f"{url}: {response.status}"
    check(page, status=status)


def follow(page: Page, link: Locator) -> None:
    """Click what leads to another page, and be there."""
    with page.expect_navigation(wait_until="load", timeout=PATIENCE):
        link.click()


def check(page: Page, status: int = 200) -> None:
    """One h1, title, empty console; where anything is new also no accessibility violation, no sideways scroll.

    The second run of the walks, on SQLite, sees the same pages once more.
    """
    assert page.locator("h1").count() == 1, page.url
    assert page.title().endswith(f" - {settings.PORTAL_NAME}"), page.title()
    assert page.title().startswith("错误：") == (status == 422), page.title()
    assert not (found := console(page, status)), found
    kinds = set(page.evaluate(KINDS))
    if kinds - _clean and connection.vendor != "sqlite":
        assert not (found := violations(page)), found
        assert not (found := sideways(page)), found
        _clean.update(kinds)


#: Parts of Django's own widget for many choices and of its inlines that axe refuses, wherever they stand.
STOCK = (".help-tooltip", ".inline-group th:empty")


def check_admin(page: Page, url: str) -> None:
    """Open one of the admin's own pages: no violation of ours, nothing on the console, not sideways."""
    page.lines.clear()  # type: ignore[attr-defined]
    page.goto(url, wait_until="load")
    assert page.locator("h1").count() == 1
    assert not (found := console(page)), found
    assert not (found := violations(page, STOCK)), found
    assert not (found := sideways(page)), found


def console(page: Page, status: int = 200) -> list[str]:
    """Lines of the console but for the browser's own about an expected status."""
    lines: list[str] = page.lines  # type: ignore[attr-defined]
    return [line for line in lines if not ((own := STATUS_LINE.search(line)) and own[1] == str(status))]


def violations(page: Page, without: Sequence[str] = ()) -> list[str]:
    """What axe finds, but for these places: one line each with rule, number of places, the first place."""
    page.evaluate(AXE)
    search = (
        "([left, tags]) => axe.run({exclude: left}, {runOnly: {type: 'tag', values: tags}}).then(r => r.violations)"
    )
    found = page.evaluate(search, [[[place] for place in without], AXE_TAGS])
    return [f"{v['id']} x{len(v['nodes'])}: {v['nodes'][0]['html'][:200]}" for v in found]


def sideways(page: Page) -> list[str]:
    """Widths at which the page has to be pushed sideways; the size is wide again afterwards."""
    wrong = []
    for width in (320, 390, 1366):
        page.set_viewport_size({"width": width, "height": 844})
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            wrong.append(f"{width}: {over} px too wide")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return wrong


def shot(page: Page, name: str) -> None:
    """Save the page at both widths; nothing happens unless SHOTS_DIR is set."""
    folder = os.environ.get("SHOTS_DIR")
    if not folder:
        return
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.screenshot(path=Path(folder) / f"{name}_{size['width']}.png", full_page=True)
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
