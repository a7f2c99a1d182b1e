"""The clock of an enterprise's agreement: its last day, one reminder, and what it does when nobody answers."""

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import User
from innovation_voucher.casework import calendar, deadlines
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import AuditRow, Deadline, Message
from innovation_voucher.tests import cast
from redemption import services
from redemption.models import Redemption
from redemption.services.consent import consent_overdue
from redemption.services.consenting import remind_consent
from redemption.tests.consenting import fresh, waiting
from redemption.tests.test_consent import after, buyer, seller, voucher_of, with_term, world
from vouchers.services import set_freeze

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-9")]


def told(user: User, kind: str) -> int:
    return Message.objects.filter(user=user, kind=f"redemption.{kind}").count()


def last_day(redemption: Redemption) -> date:
    due = deadlines.due(redemption, "consent")
    assert due is not None
    return due.due_on


@pytest.mark.parametrize("on_expiry", ["default", "lapse"])
def test_on_the_last_day_itself_the_enterprise_still_answers(on_expiry: str) -> None:
    redemption = with_term(on_expiry)
    assert last_day(redemption) == calendar.today() + timedelta(days=2)
    deadlines.run_due(after(2))
    assert fresh(redemption).status == "awaiting_consent"
    assert services.agree_consent(redemption, by=buyer(redemption)).status == "in_review"


def test_it_is_reminded_once_however_often_the_clock_looks() -> None:
    redemption = with_term("escalate")
    for _round in range(3):
        deadlines.run_due(after(1))
    assert told(buyer(redemption), "consent_reminder") == 1
    assert told(seller(redemption), "consent_reminder") == 0


@pytest.mark.parametrize("answer", ["agree", "refuse", "withdraw"])
def test_after_an_answer_the_clock_says_nothing(answer: str) -> None:
    redemption = with_term("default")
    acts: dict[str, Any] = {
        "agree": lambda: services.agree_consent(redemption, by=buyer(redemption)),
        "refuse": lambda: services.refuse_consent(redemption, by=buyer(redemption), reason="报告未交"),
        "withdraw": lambda: services.withdraw_redemption(redemption, by=seller(redemption)),
    }
    person = buyer(redemption)
    acts[answer]()
    state, before = fresh(redemption).status, Message.objects.count()
    consent_overdue(fresh(redemption))
    remind_consent(fresh(redemption))
    assert (fresh(redemption).status, Message.objects.count()) == (state, before)
    assert told(person, "consent_overdue") == 0
    assert Deadline.objects.filter(act="consent", closed_at=None).count() == 0


@pytest.mark.parametrize("on_expiry", ["default", "lapse"])
def test_what_the_clock_did_nobody_answers_again(on_expiry: str) -> None:
    redemption = with_term(on_expiry)
    person = buyer(redemption)
    deadlines.run_due(after(3))
    before = world()
    with pytest.raises(Refused):
        services.agree_consent(redemption, by=person)
    with pytest.raises(Refused, match="已不在等待企业确认"):
        services.agree_consent(redemption, by=None)
    assert world() == before


def test_when_the_clock_refuses_the_carrier_reads_why() -> None:
    redemption = with_term("lapse")
    deadlines.run_due(after(3))
    note = Message.objects.get(user=seller(redemption), kind="redemption.consent_refused")
    assert note.body == "企业没有在期限内确认"
    row = AuditRow.objects.get(verb="redemption.consent_refused")
    assert (row.actor_id, row.reason) == (None, "企业没有在期限内确认")
    assert voucher_of(redemption).status == "confirmed"


def test_the_clock_does_not_agree_over_a_frozen_voucher() -> None:
    redemption = with_term("default")
    officer = cast.make_officer(cast.COUNTY, "terminate_voucher")
    set_freeze(voucher_of(redemption), by=officer, office=None, reason="核查中", until=None)
    said = deadlines.run_due(after(3))
    assert any("核查中" in line for line in said)
    assert fresh(redemption).status == "awaiting_consent"
    assert last_day(redemption) == calendar.today() + timedelta(days=2)


def test_asked_again_the_days_begin_anew() -> None:
    redemption = with_term("escalate")
    services.refuse_consent(redemption, by=buyer(redemption), reason="报告未交")
    again = services.submit_voucher(voucher_of(redemption), by=seller(redemption))
    assert (again.pk, again.status) == (redemption.pk, "awaiting_consent")
    assert Deadline.objects.filter(act="consent").count() == 2
    assert Deadline.objects.get(act="consent", closed_at=None).reminded_at is None
    assert told(buyer(redemption), "consent") == 2


def test_a_dry_run_names_what_it_would_do_and_does_nothing() -> None:
    redemption = with_term("default")
    before = world()
    said = deadlines.run_due(after(3), dry_run=True)
    assert [line for line in said if "consent" in line and redemption.number in line]
    assert world() == before


def test_without_a_term_there_are_five_working_days_and_a_word_the_day_before() -> None:
    redemption = waiting()
    due = deadlines.due(redemption, "consent")
    assert due is not None
    assert due.due_on == calendar.add_working_days(calendar.today(), 5)
    assert due.remind_on == calendar.add_working_days(due.due_on, -1)
