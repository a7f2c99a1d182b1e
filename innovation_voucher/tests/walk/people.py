"""People with a browser of their own, for walks over many pages and roles."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page

from innovation_voucher.tests.browser import PATIENCE, WIDE, check, follow, shot, sign_in


class Person:
    """One person at one browser; every page that is opened is checked for what holds everywhere."""

    def __init__(self, browser: Browser, base: str, *, user: Any = None, script: bool = True) -> None:
        self.base = base
        self.context = browser.new_context(
            viewport=WIDE,  # type: ignore[arg-type]
            locale="zh-CN",
            java_script_enabled=script,
            accept_downloads=True,
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.script = script
        lines: list[str] = []
        self.page.lines = lines  # type: ignore[attr-defined]
        self.page.on("console", lambda message: lines.append(message.text))
        self.page.on("pageerror", lambda error: lines.append(str(error)))
        if user is not None:
            sign_in(self.page, base, user)

    def open(self, path: str, status: int = 200) -> None:
        """Go to a path of the portal and check the page."""
        self.page.lines.clear()  # type: ignore[attr-defined]
        response = self.page.goto(self.base + path, wait_until="load")
        assert response is not None
        assert response.status == status, f"{path}: {response.status}"
        self.look(status)

    def look(self, status: int = 200) -> None:
        """What holds for every page: heading, title, console, accessibility, width."""
        if self.script:
            check(self.page, status)
        else:
            assert self.page.locator("h1").count() == 1, self.page.url

    def fill(self, label: str, value: str) -> None:
        """Type into the box of that label."""
        self.page.get_by_label(label, exact=False).first.fill(value)

    def choose(self, label: str, option: str) -> None:
        """Choose an option of a select by its words."""
        self.page.get_by_label(label, exact=True).select_option(label=option)

    def tick(self, label: str) -> None:
        """Tick a box or a radio by its words."""
        self.page.get_by_label(label, exact=False).first.check()

    def attach(self, name: str, file: Path) -> None:
        """Choose a file in the file box whose field name ends so."""
        self.page.locator(f"input[type=file][name$='{name}']").first.set_input_files(file)

    def download(self, name: str) -> bytes:
        """What a link or button of that name sends as a file."""
        with self.page.expect_download() as waiting:
            self.find(name).click(no_wait_after=True)
        return Path(waiting.value.path()).read_bytes()

    def press(self, name: str, status: int = 200) -> None:
        """Press a button (or follow a link that looks like one) and check the page that comes."""
        self.follow(self.find(name), status)

    def follow(self, link: Locator, status: int = 200) -> None:
        """Click what leads to another page and check the page that comes."""
        self.go(link)
        self.look(status)

    def go(self, link: Locator) -> None:
        """Click what leads to another page, whatever it looks like."""
        self.page.lines.clear()  # type: ignore[attr-defined]
        follow(self.page, link)

    def find(self, name: str) -> Locator:
        """The button of that name; else the link that looks like one; else any link."""
        for found in (
            self.page.locator("button", has_text=name),
            self.page.get_by_role("button", name=name),
            self.page.get_by_role("link", name=name),
        ):
            if found.count():
                return found.first
        raise AssertionError(f"{self.page.url} has no {name}")

    def sees(self, *words: str) -> None:
        """The page says all of these."""
        text = self.page.locator("body").inner_text()
        missing = [word for word in words if word not in text]
        assert missing == [], f"{self.page.url} lacks {missing}:\n{text}"

    def shot(self, name: str) -> None:
        """A picture at both widths when SHOTS_DIR is set, of the walk with scripts."""
        if self.script:
            shot(self.page, name)


@contextmanager
def person(browser: Browser, base: str, user: Any = None, *, script: bool = True) -> Iterator[Person]:
    """A person whose browser closes afterwards."""
    somebody = Person(browser, base, user=user, script=script)
    try:
        yield somebody
    finally:
        somebody.context.close()
