"""The parts a person plays: choosing one, the first page of each, and the panels of the dashboards."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import dashboard, services
from accounts.dashboard import Panel
from accounts.models import Membership, Organization, User, Verification
from accounts.viewer import roles_of
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import HOSTILE, client_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def two() -> tuple[User, Organization, Organization]:
    """A person of two enterprises."""
    first, second = cast.enterprise(), cast.rival()
    person = cast.owner_of(first)
    cast.make_member(second, user=person, role="viewer")
    return person, first, second


def choose(client: Client, organization: Organization, **extra: str) -> Any:
    return client.post(reverse("choose-role"), {"role": f"organization:{organization.pk}", **extra})


def test_one_part_for_each_organization_in_the_order_of_joining(two: tuple[User, Organization, Organization]) -> None:
    person, first, second = two
    assert [(role.audience, role.organization) for role in roles_of(person)] == [
        ("enterprise", first),
        ("enterprise", second),
    ]


def test_carriers_and_what_was_left_are_no_enterprise_s_part() -> None:
    person = cast.owner_of(cast.make_organization("carrier"))
    left = cast.enterprise()
    cast.make_member(left, user=person)
    Membership.objects.filter(organization=left, user=person).update(active=False)
    assert list(roles_of(person)) == []


def test_the_chosen_part_is_what_every_page_is_about(two: tuple[User, Organization, Organization]) -> None:
    person, first, second = two
    client = client_of(person)
    assert first.name in text_of(client.get(reverse("security")))
    assert choose(client, second).status_code == 302
    page = text_of(client.get(reverse("security")))
    assert second.name in page
    assert first.credit_code not in page


def test_another_s_part_cannot_be_chosen(two: tuple[User, Organization, Organization]) -> None:
    person, first, _second = two
    client = client_of(person)
    assert choose(client, cast.make_organization()).status_code == 422
    assert first.name in text_of(client.get(reverse("security")))


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_choosing_leads_to_no_other_site(two: tuple[User, Organization, Organization], target: str) -> None:
    assert choose(client_of(two[0]), two[2], next=target).headers["Location"] == "/"


def test_rights_are_those_of_the_chosen_part(two: tuple[User, Organization, Organization]) -> None:
    person, first, second = two
    Verification.objects.all().delete()
    client = client_of(person)
    choose(client, second)
    services.start_verification(second, by=cast.owner_of(second))
    assert client.get(reverse("ent-cert-check")).status_code == 403
    choose(client, first)
    assert client.get(reverse("ent-cert-check")).status_code == 404


# --- First pages ----------------------------------------------------------------------------------


def _staff() -> User:
    return cast.make_user(is_staff=True, is_superuser=True)


STARTS = [
    (lambda: cast.owner_of(cast.make_organization()), "/ent/"),
    (lambda: cast.owner_of(cast.make_organization("entrepreneur")), "/ent/"),
    (lambda: cast.owner_of(cast.make_organization("carrier")), "/carrier/"),
    (lambda: cast.make_officer(cast.COUNTY, "review_verification"), "/desk/"),
    (lambda: cast.make_officer("330000", "view_cases", kind="province"), "/desk/"),
    (_staff, "/admin/"),
    (cast.make_user, "/"),
]


@pytest.mark.parametrize(("make", "path"), STARTS)
def test_everybody_starts_on_the_page_of_their_part(make: Any, path: str) -> None:
    assert client_of(make()).get(reverse("start")).headers["Location"] == path


def test_nobody_s_start_is_the_front_page() -> None:
    assert client_of().get(reverse("start")).headers["Location"] == "/"


@pytest.mark.parametrize(
    ("state", "words"), [(None, "三步用上创新券"), ("draft", "三步用上创新券"), ("submitted", "三步用上创新券")]
)
def test_a_newcomer_s_first_page_shows_the_three_steps(complete: Verification, state: str | None, words: str) -> None:
    organization = complete.organization
    if state is None:
        complete = services.withdraw_verification(complete, by=cast.owner_of(organization))
    elif state == "submitted":
        services.submit_verification(complete, by=cast.owner_of(organization))
    response = client_of(cast.owner_of(organization)).get(reverse("ent-home"))
    assert words in text_of(response)
    assert response.context["waiting"] is (state == "submitted")


@pytest.mark.parametrize("role", ["owner", "handler", "finance", "viewer"])
def test_every_member_reads_the_first_page(role: str) -> None:
    organization = cast.enterprise()
    response = client_of(cast.make_member(organization, role=role)).get(reverse("ent-home"))
    assert response.status_code == 200
    assert text_of(response).count("<h1") == 1


def test_panels_stand_in_their_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboard, "_makers", {})
    main, aside = Panel("accounts/_office.html"), Panel("accounts/_office.html", aside=True)
    dashboard.register_panel("enterprise", 20, lambda _request: aside)
    dashboard.register_panel("enterprise", 10, lambda _request: main)
    dashboard.register_panel("carrier", 5, lambda _request: main)
    response = client_of(cast.owner_of(cast.enterprise())).get(reverse("ent-home"))
    assert response.context["main_panels"] == [main]
    assert response.context["aside_panels"] == [aside]


# --- The account page -----------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 30])
def test_the_account_page_takes_the_same_queries_for_any_number_of_members(
    count: int, django_assert_max_num_queries: Any
) -> None:
    organization = cast.enterprise()
    for _ in range(count):
        cast.make_member(organization)
    client = client_of(cast.owner_of(organization))
    client.get(reverse("security"))
    with django_assert_max_num_queries(9):
        page = text_of(client.get(reverse("security")))
    assert page.count("经办人") >= count


@pytest.mark.parametrize("count", [1, 30])
def test_the_history_takes_the_same_queries_for_any_length(count: int, django_assert_max_num_queries: Any) -> None:
    organization = cast.make_organization(verified=False)
    owner = cast.owner_of(organization)
    for _ in range(count):
        services.withdraw_verification(services.start_verification(organization, by=owner), by=owner)
    client = client_of(owner)
    with django_assert_max_num_queries(7):
        page = text_of(client.get(reverse("ent-cert-history")))
    assert page.count("/ent/cert/RZ-") >= count


def test_former_members_are_not_named() -> None:
    organization = cast.enterprise()
    former = cast.make_member(organization, user=cast.make_user("离职员"))
    assert "离职员" in text_of(client_of(cast.owner_of(organization)).get(reverse("security")))
    former.memberships.update(active=False)
    assert "离职员" not in text_of(client_of(cast.owner_of(organization)).get(reverse("security")))


def test_hostile_names_are_shown_as_text() -> None:
    organization = cast.make_organization(name=HOSTILE["markup"])
    cast.make_member(organization, user=cast.make_user(HOSTILE["markup"][:50]))
    for name in ("security", "ent-home"):
        assert "<script>alert(1)" not in text_of(client_of(cast.owner_of(organization)).get(reverse(name)))


def test_a_person_without_an_organization_has_an_account_page() -> None:
    page = text_of(client_of(cast.make_user(phone=None)).get(reverse("security")))
    assert "本单位的成员" not in page
    assert "—" in page
