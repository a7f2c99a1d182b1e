"""The register of experts and the draw: what an entry changes, and who is never among those drawn."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from innovation_voucher.casework import panels
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Interest, Panel
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of
from redemption import services
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


def found(row: Redemption) -> services.Candidates:
    return services.candidates(factories.case_of(row), drawing.make_field())


def numbers(row: Redemption) -> list[str]:
    return [expert.number for expert in found(row).free]


def marked(user: User) -> bool:
    return User.objects.get(pk=user.pk).is_expert


# --- The register -------------------------------------------------------------------------------


def test_an_entry_given_to_another_person_leaves_the_former_one() -> None:
    expert = drawing.make_expert()
    former, later = expert.user, cast.make_user("接任")
    expert.user = later
    services.save_expert(expert, by=later)
    assert (marked(former), marked(later)) == (False, True)
    tasks = reverse("expert-tasks")
    assert (client_of(former).get(tasks).status_code, client_of(later).get(tasks).status_code) == (403, 200)


def test_an_entry_that_is_kept_as_it_was_changes_nobody() -> None:
    one, other = drawing.make_expert(), drawing.make_expert()
    services.save_expert(one, by=one.user)
    assert (marked(one.user), marked(other.user)) == (True, True)
    assert one.fields.count() == 1


def test_an_entry_that_rests_and_comes_back_keeps_its_number_and_fields() -> None:
    expert = drawing.make_expert()
    for active in (False, True):
        expert.active = active
        services.save_expert(expert, by=expert.user)
        assert marked(expert.user) is active
    assert [field.name for field in Expert.objects.get().fields.all()] == ["检验检测"]
    said = AuditRow.objects.filter(verb="expert.saved").order_by("id")
    assert [line.after["active"] for line in said] == [True, False, True]


def test_other_fields_replace_those_of_before(row: Redemption) -> None:
    expert = drawing.make_expert()
    services.save_expert(expert, by=expert.user, fields=[drawing.make_field("知识产权")])
    assert numbers(row) == []
    services.save_expert(expert, by=expert.user, fields=[])
    assert expert.fields.count() == 0


@pytest.mark.parametrize("write", [str.lower, lambda code: f" {code} ", str.upper])
def test_a_code_that_is_written_otherwise_is_still_the_side_s(row: Redemption, write: Any) -> None:
    code = row.payee.credit_code
    assert code is not None
    drawing.make_expert(unit_code=write(code))
    assert (numbers(row), found(row).bound) == ([], 1)
    assert Expert.objects.get().unit_code == code


def test_a_name_with_spaces_around_it_is_still_the_side_s(row: Redemption) -> None:
    drawing.make_expert(unit=f" {row.payee.name} ")
    assert (numbers(row), found(row).bound) == ([], 1)


def test_an_empty_code_binds_nobody(row: Redemption) -> None:
    founder = cast.make_organization("entrepreneur")
    cast.make_member(founder, user=cast.owner_of(row.payee))
    assert founder in services.sides_of(factories.case_of(row))
    expert = drawing.make_expert(unit_code="")
    assert numbers(row) == [expert.number]


# --- Who is never drawn -------------------------------------------------------------------------


def test_who_may_decide_on_the_step_is_not_drawn_for_it(row: Redemption, by: User) -> None:
    drawing.make_expert(user=by)
    colleague = drawing.owner("同事")
    drawing.make_expert(user=colleague)
    good = drawing.make_expert()
    assert (numbers(row), found(row).bound) == ([good.number], 2)
    with pytest.raises(Refused, match="可抽取的专家有 1 名，还需 2 名"):
        services.draw_panel(drawing.task_of(row), drawing.make_field(), by=by, office=None)
    assert not Panel.objects.exists()


def test_an_officer_of_another_province_may_be_an_expert_here(row: Redemption) -> None:
    expert = drawing.make_expert(user=drawing.owner_of_other_province())
    assert numbers(row) == [expert.number]


def test_who_keeps_away_from_the_case_is_not_drawn(row: Redemption) -> None:
    expert = drawing.make_expert()
    Interest.objects.create(case=factories.case_of(row), user=expert.user, reason="亲属任职", at=row.created_at)
    assert (numbers(row), found(row).bound) == ([], 1)


def test_a_member_who_left_the_side_stays_bound_to_it(row: Redemption) -> None:
    person = cast.make_member(row.payee)
    drawing.make_expert(user=person)
    person.memberships.update(active=False)
    assert (numbers(row), found(row).bound) == ([], 1)


def test_an_expert_of_two_fields_stands_once_among_those_of_each(row: Redemption) -> None:
    expert = drawing.make_expert()
    services.save_expert(expert, by=expert.user, fields=[drawing.make_field(), drawing.make_field("知识产权")])
    assert numbers(row) == [expert.number]
    services.declare_conflict(expert, row.payee, by=expert.user, reason="持股")
    assert found(row).bound == 1


def test_without_a_field_nobody_is_found(row: Redemption) -> None:
    drawing.make_expert()
    assert services.candidates(factories.case_of(row)).free == []


# --- The draw and its verbs ---------------------------------------------------------------------


def test_the_same_seed_over_the_same_register_seats_the_same(row: Redemption, by: User) -> None:
    panel = drawing.drawn(row, by, experts=7)
    everybody = list(Expert.objects.order_by("number"))
    again = draw(everybody, 3, "0123456789abcdef")
    assert [seat.label for seat in drawing.seats(panel)] == [expert.number for expert in again]
    assert panel.seed == "0123456789abcdef"


def test_a_draw_without_a_seed_makes_one_and_writes_it_down(row: Redemption, by: User) -> None:
    field = drawing.make_field()
    for _number in range(4):
        drawing.make_expert(field)
    panel = services.draw_panel(drawing.task_of(row), field, by=by, office=None)
    record = AuditRow.objects.get(verb="panel.formed").after
    assert len(panel.seed) == 16
    assert (record["seed"], record["draw"]["seed"], record["draw"]["kept_out"]) == (panel.seed, panel.seed, 0)


def test_a_stranger_draws_nobody(row: Redemption) -> None:
    field = drawing.make_field()
    for _number in range(3):
        drawing.make_expert(field)
    for person in (factories.officer(), drawing.owner_of_other_province(), cast.owner_of(row.payee)):
        with pytest.raises(NotAllowed):
            services.draw_panel(drawing.task_of(row), field, by=person, office=None)
    assert not Panel.objects.exists()
    assert not AuditRow.objects.filter(verb="panel.formed").exists()


def test_more_than_left_are_not_drawn(row: Redemption, by: User) -> None:
    panel = drawing.drawn(row, by, experts=6)
    seat = drawing.seats(panel)[0]
    with pytest.raises(Refused, match="现缺 0 名"):
        services.draw_more(panel, by=by, office=None)
    services.recuse_expert(seat, by=seat.user, reason="曾任职")
    with pytest.raises(Refused, match="现缺 1 名"):
        services.draw_more(panel, by=by, office=None, count=2)
    services.draw_more(panel, by=by, office=None)
    assert [row.status for row in drawing.seats(panel)] == ["recused", "invited", "invited", "invited"]
    record = AuditRow.objects.get(verb="panel.filled").after["draw"]
    assert (len(record["from"]), len(record["drawn"]), record["kept_out"]) == (3, 1, 3)


def test_without_a_reason_nobody_is_replaced_nor_drawn(row: Redemption, by: User) -> None:
    panel = drawing.drawn(row, by, experts=5)
    with pytest.raises(Refused, match="写明更换的原因"):
        services.replace_expert(drawing.seats(panel)[0], by=by, office=None, reason="  ")
    assert [seat.status for seat in drawing.seats(panel)] == ["invited"] * 3
    assert not AuditRow.objects.filter(verb__in=("panel.replaced", "panel.filled")).exists()


def test_keeping_away_is_the_expert_s_own_act(row: Redemption, by: User) -> None:
    panel = drawing.drawn(row, by)
    first, second, _third = drawing.seats(panel)
    for person in (second.user, by):
        with pytest.raises(NotAllowed, match="由另一位专家办理"):
            services.recuse_expert(first, by=person, reason="替他说")
    with pytest.raises(Refused, match="写明需要回避的原因"):
        services.recuse_expert(first, by=first.user, reason="")
    assert not Conflict.objects.exists()
    assert {seat.status for seat in drawing.seats(panel)} == {"invited"}


def test_a_conflict_after_the_sheet_comes_too_late(row: Redemption, by: User) -> None:
    seat = drawing.seats(drawing.drawn(row, by))[0]
    panels.declare(seat, by=seat.user)
    panels.submit_sheet(seat, by=seat.user, points=drawing.POINTS, comment="")
    with pytest.raises(Refused, match="不能再申请回避"):
        services.recuse_expert(seat, by=seat.user, reason="想起来了")
    assert not Conflict.objects.exists()


def test_who_left_the_register_is_still_bound_by_what_they_declared(row: Redemption, by: User) -> None:
    panel = drawing.drawn(row, by, experts=4)
    seat = drawing.seats(panel)[0]
    services.recuse_expert(seat, by=seat.user, reason="曾任职")
    expert = Expert.objects.get(user=seat.user)
    for active in (False, True):
        expert.active = active
        services.save_expert(expert, by=seat.user)
    again = factories.submitted(organization=row.payee, programme=row.programme)
    assert expert.number not in numbers(again)
