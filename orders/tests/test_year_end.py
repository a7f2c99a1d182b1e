"""Rule 6 for a use under review: it stays until it is decided, and what follows has its ordinary term."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from innovation_voucher.casework import calendar, deadlines, reviews, sweeps
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Chain, ChainStep, Office, ReviewCase, ReviewTask
from innovation_voucher.tests import cast
from orders import services
from orders.tests.factories import World, make_order, make_world, voucher_of
from vouchers import invariants
from vouchers.models import QuotaAccount, Voucher
from vouchers.rules import last_day

pytestmark = [pytest.mark.django_db, pytest.mark.feature("X-10", "ZO-10")]

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST = datetime(2027, 1, 1, tzinfo=SHANGHAI)
GRACE_OVER = datetime(2027, 3, 16, tzinfo=SHANGHAI)
ROUND = ("deadlines", "vouchers.lapse", "quota.lapse")


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def december(db: None) -> Iterator[None]:
    with calendar.acting_at(noon(2026, 12, 28)):
        yield


@pytest.fixture
def world(december: None) -> World:
    """A scheme in which the bureau looks at each use within five working days."""
    chain = Chain.objects.create(key="use-end", name="创新券使用")
    own = ChainStep.Scope.OWN
    ChainStep.objects.create(
        chain=chain, position=1, name="核定额度", office_kind=Office.Kind.BUREAU, scope=own, right="review_use"
    )
    return make_world(use_chain="use-end", cancel_until="use_approved", redeemer="carrier")


@pytest.fixture
def officer(world: World) -> Any:
    return cast.make_officer(cast.COUNTY, "review_use", "view_cases")


@pytest.fixture
def voucher(world: World, officer: Any) -> Voucher:
    """Requested on 28 December; 14,000 of 50,000 yuan are held."""
    return voucher_of(make_order(world, "issued"))


def decide(officer: Any, at: datetime, decision: str, **more: Any) -> None:
    with calendar.acting_at(at):
        reviews.decide(ReviewTask.objects.get(status="open"), by=officer, office=None, decision=decision, **more)


def clock(at: datetime) -> None:
    for name in ROUND:
        sweeps.run(name, at=at)


def now(voucher: Voucher) -> tuple[str, int, int, int]:
    """Its state, and what its account has available, held and lapsed."""
    voucher.refresh_from_db()
    account = QuotaAccount.objects.get(pk=voucher.account_id)
    return voucher.status, int(account.available), int(account.held), int(account.lapsed)


def returned_on(day: datetime) -> None:
    """The moments of decisions are real ones; the return is set to its day."""
    ReviewTask.objects.filter(decision="return").update(decided_at=day)


# --- The reviewer has it ---------------------------------------------------------------------


@pytest.mark.parametrize("at", [FIRST, noon(2027, 2, 1), GRACE_OVER, noon(2027, 6, 1)])
def test_what_a_reviewer_has_stays_until_it_is_decided(voucher: Voucher, at: datetime) -> None:
    clock(at)
    assert now(voucher) == ("requested", 0, 14_000, 36_000)
    assert ReviewCase.objects.get().status == "open"


def test_the_sweep_does_not_even_find_it(voucher: Voucher) -> None:
    assert sweeps.run("vouchers.lapse", at=FIRST, dry_run=True) == []


def test_one_that_nobody_reviews_lapses_like_any_that_waits_for_the_enterprise(voucher: Voucher) -> None:
    reviews.withdraw(voucher, by=None)
    clock(FIRST)
    assert now(voucher) == ("lapsed", 0, 0, 50_000)


def test_refused_in_january_its_hold_lapses(voucher: Voucher, officer: Any) -> None:
    clock(FIRST)
    decide(officer, noon(2027, 1, 5), "reject", reason="合同没有盖章")
    assert now(voucher) == ("refused", 0, 0, 50_000)
    assert list(invariants.buckets_add_up()) == []


# --- Issued late -----------------------------------------------------------------------------


def test_issued_in_january_the_carrier_has_its_ordinary_term(voucher: Voucher, officer: Any, world: World) -> None:
    clock(FIRST)
    decide(officer, noon(2027, 1, 5), "approve")
    voucher.refresh_from_db()
    assert (voucher.status, voucher.confirm_until) == ("issued", date(2027, 1, 12))
    clock(datetime(2027, 1, 12, 23, 59, 59, tzinfo=SHANGHAI))
    assert now(voucher) == ("issued", 0, 14_000, 36_000)
    clock(datetime(2027, 1, 13, tzinfo=SHANGHAI))
    assert now(voucher) == ("lapsed", 0, 0, 50_000)
    assert voucher.end_reason == "服务机构没有在 2027-01-12 前确认"


def test_confirmed_within_it_the_voucher_is_secured_until_the_grace(
    voucher: Voucher, officer: Any, world: World
) -> None:
    clock(FIRST)
    decide(officer, noon(2027, 1, 5), "approve")
    with calendar.acting_at(noon(2027, 1, 12)):
        services.receive_voucher(voucher, by=world.seller, road="link")
    clock(noon(2027, 3, 15))
    assert now(voucher)[0] == "confirmed"
    clock(GRACE_OVER)
    assert now(voucher) == ("lapsed", 0, 0, 50_000)


@pytest.mark.parametrize(("day", "until"), [(12, date(2027, 3, 15)), (15, date(2027, 3, 15)), (20, date(2027, 3, 15))])
def test_the_term_ends_with_the_grace_at_the_latest(voucher: Voucher, officer: Any, day: int, until: date) -> None:
    clock(FIRST)
    decide(officer, noon(2027, 3, day), "approve")
    voucher.refresh_from_db()
    assert voucher.confirm_until == until
    clock(noon(2027, 3, 21))
    assert now(voucher) == ("lapsed", 0, 0, 50_000)


def test_issued_in_time_the_year_end_counts_and_not_the_term(voucher: Voucher, officer: Any) -> None:
    decide(officer, noon(2026, 12, 30), "approve")
    voucher.refresh_from_db()
    assert voucher.confirm_until is None
    term = deadlines.due(voucher, "voucher_confirmation")
    assert term is not None
    assert term.due_on == date(2027, 1, 6)
    clock(FIRST)
    assert now(voucher) == ("lapsed", 0, 0, 50_000)
    assert deadlines.due(voucher) is None


# --- Returned --------------------------------------------------------------------------------


def test_returned_in_december_it_lapses_with_the_year_although_its_term_runs_on(voucher: Voucher, officer: Any) -> None:
    decide(officer, noon(2026, 12, 29), "return", items=[("contract", "缺签字页")])
    returned_on(noon(2026, 12, 29))
    clock(datetime(2026, 12, 31, 23, 59, 59, tzinfo=SHANGHAI))
    assert now(voucher) == ("returned", 36_000, 14_000, 0)
    clock(FIRST)
    assert now(voucher) == ("lapsed", 0, 0, 50_000)
    assert ReviewCase.objects.get().status != "returned"
    assert deadlines.due(voucher) is None


def test_returned_in_january_it_has_the_working_days_of_the_return(voucher: Voucher, officer: Any) -> None:
    clock(FIRST)
    decide(officer, noon(2027, 1, 5), "return", items=[("contract", "缺签字页")])
    returned_on(noon(2027, 1, 5))
    due = ReviewCase.objects.get().return_due
    assert due == calendar.add_working_days(date(2027, 1, 5), 10)
    clock(datetime.combine(due, datetime.max.time(), SHANGHAI))
    assert now(voucher) == ("returned", 0, 14_000, 36_000)
    for _ in range(2):
        clock(noon(2027, 1, 20))
    assert now(voucher) == ("lapsed", 0, 0, 50_000)


# --- The rule by itself ----------------------------------------------------------------------

END, GRACE, LATER = date(2026, 12, 31), date(2027, 3, 15), date(2027, 5, 1)


@pytest.mark.parametrize(
    ("status", "facts", "expected"),
    [
        ("requested", {}, END),
        ("requested", {"under_review": True}, None),
        ("returned", {}, END),
        ("returned", {"correct_by": date(2027, 1, 19)}, date(2027, 1, 19)),
        ("returned", {"correct_by": LATER}, GRACE),
        ("issued", {}, END),
        ("confirmed", {}, GRACE),
        ("redeeming", {}, None),
        *((ended, {}, None) for ended in ("paid", "refused", "voided", "returned_by_carrier", "terminated", "lapsed")),
    ],
)
def test_the_last_day_by_state(status: str, facts: dict[str, Any], expected: date | None) -> None:
    voucher = Voucher(status=status, valid_until=END, redeem_until=GRACE)
    assert last_day(voucher, **facts) == expected


def test_an_issued_voucher_with_a_day_of_its_own_has_that(db: None) -> None:
    voucher = Voucher(status="issued", valid_until=END, redeem_until=GRACE, confirm_until=date(2027, 1, 12))
    assert last_day(voucher) == date(2027, 1, 12)


def test_in_january_nothing_new_is_used(world: World, officer: Any) -> None:
    order = make_order(world, "contract")
    clock(FIRST)
    before = Voucher.objects.count()
    with calendar.acting_at(FIRST), pytest.raises(Refused):
        make_order(world, "issued")
    assert Voucher.objects.count() == before
    assert QuotaAccount.objects.get().lapsed == Decimal(50_000)
    order.refresh_from_db()
    assert order.status == "accepted"
