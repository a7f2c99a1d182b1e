"""Figures, bars and notices of the front page, from rows that lie around every edge."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import given, strategies as st

from carriers.models import Carrier
from carriers.tests.factories import make_carrier, make_recognition
from innovation_voucher import home, menus
from innovation_voucher.tests import cast
from vouchers.models import Programme, QuotaAccount, Voucher
from vouchers.tests import factories

YUAN = st.decimals(0, 10**9, places=2)


@given(amount=YUAN)
def test_a_sum_is_never_said_larger_than_rounding_allows(amount: Decimal) -> None:
    value, unit = home._large(amount)
    said = Decimal(value.replace(",", "")) * (10_000 if unit == "万元" else 1)
    assert abs(said - amount) <= (500 if unit == "万元" else Decimal("0.5"))


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("9999.49", ("9,999", "元")),
        ("10000", ("1", "万元")),
        ("10499.99", ("1", "万元")),
        ("10500.01", ("1.1", "万元")),
        ("1000000", ("100", "万元")),
        ("12345678.90", ("1,234.6", "万元")),
    ],
)
def test_the_unit_changes_at_ten_thousand(amount: str, words: tuple[str, str]) -> None:
    assert home._large(Decimal(amount)) == words


@pytest.mark.parametrize(
    ("contracts", "used", "words"),
    [
        ("0", "0", ""),
        ("100", "0", ""),
        ("0", "10", "每 1 元创新券带动 0.0 元"),
        ("90", "20", "每 1 元创新券带动 4.5 元"),
    ],
)
def test_the_lever_is_said_only_when_something_was_used(contracts: str, used: str, words: str) -> None:
    assert home._lever(Decimal(contracts), Decimal(used)) == words


# --- Figures --------------------------------------------------------------------------------


def shown() -> dict[str, tuple[str, str]]:
    return {str(figure.label): (figure.value, str(figure.unit)) for figure in home.figures()}


@pytest.mark.django_db
def test_before_anything_was_granted_no_figure_is_shown() -> None:
    factories.make_programme()
    assert home.figures() == []


@pytest.mark.django_db
@pytest.mark.parametrize(("firms", "said"), [(1, "少于 3"), (2, "少于 3"), (3, "3")])
def test_few_firms_are_not_counted_out(firms: int, said: str) -> None:
    programme, carrier = factories.make_programme(), factories.make_carrier()
    for _ in range(firms):
        factories.make_voucher(cast.make_organization(), programme, carrier, state="confirmed")
    assert shown()["受益企业"] == (said, "家")


@pytest.mark.django_db
def test_a_firm_with_two_vouchers_is_one_firm_and_its_contracts_are_two() -> None:
    programme, carrier, firm = factories.make_programme(), factories.make_carrier(), cast.make_organization()
    factories.claim(firm, programme, 40_000)
    for _ in range(2):
        factories.make_voucher(firm, programme, carrier, state="confirmed", contract=18_000)
    figures = shown()
    assert figures["受益企业"] == ("少于 3", "家")
    assert figures["带动研发服务投入"] == ("3.6", "万元")
    assert figures["发放额度"] == ("4", "万元")


@pytest.mark.django_db
def test_vouchers_that_are_not_confirmed_and_other_years_do_not_count() -> None:
    programme, carrier = factories.make_programme(), factories.make_carrier()
    factories.make_voucher(cast.make_organization(), programme, carrier, state="issued")
    assert shown()["带动研发服务投入"] == ("0", "元")
    Programme.objects.update(year=timezone.localdate().year - 1)
    assert QuotaAccount.objects.exists()
    assert Voucher.objects.exists()
    assert home.figures() == []


# --- Carriers by region ---------------------------------------------------------------------


def recognized(code: str, count: int = 1) -> None:
    for _ in range(count):
        carrier = make_carrier(cast.make_organization("carrier", code))
        make_recognition(carrier, cast.make_region(code))


@pytest.mark.django_db
def test_without_carriers_there_are_no_bars() -> None:
    assert home.carriers_by_region() == []


@pytest.mark.django_db
def test_the_longest_bar_is_full_and_the_others_are_shares_of_it() -> None:
    recognized("330108", 3)
    recognized("330106", 1)
    rows = home.carriers_by_region()
    assert [(row["number"], row["width"]) for row in rows] == [(3, 1000), (1, 333)]


@pytest.mark.django_db
def test_a_carrier_of_several_regions_is_counted_once_and_at_its_address() -> None:
    recognized("330108")
    carrier = Carrier.objects.get()
    make_recognition(carrier, cast.make_region("330106"))
    assert [row["number"] for row in home.carriers_by_region()] == [1]
    assert home.sections()["carriers_count"] == 1


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["draft", "submitted", "returned", "suspended", "ended"])
def test_carriers_that_are_not_recognized_now_are_not_shown(status: str) -> None:
    make_recognition(make_carrier(), cast.make_region(), status=status)
    assert home.carriers_by_region() == []


# --- Tickets --------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(("ago", "shown_still"), [(0, True), (60, True), (61, False)])
def test_a_scheme_that_closed_stays_for_sixty_days(ago: int, shown_still: bool) -> None:
    programme = factories.make_programme()
    Programme.objects.filter(pk=programme.pk).update(closes_on=timezone.localdate() - timedelta(days=ago))
    assert [ticket.programme for ticket in home.tickets()] == [programme] * shown_still


@pytest.mark.django_db
def test_open_schemes_stand_before_closed_ones() -> None:
    today = timezone.localdate()
    rows = [factories.make_programme(kind=str(n)) for n in range(3)]
    for row, days in zip(rows, (-5, 90, 5), strict=True):
        Programme.objects.filter(pk=row.pk).update(closes_on=today + timedelta(days=days))
    assert [ticket.days for ticket in home.tickets()] == [6, 91, None]


# --- Menus ----------------------------------------------------------------------------------


def request_at(path: str, audience: str = "public", kind: str = "") -> HttpRequest:
    request = RequestFactory().get(path)
    office = type("Office", (), {"kind": kind}) if kind else None
    request.viewer = type("Reader", (), {"audience": audience, "office": office})  # type: ignore[attr-defined]
    return request


@pytest.mark.parametrize(("audience", "kind"), [("public", ""), ("enterprise", ""), ("office", "agency")])
@pytest.mark.parametrize("path", ["/", "/inbox/", "/inbox/7/", "/desk/x/", "/nowhere/", "/ent/vouchers/7/"])
def test_at_most_one_entry_of_a_menu_is_the_current_one(audience: str, kind: str, path: str) -> None:
    for items in (menus.main_menu(request_at(path, audience, kind)), menus.side_menu(request_at(path, audience, kind))):
        assert sum(item.current for item in items) <= 1
        assert len({item.url for item in items}) == len(items)


@pytest.mark.parametrize(
    ("audience", "kind", "name"),
    [
        ("office", "centre", "centre"),
        ("office", "platform", "bureau"),
        ("office", "province", "province"),
        ("admin", "", "public"),
        ("carrier", "", "carrier"),
        ("somebody", "", "public"),
    ],
)
def test_readers_without_a_menu_of_their_own_get_the_nearest(audience: str, kind: str, name: str) -> None:
    assert menus.menu_name(request_at("/", audience, kind)) == name


def test_the_site_map_lists_both_menus(settings: Any) -> None:
    request = request_at("/", "enterprise")
    urls = [item.url for item in home.sitemap(request)]
    assert urls == [i.url for i in (*menus.main_menu(request), *menus.side_menu(request))]
    assert len(urls) > 5
