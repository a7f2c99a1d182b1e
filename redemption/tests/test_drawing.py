"""Experts are drawn by field from a recorded seed; who is bound to the case is not among them."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from innovation_voucher.casework import panels
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import AuditRow, Chain, ChainStep, Panel
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of
from redemption import rules, services
from redemption.models import Conflict, Expert, Redemption
from redemption.services.drawing import drawn as draw
from redemption.tests import drawing, factories

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-15"), pytest.mark.feature("TJ-6")]


@pytest.fixture(scope="module")
def built(kept: Path) -> Redemption:
    return drawing.redemption()


@pytest.fixture
def row(built: Redemption) -> Redemption:
    return deepcopy(built)


@pytest.fixture
def by() -> User:
    return drawing.owner()


def free(row: Redemption) -> set[str]:
    found = services.candidates(factories.case_of(row), drawing.make_field())
    return {expert.number for expert in found.free}


def test_the_draw_can_be_repeated_from_its_record(row: Redemption, by: User) -> None:
    panel = drawing.drawn(row, by, experts=8)
    record = AuditRow.objects.get(verb="panel.formed").after["draw"]
    assert [seat.label for seat in drawing.seats(panel)] == record["drawn"]
    known = {expert.number: expert for expert in Expert.objects.all()}
    assert len(record["from"]) == 8
    again = draw([known[number] for number in record["from"]], 3, record["seed"])
    assert [expert.number for expert in again] == record["drawn"]


def test_another_seed_draws_others(row: Redemption) -> None:
    experts = [drawing.make_expert() for _number in range(12)]
    draws = {tuple(expert.number for expert in draw(experts, 3, seed)) for seed in ("a", "b", "c", "d")}
    assert len(draws) > 1


def test_short_of_experts_nobody_is_invited_and_the_gap_is_named(row: Redemption, by: User) -> None:
    with pytest.raises(Refused, match="可抽取的专家有 2 名，还需 1 名"):
        drawing.drawn(row, by, experts=2)
    assert not Panel.objects.exists()


def test_only_active_experts_of_the_field_and_the_region_are_known(row: Redemption) -> None:
    good = drawing.make_expert()
    drawing.make_expert(drawing.make_field("知识产权"))
    drawing.make_expert(active=False)
    drawing.make_expert(region_code="320000")
    gone = drawing.make_expert()
    User.objects.filter(pk=gone.user_id).update(is_active=False)
    assert free(row) == {good.number}


def bound(kind: str, row: Redemption) -> None:
    """An expert who is bound to the redemption in one way."""
    carrier = row.lines.get().voucher.carrier.organization
    if kind == "unit":
        drawing.make_expert(unit=carrier.name)
    elif kind == "code":
        drawing.make_expert(unit_code=row.payee.credit_code)
    elif kind == "member":
        drawing.make_expert(user=cast.make_member(carrier))
    elif kind == "conflict":
        expert = drawing.make_expert()
        services.declare_conflict(expert, row.payee, by=expert.user, reason="持股")


@pytest.mark.parametrize("kind", ["unit", "code", "member", "conflict"])
def test_who_is_bound_to_a_side_is_kept_out(row: Redemption, kind: str) -> None:
    good = drawing.make_expert()
    bound(kind, row)
    found = services.candidates(factories.case_of(row), drawing.make_field())
    assert ([expert.number for expert in found.free], found.bound) == ([good.number], 1)


def test_more_are_drawn_from_those_who_did_not_sit_yet(row: Redemption, by: User) -> None:
    panel = drawing.drawn(row, by, experts=4)
    first = drawing.seats(panel)[0]
    services.replace_expert(first, by=by, office=None, reason="联系不上")
    assert [seat.status for seat in drawing.seats(panel)] == ["replaced", "invited", "invited", "invited"]
    assert len({seat.user_id for seat in drawing.seats(panel)}) == 4
    with pytest.raises(Refused, match="还需 1 名"):
        services.replace_expert(drawing.seats(panel)[1], by=by, office=None, reason="也联系不上")
    assert drawing.seats(panel)[1].status == "invited"


def test_a_conflict_once_declared_holds_for_later_cases_of_the_same_sides(row: Redemption, by: User) -> None:
    panel = drawing.drawn(row, by, experts=4)
    seat = drawing.seats(panel)[0]
    services.recuse_expert(seat, by=seat.user, reason="曾在该机构任职")
    sides = {conflict.organization for conflict in Conflict.objects.filter(expert__user=seat.user)}
    assert sides == {row.payee, row.lines.get().voucher.carrier.organization}
    programme = row.programme
    again = factories.submitted(organization=row.payee, programme=programme)
    assert seat.label not in free(again)
    services.draw_more(panel, by=by, office=None)
    assert drawing.seats(panel)[-1].status == "invited"


def two_rounds() -> Redemption:
    """A redemption whose chain asks experts twice, at two steps."""
    chain = Chain.objects.create(key=drawing.CHAIN, name="两轮评审")
    step = {"office_kind": "agency", "scope": "province", "right": "review_redemption", "working_days": 10}
    for position in (1, 2):
        ChainStep.objects.create(chain=chain, position=position, name=f"第{position}轮评审", panel=True, **step)
    return drawing.redemption()


def score_all(panel: Panel, by: User) -> None:
    for seat in drawing.seats(panel):
        panels.declare(seat, by=seat.user)
        panels.submit_sheet(seat, by=seat.user, points=drawing.POINTS, comment="")
    panels.conclude(panel, by=by, office=None, summary="平均 85 分，同意")


def test_who_scored_at_one_step_is_not_drawn_for_another(by: User) -> None:
    row = two_rounds()
    panel = drawing.drawn(row, by, experts=7)
    seated = {seat.label for seat in drawing.seats(panel)}
    known = free(row)
    assert seated < known, "the same step may be scored anew, after a return"
    score_all(panel, by)
    factories.decide(row, by=by)
    assert free(row) == known - seated
    second = services.draw_panel(
        drawing.task_of(row), drawing.make_field(), by=drawing.owner("另一人"), office=None, seed="0"
    )
    assert not seated & {seat.label for seat in drawing.seats(second)}


def test_who_scored_pays_nothing_and_answers_no_objection(row: Redemption, by: User) -> None:
    seat, other = drawing.seats(drawing.drawn(row, by))[:2]
    panels.declare(seat, by=seat.user)
    assert rules.involved(seat.user, [row]) == {row.pk}
    panels.release_seat(other, by=by, office=None, reason="联系不上")
    assert rules.involved(other.user, [row]) == set()
    assert rules.involved(seat.user, [factories.submitted(programme=row.programme)]) == set()


def test_the_same_conflict_twice_is_once(row: Redemption) -> None:
    expert = drawing.make_expert()
    one, two = (services.declare_conflict(expert, row.payee, by=expert.user, reason=why) for why in ("持股", "再说"))
    assert (one, two.reason, AuditRow.objects.filter(verb="expert.conflict").count()) == (two, "持股", 1)
    with pytest.raises(Refused, match="写明需要回避的原因"):
        services.declare_conflict(expert, row.payee, by=expert.user, reason=" ")


def test_the_agency_decides_after_the_experts(row: Redemption, by: User) -> None:
    panel = drawing.drawn(row, by)
    score_all(panel, by)
    assert factories.decide(row, by=by).status == "payable"


def test_who_leaves_the_register_is_no_expert_any_more() -> None:
    expert = drawing.make_expert()
    assert User.objects.get(pk=expert.user_id).is_expert
    expert.active = False
    services.save_expert(expert, by=expert.user)
    assert not User.objects.get(pk=expert.user_id).is_expert
    assert expert.fields.count() == 1


# --- The register in the admin ------------------------------------------------------------------


def keeper() -> User:
    user = cast.make_officer(factories.PROVINCE, "manage_lists", kind="province", name="名册")
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    return user


def entry(user: str, **values: Any) -> dict[str, Any]:
    region, field = cast.make_region(factories.PROVINCE), drawing.make_field()
    usual = {"number": "E-0100", "username": user, "region": region.pk, "unit": "云帆大学", "fields": [field.pk]}
    return {**usual, "active": "on", **values}


def test_the_province_keeps_the_register() -> None:
    person = cast.make_user("郑专家")
    client = client_of(keeper())
    response = client.post("/admin/redemption/expert/add/", entry(person.username))
    assert response.status_code == 302
    person.refresh_from_db()
    assert (person.is_expert, person.expert.number, person.expert.fields.count()) == (True, "E-0100", 1)
    page = client.get(f"/admin/redemption/expert/{person.expert.pk}/change/")
    assert person.username in page.content.decode()


@pytest.mark.parametrize("name", ["nobody", "taken"])
def test_an_entry_names_an_account_that_is_free(name: str) -> None:
    taken = drawing.make_expert(user=cast.make_user(username="taken"))
    response = client_of(keeper()).post("/admin/redemption/expert/add/", entry(name))
    assert response.status_code == 200
    assert [expert.pk for expert in type(taken).objects.all()] == [taken.pk]
