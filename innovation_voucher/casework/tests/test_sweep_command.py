"""The portal's own sweeps by command: for a moment, as a rehearsal, twice, and by hand."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from innovation_voucher.casework import audit, deadlines, reviews, sweeps
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import AuditRow, Deadline, OneTimeToken, Outgoing, ReviewCase
from innovation_voucher.tests import cast

from . import trial

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subject")]

EVE = datetime(2026, 12, 31, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _new_years_eve() -> Any:
    with time_machine.travel(EVE, tick=False):
        yield


@pytest.fixture
def returned() -> ReviewCase:
    """A case that its applicant has to mend within three working days: until 5 January 2027."""
    trial.make_chain({"return_days": 3})
    case = trial.open_case()
    officer = cast.make_officer(cast.COUNTY, trial.RIGHT)
    return reviews.decide(
        trial.open_task(case), by=officer, office=None, decision="return", items=[("name", "名称不一致")]
    )


def sweep(capsys: Any, *arguments: str) -> list[str]:
    """What the command prints, without the counts at its end."""
    call_command("sweep", *arguments)
    return list(capsys.readouterr().out.splitlines())[:-1]


def line(what: str, case: ReviewCase) -> str:
    return f"deadlines: {what} resubmit of office {case.subject}, due 2027-01-05"


# --- Another moment -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "over"),
    [
        ("2027-01-05", False),
        ("2027-01-05T23:59:59", False),
        ("2027-01-05T23:59:59+08:00", False),
        ("2027-01-05T15:59:59Z", False),
        ("2027-01-05T16:00:00Z", True),
        ("2027-01-06", True),
        ("2027-01-06T00:00:00+08:00", True),
        ("2027-01-06T00:00:00+09:00", False),  # an hour earlier on the same clock
    ],
)
def test_the_moment_is_local_unless_it_names_its_offset(returned: ReviewCase, capsys: Any, at: str, over: bool) -> None:
    lines = sweep(capsys, "deadlines", "--at", at, "--dry-run")
    assert (line("lapse", returned) in lines) is over


def test_a_rehearsal_of_the_year_end_changes_nothing(returned: ReviewCase, capsys: Any) -> None:
    before = list(Deadline.objects.values()), list(Outgoing.objects.values()), AuditRow.objects.count()
    first = sweep(capsys, "--at", "2027-02-01", "--dry-run")
    assert line("lapse", returned) in first
    assert sweep(capsys, "--at", "2027-02-01", "--dry-run") == first
    assert (list(Deadline.objects.values()), list(Outgoing.objects.values()), AuditRow.objects.count()) == before
    assert ReviewCase.objects.get().status == "returned"


def test_what_the_rehearsal_says_is_what_is_done_once(returned: ReviewCase, capsys: Any) -> None:
    assert sweep(capsys, "deadlines", "--at", "2027-01-06") == [line("lapse", returned)]
    assert ReviewCase.objects.get().status == "expired"
    assert sweep(capsys, "deadlines", "--at", "2027-01-06") == []
    assert trial.said(returned.subject) == "returned 1"


def test_the_reminder_comes_three_working_days_before_and_once(returned: ReviewCase, capsys: Any) -> None:
    row = deadlines.due(returned.subject)
    assert row is not None
    assert (row.remind_on, row.due_on) == (date(2026, 12, 31), date(2027, 1, 5))
    assert sweep(capsys, "deadlines") == [line("remind", returned)]
    assert sweep(capsys, "deadlines") == []


def test_the_last_row_of_a_quiet_sweep_is_no_row(capsys: Any) -> None:
    assert sweep(capsys, "deadlines", "--at", "2027-01-01") == []
    assert sweep(capsys, "tokens") == []


@pytest.mark.parametrize("text", ["morgen", "2027-13-01", "2027-02-29", "", "2027-01-01T25:00", "1e9"])
def test_a_moment_that_cannot_be_read_runs_nothing(returned: ReviewCase, text: str) -> None:
    with pytest.raises(CommandError):
        call_command("sweep", "deadlines", f"--at={text}")
    assert ReviewCase.objects.get().status == "returned"


def test_an_unknown_sweep_names_those_there_are() -> None:
    with pytest.raises(CommandError, match=r"no sweep 'dead'; there are: .*deadlines.*tokens"):
        call_command("sweep", "dead")


# --- Each of the portal's own ---------------------------------------------------------------


def test_messages_are_only_named_in_a_rehearsal_and_go_out_in_earnest(capsys: Any, settings: Any) -> None:
    settings.SMS_GATEWAY = "console"
    row = Outgoing.objects.create(
        channel="sms", kind="order", to="+8619900000001", body="您好", dedupe="k", created_at=EVE, next_at=EVE
    )
    assert sweep(capsys, "messages", "--dry-run") == [f"messages: send sms {row.pk}"]
    assert Outgoing.objects.get().status == "pending"
    assert sweep(capsys, "messages")[-1] == f"messages: sent sms {row.pk}"
    assert sweep(capsys, "messages") == []


def test_the_seal_waits_in_a_rehearsal(capsys: Any) -> None:
    for _ in range(3):
        audit.record("office.saved", cast.make_office(), by=None)
    assert sweep(capsys, "audit.seal", "--dry-run") == []
    assert not AuditRow.objects.filter(sequence__isnull=False).exists()
    assert sweep(capsys, "audit.seal") == ["audit.seal: sealed 3"]
    assert sweep(capsys, "audit.seal") == []


def test_the_seal_command_says_the_same(capsys: Any) -> None:
    audit.record("office.saved", cast.make_office(), by=None)
    call_command("seal")
    call_command("seal")
    assert capsys.readouterr().out == "sealed 1\n"


def test_tokens_of_a_leap_day_go_after_two_years(capsys: Any) -> None:
    OneTimeToken.objects.create(token=new_token(), digest="", redirect="/", used_at=datetime(2024, 2, 29, tzinfo=UTC))
    assert sweep(capsys, "tokens", "--at", "2026-02-28T00:00Z", "--dry-run") == []
    assert sweep(capsys, "tokens", "--at", "2026-03-01T00:00Z", "--dry-run") == ["tokens: 1 tokens"]
    assert OneTimeToken.objects.count() == 1
    assert sweep(capsys, "tokens", "--at", "2026-03-01T00:00Z") == ["tokens: 1 tokens"]
    assert OneTimeToken.objects.count() == 0


def test_all_sweeps_run_on_an_empty_portal_and_say_nothing(capsys: Any) -> None:
    assert sweep(capsys) == []
    assert sweep(capsys, "--at", "2030-01-01", "--dry-run") == []


# --- The clock ------------------------------------------------------------------------------


def test_every_sweep_keeps_its_own_interval() -> None:
    clock, ran = sweeps.Clock(), {sweep.name: 0 for sweep in sweeps.all()}
    for second in range(0, 601, 60):
        for name in clock.tick(EVE + timedelta(seconds=second)):
            ran[name] += 1
    every = {sweep.name: sweep.every_seconds for sweep in sweeps.all()}
    assert ran == {name: 1 + (600 // max(seconds, 60)) for name, seconds in every.items()}


def test_what_was_missed_is_done_once_not_as_often_as_it_was_missed() -> None:
    clock = sweeps.Clock()
    everything = clock.tick(EVE)
    assert clock.tick(EVE + timedelta(days=30)) == everything
    assert clock.tick(EVE + timedelta(days=30)) == []


def test_a_sweep_acts_for_the_moment_at_which_it_runs(capsys: Any, returned: ReviewCase) -> None:
    with time_machine.travel(EVE + timedelta(days=30), tick=False):
        assert timezone.now() == EVE + timedelta(days=30)
        sweeps.Clock().tick(timezone.now())
    assert ReviewCase.objects.get().status == "expired"
