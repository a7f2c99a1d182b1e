"""A protected state is read anew without opening it to writers, and no transition is lost."""

from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from innovation_voucher.casework.models import ReviewCase, ReviewTask

from . import trial

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subject")]


@pytest.fixture
def case() -> ReviewCase:
    trial.make_chain()
    return trial.open_case(number="SB-1")


def move(case: ReviewCase, status: str, title: str = "别处改过") -> None:
    """Somebody else changes the row."""
    ReviewCase.objects.filter(pk=case.pk).update(status=status, title=title)


def test_reading_anew_takes_state_and_all_else(case: ReviewCase) -> None:
    move(case, "returned")
    case.refresh_from_db()
    assert (case.status, case.title) == ("returned", "别处改过")


def test_only_the_named_columns_are_read(case: ReviewCase) -> None:
    move(case, "returned")
    case.refresh_from_db(fields=["title"])
    assert (case.status, case.title) == ("open", "别处改过")
    case.refresh_from_db(fields=["status"])
    assert case.status == "returned"


def test_the_state_stays_protected_before_and_after(case: ReviewCase) -> None:
    for _ in range(2):
        with pytest.raises(AttributeError, match="status"):
            case.status = "approved"
        case.refresh_from_db()
    assert case.status == "open"


def test_a_row_that_is_gone_leaves_the_state_in_hand(case: ReviewCase) -> None:
    case.pk = 0
    with pytest.raises(ReviewCase.DoesNotExist):
        case.refresh_from_db()
    assert case.status == "open"


def test_what_was_deferred_is_read_when_it_is_asked_for(case: ReviewCase) -> None:
    lazy = ReviewCase.objects.defer("title", "status").get(pk=case.pk)
    move(case, "returned")
    lazy.refresh_from_db()
    assert lazy.get_deferred_fields() == {"title", "status"}
    assert (lazy.status, lazy.title) == ("returned", "别处改过")


def test_rows_without_their_state_are_read_in_one_query(case: ReviewCase, django_assert_num_queries: Any) -> None:
    trial.open_case(number="SB-2")
    with django_assert_num_queries(1):
        assert [row.number for row in ReviewCase.objects.only("number").order_by("pk")] == ["SB-1", "SB-2"]


def test_a_row_that_was_read_without_its_state_may_be_saved_and_moved(case: ReviewCase) -> None:
    lazy = ReviewCase.objects.only("title").get(pk=case.pk)
    lazy.title = "新题"
    lazy.save()
    lazy.approve()
    lazy.save()
    fresh = ReviewCase.objects.get(pk=case.pk)
    assert (fresh.status, fresh.title) == ("approved", "新题")


def test_a_transition_from_a_state_that_is_over_is_not_allowed(case: ReviewCase) -> None:
    case.approve()
    with pytest.raises(TransitionNotAllowed):
        case.withdraw()
    assert case.status == "approved"


def test_of_two_who_move_the_same_row_the_second_is_told(case: ReviewCase) -> None:
    mine, yours = (ReviewCase.objects.get(pk=case.pk) for _ in range(2))
    mine.approve()
    mine.save()
    yours.reject()
    with pytest.raises(ConcurrentTransition), transaction.atomic():
        yours.save()
    assert ReviewCase.objects.get(pk=case.pk).status == "approved"


def test_after_reading_anew_the_next_move_is_from_the_new_state(case: ReviewCase) -> None:
    move(case, "returned")
    case.refresh_from_db()
    case.resume()
    case.save()
    fresh = ReviewCase.objects.get(pk=case.pk)
    assert (fresh.status, fresh.round) == ("open", 2)


@pytest.mark.parametrize("save", [{}, {"update_fields": ("title",)}, {"update_fields": ("status", "title")}])
def test_saving_other_columns_after_another_moved_it(case: ReviewCase, save: dict[str, Any]) -> None:
    move(case, "returned", "原样")
    case.title = "新题"
    with pytest.raises(ConcurrentTransition), transaction.atomic():
        case.save(**save)
    assert ReviewCase.objects.get(pk=case.pk).title == "原样"


def test_rows_say_what_they_are(case: ReviewCase) -> None:
    task = trial.open_task(case)
    assert isinstance(task, Model)
    assert (str(case), str(task)) == ("SB-1", f"SB-1 {task.step.name}")
    assert str(task.step) == f"{task.step.chain_id}/1 第1步"
    assert str(task.step.chain) == "试办"
    assert ReviewTask.objects.get(pk=task.pk).get_status_display() == "待办"
