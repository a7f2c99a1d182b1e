"""A redemption that comes before the public twice, objections that outlive their list, and the paper beside both."""

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from innovation_voucher.casework import invariants, panels, reviews, sweeps
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Message, Panel, ReviewTask
from innovation_voucher.tests import cast
from innovation_voucher.tests.kept import begins
from redemption import services
from redemption.models import Objection, Publicity, Redemption
from redemption.tests import drawing, factories, itemized, notices
from vouchers.models import Programme

pytestmark = [pytest.mark.django_db, pytest.mark.feature("X-8")]


@pytest.fixture
def programme() -> Programme:
    return notices.make_programme()


@pytest.fixture
def by() -> User:
    return notices.publisher("严答复")


def close(publicity: Publicity) -> None:
    """Let the clock close the list."""
    sweeps.run("redemption.lists", at=notices.noon(publicity, 1))


def seen_again(publicity: Publicity, by: User) -> tuple[Redemption, Objection]:
    """The first redemption of the list, approved a second time after an objection; another one is still open."""
    row = publicity.redemptions.order_by("pk").first()
    assert row is not None
    one, two = notices.objection(publicity, row), notices.objection(publicity, row, name="甲")
    services.uphold_objection(one, by=by, office=None, answer="重新核定")
    return factories.decide(row, by=factories.officer("第二审核")), two


Again = tuple[Publicity, Redemption, Objection, User]


def again() -> Again:
    """The first list, and what is seen again of it, by whom."""
    by = notices.publisher("严答复")
    publicity = notices.opened(notices.make_programme())
    return publicity, *seen_again(publicity, by), by


@pytest.fixture
def twice(begun: Again) -> Again:
    return deepcopy(begun)


# --- An objection to the first list is open while the second one is -------------------------------


@begins(again)
def test_an_open_objection_goes_on_holding_it_up_on_the_next_list(twice: Again) -> None:
    _first, row, _open, _by = twice
    second = notices.opened(row.programme, row)
    assert notices.state(row) == "contested"
    close(second)
    assert notices.state(row) == "contested"


@begins(again)
def test_dismissed_meanwhile_it_is_not_paid_before_its_second_list_is_over(twice: Again) -> None:
    first, row, still_open, by = twice
    close(first)
    second = notices.opened(row.programme, row)
    services.dismiss_objection(still_open, by=by, office=None, answer="不成立")
    assert notices.state(row) == "in_publicity"
    close(second)
    assert notices.state(row) == "payable"


@begins(again)
def test_dismissed_after_its_second_list_it_is_paid_at_once(twice: Again) -> None:
    _first, row, still_open, by = twice
    close(notices.opened(row.programme, row))
    services.dismiss_objection(still_open, by=by, office=None, answer="不成立")
    assert notices.state(row) == "payable"
    assert invariants.broken() == {}


@begins(again)
@pytest.mark.parametrize(("refuse", "state"), [(False, "in_review"), (True, "rejected")])
def test_upheld_on_the_second_list_it_has_its_effect(twice: Again, refuse: bool, state: str) -> None:
    _first, row, still_open, by = twice
    second = notices.opened(row.programme, row)
    services.uphold_objection(still_open, by=by, office=None, answer="合同不实", refuse=refuse)
    close(second)
    assert notices.state(row) == state


@begins(again)
def test_an_objection_answered_before_does_not_hold_up_the_next_list(twice: Again) -> None:
    _first, row, still_open, by = twice
    services.dismiss_objection(still_open, by=by, office=None, answer="不成立")
    assert notices.state(row) == "approved"
    second = notices.opened(row.programme, row)
    assert notices.state(row) == "in_publicity"
    close(second)
    assert notices.state(row) == "payable"


def test_upheld_experts_score_anew(by: User) -> None:
    row, owner = drawing.redemption(publicity_days=5), drawing.owner()
    for again in (False, True):
        if again:
            publicity = notices.opened(row.programme, Redemption.objects.get(pk=row.pk))
            services.uphold_objection(notices.objection(publicity, row), by=by, office=None, answer="重新评审")
        task = drawing.task_of(row)
        with pytest.raises(Refused, match="须先抽取专家评审"):
            reviews.decide(task, by=owner, office=None, decision="approve")
        panel = drawing.drawn(row, owner)
        for seat in drawing.seats(panel):
            panels.declare(seat, by=seat.user)
            panels.submit_sheet(seat, by=seat.user, points=drawing.POINTS, comment="")
        panels.conclude(panel, by=owner, office=None, summary="同意")
        assert factories.decide(row, by=owner).status == "approved"
    assert Panel.objects.count() == 2


# --- What waits for a list, and what does not -----------------------------------------------------


def test_what_only_waits_for_its_paper_stands_on_no_list(by: User) -> None:
    row = approved_by_district(itemized.make_programme())
    assert row.status == "approved"
    assert not services.awaiting(row.programme, row.region).exists()
    with pytest.raises(Refused, match="不在待公示之列"):
        notices.draft(row.programme, row, by=by)
    assert not Publicity.objects.exists()


def test_a_list_over_nothing_new_is_refused_and_a_blank_title_is_trimmed(programme: Programme, by: User) -> None:
    row = notices.approved(programme)
    assert notices.draft(programme, row, by=by, title="  拟兑付名单 ").title == "拟兑付名单"
    other = notices.make_programme(kind="另一类")
    with pytest.raises(Refused, match="不在待公示之列"):
        notices.draft(other, row, by=by)


# --- The paper, the list and an objection together ------------------------------------------------


def approved_by_district(programme: Programme) -> Redemption:
    """A redemption with a paper, agreed to by the district."""
    row, officer = itemized.submitted(programme), itemized.district()
    task = ReviewTask.objects.get(case=reviews.live_case(row), status="open")
    reviews.decide(task, by=officer, office=itemized.office_of(officer), decision="approve")
    return Redemption.objects.get(pk=row.pk)


def agreed() -> Redemption:
    """One that waits for its paper and its list."""
    return approved_by_district(itemized.make_programme(publicity_days=5))


@pytest.fixture
def row(begun: Redemption) -> Redemption:
    return deepcopy(begun)


def give_paper(row: Redemption) -> None:
    officer = itemized.district()
    services.receive_paper(row, by=officer, office=itemized.office_of(officer))


@begins(agreed)
@pytest.mark.parametrize(
    "order",
    [
        ("paper", "close", "dismiss"),
        ("paper", "dismiss", "close"),
        ("close", "paper", "dismiss"),
        ("close", "dismiss", "paper"),
        ("dismiss", "paper", "close"),
        ("dismiss", "close", "paper"),
    ],
)
def test_paper_list_and_answer_are_all_needed_in_whatever_order(
    by: User, order: tuple[str, ...], row: Redemption
) -> None:
    publicity = notices.opened(row.programme, row)
    found = notices.objection(publicity, row)
    acts: dict[str, Any] = {
        "paper": lambda: give_paper(row),
        "close": lambda: close(publicity),
        "dismiss": lambda: services.dismiss_objection(found, by=by, office=None, answer="不成立"),
    }
    for act in order:
        assert notices.state(row) in ("contested", "in_publicity")
        acts[act]()
    assert notices.state(row) == "payable"
    assert AuditRow.objects.filter(subject_id=row.pk, verb="redemption.released").count() == 1


@begins(agreed)
def test_before_its_list_the_paper_changes_nothing(by: User, row: Redemption) -> None:
    give_paper(row)
    assert notices.state(row) == "approved"
    publicity = notices.opened(row.programme, row)
    close(publicity)
    assert notices.state(row) == "payable"
    assert not Message.objects.filter(kind="redemption.paper_awaited").exists()


@begins(agreed)
def test_a_batch_takes_nothing_that_waits_for_its_paper_after_the_list(row: Redemption) -> None:
    close(notices.opened(row.programme, row))
    settler = factories.settler()
    preview = services.preview_of(factories.draft(settler, row.programme))
    assert (preview.total, preview.included) == (Decimal(0), [])
    give_paper(row)
    assert services.preview_of(factories.draft(settler, row.programme)).total == Decimal("4549.50")


# --- Rights ---------------------------------------------------------------------------------------


def test_who_belongs_to_a_side_answers_nothing_said_against_it(programme: Programme) -> None:
    found = notices.objection(notices.opened(programme))
    officer = notices.publisher("两边")
    cast.make_member(found.redemption.payee, user=officer)
    for verb in (services.dismiss_objection, services.uphold_objection):
        with pytest.raises(NotAllowed, match="异议由另一人答复"):
            verb(found, by=officer, office=None, answer="无误")
    assert notices.state(found.redemption) == "contested"
