"""Pages of panels: the office that owns the step, and the experts; what each does not see."""

from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from innovation_voucher.casework import attachments, calendar, panels
from innovation_voucher.casework.models import Panel, PanelSeat
from innovation_voucher.lib.uploads import Rule
from innovation_voucher.tests import cast
from innovation_voucher.tests.racing import race
from orders.models import Order
from redemption.models import Conflict, Redemption
from redemption.tests import drawing, factories
from redemption.tests.pages import client_for, post, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-15"), pytest.mark.feature("TJ-6")]


World = tuple[Redemption, User, Panel]


@pytest.fixture(scope="module")
def built(kept: Path) -> World:
    """A redemption that experts see, the owner of the step, and a panel drawn from four."""
    row, by = drawing.redemption(), drawing.owner()
    return row, by, drawing.drawn(row, by, experts=4)


@pytest.fixture
def world(built: World) -> World:
    return deepcopy(built)


@pytest.fixture
def row(world: World) -> Redemption:
    return world[0]


@pytest.fixture
def by(world: World) -> User:
    return world[1]


@pytest.fixture
def panel(world: World) -> Panel:
    return world[2]


@pytest.fixture
def seat(panel: Panel) -> PanelSeat:
    return drawing.seats(panel)[0]


def page_of(row: Redemption) -> str:
    return reverse("inst-panel", args=["redeem", row.number])


def act(client: Client, row: Redemption, name: str, **values: Any) -> Any:
    return post(client, page_of(row), act=name, **{f"{name}-{key}": value for key, value in values.items()})


# --- The owner ----------------------------------------------------------------------------------


def test_the_owner_draws_on_the_page() -> None:
    row, by = drawing.redemption(), drawing.owner()
    for _number in range(3):
        drawing.make_expert()
    client = client_for(by)
    assert row.number in text_of(client.get(reverse("inst-panels")))
    assert "待抽取专家" in text_of(client.get(reverse("inst-panels")))
    assert act(client, row, "draw", field="").status_code == 422
    assert act(client, row, "draw", field=drawing.make_field().pk)["Location"] == page_of(row)
    page = text_of(client.get(page_of(row)))
    assert all(seat.label in page for seat in drawing.seats(Panel.objects.get()))


def test_too_few_experts_are_said_on_the_page() -> None:
    row, by = drawing.redemption(), drawing.owner()
    response = act(client_for(by), row, "draw", field=drawing.make_field().pk)
    assert response.status_code == 422
    assert "还需 3 名" in text_of(response)
    assert not Panel.objects.exists()


def test_the_owner_gives_days_replaces_and_fills(row: Redemption, panel: Panel, by: User) -> None:
    client, (first, second, _third) = client_for(by), drawing.seats(panel)
    assert act(client, row, "extend", days=3).status_code == 302
    assert act(client, row, "replace", seat=first.pk, reason="联系不上").status_code == 302
    panels.recuse(second, by=second.user, reason="任职")
    drawing.make_expert()
    assert act(client, row, "more", count=1).status_code == 302
    assert [s.status for s in drawing.seats(panel)] == ["replaced", "recused", "invited", "invited", "invited"]
    assert Panel.objects.get().due_on == calendar.add_working_days(calendar.today(), 3)


def test_scores_far_apart_are_given_a_second_look_before_the_summary(row: Redemption, panel: Panel, by: User) -> None:
    client = client_for(by)
    for seat, need in zip(drawing.seats(panel), (25, 25, 1), strict=True):
        panels.declare(seat, by=seat.user)
        given = {**drawing.POINTS, "reality": need}
        panels.submit_sheet(seat, by=seat.user, points=given, comment="意见")
    page = text_of(client.get(page_of(row)))
    assert "相差 24 分，须先复议" in page
    assert "写汇总意见" not in page
    assert act(client, row, "conclude", summary="同意").status_code == 409
    assert act(client, row, "again", days=2, reason="再议").status_code == 302
    for seat in drawing.seats(panel):
        panels.submit_sheet(seat, by=seat.user, points=drawing.POINTS, comment="")
    assert act(client, row, "conclude", summary="一致同意").status_code == 302
    assert "一致同意" in text_of(client.get(page_of(row)))
    assert "去作出决定" in text_of(client.get(page_of(row)))


def test_a_sheet_that_is_not_given_stays_hidden_from_the_owner(row: Redemption, seat: PanelSeat, by: User) -> None:
    panels.declare(seat, by=seat.user)
    panels.save_sheet(seat, by=seat.user, points={"reality": 17}, comment="只是草稿")
    page = text_of(client_for(by).get(page_of(row)))
    assert " 17 " not in page
    assert "只是草稿" not in page


def test_others_have_no_such_page(row: Redemption, panel: Panel) -> None:
    for person in (factories.officer(), drawing.owner_of_other_province()):
        client = client_for(person)
        assert client.get(page_of(row)).status_code == 404
        assert row.number not in text_of(client.get(reverse("inst-panels")))
        assert act(client, row, "extend", days=9).status_code == 404
    assert client_for(cast.owner_of(row.payee)).get(page_of(row)).status_code == 403
    assert Panel.objects.get().due_on == panel.due_on


# --- The expert ---------------------------------------------------------------------------------


def case_page(seat: PanelSeat, name: str = "expert-case") -> str:
    return reverse(name, args=[seat.case.number])


def test_an_expert_declares_scores_checks_and_submits(seat: PanelSeat) -> None:
    client = client_for(seat.user)
    assert client.get(reverse("start"))["Location"] == reverse("expert-tasks")
    assert seat.case.number in text_of(client.get(reverse("expert-tasks")))
    invited = client.get(case_page(seat))
    assert "保密与回避声明" in text_of(invited)
    assert "研发活动真实性" not in text_of(invited)
    assert post(client, case_page(seat)).status_code == 422
    assert post(client, case_page(seat), agree="on").status_code == 302
    assert post(client, case_page(seat), reality="22").status_code == 302
    assert 'value="22"' in client.get(case_page(seat)).content.decode()
    checked = post(client, case_page(seat), **drawing.POINTS, check="1")
    assert checked["Location"] == case_page(seat, "expert-check")
    assert "85 / 100" in text_of(client.get(case_page(seat, "expert-check")))
    assert post(client, case_page(seat, "expert-check")).status_code == 422
    assert post(client, case_page(seat, "expert-check"), agree="on").status_code == 302
    seat.refresh_from_db()
    assert (seat.status, seat.total) == ("submitted", 85)
    assert seat.case.number not in text_of(client.get(reverse("expert-tasks")))
    assert seat.case.number in text_of(client.get(reverse("expert-history")))


@pytest.mark.parametrize(("points", "words"), [("26", "25"), ("-1", "0"), ("好", "整数")])
def test_points_out_of_range_are_said_beside_the_row(seat: PanelSeat, points: str, words: str) -> None:
    panels.declare(seat, by=seat.user)
    response = post(client_for(seat.user), case_page(seat), reality=points, relevance="18")
    assert response.status_code == 422
    assert words in text_of(response)
    assert 'value="18"' in response.content.decode()
    assert PanelSeat.objects.get(pk=seat.pk).points == {}


def test_an_unfinished_or_low_sheet_is_refused_at_the_check(seat: PanelSeat) -> None:
    panels.declare(seat, by=seat.user)
    client = client_for(seat.user)
    post(client, case_page(seat), reality="22", check="1")
    response = post(client, case_page(seat, "expert-check"), agree="on")
    assert response.status_code == 422
    assert "还没有评分" in text_of(response)
    assert PanelSeat.objects.get(pk=seat.pk).status == "declared"


def test_a_late_sheet_is_locked_with_a_line_whom_to_ask(seat: PanelSeat) -> None:
    panels.declare(seat, by=seat.user)
    Panel.objects.update(due_on=calendar.today() - timedelta(days=1))
    client = client_for(seat.user)
    page = text_of(client.get(case_page(seat)))
    assert "评分已锁定。需要延长时，请联系组织评审的机构" in page
    assert "暂存" not in page
    assert post(client, case_page(seat), reality="22").status_code == 403
    assert PanelSeat.objects.get(pk=seat.pk).points == {}


def test_a_declared_conflict_hides_the_case(seat: PanelSeat) -> None:
    client = client_for(seat.user)
    assert post(client, case_page(seat, "expert-recuse"), reason="").status_code == 422
    assert post(client, case_page(seat, "expert-recuse"), reason="曾任职")["Location"] == reverse("expert-tasks")
    for name in ("expert-case", "expert-check", "expert-recuse"):
        assert client.get(case_page(seat, name)).status_code == 404
    history = text_of(client.get(reverse("expert-history")))
    assert seat.case.number in history
    assert seat.case.title not in history
    assert Conflict.objects.filter(expert__user=seat.user).count() == 2


def test_a_case_of_others_does_not_exist(panel: Panel) -> None:
    stranger = drawing.make_expert()
    for name in ("expert-case", "expert-check", "expert-recuse"):
        assert client_for(stranger.user).get(reverse(name, args=[panel.case.number])).status_code == 404
    assert client_for(cast.make_user()).get(reverse("expert-tasks")).status_code == 403


@pytest.mark.parametrize("blind", [True, False])
def test_a_blind_panel_does_not_read_who_applies(blind: bool) -> None:
    by, row = drawing.owner(), drawing.redemption({"blind": blind})
    seat = drawing.seats(drawing.drawn(row, by))[0]
    client = client_for(seat.user)
    pages = [client.get(case_page(seat)).content.decode()]
    panels.declare(seat, by=seat.user)
    pages += [client.get(case_page(seat, name)).content.decode() for name in ("expert-case", "expert-check")]
    assert {row.payee.name in page for page in pages[:2]} == {not blind}
    assert (row.payee.name in pages[2]) is (not blind)


def test_the_evidence_is_open_to_who_has_declared_and_to_no_other(row: Redemption, panel: Panel) -> None:
    first, second, _third = drawing.seats(panel)
    order = Order.objects.get(voucher__lines__redemption=row)
    rule = Rule(formats=("png",), max_bytes=10**6)
    by = cast.owner_of(row.payee)
    file = attachments.attach(order, "contract", name="合同.png", data=factories.png(), rule=rule, by=by)
    url = reverse("file", args=[file.token])
    panels.declare(first, by=first.user)
    opened = client_for(first.user).get(url)
    assert b"".join(opened.streaming_content)  # read to its end, which closes the file
    assert opened.status_code == 200
    assert "合同.png" in text_of(client_for(first.user).get(case_page(first)))
    assert client_for(second.user).get(url).status_code == 404
    assert client_for(drawing.make_expert().user).get(url).status_code == 404
    panels.recuse(first, by=first.user, reason="任职")
    assert client_for(first.user).get(url).status_code == 404


def test_an_expert_declares_an_organization(seat: PanelSeat, row: Redemption) -> None:
    client, url = client_for(seat.user), reverse("expert-declaration")
    unknown = post(client, url, organization="没有这家", reason="持股")
    assert unknown.status_code == 422
    assert "平台上没有这个单位" in text_of(unknown)
    assert post(client, url, organization=row.payee.name, reason="持股").status_code == 302
    assert row.payee.name in text_of(client.get(url))
    assert Conflict.objects.get().organization == row.payee


# --- At once ------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_experts_submit_the_last_sheets_at_the_same_moment() -> None:
    """The panel ends once, and no sheet is lost."""
    panel = drawing.drawn(drawing.redemption(), drawing.owner())
    first, second, third = drawing.seats(panel)
    for seat in (first, second, third):
        panels.declare(seat, by=seat.user)
    panels.submit_sheet(first, by=first.user, points=drawing.POINTS, comment="")
    said = race(
        *(
            lambda seat=seat: panels.submit_sheet(seat, by=seat.user, points=drawing.POINTS, comment="")
            for seat in (second, third)
        )
    )
    assert said == ["done", "done"]
    assert Panel.objects.get().status == "ended"
    assert [seat.total for seat in drawing.seats(panel)] == [85, 85, 85]
