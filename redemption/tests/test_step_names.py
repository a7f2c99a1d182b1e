"""What a state is called after a step of its chain: on the page, in the list, at the desk and on the timeline."""

from copy import deepcopy
from pathlib import Path

import pytest
from django.urls import reverse

from accounts.models import User
from innovation_voucher.casework import reviews
from innovation_voucher.casework.models import AuditRow, ChainStep, Message, ReviewTask
from innovation_voucher.casework.statuses import status_of
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of
from redemption import rules, services
from redemption.models import Redemption
from redemption.tests import factories
from redemption.tests.itemized import make_programme, office_of, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.feature("TJ-6")]

FORMAL, SCORED = "市级形式审查受理", "评审通过"


@pytest.fixture
def officers(db: None) -> list[User]:
    """One for each step: four eyes."""
    return [cast.make_officer(cast.COUNTY, "review_redemption", "view_cases", name=f"审核{n}") for n in "甲乙丙"]


@pytest.fixture(scope="module")
def built(kept: Path) -> Redemption:
    """Handed in to three steps, of which the second and the third name the state."""
    factories.make_chain({}, {"name": "形式审查", "passed_label": FORMAL}, {"name": "评审", "passed_label": SCORED})
    return submitted(make_programme())


@pytest.fixture
def redemption(built: Redemption) -> Redemption:
    return deepcopy(built)


def decide(redemption: Redemption, by: User, decision: str = "approve", **words: object) -> Redemption:
    task = ReviewTask.objects.get(case=reviews.live_case(redemption), status="open")
    reviews.decide(task, by=by, office=office_of(by), decision=decision, **words)  # type: ignore[arg-type]
    return Redemption.objects.get(pk=redemption.pk)


def page(redemption: Redemption) -> str:
    client = client_of(redemption.created_by)
    return client.get(reverse("ent-redeem", args=[redemption.number])).content.decode()


def test_each_step_gives_the_state_its_name(redemption: Redemption, officers: list[User]) -> None:
    named = []
    for officer in officers:
        redemption = decide(redemption, officer)
        named.append((redemption.status, str(status_of(redemption).label), redemption.get_status_display()))
    assert named == [
        ("in_review", "审核中", "审核中"),
        ("in_review", FORMAL, FORMAL),
        ("approved", SCORED, SCORED),
    ]
    assert rules.shown(redemption).label == SCORED


def test_the_payee_reads_it_on_the_page_in_the_list_and_on_the_timeline(
    redemption: Redemption, officers: list[User]
) -> None:
    redemption = decide(redemption, officers[0])
    assert FORMAL not in page(redemption)
    redemption = decide(redemption, officers[1])
    shown = page(redemption)
    assert shown.count(FORMAL) >= 2
    assert f"形式审查：{FORMAL}" in shown
    client = client_of(redemption.created_by)
    assert FORMAL in client.get(reverse("ent-redeem-list"), {"tab": "open"}).content.decode()
    act = AuditRow.objects.get(verb="review.called")
    assert (act.subject_id, act.actor_name, act.after["called"]) == (redemption.pk, str(officers[1]), FORMAL)


def test_the_payee_is_told_between_the_steps_and_brings_the_paper(redemption: Redemption, officers: list[User]) -> None:
    redemption = decide(redemption, officers[0])
    assert not Message.objects.filter(kind="redemption.called").exists()
    redemption = decide(redemption, officers[1])
    told = Message.objects.get(kind="redemption.called")
    assert (told.user, told.title) == (redemption.created_by, f"兑付申请 {redemption.number}：{FORMAL}")
    assert "导出兑付申请表" in told.body
    decide(redemption, officers[2])
    assert Message.objects.filter(kind="redemption.called").count() == 1


def test_who_has_brought_the_paper_is_not_asked_for_it(redemption: Redemption, officers: list[User]) -> None:
    services.receive_paper(redemption, by=officers[0], office=office_of(officers[0]))
    for officer in officers[:2]:
        redemption = decide(redemption, officer)
    assert Message.objects.get(kind="redemption.called").body == ""


def test_the_desk_reads_it_too(redemption: Redemption, officers: list[User]) -> None:
    for officer in officers[:2]:
        redemption = decide(redemption, officer)
    desk = client_of(officers[2])
    assert f"形式审查：{FORMAL}" in desk.get(reverse("desk-case", args=["redeem", redemption.number])).content.decode()
    assert FORMAL in desk.get(reverse("desk-paper", args=[redemption.number])).content.decode()


def test_other_states_keep_their_own_words(redemption: Redemption, officers: list[User]) -> None:
    redemption = decide(redemption, officers[0])
    redemption = decide(redemption, officers[1])
    redemption = decide(redemption, officers[2], "return", items=[("invoices", "发票不清楚")])
    assert (redemption.passed_label, status_of(redemption).label) == (FORMAL, "待补正")
    services.resubmit_redemption(redemption, by=redemption.created_by)
    assert str(status_of(Redemption.objects.get()).label) == FORMAL


def test_from_the_first_step_on_again_the_name_is_gone(redemption: Redemption, officers: list[User]) -> None:
    ChainStep.objects.update(resume_at="first")
    for officer in officers[:2]:
        redemption = decide(redemption, officer)
    redemption = decide(redemption, officers[2], "return", items=[("invoices", "发票不清楚")])
    services.resubmit_redemption(redemption, by=redemption.created_by)
    assert str(status_of(Redemption.objects.get()).label) == "审核中"


def test_sent_back_to_the_step_before_it_is_called_as_before_that(redemption: Redemption, officers: list[User]) -> None:
    ChainStep.objects.filter(position=3).update(return_to="previous")
    for officer in officers[:2]:
        redemption = decide(redemption, officer)
    redemption = decide(redemption, officers[2], "return", items=[("", "形式审查漏看一项")])
    assert (redemption.status, str(status_of(redemption).label)) == ("in_review", "审核中")
    redemption = decide(redemption, officers[1])
    assert str(status_of(redemption).label) == FORMAL


def test_a_refusal_names_nothing(redemption: Redemption, officers: list[User]) -> None:
    redemption = decide(redemption, officers[0])
    redemption = decide(redemption, officers[1], "reject", reason="不符合")
    assert (redemption.passed_label or "", str(status_of(redemption).label)) == ("", "不予兑付")
    assert not AuditRow.objects.filter(verb="review.called").exists()


def test_a_chain_without_names_changes_nothing() -> None:
    redemption = factories.submitted()
    redemption = decide(redemption, factories.officer())
    assert redemption.passed_label is None
    assert not AuditRow.objects.filter(verb="review.called").exists()


def test_a_decided_one_says_that_its_paper_keeps_it_open(redemption: Redemption, officers: list[User]) -> None:
    for officer in officers:
        redemption = decide(redemption, officer)
    words = "收到之前不能拨付，也不能办结"
    shown = page(redemption)
    assert words in shown
    assert "交签字盖章的纸质件" in shown
    assert rules.shown(redemption).turn == "enterprise"
    services.receive_paper(redemption, by=officers[0], office=office_of(officers[0]))
    assert Redemption.objects.get().status == "payable"
    assert words not in page(redemption)
