"""The last moment of the year and the first of the next: what lapses, what stays, and that it happens once."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from accounts.models import Organization, User
from innovation_voucher.casework import audit, calendar, sweeps
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from vouchers import invariants, services
from vouchers.ledger import InsufficientQuota
from vouchers.models import LedgerEntry, Programme, QuotaAccount, Voucher
from vouchers.services import lapsing, moves

from . import factories

pytestmark = [pytest.mark.django_db, pytest.mark.feature("X-10")]

SHANGHAI = ZoneInfo("Asia/Shanghai")
LAST = datetime(2026, 12, 31, 23, 59, 59, tzinfo=SHANGHAI)
FIRST = datetime(2027, 1, 1, tzinfo=SHANGHAI)
GRACE_LAST = datetime(2027, 3, 15, 23, 59, 59, tzinfo=SHANGHAI)
GRACE_OVER = datetime(2027, 3, 16, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def december() -> Iterator[None]:
    """The world of these tests is made on 20 December 2026."""
    with calendar.acting_at(datetime(2026, 12, 20, 10, tzinfo=SHANGHAI)):
        yield


@pytest.fixture
def year(december: None, db: None) -> Programme:
    return factories.make_programme(year=2026)


def lapse(at: datetime) -> list[str]:
    """The sweeps of the year end in their order."""
    return [line for name in ("vouchers.lapse", "quota.lapse") for line in sweeps.run(name, at=at)]


def buckets(voucher_or_account: Any) -> tuple[int, int, int]:
    """available, held and lapsed of the account."""
    pk = voucher_or_account.account_id if isinstance(voucher_or_account, Voucher) else voucher_or_account.pk
    account = QuotaAccount.objects.get(pk=pk)
    return int(account.available), int(account.held), int(account.lapsed)


def broken() -> list[str]:
    """What the checks of quota and vouchers say at the first of January."""
    with calendar.acting_at(FIRST):
        return [line for check in invariants.CHECKS.values() for line in check()]


# --- Accounts -------------------------------------------------------------------------------


def test_unused_quota_lapses_with_the_first_second_of_the_year_and_not_before(
    year: Programme, enterprise: Organization
) -> None:
    account = factories.claim(enterprise, year, 20_000)
    assert lapse(LAST) == []
    assert buckets(account) == (20_000, 0, 0)
    assert lapse(FIRST) == ["lapse 1 accounts, 20000.00 yuan"]
    account.refresh_from_db()
    assert (account.status, buckets(account)) == ("lapsed", (0, 0, 20_000))
    assert broken() == []


def test_the_entry_and_the_record_say_what_lapsed(year: Programme, enterprise: Organization) -> None:
    account = factories.claim(enterprise, year, "12345.67")
    lapse(FIRST)
    entry = LedgerEntry.objects.get(kind="lapse")
    assert (entry.account_id, entry.source, entry.target, entry.amount) == (
        account.pk,
        "available",
        "lapsed",
        Decimal("12345.67"),
    )
    assert (entry.reference, entry.by_id) == (f"{account.number}/1", None)
    row = AuditRow.objects.get(verb="account.lapsed")
    assert (row.subject_id, row.subject_label, row.actor_id) == (account.pk, account.number, None)
    assert (row.before, row.after) == ({"status": "active"}, {"status": "lapsed"})
    assert row.region_path == enterprise.bureau.path
    audit.seal()
    assert list(audit.verify()) == []


@pytest.mark.parametrize("hours", [0, 1, 24 * 40])
def test_early_late_or_again_the_end_is_the_same(year: Programme, enterprise: Organization, hours: int) -> None:
    account = factories.claim(enterprise, year, 5_000)
    for again in range(3):
        lapse(FIRST + timedelta(hours=hours + again))
    assert buckets(account) == (0, 0, 5_000)
    assert LedgerEntry.objects.filter(kind="lapse").count() == 1
    assert AuditRow.objects.filter(verb="account.lapsed").count() == 1


def test_an_empty_account_lapses_without_an_entry(year: Programme, enterprise: Organization) -> None:
    voucher = factories.make_voucher(enterprise, year, quota=14_000)
    lapse_only_accounts = sweeps.run("quota.lapse", at=FIRST)
    assert lapse_only_accounts == ["lapse 1 accounts, 0.00 yuan"]
    assert buckets(voucher) == (0, 14_000, 0)
    assert not LedgerEntry.objects.filter(kind="lapse").exists()


def test_quota_of_n_days_lapses_in_the_middle_of_the_year(enterprise: Organization) -> None:
    with calendar.acting_at(datetime(2026, 5, 1, 9, tzinfo=SHANGHAI)):
        programme = factories.make_programme(year=2026, valid_days=90)
        account = factories.claim(enterprise, programme, 3_000)
    assert account.valid_until == date(2026, 7, 30)
    assert lapse(datetime(2026, 7, 30, 23, 59, 59, tzinfo=SHANGHAI)) == []
    assert lapse(datetime(2026, 7, 31, tzinfo=SHANGHAI)) == ["lapse 1 accounts, 3000.00 yuan"]


def test_claim_days_of_their_own_end_one_after_the_other(enterprise: Organization) -> None:
    programme = None
    for day in (1, 2):
        with calendar.acting_at(datetime(2026, 5, day, 9, tzinfo=SHANGHAI)):
            programme = programme or factories.make_programme(year=2026, valid_days=30)
            factories.claim(enterprise, programme, 1_000 * day)
    assert lapse(datetime(2026, 6, 1, tzinfo=SHANGHAI)) == ["lapse 1 accounts, 1000.00 yuan"]
    assert lapse(datetime(2026, 6, 2, tzinfo=SHANGHAI)) == ["lapse 1 accounts, 2000.00 yuan"]


def test_the_verb_for_one_account_waits_for_its_day_and_is_harmless_twice(
    year: Programme, enterprise: Organization
) -> None:
    account, other = factories.claim(enterprise, year, 700), factories.claim(cast.rival(), year, 900)
    with pytest.raises(Refused, match="2026-12-31"):
        services.lapse_account(account)
    with calendar.acting_at(FIRST):
        assert services.lapse_account(account).status == "lapsed"
        assert services.lapse_account(account).lapsed == Decimal(700)
    assert buckets(other) == (900, 0, 0)


def test_nothing_is_claimed_used_or_granted_after_the_last_day(
    year: Programme, enterprise: Organization, owner: User
) -> None:
    account = factories.claim(enterprise, year, 20_000)
    for swept in (False, True):
        if swept:
            lapse(FIRST)
        with calendar.acting_at(FIRST):
            with pytest.raises(Refused):
                services.claim_instantly(enterprise, year, amount=Decimal(1), by=owner)
            with pytest.raises(Refused, match="申领时间" if swept else "到期"):
                factories.make_voucher(enterprise, year)
    assert buckets(account) == (0, 0, 20_000)


def test_who_read_the_calendar_before_midnight_gets_nothing_out_of_a_lapsed_account(
    year: Programme, enterprise: Organization
) -> None:
    """A verb that began at 23:59:59 and comes to the ledger after the sweep."""
    voucher = factories.make_voucher(enterprise, year)
    sweeps.run("quota.lapse", at=FIRST)
    with calendar.acting_at(LAST), pytest.raises(Refused, match="到期"):
        factories.make_voucher(enterprise, year, contract=1_000)
    with calendar.acting_at(LAST):
        services.void_voucher(voucher, by=None, reason="填错")
    assert buckets(voucher) == (0, 0, 20_000)
    assert broken() == []


# --- Chunks ---------------------------------------------------------------------------------


@pytest.fixture
def seven(year: Programme) -> list[QuotaAccount]:
    """Seven accounts with 100, 200, … 700 yuan."""
    return [factories.claim(cast.make_organization(name=f"云帆试验{n}厂"), year, 100 * n) for n in range(1, 8)]


def totals() -> tuple[int, Decimal, int, int]:
    """Lapsed accounts, what they lapsed, their entries and their records."""
    rows = QuotaAccount.objects.filter(status="lapsed")
    return (
        rows.count(),
        sum((row.lapsed for row in rows), Decimal(0)),
        LedgerEntry.objects.filter(kind="lapse").count(),
        AuditRow.objects.filter(verb="account.lapsed").count(),
    )


def test_chunks_come_to_the_same_as_one_set(seven: list[QuotaAccount], monkeypatch: Any) -> None:
    done = []
    while (lapsed := services.lapse_accounts(date(2027, 1, 1), most=3)).count:
        done.append((lapsed.count, int(lapsed.amount)))
    assert done == [(3, 600), (3, 1_500), (1, 700)]
    assert totals() == (7, Decimal(2_800), 7, 7)
    assert broken() == []


def test_a_run_that_is_killed_between_and_inside_chunks_goes_on_to_the_same_totals(
    seven: list[QuotaAccount], monkeypatch: Any
) -> None:
    services.lapse_accounts(date(2027, 1, 1), most=2)

    def killed(*_args: Any, **_kwargs: Any) -> Decimal:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(lapsing.ledger, "lapse_many", killed)
        with pytest.raises(KeyboardInterrupt):
            services.lapse_accounts(date(2027, 1, 1), most=2)
    # What the killed chunk had written, its records, went with it.
    assert totals() == (2, Decimal(300), 2, 2)
    lapse(FIRST)
    assert totals() == (7, Decimal(2_800), 7, 7)
    assert broken() == []


@pytest.mark.parametrize("most", [1, 6, 7, 8])
def test_a_chunk_of_any_size_leaves_nothing(seven: list[QuotaAccount], most: int) -> None:
    while services.lapse_accounts(date(2027, 1, 1), most=most).count:
        pass
    assert totals() == (7, Decimal(2_800), 7, 7)


def test_an_account_that_was_booked_behind_the_ledgers_back_stops_its_chunk(seven: list[QuotaAccount]) -> None:
    """The constraint of the entries holds for sets too: nothing of the chunk is left."""
    with transaction.atomic():
        LedgerEntry.objects.create(
            account=seven[3],
            kind="lapse",
            source="available",
            target="lapsed",
            amount=Decimal(1),
            reference=f"{seven[3].number}/1",
            at=calendar.now(),
        )
    with pytest.raises(Exception, match="entry_once"), transaction.atomic():
        services.lapse_accounts(date(2027, 1, 1))
    assert totals() == (0, Decimal(0), 1, 0)


def test_the_set_is_a_handful_of_statements(seven: list[QuotaAccount], django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(8):
        services.lapse_accounts(date(2027, 1, 1))


# --- Vouchers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "at", "after", "left"),
    [
        ("issued", LAST, "issued", (6_000, 14_000, 0)),
        ("issued", FIRST, "lapsed", (0, 0, 20_000)),
        ("confirmed", FIRST, "confirmed", (0, 14_000, 6_000)),
        ("confirmed", GRACE_LAST, "confirmed", (0, 14_000, 6_000)),
        ("confirmed", GRACE_OVER, "lapsed", (0, 0, 20_000)),
        ("redeeming", FIRST, "redeeming", (0, 14_000, 6_000)),
        ("redeeming", GRACE_OVER, "redeeming", (0, 14_000, 6_000)),
    ],
)
def test_rule_6_by_state_and_moment(
    year: Programme, state: str, at: datetime, after: str, left: tuple[int, int, int]
) -> None:
    voucher = factories.make_voucher(programme=year, state=state)
    for _ in range(2):
        lapse(at)
    voucher.refresh_from_db()
    assert (voucher.status, buckets(voucher)) == (after, left)
    assert int(voucher.held) == left[1]


@pytest.mark.parametrize("order", [("vouchers.lapse", "quota.lapse"), ("quota.lapse", "vouchers.lapse")])
def test_a_hold_that_is_released_late_lapses_in_either_order(year: Programme, order: tuple[str, str]) -> None:
    voucher = factories.make_voucher(programme=year)
    for name in order:
        sweeps.run(name, at=FIRST)
    assert buckets(voucher) == (0, 0, 20_000)
    release = LedgerEntry.objects.get(kind="release")
    assert (release.source, release.target, release.amount) == ("held", "lapsed", Decimal(14_000))
    assert broken() == []


def test_a_lapsed_voucher_says_why_and_to_whom(year: Programme, enterprise: Organization) -> None:
    issued = factories.make_voucher(enterprise, year)
    secured = factories.make_voucher(cast.rival(), year, state="confirmed")
    lapse(FIRST)
    lapse(GRACE_OVER)
    issued.refresh_from_db()
    secured.refresh_from_db()
    assert issued.end_reason == "服务机构没有在 2026-12-31 前确认"
    assert secured.end_reason == "没有在 2027-03-15 前提交兑付"
    assert AuditRow.objects.filter(verb="voucher.lapsed", actor_id=None).count() == 2


def test_one_voucher_that_breaks_keeps_no_other_waiting(year: Programme, monkeypatch: Any) -> None:
    first, second = factories.make_voucher(programme=year), factories.make_voucher(cast.rival(), year)
    real = moves.release

    def release(voucher: Voucher, **more: Any) -> Decimal:
        if voucher.pk == first.pk:
            raise InsufficientQuota("broken")
        return real(voucher, **more)

    with monkeypatch.context() as patched:
        patched.setattr(moves, "release", release)
        lines = sweeps.run("vouchers.lapse", at=FIRST)
    assert len(lines) == 2
    states = dict(Voucher.objects.values_list("pk", "status"))
    assert states == {first.pk: "issued", second.pk: "lapsed"}
    sweeps.run("vouchers.lapse", at=FIRST)
    assert set(Voucher.objects.values_list("status", flat=True)) == {"lapsed"}


def test_what_was_paid_or_ended_is_left_alone(year: Programme, owner: User) -> None:
    ended = {
        "voided": services.void_voucher(factories.make_voucher(programme=year), by=None, reason="填错"),
        "returned_by_carrier": services.return_by_carrier(
            factories.make_voucher(cast.rival(), year), by=None, reason="合同不符"
        ),
    }
    lapse(GRACE_OVER)
    for state, voucher in ended.items():
        voucher.refresh_from_db()
        assert voucher.status == state


def test_the_verb_looks_again_under_its_lock(year: Programme) -> None:
    """Between the query of the sweep and its turn the carrier confirmed."""
    voucher = factories.make_voucher(programme=year)
    found = list(lapsing.vouchers_over(date(2027, 1, 1)).values_list("pk", flat=True))
    services.confirm_voucher(voucher, by=None)
    assert found == [voucher.pk]
    with calendar.acting_at(FIRST):
        assert services.lapse_voucher_if_over(voucher.pk, date(2027, 1, 1)) is None
    voucher.refresh_from_db()
    assert voucher.status == "confirmed"


@pytest.mark.feature("ZJ-9")
@pytest.mark.parametrize("state", ["confirmed", "redeeming"])
def test_what_the_bureau_ends_in_the_next_year_comes_back_to_nobody(year: Programme, state: str) -> None:
    """Scenario 10, last part: last year's voucher, terminated in January, gives no quota back."""
    voucher = factories.make_voucher(programme=year, state=state)
    officer = cast.make_officer(cast.COUNTY, "terminate_voucher")
    lapse(FIRST)
    with calendar.acting_at(FIRST + timedelta(days=20)):
        services.terminate_voucher(voucher, by=officer, office=None, reason="查实重复")
    assert buckets(voucher) == (0, 0, 20_000)
    assert broken() == []


# --- What must hold -------------------------------------------------------------------------


@pytest.mark.parametrize(("hours", "said"), [(1, 0), (23, 0), (24, 1), (24 * 30, 1)])
def test_an_account_that_nobody_lapses_is_reported_after_a_day(
    year: Programme, enterprise: Organization, hours: int, said: int
) -> None:
    account = factories.claim(enterprise, year, 100)
    with calendar.acting_at(FIRST + timedelta(hours=hours)):
        found = list(invariants.accounts_lapse_in_time())
    assert found == [f"account {account.number}: over its last day and still active"] * said
