"""The page of one account: each figure is the sum of the entries and vouchers that it opens."""

import re
from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from innovation_voucher.tests import cast
from vouchers import ledger, quota_pages, services
from vouchers.models import LedgerEntry, Programme, QuotaAccount, Voucher

from . import factories
from .pages import client_of, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("X-4")]


@pytest.fixture(scope="module")
def built(kept: Path) -> QuotaAccount:
    """50,000 granted: one voucher issued, one half in a batch, one paid, one void, a part lapsed and recovered."""
    enterprise, programme = cast.enterprise(), factories.make_programme()
    account = factories.claim(enterprise, programme, 50_000)
    carrier = factories.make_carrier()

    def voucher(contract: int, state: str = "issued") -> Voucher:
        return factories.make_voucher(enterprise, programme, carrier, contract=contract, state=state)

    voucher(8_000)
    half = voucher(6_000, "redeeming")
    services.freeze_voucher(half, amount=Decimal(2_500), by=None)
    paid = voucher(4_000, "redeeming")
    services.freeze_voucher(paid, amount=Decimal(4_000), by=None)
    services.pay_voucher(paid, amount=Decimal(4_000), by=None)
    services.void_voucher(voucher(1_000), by=None, reason="填错")
    ledger.recover(account, Decimal(300), reference="ZH/1", by=None)
    ledger.lapse(account, Decimal(7_000), reference="YE/1", by=None)
    account.refresh_from_db()
    return account


@pytest.fixture
def account(built: QuotaAccount) -> QuotaAccount:
    return deepcopy(built)


@pytest.fixture
def enterprise(request: pytest.FixtureRequest) -> Organization:
    """Beside the kept account its holder, else a new one."""
    kept = "account" in request.fixturenames
    holder: Organization = request.getfixturevalue("account").organization if kept else cast.enterprise()
    return holder


@pytest.fixture
def client(owner: User) -> Client:
    return client_of(owner)


def page(client: Client, account: QuotaAccount, bucket: str = "") -> str:
    response = client.get(reverse("ent-ledger", args=[account.number]), {"bucket": bucket} if bucket else {})
    assert response.status_code == 200
    return text(response)


def test_the_equation_of_the_page_holds(client: Client, account: QuotaAccount) -> None:
    figures = {row["key"]: row["amount"] for row in quota_pages.equation(account)}
    assert figures == {"granted": 50_000, "held": 14_000, "spent": 4_000, "lapsed": 7_000, "available": 25_000}
    assert figures["granted"] - figures["held"] - figures["spent"] - figures["lapsed"] == figures["available"]
    shown = page(client, account)
    assert all(f"{amount:,.2f}" in shown for amount in figures.values())


def inflow(entry: LedgerEntry, buckets: set[str]) -> Decimal:
    return entry.amount * ((entry.target in buckets) - (entry.source in buckets))


FIGURES: list[tuple[str, set[str], Callable[[QuotaAccount], Decimal]]] = [
    ("granted", {"budget"}, lambda a: -a.granted),
    ("held", {"held", "in_batch"}, lambda a: a.held + a.in_batch),
    ("spent", {"spent", "recovered"}, lambda a: a.spent + a.recovered),
    ("lapsed", {"lapsed"}, lambda a: a.lapsed),
]


@pytest.mark.parametrize(("figure", "buckets", "amount"), FIGURES)
def test_the_entries_behind_a_figure_sum_to_it(
    account: QuotaAccount, figure: str, buckets: set[str], amount: Callable[[QuotaAccount], Decimal]
) -> None:
    behind = [e for e in account.entries.all() if {e.source, e.target} & buckets]
    lines = quota_pages.ledger(account, figure)
    assert [line.amount for line in lines] == [entry.amount for entry in reversed(behind)]
    assert sum(inflow(entry, buckets) for entry in behind) == amount(account)


def test_available_opens_all_entries_and_their_changes_sum_to_it(account: QuotaAccount) -> None:
    lines = quota_pages.ledger(account, "available")
    assert len(lines) == account.entries.count()
    assert sum(line.change for line in lines) == account.available
    assert lines[0].balance == account.available


def test_each_line_says_what_was_left_after_it(account: QuotaAccount) -> None:
    lines = quota_pages.ledger(account)[::-1]
    left = Decimal(0)
    for line in lines:
        left += line.change
        assert line.balance == left
    assert all(line.balance >= 0 for line in lines)


def test_the_vouchers_behind_held_sum_to_it_also_when_a_part_is_in_a_batch(
    client: Client, account: QuotaAccount
) -> None:
    response = client.get(reverse("ent-ledger", args=[account.number]), {"bucket": "held"})
    table = response.content.decode().split('id="held"')[1].split("</section>")[0]
    amounts = [Decimal(found.replace(",", "")) for found in re.findall(r'data-l="金额（元）">([0-9,.]+)<', table)]
    assert sorted(amounts[:-1]) == [6_000, 8_000]
    assert amounts[-1] == sum(amounts[:-1]) == account.held + account.in_batch


def test_a_voucher_in_the_list_leads_to_its_page(client: Client, account: QuotaAccount) -> None:
    html = client.get(reverse("ent-ledger", args=[account.number])).content.decode()
    for voucher in Voucher.objects.filter(account=account):
        assert reverse("ent-voucher", args=[voucher.code]) in html


def test_who_did_it_stands_beside_each_entry(account: QuotaAccount, owner: User) -> None:
    lines = quota_pages.ledger(account)
    said = {str(line.title): line.who for line in lines}
    assert (said["申领到账"], said["到期失效"]) == (str(owner), "系统")


def test_an_entry_of_no_voucher_shows_its_number_without_a_link(account: QuotaAccount) -> None:
    line = next(line for line in quota_pages.ledger(account) if line.number == "YE")
    assert (line.url, line.note) == ("", "")


def test_every_kind_of_entry_has_its_words() -> None:
    assert set(quota_pages.TITLES) == set(LedgerEntry.Kind.values)


def test_an_empty_figure_says_so(client: Client, enterprise: Organization, programme: Programme) -> None:
    account = factories.claim(enterprise, programme, 10)
    assert "没有相关流水" in page(client, account, "lapsed")
    assert [row["key"] for row in quota_pages.equation(account)] == ["granted", "held", "available"]


@pytest.mark.parametrize("bucket", ["in_batch", "budget", "Held", "0", "held held"])
def test_another_bucket_is_a_404(client: Client, account: QuotaAccount, bucket: str) -> None:
    response = client.get(reverse("ent-ledger", args=[account.number]), {"bucket": bucket})
    assert response.status_code == 404


def test_twenty_entries_are_a_page_and_balances_go_on(
    client: Client, enterprise: Organization, programme: Programme
) -> None:
    for _n in range(21):
        account = factories.claim(enterprise, programme, 10)
    first, second = page(client, account), text(client.get(reverse("ent-ledger", args=[account.number]) + "?page=2"))
    assert first.count("申领到账") == 20
    assert second.count("申领到账") == 1
    assert "10.00 ＋10.00 10.00" in second


def test_an_account_of_another_is_a_404(client: Client, programme: Programme) -> None:
    theirs = factories.claim(cast.rival(), programme, 10)
    assert client.get(reverse("ent-ledger", args=[theirs.number])).status_code == 404
