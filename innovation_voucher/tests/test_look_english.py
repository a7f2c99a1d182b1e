"""The English edition: public pages, navigation and refusals."""

import re
import subprocess

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation

from carriers.models import Category
from innovation_voucher import context, menus
from innovation_voucher.casework.models import Region
from innovation_voucher.casework.statuses import statuses_of
from innovation_voucher.tests.sweeps.test_machines import MACHINES

PO = settings.BASE_DIR / "locale/en/LC_MESSAGES/django.po"
#: Every page that opens without signing in and shows no row of somebody's.
PUBLIC = (
    *("home", "help", "accessibility", "privacy", "terms"),
    *("services", "instruments", "carriers", "map", "verify-form", "account_login", "register"),
    *("quota-lookup", "programme-regions", "publicity-list", "mutual-list"),
)
CHINESE = re.compile(r"[\u4e00-\u9fff]+")


def chinese_left(html: str, *rows: str) -> set[str]:
    """Chinese words of a page but for the installation's own name, the language switch and words of its rows."""
    for own in (settings.PORTAL_NAME, settings.PORTAL_OWNER, settings.PORTAL_HOURS, "中文", *rows):
        html = html.replace(own, "")
    return set(CHINESE.findall(html))


@pytest.mark.django_db
@pytest.mark.parametrize("name", PUBLIC)
def test_public_pages_have_no_chinese_left(client: Client, name: str) -> None:
    html = client.get(reverse(name), headers={"accept-language": "en"}).content.decode()
    assert '<html lang="en"' in html
    rows = [*Category.objects.values_list("name", flat=True), *Region.objects.values_list("name", flat=True)]
    assert chinese_left(html, *rows) == set()


def said(words: object) -> str:
    with translation.override("en"):
        return str(words)


@pytest.mark.parametrize("label", MACHINES)
def test_every_status_is_said_in_english(label: str) -> None:
    rows = statuses_of(label).values()
    assert rows
    for row in rows:
        for words in (row.label, row.next_text, row.sms):
            assert not CHINESE.search(said(words)), words


def test_every_entry_of_every_menu_is_said_in_english() -> None:
    rows = [row for menu in (*menus.MAIN.values(), *menus.SIDE.values()) for row in menu]
    labels = {name: said(label) for name, label in rows}
    assert len(labels) > 30
    assert {name for name, words in labels.items() if CHINESE.search(words)} == set()


@pytest.mark.parametrize("status", [400, 403, 404, 413, 429, 500, 503])
def test_refusals_are_said_in_english(status: int) -> None:
    with translation.override("en"):
        html = render_to_string(f"errors/{status}.html", context.facts())
    assert chinese_left(html) == set()


def test_the_compiled_words_are_those_of_the_list() -> None:
    made = subprocess.run(
        ["/usr/bin/msgfmt", "--check-format", "-o", "-", str(PO)], capture_output=True, check=True
    ).stdout
    assert made == PO.with_suffix(".mo").read_bytes()


def test_no_translation_drops_or_invents_a_placeholder() -> None:
    pairs = re.findall(r'msgid "(.+)"\nmsgstr "(.*)"', PO.read_text())
    assert len(pairs) > 200
    place = re.compile(r"%\(\w+\)s|\{\w+\}")
    for source, words in pairs:
        assert set(place.findall(words)) == set(place.findall(source)), source
