"""The public page of mutual lists: its pages, its filters, what leads to a carrier, and what is never shown."""

import re
from html import unescape
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from carriers.models import MutualEntry, MutualList
from carriers.mutual import carriers_behind, entries, places
from carriers.tests.factories import make_carrier
from innovation_voucher.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.feature("TJ-4")]

PLACES = ("110000", "120104", "130102")


@pytest.fixture
def listing(db: None) -> MutualList:
    return MutualList.objects.create(name="甲名单", region=cast.make_region("120000"))


def fill(listing: MutualList, count: int, **fields: str) -> list[MutualEntry]:
    nodes = [cast.make_region(code) for code in PLACES]
    start = MutualEntry.objects.count()
    return MutualEntry.objects.bulk_create(
        MutualEntry(
            listing=listing,
            place=nodes[n % 3],
            **{"laboratory": f"示例实验室{n:02d}", "legal_entity": f"示例院{n:02d}", **fields},
        )
        for n in range(start, start + count)
    )


def text(client: Client, **asked: str) -> str:
    answer = client.get(reverse("mutual-list"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def linked(client: Client) -> bool:
    return "查看服务并预约" in text(client)


def a_carrier(name: str, *, code: str = "", shown: bool = True) -> str:
    """A carrier of another province; answers the address of its page."""
    node = cast.make_region("330108")
    organization = cast.make_organization("carrier", name=name, region=node, bureau=node)
    if code:
        organization.credit_code = code
        organization.save()
    return reverse("carrier-page", args=[make_carrier(organization, shown=shown).number])


# --- Pages and filters ----------------------------------------------------------------------


@pytest.mark.parametrize(("page", "count"), [("", 20), ("2", 20), ("3", 1), ("99", 1), ("-1", 1), ("zwei", 20)])
def test_every_page_is_answered_whatever_its_number(listing: MutualList, client: Client, page: str, count: int) -> None:
    fill(listing, 41)
    shown = text(client, **({"page": page} if page else {}))
    assert shown.count('<li class="card">') == count
    assert "名单共 41 家" in shown


def test_the_next_page_keeps_what_was_asked(listing: MutualList, client: Client) -> None:
    fill(listing, 25, services="振动试验")
    shown = text(client, service="振动")
    assert "共检索到 25 家，名单共 25 家" in shown
    links = re.findall(r'href="(\?[^"]*page=2[^"]*)" rel="next"', shown)
    assert [parse_qs(unescape(link).lstrip("?")) for link in links] == [{"service": ["振动"], "page": ["2"]}]


def test_places_are_provinces_with_the_number_of_what_lies_below(listing: MutualList, client: Client) -> None:
    fill(listing, 4)
    assert places() == [("110000", "北京市", 2), ("120000", "天津市", 1), ("130000", "河北省", 1)]
    shown = text(client, place="120000")
    assert all(label in shown for label in ("北京市（2）", "天津市（1）", "河北省（1）"))
    assert "示例实验室01" in shown
    assert "示例实验室00" not in shown


@pytest.mark.parametrize("name", ["institution", "service"])
def test_words_that_are_too_long_are_named_and_come_back(listing: MutualList, client: Client, name: str) -> None:
    fill(listing, 2)
    answer = client.get(reverse("mutual-list"), {name: "长" * 51})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "错误：" in shown
    assert "长" * 51 in shown
    assert "名单共 2 家" in shown


def test_all_the_words_must_hold(listing: MutualList) -> None:
    fill(listing, 3, services="成分分析")
    assert entries(place="120000", institution="示例", service="成分").count() == 1
    assert entries(place="120000", institution="示例", service="台架").count() == 0
    assert entries(place="120104", institution="院01").count() == 1


def test_what_a_sheet_said_is_text_and_nothing_else(listing: MutualList, client: Client) -> None:
    fill(listing, 1, laboratory="<script>alert(1)</script>", services="<b>甲</b>")
    shown = text(client)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<b>甲</b>" not in shown


def test_who_is_not_named_is_not_announced(listing: MutualList, client: Client) -> None:
    fill(listing, 1)
    assert "联系人" not in text(client)
    fill(listing, 1, contact_name="李某", contact_phone="010-0000 0000")
    assert "联系人 李某 · 010-0000 0000" in text(client)


def test_the_page_is_only_read(listing: MutualList, client: Client) -> None:
    assert client.post(reverse("mutual-list"), {"place": "120000"}).status_code == 405


# --- The carrier behind an entry --------------------------------------------------------------


def test_a_carrier_that_is_not_shown_is_not_linked(listing: MutualList, client: Client) -> None:
    (entry,) = fill(listing, 1)
    a_carrier(entry.legal_entity, shown=False)
    assert not linked(client)


def test_a_namesake_of_an_entry_with_a_code_is_not_linked(listing: MutualList, client: Client) -> None:
    code = cast.credit_code()
    (entry,) = fill(listing, 1, credit_code=code)
    a_carrier(entry.legal_entity)
    assert not linked(client)
    address = a_carrier("改了名的院", code=code)
    assert address in text(client)


def test_carriers_are_found_for_each_entry_by_its_own_rule(listing: MutualList) -> None:
    code = cast.credit_code()
    named, coded, alone = (*fill(listing, 1), *fill(listing, 1, credit_code=code), *fill(listing, 1))
    a_carrier(named.legal_entity)
    a_carrier("改了名的院", code=code)
    with CaptureQueriesContext(connection) as asked:
        found = carriers_behind([named, coded, alone])
    assert {pk: carrier.organization.name for pk, carrier in found.items()} == {
        named.pk: named.legal_entity,
        coded.pk: "改了名的院",
    }
    assert len(asked) == 1


def test_a_full_page_asks_the_database_no_more_than_a_short_one(listing: MutualList, client: Client) -> None:
    a_carrier(fill(listing, 1)[0].legal_entity)
    text(client)
    counts = []
    for more in (0, 30):
        fill(listing, more)
        with CaptureQueriesContext(connection) as asked:
            text(client)
        counts.append(len(asked))
    assert counts[0] == counts[1]
