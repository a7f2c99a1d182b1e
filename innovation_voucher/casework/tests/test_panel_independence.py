"""An expert has a part in the case: whoever scores it at one step decides it at none, and runs no panel of it."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from innovation_voucher.casework import panels, reviews
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import AuditRow, Panel, PanelSeat, ReviewTask
from innovation_voucher.tests import cast

from . import experts
from .trial import RIGHT, make_chain, open_case, open_task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subject"), pytest.mark.feature("X-2", "YRD-15")]
WORDS = "您是此件的评审专家"
URL = "/desk/trial/SB-2026-000001/"


@pytest.fixture
def task() -> ReviewTask:
    """Experts at the first step, the bureau at the second."""
    make_chain({"panel": True, "panel_rules": experts.RULES}, {})
    return open_task(open_case())


@pytest.fixture
def by() -> User:
    return experts.owner()


@pytest.fixture
def panel(task: ReviewTask, by: User) -> Panel:
    return experts.form(task, by)


def made_officer(person: User) -> User:
    """The expert gets a place in the office that decides."""
    office = cast.make_office("bureau", rights=(RIGHT,))
    person.groups.add(office.group)
    return person


def agreed(panel: Panel, by: User) -> ReviewTask:
    """The experts' step is decided; the task of the next one."""
    done = panels.conclude(experts.score_all(panel), by=by, office=None, summary="同意")
    return open_task(reviews.decide(done.task, by=by, office=None, decision="approve"))


def traces() -> Any:
    return AuditRow.objects.count(), list(ReviewTask.objects.order_by("pk").values())


@pytest.mark.parametrize("decision", ["approve", "return", "reject"])
def test_who_scored_decides_no_later_step(panel: Panel, by: User, decision: str) -> None:
    later = agreed(panel, by)
    expert = made_officer(experts.seats(panel)[0].user)
    before = traces()
    with pytest.raises(NotAllowed, match=WORDS):
        reviews.decide(later, by=expert, office=None, decision=decision, reason="见意见", items=[("", "补")])
    assert traces() == before


def test_the_page_says_why_and_offers_no_decision(client: Client, panel: Panel, by: User) -> None:
    later = agreed(panel, by)
    expert = made_officer(experts.seats(panel)[0].user)
    client.force_login(expert)
    page = client.get(URL).content.decode()
    assert WORDS in page
    assert 'name="decision"' not in page
    before = traces()
    assert client.post(URL, {"_token": new_token(), "task": later.pk, "decision": "approve"}).status_code == 403
    assert traces() == before


def test_who_scored_neither_takes_nor_is_given_the_case(panel: Panel, by: User) -> None:
    later = agreed(panel, by)
    expert = made_officer(experts.seats(panel)[0].user)
    with pytest.raises(NotAllowed, match=WORDS):
        reviews.take(later, by=expert)
    assert ReviewTask.objects.get(pk=later.pk).holder is None


@pytest.mark.parametrize("until", ["invited", "declared"])
def test_a_seat_counts_before_anything_was_scored(panel: Panel, task: ReviewTask, until: str) -> None:
    seat = experts.seats(panel)[0]
    if until == "declared":
        panels.declare(seat, by=seat.user)
    expert = made_officer(seat.user)
    with pytest.raises(NotAllowed, match=WORDS):
        reviews.decide(task, by=expert, office=None, decision="return", items=[("", "补")])
    assert ReviewTask.objects.get(pk=task.pk).status == "open"


def test_an_expert_runs_no_panel_in_which_they_sit(panel: Panel) -> None:
    seat, other = experts.seats(panel)[:2]
    expert = made_officer(seat.user)
    with pytest.raises(NotAllowed, match=WORDS):
        panels.release_seat(other, by=expert, office=None, reason="联系不上")
    assert PanelSeat.objects.get(pk=other.pk).status == "invited"


def test_who_was_replaced_may_decide(panel: Panel, task: ReviewTask, by: User) -> None:
    seat = experts.seats(panel)[0]
    panels.release_seat(seat, by=by, office=None, reason="联系不上")
    expert = made_officer(seat.user)
    case = reviews.decide(task, by=expert, office=None, decision="return", items=[("", "补")])
    assert case.status == "returned"


def test_a_seat_in_one_case_binds_in_no_other(panel: Panel, by: User) -> None:
    expert = made_officer(experts.seats(panel)[0].user)
    other = open_task(open_case(number="SB-2026-000002"))
    assert reviews.decide(other, by=expert, office=None, decision="return", items=[("", "补")]).status == "returned"


def test_a_colleague_without_a_seat_decides(panel: Panel, by: User) -> None:
    later = agreed(panel, by)
    assert reviews.decide(later, by=cast.make_officer(cast.COUNTY, RIGHT), office=None, decision="approve").status == (
        "approved"
    )
