"""Status words, turns, amounts, dates and pieces of components."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
import time_machine
from django.core.paginator import Paginator
from django.template import Context, Template

from innovation_voucher.casework import statuses
from innovation_voucher.casework.statuses import Status, Statuses
from innovation_voucher.casework.templatetags import portal

ROWS = Statuses(
    Status(code="draft", label="草稿", tone="grey", turn="enterprise"),
    Status(code="sent", label="待机构确认", tone="blue", turn="carrier"),
    Status(code="seen", label="待审核", tone="blue", turn="bureau"),
    Status(code="done", label="已完成", tone="green"),
)


@pytest.fixture
def thing(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    monkeypatch.setattr(statuses, "_registry", {})
    statuses.register_statuses("shop.Thing", ROWS)
    return SimpleNamespace(status="sent", _meta=SimpleNamespace(label="shop.Thing"))


def draw(source: str, **values: object) -> str:
    return Template("{% load portal %}" + source).render(Context(values))


def test_a_status_is_one_word_in_one_tone(thing: SimpleNamespace) -> None:
    assert draw("{% status it %}", it=thing) == '<strong class="govuk-tag t-blue">待机构确认</strong>'


def test_what_an_object_shows_wins_over_its_state(thing: SimpleNamespace) -> None:
    thing.shown_status = "done"
    assert "已完成" in draw("{% status it %}", it=thing)
    thing.shown_status = Status(code="x", label="<b>", tone="red")
    assert draw("{% status it %}", it=thing) == '<strong class="govuk-tag t-red">&lt;b&gt;</strong>'


def test_the_row_gives_the_next_sentence(thing: SimpleNamespace) -> None:
    thing.shown_status = Status(code="x", label="待补正", tone="amber", next_text="改好后重新提交")
    assert draw("{% status_row it as row %}{{ row.next_text }}", it=thing) == "改好后重新提交"


def test_an_unknown_state_fails_with_what_is_known(thing: SimpleNamespace) -> None:
    thing.status = "lost"
    with pytest.raises(KeyError, match="'lost'; known are draft, sent, seen, done"):
        draw("{% status it %}", it=thing)


def test_a_model_without_rows_fails(thing: SimpleNamespace) -> None:
    thing._meta.label = "shop.Other"
    with pytest.raises(KeyError, match=r"shop\.Other"):
        statuses.status_of(thing)


def test_a_code_cannot_be_listed_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        Statuses(ROWS["draft"], ROWS["draft"])


def test_rows_give_the_choices_of_a_state_field() -> None:
    assert ROWS.choices[0] == ("draft", "草稿")
    assert len(ROWS) == 4


@pytest.mark.parametrize(
    ("state", "viewer", "words"),
    [
        ("sent", SimpleNamespace(audience="carrier"), "轮到您办理"),
        ("sent", SimpleNamespace(audience="enterprise"), "等待服务机构"),
        ("sent", None, "等待服务机构"),
        ("seen", SimpleNamespace(audience="office", office=SimpleNamespace(kind="bureau")), "轮到您办理"),
        ("seen", SimpleNamespace(audience="office", office=SimpleNamespace(kind="agency")), "等待科技局"),
        ("seen", SimpleNamespace(audience="admin"), "等待科技局"),
        ("done", SimpleNamespace(audience="enterprise"), "现在不需要您操作"),
    ],
)
def test_the_turn_depends_on_the_reader(thing: SimpleNamespace, state: str, viewer: object, words: str) -> None:
    thing.status = state
    html = draw("{% turn it %}", it=thing, viewer=viewer)
    assert f">{words}<" in html
    assert ("turn--you" in html) == (words == "轮到您办理")


@time_machine.travel("2026-11-20 10:00+08:00", tick=False)
def test_the_turn_names_the_last_day(thing: SimpleNamespace) -> None:
    assert "等待服务机构，12月4日前" in draw("{% turn it day %}", it=thing, day=date(2026, 12, 4))
    thing.due_on = date(2026, 11, 27)
    assert "轮到您办理，11月27日前" in draw("{% turn it %}", it=thing, viewer=SimpleNamespace(audience="carrier"))


@pytest.mark.parametrize(
    ("amount", "plain", "signed"),
    [
        (Decimal(18000), "18,000.00", "¥18,000.00"),
        (Decimal("0.1"), "0.10", "¥0.10"),
        (0, "0.00", "¥0.00"),
        (None, "", ""),
        (Decimal(-5), "-5.00", "¥-5.00"),
    ],
)
def test_amounts_have_two_places(amount: Decimal | int | None, plain: str, signed: str) -> None:
    assert portal.yuan(amount) == plain
    assert portal.yuan_sign(amount) == signed


@time_machine.travel("2026-11-20 10:00+08:00", tick=False)
def test_days_are_said_short_this_year_and_full_in_another() -> None:
    assert portal.cn_day(date(2026, 11, 27)) == "11月27日"
    assert portal.cn_day(date(2027, 1, 4)) == "2027年1月4日"
    assert portal.day_before(date(2026, 11, 27)) == "11月27日前"


def test_moments_are_shown_in_the_time_of_the_portal() -> None:
    moment = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    assert portal.cn_datetime(moment) == "2026-11-21 00:30"
    assert portal.iso_day(moment) == "2026-11-21"


@pytest.mark.parametrize("show", [portal.cn_day, portal.day_before, portal.iso_day, portal.cn_datetime])
def test_no_date_is_no_text(show: object) -> None:
    assert show(None) == ""  # type: ignore[operator]


def test_voucher_codes_are_grouped_in_fours() -> None:
    assert portal.voucher_code("7K3M9QTX2B8F") == "7K3M-9QTX-2B8F"
    assert portal.voucher_code("7K3M-9QTX-2B8F") == "7K3M-9QTX-2B8F"
    assert portal.voucher_code(None) == ""


def test_strangers_see_masked_names_and_numbers() -> None:
    assert "*" in portal.mask_org("澄光传感科技有限公司")
    assert portal.mask_mobile("13800000217") == "138****0217"
    assert portal.mask_org(None) == portal.mask_mobile("") == ""


def test_icons_are_hidden_from_screen_readers_and_unknown_ones_fail() -> None:
    assert 'aria-hidden="true"' in portal.icon("search")
    with pytest.raises(KeyError):
        portal.icon("no-such-icon")


def test_an_address_that_does_not_exist_is_empty() -> None:
    assert portal.nav_url("help") == "/help/"
    assert portal.nav_url("no-such-page") == ""


@pytest.mark.parametrize(
    ("part", "whole", "width"), [(1, 4, 250), (5, 4, 1000), (-1, 4, 0), (1, 0, 0), (Decimal(1), Decimal(3), 333)]
)
def test_bars_stay_inside_their_track(part: Decimal, whole: Decimal, width: int) -> None:
    assert portal.share(part, whole) == width


def test_the_meter_says_its_figures_in_words() -> None:
    meter = {"limit": 200_000, "claimed": 120_000, "used": 30_000, "left": 80_000}
    html = draw("{% include 'components/meter.html' %}", meter=meter)
    assert "年度上限 200,000.00 元，已申领 120,000.00 元，其中已使用 30,000.00 元，还可申领 80,000.00 元" in html
    assert 'width="600"' in html
    assert 'width="150"' in html


def test_steps_say_in_words_where_we_are() -> None:
    html = draw("{% include 'components/steps.html' with current=2 %}", steps=["预约", "确认", "合同"])
    assert "第 2 步，共 3 步：确认" in html
    assert html.count('class="done"') == 1
    assert draw("{% include 'components/steps.html' with current=4 %}", steps=["预约"]).count("aria-current") == 0


def test_long_page_lists_have_gaps() -> None:
    numbers = portal.page_numbers(Paginator(range(400), 20).page(10))
    assert numbers == [1, None, 9, 10, 11, None, 20]


def test_files_seen_are_counted() -> None:
    files = [{"seen": True}, {"seen": False}]
    assert portal.seen_words(files) == "已看 1 份，共 2 份"
