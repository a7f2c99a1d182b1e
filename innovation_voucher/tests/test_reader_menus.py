"""The menus of the portal's own addresses, the switches of the reader, and the pages of refusals."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from innovation_voucher import context, menus, views
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of, text_of

OFFICES = ("bureau", "agency", "province", "third_party", "expert")
PEOPLE = ("public", "enterprise", "carrier")


def request_of(name: str, path: str = "/") -> HttpRequest:
    made = RequestFactory().get(path)
    audience = "office" if name in OFFICES else name
    made.viewer = SimpleNamespace(audience=audience, office=SimpleNamespace(kind=name))  # type: ignore[attr-defined]
    return made


def urls_of(name: str) -> list[str]:
    return [item.url for item in menus.main_menu(request_of(name))]


# --- The tables ---------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [menus.MAIN, menus.SIDE], ids=["main", "side"])
def test_no_menu_names_a_page_or_a_label_twice(table: dict[str, list[menus.Row]]) -> None:
    for rows in table.values():
        assert len({name for name, _label in rows}) == len(rows)
        assert len({str(label) for _name, label in rows}) == len(rows)


@pytest.mark.parametrize("name", sorted(menus.MAIN))
def test_links_stand_in_the_order_of_the_table(name: str) -> None:
    labels = [str(label) for _name, label in menus.MAIN[name]]
    shown = [str(item.label) for item in menus.main_menu(request_of(name))]
    assert shown == [label for label in labels if label in shown]


@pytest.mark.parametrize("name", [*OFFICES, *PEOPLE])
def test_only_the_inbox_counts_what_is_unread(name: str) -> None:
    counted = [item.url for item in menus.main_menu(request_of(name)) if item.counts_unread]
    assert counted == [url for url in urls_of(name) if url == reverse("inbox")]


@pytest.mark.parametrize("name", ["public", "expert"])
def test_readers_without_messages_have_no_inbox(name: str) -> None:
    assert reverse("inbox") not in urls_of(name)


@pytest.mark.parametrize("name", OFFICES)
def test_offices_are_offered_no_page_of_an_enterprise(name: str) -> None:
    assert not [url for url in urls_of(name) if url.startswith(("/ent/", "/carrier/"))]


@pytest.mark.parametrize("name", PEOPLE)
def test_people_outside_are_offered_no_desk(name: str) -> None:
    offered = [item.url for item in (*menus.main_menu(request_of(name)), *menus.side_menu(request_of(name)))]
    assert not [url for url in offered if url.startswith(("/desk/", "/admin/", "/settle/"))]


@pytest.mark.parametrize(("name", "start"), [("enterprise", "ent-home"), ("carrier", "carrier-home")])
def test_both_menus_of_an_organization_begin_at_its_first_page(name: str, start: str) -> None:
    made = request_of(name, reverse(start))
    for items in (menus.main_menu(made), menus.side_menu(made)):
        assert items[0].url == reverse(start)
        assert [item.url for item in items if item.current] == [reverse(start)]


@pytest.mark.parametrize("page", ["ent-cert-check", "ent-cert-history", "ent-cert-done"])
def test_pages_of_the_verification_mark_its_entry(page: str) -> None:
    items = menus.side_menu(request_of("enterprise", reverse(page)))
    assert [item.url for item in items if item.current] == [reverse("ent-cert")]


@pytest.mark.parametrize(
    ("path", "url", "inside"),
    [
        ("/ent/cert/", "/ent/", True),
        ("/ent/", "/ent/", True),
        ("/enter/", "/ent/", False),
        ("/help/", "/", False),
        ("/entry", "/ent", False),
    ],
)
def test_a_page_lies_below_a_folder_and_below_nothing_else(path: str, url: str, inside: bool) -> None:
    assert menus._inside(path, url) is inside


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["enterprise", "entrepreneur"])
def test_every_link_of_an_owner_s_menus_opens(kind: str) -> None:
    client = client_of(cast.owner_of(cast.make_organization(kind)))
    made = request_of("enterprise")
    for item in (*menus.main_menu(made), *menus.side_menu(made)):
        assert client.get(item.url).status_code == 200, item.url


@pytest.mark.django_db
def test_every_link_of_the_public_menu_opens_to_a_stranger() -> None:
    for url in urls_of("public"):
        assert client_of().get(url).status_code == 200, url


# --- Switches -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "large"), [("1", True), ("0", False), ("", False), ("true", False), ("11", False)])
def test_large_text_is_the_cookie_s_one(value: str, large: bool) -> None:
    made = RequestFactory().get("/")
    made.COOKIES[context.ELDER_COOKIE] = value
    assert context.portal(made)["elder_mode"] is large


@pytest.mark.parametrize(("on", "kept"), [("1", "1"), ("0", "0"), ("", "0"), ("yes", "0")])
def test_the_switch_keeps_one_or_nought(on: str, kept: str) -> None:
    client = Client()
    client.post(reverse("elder-mode"), {"on": on, "next": "/help/"})
    cookie = client.cookies[context.ELDER_COOKIE]
    assert cookie.value == kept
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 365 * 24 * 3600


@pytest.mark.parametrize("secure", [True, False])
def test_the_cookie_of_a_safe_page_stays_on_safe_pages(secure: bool) -> None:
    client = Client()
    client.post(reverse("elder-mode"), {"on": "1", "next": "/"}, secure=secure)
    assert bool(client.cookies[context.ELDER_COOKIE]["secure"]) is secure


@pytest.mark.parametrize(
    ("code", "named"), [("zh-hans", "zh-CN"), ("zh-hant", "zh-CN"), ("en", "en"), ("en-gb", "en-gb")]
)
def test_the_language_is_named_as_browsers_know_it(code: str, named: str) -> None:
    with translation.override(code):
        assert context.facts()["html_lang"] == named


def test_an_unknown_language_changes_nothing() -> None:
    client = Client()
    client.post(reverse("set_language"), {"language": "xx", "next": "/"})
    assert settings.LANGUAGE_COOKIE_NAME not in client.cookies


@pytest.mark.django_db
def test_the_chosen_language_wins_over_the_browser_s() -> None:
    client = Client(headers={"accept-language": "zh-hans"})
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    assert '<html lang="en"' in text_of(client.get(reverse("help")))


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example"])
def test_choosing_a_language_leads_to_no_other_site(target: str) -> None:
    answer: Any = Client().post(reverse("set_language"), {"language": "en", "next": target})
    assert "elsewhere" not in answer.headers.get("Location", "")


# --- Refusals without a database ----------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_of_an_outage_is_whole_without_a_database(language: str) -> None:
    with translation.override(language):
        answer = views.unavailable(RequestFactory().get("/ent/"), None)
    text = text_of(answer)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert text.count("<h1") == 1
    assert settings.PORTAL_HOTLINE in text
    assert "<nav" not in text


def test_each_server_error_has_a_number_of_its_own() -> None:
    answers = [text_of(views.server_error(RequestFactory().get("/"))) for _ in range(3)]
    numbers = [re.findall(r"E-[0-9A-F]{8}", text) for text in answers]
    assert all(len(found) == 1 for found in numbers)
    assert len({found[0] for found in numbers}) == 3


def test_an_outage_has_no_number_to_call_about() -> None:
    assert not re.search(r"E-[0-9A-F]{8}", text_of(views.unavailable(RequestFactory().get("/"), None)))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/nothing-here/", "/ent/cert/section/nothing/else/", "/desk/nothing/", "/%F0%9F%98%80/"]
)
def test_an_address_that_is_none_gets_the_page_of_the_portal(path: str) -> None:
    answer = client_of(cast.make_user()).get(path)
    text = text_of(answer)
    assert answer.status_code == 404
    assert text.count("<h1") == 1
    assert settings.PORTAL_HOTLINE in text
