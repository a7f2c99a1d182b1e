"""Locks over all processes, and the sealer and the senders who run at the same time."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from innovation_voucher.casework import audit, deadlines, locks, messaging, reviews, sweeps
from innovation_voucher.casework.models import AuditRow, Deadline, Outgoing, ReviewTask
from innovation_voucher.casework.numbers import case_number
from innovation_voucher.tests import cast

from . import trial
from .test_review_race import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def meanwhile(inside: Callable[[], Any], outside: Callable[[], Any]) -> Any:
    """Run `outside` in this connection while another has entered `inside` and not left it."""
    entered, leave = threading.Event(), threading.Event()

    def other() -> None:
        try:
            with transaction.atomic():
                inside()
                entered.set()
                leave.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    assert entered.wait(10)
    try:
        return outside()
    finally:
        leave.set()
        thread.join(10)


# --- The two kinds of locks -------------------------------------------------------------------


def test_a_lock_is_one_holders_at_a_time_and_free_afterwards() -> None:
    def grab(name: str) -> bool:
        with locks.only_one(name) as got:
            return got

    held = locks.only_one("trial")
    with held as mine:
        assert mine
        assert together([lambda: grab("trial"), lambda: grab("another")]) == [False, True]
    assert together([lambda: grab("trial")]) == [True]


def test_a_lock_is_left_when_its_holder_breaks() -> None:
    with pytest.raises(ZeroDivisionError), locks.only_one("trial"):
        raise ZeroDivisionError
    with locks.only_one("trial") as got:
        assert got


def test_waiting_ends_with_the_transaction_of_the_one_before() -> None:
    order: list[str] = []

    def first() -> None:
        with transaction.atomic():
            locks.wait_for("trial")
            order.append("first in")
            second_started.wait(5)
            order.append("first out")

    def second() -> None:
        second_started.set()
        with transaction.atomic():
            locks.wait_for("trial")
            order.append("second in")

    second_started = threading.Event()
    entered = threading.Thread(target=lambda: (first(), connection.close()))
    entered.start()
    while "first in" not in order:
        second_started.wait(0.01)
    second()
    entered.join(10)
    assert order == ["first in", "first out", "second in"]


def test_other_names_do_not_wait_for_each_other() -> None:
    def take_another() -> str:
        with transaction.atomic():
            locks.wait_for("sms b")
        return "free"

    assert meanwhile(lambda: locks.wait_for("sms a"), take_another) == "free"


# --- What runs at the same time -----------------------------------------------------------------


def test_two_sealers_seal_each_row_once() -> None:
    office = cast.make_office()
    for _ in range(8):
        audit.record("office.saved", office, by=None)
    sealed = together([lambda: audit.seal(3), lambda: audit.seal(3), lambda: audit.seal(3)])
    assert sum(sealed) == 8
    assert list(AuditRow.objects.order_by("sequence").values_list("sequence", flat=True)) == list(range(1, 9))
    assert list(audit.verify()) == []


def test_rows_that_are_still_being_written_are_sealed_later_without_a_gap() -> None:
    office = cast.make_office()
    audit.record("office.saved", office, by=None)
    written = meanwhile(lambda: audit.record("office.saved", office, by=None), audit.seal)
    assert written == 1
    assert audit.seal() == 1
    assert list(audit.verify()) == []


def test_four_who_ask_at_once_get_four_case_numbers() -> None:
    numbers = together([lambda: case_number("SL")] * 4)
    assert sorted(number[-6:] for number in numbers) == ["000001", "000002", "000003", "000004"]


def test_a_message_is_sent_by_one_of_two_sweeps() -> None:
    now = timezone.now()
    rows = [
        Outgoing(
            channel="sms", kind="order", to="+8619900000001", body="1", dedupe=f"k{n}", created_at=now, next_at=now
        )
        for n in range(6)
    ]
    Outgoing.objects.bulk_create(rows)
    lines = together([lambda: messaging.send_pending(now), lambda: messaging.send_pending(now)])
    sent = [line for some in lines for line in some]
    assert len(sent) == len(set(sent)) == 6
    assert not Outgoing.objects.exclude(status="sent", attempts=1).exists()


def test_one_deadline_for_an_act_that_two_begin_at_once() -> None:
    office = cast.make_office()
    begin = lambda: deadlines.start(office, "act", days=3, unit="d", on_expiry="lapse")  # noqa: E731
    results = together([begin, begin, begin])
    assert not [result for result in results if isinstance(result, Exception)]
    assert Deadline.objects.filter(closed_at=None).count() == 1


@pytest.mark.usefixtures("subject")
def test_of_two_who_take_a_case_at_once_one_holds_it() -> None:
    trial.make_chain()
    task = trial.open_task(trial.open_case())
    office = cast.make_office("bureau", rights=(trial.RIGHT,))
    people = [cast.make_officer(name=f"审核员{n}", office=office) for n in range(2)]
    results = together([lambda: reviews.take(task, by=people[0]), lambda: reviews.take(task, by=people[1])])
    refused = [result for result in results if isinstance(result, Exception)]
    assert len(refused) == 1
    assert "正在办理此件" in str(refused[0])
    assert ReviewTask.objects.get().holder in people
    assert AuditRow.objects.filter(verb="review.taken").count() == 1


@pytest.mark.usefixtures("subject")
def test_of_two_who_submit_the_same_thing_at_once_one_case_is_opened() -> None:
    trial.make_chain()
    obj = trial.make_applicant()
    cast.make_region()
    results = together([lambda: trial.open_case(obj, number="SB-1"), lambda: trial.open_case(obj, number="SB-2")])
    assert sum(isinstance(result, Exception) for result in results) == 1
    assert reviews.live_case(obj) is not None


def test_the_same_sweep_does_not_run_twice_at_once() -> None:
    with locks.only_one("sweep tokens") as got:
        assert got
        assert together([lambda: sweeps.run("tokens"), lambda: sweeps.run("deadlines")]) == [[], []]
