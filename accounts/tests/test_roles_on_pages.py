"""Every role of an organization on every page of it; the panels, the first page, the account page."""

from typing import Any

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from accounts import pages, rules
from accounts.dashboard import Panel, panels_for, register_panel
from accounts.models import Membership, Organization, User, Verification
from accounts.people import people_of
from accounts.services import members_of, start_verification, submit_verification
from accounts.tests.conftest import ANSWERS
from innovation_voucher.casework.models import Chain
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of, post, text_of

pytestmark = pytest.mark.django_db

ROLES = ("owner", "handler", "finance", "viewer")
WRITERS = ("owner", "handler")
READING = ("ent-home", "ent-cert", "ent-cert-history", "security")
WRITING = ("ent-cert-check", "ent-cert-autofill", "ent-cert-withdraw")

roles = pytest.mark.parametrize("role", ROLES)


def person_of(organization: Organization, role: str) -> User:
    return cast.owner_of(organization) if role == "owner" else cast.make_member(organization, role=role)


# --- Pages --------------------------------------------------------------------------------------


@roles
@pytest.mark.parametrize("name", READING)
def test_every_role_reads(complete: Verification, role: str, name: str) -> None:
    client = client_of(person_of(complete.organization, role))
    assert client.get(reverse(name)).status_code == 200


@roles
@pytest.mark.parametrize("name", WRITING)
def test_writers_alone_open_the_pages_that_write(complete: Verification, role: str, name: str) -> None:
    answer = client_of(person_of(complete.organization, role)).get(reverse(name))
    assert answer.status_code == (200 if role in WRITERS else 403)
    if role not in WRITERS:
        assert "管理员、经办人" in text_of(answer)


@roles
def test_writers_alone_begin_a_verification(applicant: Organization, chain: Chain, role: str) -> None:
    answer = post(client_of(person_of(applicant, role)), reverse("ent-cert-start"))
    assert answer.status_code == (302 if role in WRITERS else 403)
    assert applicant.verifications.count() == (1 if role in WRITERS else 0)


@roles
def test_writers_alone_hand_in(complete: Verification, role: str) -> None:
    post(client_of(person_of(complete.organization, role)), reverse("ent-cert-check"), declared="on")
    complete.refresh_from_db()
    assert complete.status == ("submitted" if role in WRITERS else "draft")


@roles
def test_writers_alone_take_back(complete: Verification, role: str) -> None:
    submit_verification(complete, by=cast.owner_of(complete.organization))
    post(client_of(person_of(complete.organization, role)), reverse("ent-cert-withdraw"))
    complete.refresh_from_db()
    assert complete.status == ("withdrawn" if role in WRITERS else "submitted")


@roles
@pytest.mark.parametrize("name", READING[:3])
def test_who_has_left_is_told_to_be_a_member(complete: Verification, role: str, name: str) -> None:
    person = person_of(complete.organization, role)
    Membership.objects.filter(user=person).update(active=False)
    assert client_of(person).get(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", READING[:3])
def test_an_officer_is_no_member_of_what_the_office_accepts(complete: Verification, officer: User, name: str) -> None:
    assert client_of(officer).get(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", ["ent-cert-start", "ent-cert-mend"])
def test_an_act_is_no_page_to_open(complete: Verification, name: str) -> None:
    assert client_of(cast.owner_of(complete.organization)).get(reverse(name)).status_code == 405


@pytest.mark.parametrize("name", ["ent-home", "ent-cert", "ent-cert-done", "ent-cert-history", "security"])
def test_a_page_to_read_takes_no_post(complete: Verification, name: str) -> None:
    assert client_of(cast.owner_of(complete.organization)).post(reverse(name)).status_code == 405


# --- The rules behind them ----------------------------------------------------------------------


@roles
@pytest.mark.parametrize("wanted", [("owner",), ("owner", "finance"), ("viewer",), ROLES])
def test_a_role_acts_exactly_where_it_is_named(role: str, wanted: tuple[str, ...]) -> None:
    organization = cast.enterprise()
    allowed, reason = rules.may_act(person_of(organization, role), organization, roles=wanted)
    assert allowed is (role in wanted)
    assert bool(reason) is not allowed


@roles
def test_members_are_told_by_their_role_alone(role: str) -> None:
    organization = cast.enterprise()
    made = {each: person_of(organization, each) for each in ROLES}
    assert people_of(organization, roles=(role,)) == [made[role]]


def test_without_a_role_named_writers_are_told() -> None:
    organization = cast.enterprise()
    made = {each: person_of(organization, each) for each in ROLES}
    assert people_of(organization) == [made["owner"], made["handler"]]


def test_who_cannot_sign_in_is_not_told_anything() -> None:
    organization = cast.enterprise()
    handler = cast.make_member(organization)
    User.objects.filter(pk=handler.pk).update(is_active=False)
    assert handler not in people_of(organization)
    assert [member.user for member in members_of(organization)] == [cast.owner_of(organization), handler]


# --- Panels: each story has an audience of its own, so that none reads another's -----------------


def titled(name: str) -> Any:
    return lambda request: Panel(f"{name}.html")


def names(audience: str) -> list[str]:
    request: HttpRequest = RequestFactory().get("/")
    return [panel.template for panel in panels_for(audience, request)]


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
def test_panels_stand_by_position_whoever_came_first(order: tuple[int, ...]) -> None:
    audience = f"positions {order}"
    for position in order:
        register_panel(audience, position, titled(str(position)))
    assert names(audience) == ["1.html", "2.html", "3.html"]


def test_panels_of_one_position_keep_the_order_of_coming() -> None:
    for name in ("b", "a", "c"):
        register_panel("ties", 5, titled(name))
    assert names("ties") == ["b.html", "a.html", "c.html"]


def test_a_panel_is_shown_to_its_audience_only() -> None:
    register_panel("theirs", 1, titled("theirs"))
    assert names("theirs") == ["theirs.html"]
    assert "theirs.html" not in names("nobody's")


def test_a_panel_with_nothing_to_show_leaves_no_gap() -> None:
    register_panel("gaps", 1, lambda request: None)
    register_panel("gaps", 2, titled("rest"))
    assert names("gaps") == ["rest.html"]


# --- The first page of newcomers, the account page, the receipt ---------------------------------


@pytest.mark.parametrize(
    ("kind", "need", "other"),
    [("enterprise", "对公收款账户", "本人收款账户"), ("entrepreneur", "本人收款账户", "对公收款账户")],
)
def test_a_newcomer_reads_what_to_have_at_hand(kind: str, need: str, other: str) -> None:
    organization = cast.make_organization(kind, verified=False)
    text = text_of(client_of(cast.owner_of(organization)).get(reverse("ent-home")))
    assert need in text
    assert other not in text


def test_a_begun_verification_is_gone_on_with_and_a_waiting_one_looked_at(complete: Verification) -> None:
    owner = cast.owner_of(complete.organization)
    client = client_of(owner)
    assert "继续办理" in text_of(client.get(reverse("ent-home")))
    submit_verification(complete, by=owner)
    text = text_of(client.get(reverse("ent-home")))
    assert "查看进度" in text
    assert "继续办理" not in text


@pytest.mark.parametrize("verified", [True, False])
def test_the_account_page_says_whether_there_is_a_payee_account(verified: bool) -> None:
    organization = cast.make_organization(verified=verified)
    text = text_of(client_of(cast.owner_of(organization)).get(reverse("security")))
    assert ("认证通过后启用" in text) is not verified
    assert ("云帆银行" in text) is verified


@roles
def test_the_account_page_names_each_role_in_words(role: str) -> None:
    organization = cast.enterprise()
    person = person_of(organization, role)
    text = text_of(client_of(person).get(reverse("security")))
    assert f">{Membership.Role(role).label}</td>" in text


def test_the_receipt_names_number_applicant_office_and_papers(complete: Verification) -> None:
    office = cast.make_office(rights=("review_verification",))
    submit_verification(complete, by=cast.owner_of(complete.organization))
    complete.refresh_from_db()
    text = render_to_string("accounts/receipt.html", pages.state(complete))
    for words in (complete.number, complete.organization.name, office.name, "营业执照；", "不代表审核结果"):
        assert words in text
    assert ANSWERS["account_number"] not in text
    assert "单位性质" not in text


def test_the_receipt_names_the_region_where_no_office_accepts_yet(applicant: Organization, chain: Chain) -> None:
    draft = start_verification(applicant, by=cast.owner_of(applicant))
    text = render_to_string("accounts/receipt.html", pages.state(draft))
    assert applicant.bureau.full_name in text
    assert "—" in text
