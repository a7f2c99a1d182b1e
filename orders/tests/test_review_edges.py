"""The edges of what a reviewer sets and of what a term ends: the last fen, the last day, the hold that comes later."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from innovation_voucher.casework import calendar, deadlines, sweeps
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Deadline, Message, ReviewTask
from innovation_voucher.lib.workdays import SHANGHAI
from innovation_voucher.tests import cast
from orders import services
from orders.services.terms import DEFAULT_TERMS, term_of
from orders.tests.factories import World, make_order, make_world, use_of
from orders.tests.test_asked_amount import REVIEWED, asking, decide, quota
from orders.tests.test_use_review import make_chain
from vouchers import invariants
from vouchers.models import LedgerEntry, QuotaAccount, Voucher
from vouchers.policy import Policy
from vouchers.services.formulas import reviewed_formula

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-10")]


@pytest.fixture
def officer(db: None) -> Any:
    return cast.make_officer(cast.COUNTY, "review_use", "view_cases")


def reviewed_world(**parameters: Any) -> World:
    """30,000 yuan of quota; the reviewer sets amounts, under these changes of the rules."""
    make_chain()
    return make_world(quota=30_000, **{**REVIEWED, **parameters})


def waiting(world: World, amount: int | str = 15_000) -> Voucher:
    """A use over a contract of 18,000 that waits for the bureau."""
    return services.use_voucher(make_order(world, "contract"), by=world.owner, use=asking(amount))


def whole() -> bool:
    return [line for check in invariants.CHECKS.values() for line in check()] == []


# --- The amount -----------------------------------------------------------------------------------


@pytest.mark.parametrize("granted", ["0.01", "14999.99", "15000"])
def test_what_is_not_granted_is_free_to_the_last_fen(officer: Any, granted: str) -> None:
    voucher = waiting(reviewed_world())
    decide(officer, "approve", amount=Decimal(granted), reason="按核定范围")
    voucher.refresh_from_db()
    assert (voucher.amount, voucher.held) == (Decimal(granted), Decimal(granted))
    assert quota() == (30_000 - Decimal(granted), Decimal(granted))
    assert Decimal(voucher.formula["reviewed"]) == Decimal(granted)
    assert whole()


@pytest.mark.parametrize("granted", ["15000.01", "0", "-0.01"])
def test_no_other_amount_is_granted(officer: Any, granted: str) -> None:
    voucher, before = waiting(reviewed_world()), LedgerEntry.objects.count()
    with pytest.raises(Refused):
        decide(officer, "approve", amount=Decimal(granted), reason="按核定范围")
    voucher.refresh_from_db()
    assert (voucher.status, voucher.amount, LedgerEntry.objects.count()) == ("requested", 15_000, before)
    assert ReviewTask.objects.get().status == "open"


def test_where_the_hold_comes_with_the_decision_only_what_is_granted_is_held(officer: Any) -> None:
    voucher = waiting(reviewed_world(hold_at="region_confirms"))
    assert (voucher.held, quota()) == (0, (30_000, 0))
    decide(officer, "approve", amount=Decimal(12_000), reason="按核定范围")
    voucher.refresh_from_db()
    assert (voucher.status, voucher.held, quota()) == ("issued", 12_000, (18_000, 12_000))
    assert LedgerEntry.objects.filter(kind="release").count() == 0
    assert whole()


def test_where_the_hold_comes_later_and_the_quota_is_gone_nothing_is_issued(officer: Any) -> None:
    voucher = waiting(reviewed_world(hold_at="region_confirms"))
    QuotaAccount.objects.update(available=0, lapsed=30_000)
    with pytest.raises(Refused):
        decide(officer, "approve")
    voucher.refresh_from_db()
    assert (voucher.status, voucher.held) == ("requested", 0)
    assert ReviewTask.objects.get().status == "open"


def test_a_refusal_gives_all_of_it_back(officer: Any) -> None:
    voucher = waiting(reviewed_world())
    decide(officer, "reject", reason="服务内容不在支持范围")
    voucher.refresh_from_db()
    assert (voucher.status, voucher.held, voucher.end_reason) == ("refused", 0, "服务内容不在支持范围")
    assert quota() == (30_000, 0)
    assert whole()


def test_the_words_of_a_formula_say_both_amounts_and_keep_the_rest() -> None:
    asked = reviewed_formula({"words": "申请 15,000 元，由审核人核定", "asked": "15000.00", "x": 1}, Decimal("0.5"))
    assert (asked["words"], asked["reviewed"], asked["x"]) == ("申请 15,000 元，核定 0.50 元", "0.5", 1)
    computed = reviewed_formula({"words": "10,000 ＝ 10,000 元"}, Decimal(9_000))
    assert computed["words"] == "10,000 ＝ 10,000 元；核定 9,000 元"
    assert reviewed_formula({}, Decimal(1))["words"] == "；核定 1 元"


@pytest.mark.parametrize("asked", ["30000", "30000.01"])
def test_the_whole_quota_may_be_asked_and_not_a_fen_more(asked: str) -> None:
    world = reviewed_world()
    order = make_order(world, "contract", contract=40_000)
    use = replace(use_of(40_000), amount=Decimal(asked))
    if asked == "30000":
        assert services.use_voucher(order, by=world.owner, use=use).held == 30_000
        assert quota() == (0, 30_000)
    else:
        with pytest.raises(Refused, match="最多 30,000 元"):
            services.use_voucher(order, by=world.owner, use=use)
        assert (quota(), Voucher.objects.count()) == ((30_000, 0), 0)


# --- Terms ----------------------------------------------------------------------------------------


def sweep(day: date, hour: int = 12) -> list[str]:
    return sweeps.run("deadlines", at=datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI))


def row(act: str, days: int, on_expiry: str, **more: Any) -> dict[str, Any]:
    return {"act": act, "days": days, "unit": "d", "remind_before": 0, "on_expiry": on_expiry, **more}


@pytest.mark.feature("X-9")
@pytest.mark.parametrize("act", sorted(DEFAULT_TERMS))
def test_a_scheme_without_rows_has_the_portals_terms(act: str) -> None:
    assert term_of(None, act) == DEFAULT_TERMS[act] == term_of(Policy(), act)


@pytest.mark.feature("X-9")
def test_an_act_without_a_term_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError, match="nothing"):
        term_of(None, "nothing")


@pytest.mark.feature("X-9")
@pytest.mark.parametrize(("days", "own"), [(None, 30), (0, 30), (7, 7)])
def test_the_days_of_the_default_review_count_for_the_rating_only(days: int | None, own: int) -> None:
    policy = Policy(auto_review_days=days)
    assert term_of(policy, "rating").days == own
    assert term_of(policy, "completion") == DEFAULT_TERMS["completion"]


@pytest.mark.feature("X-9")
@pytest.mark.parametrize(("hour", "status"), [(0, "lapsed"), (23, "lapsed")])
def test_an_order_is_awaited_through_its_last_day_and_not_longer(db: None, hour: int, status: str) -> None:
    world = make_world(terms=(row("order_answer", 2, "lapse"),))
    order, last = make_order(world), calendar.today() + timedelta(2)
    sweep(last, 23)
    order.refresh_from_db()
    assert order.status == "placed"
    sweep(last + timedelta(1), hour)
    order.refresh_from_db()
    assert order.status == status


@pytest.mark.feature("X-9")
@pytest.mark.parametrize("end", ["answered", "cancelled"])
def test_what_ended_before_its_day_is_left_alone_by_every_later_sweep(end: str) -> None:
    world = make_world(terms=(row("order_answer", 2, "lapse", remind_before=1),))
    order, today = make_order(world, "accepted" if end == "answered" else "placed"), calendar.today()
    if end == "cancelled":
        services.cancel_order(order, by=world.owner, reason="计划有变")
        order.refresh_from_db()
    before = order.status
    for day in (1, 2, 3, 30):
        sweep(today + timedelta(day))
    order.refresh_from_db()
    assert order.status == before
    assert not Message.objects.filter(user=world.seller, kind="order.reminder").exists()
    assert deadlines.due(order, "order_answer") is None


@pytest.mark.feature("X-9")
def test_an_escalation_goes_to_those_who_look_after_that_region_and_to_nobody_else() -> None:
    world = make_world(terms=(row("order_answer", 1, "escalate"),))
    here, there = (cast.make_officer(code, "view_cases") for code in (cast.COUNTY, cast.OTHER_COUNTY))
    make_order(world)
    sweep(calendar.today() + timedelta(2))
    told = {person.pk: Message.objects.filter(user=person, kind="order.overdue").count() for person in (here, there)}
    assert told == {here.pk: 1, there.pk: 0}
    people = Message.objects.filter(kind="order.overdue").values_list("user", flat=True)
    assert not {world.owner.pk, world.seller.pk, there.pk} & set(people)


@pytest.mark.feature("X-9")
def test_a_deadline_whose_order_was_ended_by_hand_meanwhile_is_closed_and_says_nothing() -> None:
    world = make_world(terms=(row("completion", 1, "default"),))
    order = make_order(world, "delivered")
    services.confirm_completion(order, by=world.owner)
    before = list(Deadline.objects.filter(act="completion").values_list("closed_at", flat=True))
    assert None not in before
    sweep(calendar.today() + timedelta(5))
    order.refresh_from_db()
    assert order.status == "completed"
    assert list(Deadline.objects.filter(act="completion").values_list("closed_at", flat=True)) == before
