"""The signed paper: which offices register it, where, in which states, and what each refusal says."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Message
from innovation_voucher.tests import cast
from redemption import paper_rules, services
from redemption.models import Redemption
from redemption.services.redeeming import lock
from redemption.tests import factories, notices
from redemption.tests.itemized import district, make_programme, office_of, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.feature("TJ-6")]
RIGHT = paper_rules.RIGHT


@pytest.fixture(scope="module")
def built(kept: Path) -> Redemption:
    return submitted()


@pytest.fixture
def redemption(built: Redemption) -> Redemption:
    return deepcopy(built)


def fresh(redemption: Redemption) -> Redemption:
    return Redemption.objects.get(pk=redemption.pk)


def untouched(redemption: Redemption, before: str) -> bool:
    """Nothing was registered, told or written down, and the state is as it was."""
    found = fresh(redemption)
    said = AuditRow.objects.filter(verb="redemption.paper_received").exists()
    told = Message.objects.filter(kind="redemption.paper_received").exists()
    return (found.status, found.paper_received_at, said, told) == (before, None, False, False)


# --- Who ----------------------------------------------------------------------------------------


def _bureau(region: str, *rights: str) -> Callable[[], User]:
    return lambda: cast.make_officer(region, *rights, name=f"登记{region}")


def _office(kind: str, region: str) -> Callable[[], User]:
    def make() -> User:
        office = cast.make_office(kind, region, rights=(RIGHT,), name=f"{kind}{region}")
        return cast.make_officer(region, office=office)

    return make


#: Person -> whether they may register the county's paper: a bureau, with the right, on it or above.
PEOPLE: dict[str, tuple[Callable[[], User], bool]] = {
    "county bureau": (_bureau(cast.COUNTY, RIGHT), True),
    "city bureau": (_bureau("330100", RIGHT), True),
    "other county": (_bureau(cast.OTHER_COUNTY, RIGHT), False),
    "other city": (_bureau("330200", RIGHT), False),
    "other right": (_bureau(cast.COUNTY, "review_use", "view_cases", "publish_notices"), False),
    "no right": (_bureau(cast.COUNTY), False),
    "province": (_office("province", "330000"), False),
    "agency of the county": (_office("agency", cast.COUNTY), False),
    "third party": (_office("third_party", "330000"), False),
    "stranger": (lambda: cast.owner_of(cast.rival()), False),
}


@pytest.mark.parametrize("who", PEOPLE)
def test_a_bureau_with_the_right_over_the_region_registers_it(who: str, redemption: Redemption) -> None:
    make, may = PEOPLE[who]
    person = make()
    assert paper_rules.may_take_in(person, redemption)[0] is may
    if may:
        assert services.receive_paper(redemption, by=person).paper_received_at is not None
        return
    with pytest.raises(NotAllowed, match=r"纸质件由.+登记"):
        services.receive_paper(redemption, by=person)
    assert untouched(redemption, "in_review")


def test_who_left_the_office_registers_no_more(redemption: Redemption) -> None:
    person = district()
    person.groups.clear()
    with pytest.raises(NotAllowed):
        services.receive_paper(redemption, by=person)
    assert untouched(redemption, "in_review")


def test_whoever_is_shut_out_registers_nothing(redemption: Redemption) -> None:
    person = district()
    person.is_active = False
    person.save(update_fields=["is_active"])
    with pytest.raises(NotAllowed):
        services.receive_paper(redemption, by=person)
    assert untouched(redemption, "in_review")


def test_the_refusal_names_the_offices_that_can_the_nearest_first(redemption: Redemption) -> None:
    stranger = cast.make_user()
    assert paper_rules.may_take_in(stranger, redemption)[1] == f"纸质件由{redemption.region.name}登记。"
    cast.make_office("agency", "330000", rights=(RIGHT,), name="专业机构")
    cast.make_office("bureau", "330100", rights=(RIGHT,), name="市科技局")
    cast.make_office("bureau", cast.COUNTY, rights=(RIGHT,), name="区科技局")
    cast.make_office("bureau", cast.OTHER_COUNTY, rights=(RIGHT,), name="邻区科技局")
    cast.make_office("bureau", cast.COUNTY, rights=("view_cases",), name="区档案室")
    assert paper_rules.may_take_in(stranger, redemption) == (False, "纸质件由区科技局、市科技局登记。")


# --- When ---------------------------------------------------------------------------------------


def _returned(redemption: Redemption) -> None:
    factories.decide(redemption, "return", items=[("receipts", "回单日期与合同不符")])


def _rejected(redemption: Redemption) -> None:
    factories.decide(redemption, "reject", reason="不在范围内")


def _withdrawn(redemption: Redemption) -> None:
    services.withdraw_redemption(redemption, by=redemption.created_by)  # type: ignore[arg-type]


#: What happened before -> state, and what registering says; None = it is taken in.
MOMENTS: dict[str, tuple[Callable[[Redemption], Any], str, str | None]] = {
    "under review": (lambda _r: None, "in_review", None),
    "returned": (_returned, "returned", None),
    "approved": (factories.decide, "approved", None),
    "rejected": (_rejected, "rejected", "不予兑付"),
    "withdrawn": (_withdrawn, "withdrawn", "已撤回"),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_papers_are_taken_in_while_the_money_is_still_asked_for(moment: str, redemption: Redemption) -> None:
    happen, state, words = MOMENTS[moment]
    happen(redemption)
    officer = district()
    if words is None:
        done = services.receive_paper(redemption, by=officer)
        assert done.status == ("payable" if state == "approved" else state)
        assert not paper_rules.awaits_paper(fresh(redemption))
        return
    with pytest.raises(Refused, match=f"这件兑付现在是“{words}”，不能登记纸质件"):
        services.receive_paper(redemption, by=officer)
    assert untouched(redemption, state)


def test_the_right_is_asked_before_the_state(redemption: Redemption) -> None:
    _withdrawn(redemption)
    with pytest.raises(NotAllowed, match="登记"):
        services.receive_paper(redemption, by=cast.owner_of(redemption.payee))
    assert untouched(redemption, "withdrawn")


def test_what_is_paid_out_asks_for_no_second_paper() -> None:
    redemption = submitted()
    officer = district()
    services.receive_paper(redemption, by=officer)
    assert factories.decide(redemption).status == "payable"
    at = fresh(redemption).paper_received_at
    with pytest.raises(Refused, match="已登记"):
        services.receive_paper(redemption, by=officer)
    assert fresh(redemption).paper_received_at == at


def test_a_returned_redemption_keeps_its_paper_when_it_comes_again(redemption: Redemption) -> None:
    _returned(redemption)
    at = services.receive_paper(redemption, by=district()).paper_received_at
    by = redemption.created_by
    assert by is not None
    again = services.resubmit_redemption(fresh(redemption), by=by)
    assert (again.status, fresh(again).paper_received_at) == ("in_review", at)
    assert factories.decide(again).status == "payable"


def test_the_stale_copy_in_hand_does_not_decide(redemption: Redemption) -> None:
    officer, stale = district(), fresh(redemption)
    services.receive_paper(redemption, by=officer)
    assert stale.paper_received_at is None
    with pytest.raises(Refused, match="已登记"):
        services.receive_paper(stale, by=officer)
    assert AuditRow.objects.filter(verb="redemption.paper_received").count() == 1


# --- What is written and told -------------------------------------------------------------------


def test_who_registered_it_for_which_office_is_written_down(redemption: Redemption) -> None:
    officer = district()
    office = office_of(officer)
    services.receive_paper(redemption, by=officer, office=office)
    row = AuditRow.objects.get(verb="redemption.paper_received")
    assert (row.actor_id, row.office_name) == (officer.pk, office.name)
    assert row.region_path == redemption.region.path


def test_the_payees_people_are_told_by_number(redemption: Redemption) -> None:
    finance = cast.make_member(redemption.payee, role="finance")
    viewer = cast.make_member(redemption.payee, role="viewer")
    services.receive_paper(redemption, by=district())
    found = Message.objects.filter(kind="redemption.paper_received")
    assert {row.user_id for row in found} == {cast.owner_of(redemption.payee).pk, finance.pk}
    assert not found.filter(user=viewer).exists()
    assert {row.title for row in found} == {f"兑付申请 {redemption.number} 的纸质件已收到"}


@pytest.mark.feature("X-8")
def test_a_paper_does_not_settle_an_objection() -> None:
    programme = make_programme(publicity_days=5)
    redemption = factories.decide(submitted(programme))
    publicity = notices.opened(programme, redemption)
    notices.objection(publicity, redemption)
    services.receive_paper(redemption, by=district())
    found = fresh(redemption)
    assert (found.status, paper_rules.awaits_paper(found)) == ("contested", False)


def test_approved_before_its_list_it_is_not_paid_by_the_paper_alone() -> None:
    redemption = factories.decide(submitted(make_programme(publicity_days=5)))
    assert services.receive_paper(redemption, by=district()).status == "approved"
    assert not AuditRow.objects.filter(verb="redemption.released").exists()


def test_a_locked_row_reads_what_was_registered(redemption: Redemption) -> None:
    assert paper_rules.awaits_paper(redemption)
    services.receive_paper(redemption, by=district())
    assert not paper_rules.awaits_paper(lock(redemption))
