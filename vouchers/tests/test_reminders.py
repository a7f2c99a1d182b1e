"""Before quota and vouchers end their people are told at 60, 30, 7 and 1 days, each once, the nearest only."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from accounts.models import Organization, User
from innovation_voucher.casework import calendar, sweeps
from innovation_voucher.casework.models import Message, Outgoing
from innovation_voucher.tests import cast
from vouchers import services
from vouchers.models import Programme, QuotaAccount, Voucher
from vouchers.services import reminding

from . import factories

pytestmark = [pytest.mark.django_db, pytest.mark.feature("X-9", "X-10")]

SHANGHAI = ZoneInfo("Asia/Shanghai")
END = date(2026, 12, 31)


def morning(before: int, *, hour: int = 9, end: date = END) -> datetime:
    """09:00 so many days before the end."""
    return datetime.combine(end - timedelta(days=before), datetime.min.time(), SHANGHAI).replace(hour=hour)


@pytest.fixture(autouse=True)
def spring() -> Iterator[None]:
    with calendar.acting_at(datetime(2026, 4, 1, 9, tzinfo=SHANGHAI)):
        yield


@pytest.fixture
def year(spring: None, db: None) -> Programme:
    return factories.make_programme(year=2026)


@pytest.fixture
def account(year: Programme, enterprise: Organization) -> QuotaAccount:
    return factories.claim(enterprise, year, 12_000)


def sweep(at: datetime) -> list[str]:
    return [line for name in ("quota.remind", "vouchers.remind") for line in sweeps.run(name, at=at)]


def titles(kind: str, **user: Any) -> list[str]:
    rows = Message.objects.filter(kind=kind, **user).order_by("pk")
    return list(rows.values_list("title", flat=True))


def sms() -> list[str]:
    return list(Outgoing.objects.filter(channel="sms", kind__endswith="expiring").values_list("body", flat=True))


# --- Quota ----------------------------------------------------------------------------------


def test_the_holder_is_told_four_times_on_the_way_to_the_end(account: QuotaAccount, owner: User) -> None:
    heard = {}
    for before in (61, 60, 59, 31, 30, 29, 8, 7, 6, 2, 1, 0):
        if sweep(morning(before)):
            heard[before] = titles("quota.expiring", user=owner)[-1]
    assert list(heard) == [60, 30, 7, 1]
    assert heard[60] == "12,000.00 元额度将于12月31日到期，还有 60 天"
    assert heard[1].endswith("还有 1 天")


def test_an_sms_goes_out_from_thirty_days_on(account: QuotaAccount) -> None:
    sweep(morning(60))
    assert sms() == []
    sweep(morning(30))
    assert sms() == ["【创新券】12,000.00 元额度将于12月31日到期，还有 30 天。"]


@pytest.mark.parametrize(("before", "then"), [(55, 60), (25, 30), (3, 7), (1, 1), (0, 1)])
def test_a_late_run_sends_the_nearest_only(account: QuotaAccount, owner: User, before: int, then: int) -> None:
    assert len(sweep(morning(before))) == 1
    assert sweep(morning(before)) == []
    account.refresh_from_db()
    assert (account.reminded_days, len(titles("quota.expiring", user=owner))) == (then, 1)


def test_the_last_day_itself_says_so(account: QuotaAccount, owner: User) -> None:
    sweep(morning(0))
    assert titles("quota.expiring", user=owner)[0].endswith("今天是最后一天")


@pytest.mark.parametrize(("hour", "count"), [(0, 0), (8, 0), (9, 1), (23, 1)])
def test_nobody_is_told_at_night(account: QuotaAccount, hour: int, count: int) -> None:
    assert len(sweep(morning(30, hour=hour))) == count


def test_who_has_used_everything_is_left_in_peace(year: Programme, enterprise: Organization) -> None:
    factories.make_voucher(enterprise, year, quota=14_000)
    assert sweep(morning(30)) == []


def test_the_amount_is_what_is_left_on_the_day(account: QuotaAccount, year: Programme, owner: User) -> None:
    sweep(morning(30))
    factories.make_voucher(account.organization, year, contract=2_000)
    sweep(morning(7))
    assert [title.split(" ")[0] for title in titles("quota.expiring", user=owner)] == ["12,000.00", "10,000.00"]


def test_a_lapsed_account_is_not_spoken_of(account: QuotaAccount) -> None:
    with calendar.acting_at(morning(-1)):
        services.lapse_account(account)
    assert sweep(morning(1)) == []


def test_everybody_who_may_act_is_told_and_no_stranger(account: QuotaAccount, owner: User) -> None:
    handler = cast.make_member(account.organization, role="handler")
    viewer = cast.make_member(account.organization, role="viewer")
    stranger = cast.owner_of(cast.rival())
    sweep(morning(7))
    told = set(Message.objects.filter(kind="quota.expiring").values_list("user", flat=True))
    assert told == {owner.pk, handler.pk}
    assert not {viewer.pk, stranger.pk} & told


def test_quota_of_n_days_counts_from_its_own_end(enterprise: Organization, owner: User) -> None:
    programme = factories.make_programme(year=2026, valid_days=20)
    account = factories.claim(enterprise, programme, 500)
    assert account.valid_until == date(2026, 4, 21)
    sweep(morning(20, end=account.valid_until))
    sweep(morning(7, end=account.valid_until))
    assert len(titles("quota.expiring", user=owner)) == 2


def test_two_sweeps_at_once_tell_once(account: QuotaAccount, owner: User) -> None:
    """Both have found the row; the conditional update lets one of them tell."""
    day = END - timedelta(days=30)
    assert reminding.remind_of_account(account.pk, 30, day) is not None
    assert reminding.remind_of_account(account.pk, 30, day) is None
    assert len(titles("quota.expiring", user=owner)) == 1


# --- Vouchers -------------------------------------------------------------------------------


@pytest.mark.parametrize("redeemer", ["enterprise", "carrier"])
def test_the_payee_is_told_before_the_last_day_to_redeem(year: Programme, redeemer: str) -> None:
    voucher = factories.make_voucher(programme=year, state="confirmed", redeemer=redeemer)
    assert voucher.redeem_until == date(2027, 3, 15)
    for before in (60, 30, 7, 1):
        assert len(sweeps.run("vouchers.remind", at=morning(before, end=voucher.redeem_until))) == 1
    payee = voucher.carrier.organization if redeemer == "carrier" else voucher.organization
    rows = Message.objects.filter(kind="voucher.expiring")
    assert set(rows.values_list("user", flat=True)) == {cast.owner_of(payee).pk}
    assert all("兑付截止日是3月15日" in row.title for row in rows)
    page = reverse("carrier-vouchers") if redeemer == "carrier" else reverse("ent-voucher", args=[voucher.code])
    assert set(rows.values_list("link", flat=True)) == {page}
    assert len(sms()) == 3


@pytest.mark.parametrize("state", ["issued", "redeeming"])
def test_what_is_not_to_be_redeemed_now_is_not_reminded(year: Programme, state: str) -> None:
    voucher = factories.make_voucher(programme=year, state=state)
    assert sweeps.run("vouchers.remind", at=morning(7, end=voucher.redeem_until)) == []


def test_where_an_office_opens_the_redemptions_nobody_is_hurried() -> None:
    programme = factories.make_programme(year=2026, redemption_opened_by="agency", redeemer="carrier")
    voucher = factories.make_voucher(programme=programme, state="confirmed", redeemer="carrier")
    assert sweeps.run("vouchers.remind", at=morning(7, end=voucher.redeem_until)) == []
    assert titles("voucher.expiring") == []


# --- A rehearsal ----------------------------------------------------------------------------


def test_a_rehearsal_lists_who_would_be_told_and_tells_nobody(account: QuotaAccount) -> None:
    lines = sweeps.run("quota.remind", at=morning(7), dry_run=True)
    assert lines == [f"remind of quotaaccount {account.number}, last day 2026-12-31"]
    assert titles("quota.expiring") == []
    account.refresh_from_db()
    assert (account.reminded_days, account.available) == (None, Decimal(12_000))


@pytest.mark.parametrize("before", [61, 200])
def test_too_early_there_is_nothing_to_say(account: QuotaAccount, before: int) -> None:
    assert sweep(morning(before)) == []
    assert Voucher.objects.count() == 0
