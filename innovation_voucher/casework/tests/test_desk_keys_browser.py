"""The desk in a real browser: keys that work when switched on, rows counted, evidence turned, views kept."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from innovation_voucher.casework import attachments
from innovation_voucher.casework.models import ReviewCase, ReviewTask, SavedView
from innovation_voucher.lib.uploads import Rule
from innovation_voucher.tests import cast
from innovation_voucher.tests.browser import PHONE, browser, follow, page, plain, shot, sign_in, visit

from .test_desk_browser import picture
from .trial import RIGHT, make_chain, open_case, said

__all__ = ["browser", "page", "plain"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("subject"),
    pytest.mark.browser,
    pytest.mark.slow,
]


@pytest.fixture
def officer() -> User:
    return cast.make_officer(cast.COUNTY, RIGHT, name="王审核员")


@pytest.fixture
def cases(officer: User) -> list[ReviewCase]:
    """Three without a failed check; the first with two pictures as evidence."""
    make_chain({"name": "初审"})
    found = [open_case(number=f"SB-{n}") for n in range(3)]
    ReviewCase.objects.update(checks_bad=0)
    for name in ("合同.png", "银行回单.png"):
        rule = Rule(formats=("png",), max_bytes=10**6)
        attachments.attach(found[0].subject, "contract", name=name, data=picture(name), rule=rule, by=None)
    return found


@pytest.fixture
def tab(page: Page, live_server: LiveServer, officer: User, cases: Any) -> Page:
    sign_in(page, live_server.url, officer)
    page.goto(f"{live_server.url}/desk/trial/")
    return page


def switch_on(tab: Page) -> None:
    tab.get_by_text("键盘操作").click()
    tab.get_by_label("使用快捷键").check()


def focused_row(tab: Page) -> str:
    words: str = tab.evaluate("document.activeElement.closest('tbody tr')?.querySelector('.mono').textContent || ''")
    return words


def press(tab: Page, *keys: str) -> None:
    for key in keys:
        tab.keyboard.press(key)


def test_keys_do_nothing_until_they_are_switched_on(tab: Page) -> None:
    press(tab, "j", "x")
    assert focused_row(tab) == ""
    assert tab.locator(".tick:checked").count() == 0
    tab.get_by_text("键盘操作").click()
    expect(tab.get_by_label("使用快捷键")).not_to_be_checked()


@pytest.mark.feature("X-2")
def test_keys_walk_tick_and_open_rows(tab: Page, live_server: LiveServer) -> None:
    switch_on(tab)
    press(tab, "j", "j")
    assert focused_row(tab) == "SB-1"
    press(tab, "k", "k", "x")
    assert focused_row(tab) == "SB-0"
    expect(tab.locator("[data-chosen]")).to_have_text("已选 1 件")
    press(tab, "x")
    expect(tab.locator("[data-chosen]")).to_have_text("勾选后可批量通过或分派")
    press(tab, "j", "j", "j")
    assert focused_row(tab) == "SB-2"
    press(tab, "Enter")
    tab.wait_for_url(f"{live_server.url}/desk/trial/SB-2/")
    assert tab.lines == []  # type: ignore[attr-defined]


def test_keys_are_letters_inside_a_field_and_with_a_modifier(tab: Page) -> None:
    switch_on(tab)
    press(tab, "j")
    press(tab, "Alt+j", "Control+j")
    assert focused_row(tab) == "SB-0"
    box = tab.get_by_label("编号或企业名", exact=True)
    box.click()
    press(tab, "j", "k", "x")
    expect(box).to_have_value("jkx")
    assert tab.locator(".tick:checked").count() == 0


def test_keys_stay_on_for_the_next_page_and_can_be_switched_off(tab: Page) -> None:
    switch_on(tab)
    tab.reload()
    press(tab, "j")
    assert focused_row(tab) == "SB-0"
    tab.get_by_text("键盘操作").click()
    tab.get_by_label("使用快捷键").uncheck()
    press(tab, "j", "j")
    assert focused_row(tab) == ""


def test_keys_decide_a_case_and_turn_its_evidence(tab: Page, live_server: LiveServer, cases: list[ReviewCase]) -> None:
    switch_on(tab)
    tab.goto(f"{live_server.url}/desk/trial/SB-0/")
    press(tab, "2")
    expect(tab.get_by_label("退回补正")).to_be_checked()
    press(tab, "]")
    expect(tab.locator(".pages [aria-current]")).to_contain_text("银行回单")
    press(tab, "r")
    expect(tab.locator(".sheet")).to_have_class("sheet sheet--t1")
    press(tab, "[")
    expect(tab.locator(".pages [aria-current]")).to_contain_text("合同")
    expect(tab.get_by_label("退回补正")).to_be_checked()
    box = tab.get_by_label("办理意见")
    box.click()
    press(tab, "1", "Control+Enter")
    expect(box).to_have_value("1")
    assert said(cases[0].subject) == cases[0].subject.address
    tab.get_by_label("退回补正").focus()
    press(tab, "1", "Control+Enter")
    tab.wait_for_url(f"{live_server.url}/desk/trial/SB-1/")
    assert said(cases[0].subject).startswith("approved")


def test_what_was_typed_stays_while_the_evidence_changes(tab: Page, live_server: LiveServer) -> None:
    tab.goto(f"{live_server.url}/desk/trial/SB-0/?view=free")
    tab.get_by_label("办理意见").fill("写到一半")
    tab.get_by_role("link", name="放大", exact=True).click()
    expect(tab.get_by_role("link", name="缩小")).to_be_focused()
    tab.get_by_role("link", name="旋转").click()
    expect(tab.locator(".sheet")).to_have_class("sheet sheet--t1 sheet--big")
    tab.get_by_role("link", name="银行回单.png").click()
    expect(tab.locator(".pages [aria-current]")).to_contain_text("银行回单")
    expect(tab.get_by_label("办理意见")).to_have_value("写到一半")
    assert "view=free" in tab.url
    assert "page=1" in tab.url


def test_turned_and_near_evidence_meets_the_bars(tab: Page, live_server: LiveServer) -> None:
    for name, query in {"upright": "", "turned": "turn=1", "near": "zoom=1", "near-turned": "zoom=1&turn=3"}.items():
        visit(tab, f"{live_server.url}/desk/trial/SB-0/?{query}")
        shot(tab, f"desk-evidence-{name}")


@pytest.mark.feature("X-2")
def test_views_evidence_and_bulk_without_scripts(
    plain: Page, live_server: LiveServer, officer: User, cases: list[ReviewCase]
) -> None:
    sign_in(plain, live_server.url, officer)
    plain.set_viewport_size(PHONE)  # type: ignore[arg-type]
    plain.goto(f"{live_server.url}/desk/trial/SB-0/")
    follow(plain, plain.get_by_role("link", name="旋转"))
    assert "turn=1" in plain.url
    follow(plain, plain.get_by_role("link", name="下一份"))
    assert "turn" not in plain.url
    plain.goto(f"{live_server.url}/desk/trial/?checks=good")
    plain.get_by_text("把现在的筛选保存为视图").click()
    plain.get_by_label("视图名称").fill("可批量")
    plain.get_by_label("打开此队列时默认使用").check()
    follow(plain, plain.get_by_role("button", name="保存视图"))
    plain.goto(f"{live_server.url}/desk/trial/")
    assert plain.url.endswith("?checks=good")
    for number in ("SB-0", "SB-2"):
        plain.get_by_label(f"选择 {number}").check()
    follow(plain, plain.get_by_role("button", name="批量通过"))
    plain.get_by_label("办理意见").fill("核对一致")
    plain.get_by_label("已看过这些件的核对结果").check()
    follow(plain, plain.get_by_role("button", name="批量通过 2 件"))
    follow(plain, plain.get_by_role("button", name="返回队列"))
    follow(plain, plain.get_by_role("link", name="删除此视图"))
    follow(plain, plain.get_by_role("button", name="删除视图"))
    assert not SavedView.objects.exists()
    assert ReviewTask.objects.filter(decision="approve").count() == 2
    assert [said(case.subject).split()[0] for case in (cases[0], cases[2])] == ["approved"] * 2


def test_pages_of_views_and_bulk_meet_the_bars(tab: Page, live_server: LiveServer, officer: User) -> None:
    desk = f"{live_server.url}/desk/trial/"
    tab.goto(f"{desk}?checks=good")
    tab.get_by_text("把现在的筛选保存为视图").click()
    tab.get_by_label("视图名称").fill("可批量")
    follow(tab, tab.get_by_role("button", name="保存视图"))
    view = SavedView.objects.get()
    ticked = "&".join(f"s={pk}" for pk in ReviewTask.objects.values_list("pk", flat=True))
    for name, path in {
        "desk-views": "?checks=good",
        "desk-view": f"views/{view.pk}/",
        "desk-view-delete": f"views/{view.pk}/delete/",
        "desk-bulk": f"bulk/?{ticked}",
        "desk-assign": f"assign/?{ticked}",
    }.items():
        visit(tab, desk + path)
        shot(tab, name)


def test_the_evidence_stands_beside_the_case_on_a_wide_screen(tab: Page, live_server: LiveServer) -> None:
    tab.goto(f"{live_server.url}/desk/trial/SB-0/?turn=1")
    case, pane = tab.locator("main .stack").first.bounding_box(), tab.locator(".evidence-pane").bounding_box()
    assert case is not None
    assert pane is not None
    assert pane["x"] >= case["x"] + case["width"]
    tab.set_viewport_size(PHONE)
    sheet = tab.locator(".sheet").bounding_box()
    assert sheet is not None
    assert sheet["height"] == pytest.approx(sheet["width"], abs=2)
