"""Where the quota of a voucher goes at its end, in its year and after its last valid day."""

from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Organization, User
from carriers.models import Carrier
from innovation_voucher.casework.errors import Refused
from innovation_voucher.tests import cast
from vouchers import invariants, services
from vouchers.models import LedgerEntry, Programme, QuotaAccount, Voucher

from . import factories

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-9")]

End = Callable[[Voucher, User], Voucher]

END: dict[str, End] = {
    "void": lambda voucher, _by: services.void_voucher(voucher, by=None, reason="填错"),
    "return": lambda voucher, _by: services.return_by_carrier(voucher, by=None, reason="合同不符"),
    "terminate": lambda voucher, by: services.terminate_voucher(voucher, by=by, office=None, reason="查实"),
    "lapse": lambda voucher, _by: services.lapse_voucher(voucher),
}
#: State, the act that ends it, and the state after.
WAYS = [
    ("issued", "void", "voided"),
    ("issued", "return", "returned_by_carrier"),
    ("issued", "lapse", "lapsed"),
    ("confirmed", "terminate", "terminated"),
    ("confirmed", "lapse", "lapsed"),
    ("redeeming", "terminate", "terminated"),
]


@pytest.fixture(scope="module")
def built(kept: Path) -> Programme:
    return factories.make_programme()


@pytest.fixture
def programme(built: Programme) -> Programme:
    return deepcopy(built)


@pytest.fixture
def officer(programme: Programme) -> User:
    return cast.make_officer(cast.COUNTY, "terminate_voucher")


def numbers(voucher: Voucher) -> tuple[Any, Any, Any]:
    """What its account has available, held and lapsed."""
    assert voucher.account_id is not None
    account = QuotaAccount.objects.get(pk=voucher.account_id)
    return account.available, account.held, account.lapsed


@pytest.mark.parametrize(("state", "act", "after"), WAYS)
def test_in_its_year_the_hold_of_14000_is_free_again(
    programme: Programme, officer: User, state: str, act: str, after: str
) -> None:
    voucher = factories.make_voucher(programme=programme, state=state)
    assert numbers(voucher) == (6_000, 14_000, 0)
    ended = END[act](voucher, officer)
    assert (ended.status, ended.held, numbers(voucher)) == (after, Decimal(0), (20_000, 0, 0))
    assert list(invariants.buckets_add_up()) == []


@pytest.mark.parametrize(("state", "act", "after"), WAYS)
def test_after_the_last_valid_day_the_hold_lapses_and_the_rest_stays(
    programme: Programme, officer: User, state: str, act: str, after: str
) -> None:
    voucher = factories.make_voucher(programme=programme, state=state)
    assert voucher.account is not None
    factories.end_year(voucher.account)
    ended = END[act](voucher, officer)
    assert (ended.status, ended.held, numbers(voucher)) == (after, Decimal(0), (6_000, 0, 14_000))
    entry = LedgerEntry.objects.get(account=voucher.account, kind=LedgerEntry.Kind.RELEASE)
    assert (entry.source, entry.target, entry.amount) == ("held", "lapsed", Decimal(14_000))


def test_on_the_last_valid_day_itself_the_hold_still_comes_back(programme: Programme) -> None:
    voucher = factories.make_voucher(programme=programme)
    assert voucher.account is not None
    factories.end_year(voucher.account, days=0)
    services.void_voucher(voucher, by=None, reason="填错")
    assert numbers(voucher) == (20_000, 0, 0)


@pytest.mark.parametrize(("state", "act", "after"), WAYS)
def test_an_ended_voucher_ends_only_once(programme: Programme, officer: User, state: str, act: str, after: str) -> None:
    voucher = END[act](factories.make_voucher(programme=programme, state=state), officer)
    entries = LedgerEntry.objects.count()
    for again in END.values():
        with pytest.raises(Refused):
            again(voucher, officer)
    voucher.refresh_from_db()
    assert (voucher.status, LedgerEntry.objects.count()) == (after, entries)


def test_movements_of_one_voucher_are_numbered_in_order(programme: Programme, officer: User) -> None:
    voucher = factories.make_voucher(programme=programme, state="redeeming")
    voucher = services.reduce_hold(voucher, to=Decimal(10_000), by=None)
    services.terminate_voucher(voucher, by=officer, office=None, reason="查实")
    entries = LedgerEntry.objects.filter(reference__startswith=f"{voucher.code}/").order_by("pk")
    assert [(e.reference.rpartition("/")[2], e.kind, e.amount) for e in entries] == [
        ("1", LedgerEntry.Kind.HOLD.value, Decimal(14_000)),
        ("2", LedgerEntry.Kind.RELEASE.value, Decimal(4_000)),
        ("3", LedgerEntry.Kind.RELEASE.value, Decimal(10_000)),
    ]


def test_a_part_given_back_in_the_year_stays_when_the_rest_lapses(programme: Programme, officer: User) -> None:
    voucher = factories.make_voucher(programme=programme, state="redeeming")
    voucher = services.reduce_hold(voucher, to=Decimal(10_000), by=None)
    assert voucher.account is not None
    factories.end_year(voucher.account)
    services.terminate_voucher(voucher, by=officer, office=None, reason="查实")
    assert numbers(voucher) == (10_000, 0, 10_000)


def test_the_end_of_one_voucher_leaves_the_other_its_hold(
    enterprise: Organization, programme: Programme, carrier: Carrier
) -> None:
    first = factories.make_voucher(enterprise, programme, carrier, contract=3_000)
    second = factories.make_voucher(enterprise, programme, carrier, contract=5_000)
    services.void_voucher(first, by=None, reason="填错")
    second.refresh_from_db()
    assert (second.status, second.held, numbers(second)) == ("issued", Decimal(5_000), (15_000, 5_000, 0))


def test_quota_that_came_back_backs_the_next_voucher(
    enterprise: Organization, programme: Programme, carrier: Carrier
) -> None:
    first = factories.make_voucher(enterprise, programme, carrier, contract=30_000)
    assert numbers(first) == (0, 20_000, 0)
    services.void_voucher(first, by=None, reason="填错")
    second = factories.make_voucher(enterprise, programme, carrier, contract=30_000)
    assert (second.amount, numbers(second)) == (Decimal(20_000), (0, 20_000, 0))


def test_a_lapse_without_a_reason_gets_one_and_a_given_one_is_kept(
    enterprise: Organization, programme: Programme, carrier: Carrier
) -> None:
    first, second = (factories.make_voucher(enterprise, programme, carrier, contract=100) for _ in range(2))
    assert services.lapse_voucher(first).end_reason == "没有在期限内办理"
    assert services.lapse_voucher(second, reason="年度结束").end_reason == "年度结束"
    assert first.ended_at is None
    assert Voucher.objects.filter(ended_at__isnull=False, held=0).count() == 2
