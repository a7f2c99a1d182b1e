"""The front page, the standing pages, the switches of the reader, and the pages for refusals."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from innovation_voucher import context, home
from innovation_voucher.casework.models import Region
from vouchers.models import Programme

pytestmark = pytest.mark.django_db
STANDING = ["help", "accessibility", "privacy", "terms", "sitemap"]


def text(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_the_front_page_works_on_an_empty_installation(client: Client) -> None:
    html = text(client, "/")
    assert f"<title>首页 - {settings.PORTAL_NAME}</title>" in html
    assert "现在没有正在受理的方案" in html
    assert "今年以来" not in html
    assert html.count("<h1") == 1


@pytest.mark.parametrize("name", STANDING)
def test_standing_pages_have_a_title_and_the_hotline(client: Client, name: str) -> None:
    html = text(client, reverse(name))
    assert re.search(rf"<title>[^<]+ - {settings.PORTAL_NAME}</title>", html)
    assert html.count("<h1") == 1
    assert settings.PORTAL_HOTLINE in html


def test_every_question_of_the_front_page_has_its_answer(client: Client) -> None:
    asked = re.findall(r'/help/#(\w+)"', text(client, "/"))
    answers = re.findall(r'<details id="(\w+)"', text(client, "/help/"))
    assert asked
    assert set(asked) <= set(answers)


def test_large_text_is_kept_in_a_cookie_and_comes_back_to_the_page(client: Client) -> None:
    response = client.post(reverse("elder-mode"), {"on": "1", "next": "/help/?q=1"})
    assert (response.status_code, response["Location"]) == (302, "/help/?q=1")
    assert client.cookies[context.ELDER_COOKIE]["httponly"]
    assert 'data-scale="large"' in text(client, "/help/")
    client.post(reverse("elder-mode"), {"on": "0", "next": "/"})
    assert "data-scale" not in text(client, "/help/")


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_the_switch_never_leads_to_another_site(client: Client, target: str) -> None:
    assert client.post(reverse("elder-mode"), {"on": "1", "next": target})["Location"] == "/"


def test_the_switch_does_nothing_on_get(client: Client) -> None:
    assert client.get(reverse("elder-mode"), {"on": "1"}).status_code == 405
    assert context.ELDER_COOKIE not in client.cookies


def test_the_language_of_the_page_is_named_for_browsers(client: Client) -> None:
    assert '<html lang="zh-CN"' in text(client, "/", accept_language="zh-CN")
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    assert '<html lang="en"' in text(client, "/")


def test_the_style_page_is_not_there_in_real_operation(client: Client, settings: Settings) -> None:
    settings.DEBUG, settings.DEMO_MODE = False, False
    assert client.get(reverse("styleguide")).status_code == 404


def test_the_style_page_draws_every_component(client: Client, settings: Settings) -> None:
    settings.DEMO_MODE = True
    html = text(client, reverse("styleguide"))
    for mark in ("nextact--act", "timeline", "vcard--over", "govuk-error-summary", "quota", "pager", "verdict v-no"):
        assert mark in html


def test_a_page_that_does_not_exist_says_what_to_do(client: Client) -> None:
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    html = response.content.decode()
    assert "没有找到这个页面" in html
    assert "有受理编号的可以查进度" in html


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 429, 500, 503])
def test_every_refusal_has_a_page_that_asks_no_database(
    status: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        html = render_to_string(f"errors/{status}.html", {**context.facts(), "number": "E-7F3A"})
    assert html.count("<h1") == 1
    assert settings.PORTAL_HOTLINE in html
    assert re.search(rf"<title>[^<]+ - {settings.PORTAL_NAME}</title>", html)
    assert not re.search(r"请勿|非法|失败|！", html)


def test_a_server_error_names_the_number_for_the_hotline() -> None:
    html = render_to_string("errors/500.html", {**context.facts(), "number": "E-7F3A"})
    assert "E-7F3A" in html


def test_the_reason_of_a_refusal_replaces_the_general_sentence() -> None:
    html = render_to_string("errors/403.html", {**context.facts(), "reason": "只有本单位管理员可以停用经办人"})
    assert "只有本单位管理员可以停用经办人" in html
    assert "这一项由其他人员办理" not in html


def test_an_expired_form_says_that_nothing_happened() -> None:
    html = render_to_string("errors/403.html", {**context.facts(), "csrf": True})
    assert "页面已过期" in html
    assert "您的操作没有生效" in html


class FakeProgramme:
    """The columns of a programme that a ticket reads."""

    pk = 1

    def __init__(self, opens: int, closes: int) -> None:
        today = timezone.localdate()
        self.opens_on = today + timedelta(days=opens)
        self.closes_on = today + timedelta(days=closes)


@pytest.mark.parametrize(
    ("opens", "closes", "days", "look"),
    [(-9, 0, 1, "soon"), (-9, 13, 14, "soon"), (-9, 14, 15, ""), (3, 90, None, "shut"), (-90, -1, None, "shut")],
)
def test_a_ticket_counts_the_days_that_are_left(opens: int, closes: int, days: int | None, look: str) -> None:
    ticket = home._ticket(FakeProgramme(opens, closes), timezone.localdate())  # type: ignore[arg-type]
    assert (ticket.days, ticket.look) == (days, look)
    assert (ticket.opens_on is not None) == (opens > 0)


def make_programme(region: object, name: str, closes: int, status: str = Programme.State.OPEN) -> Programme:
    today = timezone.localdate()
    made = Programme.objects.create(
        family=name,
        year=today.year,
        kind="k",
        name=name,
        region=region,
        opens_on=date(today.year - 1, 1, 1),
        closes_on=today + timedelta(days=closes),
    )
    # The database lets no programme be born open.
    Programme.objects.filter(pk=made.pk).update(status=status)
    return made


def test_schemes_stand_by_deadline_and_drafts_are_not_shown(client: Client) -> None:
    region = Region.objects.create(
        code="990000", name="示例省", full_name="示例省", level=Region.Level.PROVINCE, path="990000/"
    )
    make_programme(region, "晚", 40)
    make_programme(region, "早", 4)
    make_programme(region, "草稿方案", 4, Programme.State.DRAFT)
    assert [ticket.programme.name for ticket in home.tickets()] == ["早", "晚"]
    assert "草稿方案" not in text(client, "/")


def test_the_front_page_stays_within_its_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(15):
        text(client, "/")


@pytest.mark.parametrize(
    ("amount", "words"),
    [(0, ("0", "元")), (9999, ("9,999", "元")), (10_000, ("1", "万元")), (84_205_000, ("8,420.5", "万元"))],
)
def test_large_sums_are_said_in_ten_thousands(amount: int, words: tuple[str, str]) -> None:
    assert home._large(Decimal(amount)) == words
