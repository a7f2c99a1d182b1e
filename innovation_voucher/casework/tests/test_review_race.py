"""Two reviewers at the same moment: one decision, the other reads who was first."""

from collections.abc import Callable
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections, transaction

from accounts.models import User
from innovation_voucher.casework import reviews
from innovation_voucher.casework.errors import Refused, Stale
from innovation_voucher.casework.models import AuditRow, Office, ReviewCase, ReviewTask
from innovation_voucher.casework.reviews import decisions, tasks
from innovation_voucher.tests import cast

from .trial import RIGHT, make_chain, open_case, open_task, said

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("subject"), pytest.mark.slow]


def together(acts: list[Callable[[], Any]]) -> list[Any]:
    """Run acts at the same moment in their own connections; results or exceptions in order."""
    results: list[Any] = [None] * len(acts)
    barrier = Barrier(len(acts))

    def run(index: int) -> None:
        try:
            barrier.wait(10)
            results[index] = acts[index]()
        except Exception as error:  # noqa: BLE001  the test looks at it
            results[index] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def race(case: ReviewCase) -> list[Any]:
    office = cast.make_office("bureau", rights=(RIGHT,))
    people: list[User] = [cast.make_officer(name=f"审核员{n}", office=office) for n in range(2)]
    task = open_task(case)
    acts = [
        lambda: reviews.decide(task, by=people[0], office=None, decision="approve"),
        lambda: reviews.decide(task, by=people[1], office=None, decision="reject", reason="不符合"),
    ]
    return together(acts)


@pytest.mark.feature("X-2")
def test_two_reviewers_make_one_decision() -> None:
    make_chain()
    for number in range(5):
        case = open_case(number=f"SB-{number}")
        results = race(case)
        assert sum(isinstance(result, Stale) for result in results) == 1, results
        assert ReviewTask.objects.filter(case=case, decided_by__isnull=False).count() == 1
        final = ReviewCase.objects.get(pk=case.pk)
        assert said(case.subject).startswith(final.status)
        verbs = AuditRow.objects.filter(subject_id=case.pk, verb__in=("review.approved", "review.rejected"))
        assert verbs.count() == 1


def test_withdrawing_and_deciding_do_not_wait_for_each_other() -> None:
    make_chain()
    officer = cast.make_officer(cast.COUNTY, RIGHT)
    for number in range(5):
        case = open_case(number=f"SB-{number}")
        results = withdraw_or_agree(case, officer)
        assert sum(isinstance(result, Refused) for result in results) == 1, results
        assert ReviewCase.objects.get(pk=case.pk).status in ("withdrawn", "approved")


def withdraw_or_agree(case: ReviewCase, officer: User) -> list[Any]:
    task = open_task(case)
    agree = partial(reviews.decide, task, by=officer, office=None, decision="approve")
    return together([partial(withdraw, case), agree])


@transaction.atomic
def withdraw(case: ReviewCase) -> ReviewCase:
    """An applicant's verb: the case first, then the own row."""
    reviews.lock_case_of(case.subject)
    Office.objects.select_for_update().get(pk=case.subject_id)
    return reviews.withdraw(case.subject, by=None)


def test_without_the_lock_both_would_believe_to_have_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    """The race is real: reading without a lock lets both pass the check."""
    make_chain()
    case = open_case(number="SB-unlocked")
    both = Barrier(2)

    def unlocked(task: ReviewTask) -> ReviewTask:
        fresh = ReviewTask.objects.select_related("case", "step", "region").get(pk=task.pk)
        both.wait(10)
        assert fresh.status == ReviewTask.State.OPEN
        return fresh

    assert decisions.lock_task is tasks.lock_task
    monkeypatch.setattr(decisions, "lock_task", unlocked)
    results = race(case)
    assert not any(isinstance(result, Stale) for result in results)
