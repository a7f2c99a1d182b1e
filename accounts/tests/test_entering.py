"""By which names people get in, where they land, what keeps them out, and how they leave."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import demo_accounts
from accounts.models import Membership, User
from accounts.tests.conftest import code_in, last_sms
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("JS-3")]

OUTSIDE = (
    "https://elsewhere.example/",
    "//elsewhere.example/",
    "http:elsewhere.example",
    "javascript:alert(1)",
    "/\\elsewhere.example",
    "https://testserver.elsewhere.example/",
    "ftp://testserver/",
)


def sign_in(client: Client, login: str, password: str = cast.PASSWORD, **extra: str) -> Any:
    return client.post(reverse("account_login"), {"login": login, "password": password, **extra})


def inside(client: Client) -> bool:
    return "_auth_user_id" in client.session


def by_sms(client: Client, user: User, query: str = "") -> Any:
    url = reverse("login-sms") + query
    client.post(url, {"send": "1", "phone": user.phone.removeprefix("+86")})
    return client.post(url, {"code": code_in(last_sms(user.phone))})


# --- Names --------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrap", ["{}", " {} ", "+86{}", "+86 {}"])
def test_a_phone_opens_in_any_usual_writing(wrap: str) -> None:
    user, client = cast.make_user(), client_of()
    sign_in(client, wrap.format(user.phone.removeprefix("+86")))
    assert inside(client)


def test_a_phone_opens_with_spaces_in_groups() -> None:
    user, client = cast.make_user(), client_of()
    number = user.phone.removeprefix("+86")
    sign_in(client, f"{number[:3]} {number[3:7]} {number[7:]}")
    assert inside(client)


@pytest.mark.parametrize("write", [str.lower, str.upper, lambda code: f"{code[:8]} {code[8:]}"])
def test_a_credit_code_opens_in_any_case_and_with_spaces(write: Any) -> None:
    organization, client = cast.make_organization(), client_of()
    sign_in(client, write(organization.credit_code))
    assert client.session["_auth_user_id"] == str(cast.owner_of(organization).pk)


def test_a_chinese_user_name_opens() -> None:
    user, client = cast.make_user(username="周甲-经办"), client_of()
    sign_in(client, user.username)
    assert inside(client)


def test_a_credit_code_stands_for_the_owner_and_no_other_member() -> None:
    organization, client = cast.make_organization(), client_of()
    handler = cast.make_member(organization)
    handler.set_password("Another-horse-7-stable")
    handler.save()
    sign_in(client, organization.credit_code, "Another-horse-7-stable")
    assert not inside(client)


def test_a_credit_code_opens_nothing_once_its_owner_has_left() -> None:
    organization, client = cast.make_organization(), client_of()
    Membership.objects.filter(organization=organization).update(active=False)
    assert sign_in(client, organization.credit_code).status_code == 422
    assert not inside(client)


@pytest.mark.parametrize("login", ["", "19900000000", "91330108MA0000000X", "周", "a" * 300, "' OR 1=1 --"])
def test_an_unknown_name_stays_outside_with_the_page(login: str) -> None:
    client = client_of()
    answer = sign_in(client, login)
    assert answer.status_code == 422
    assert text_of(answer).count("<h1") == 1
    assert not inside(client)


@pytest.mark.parametrize(
    "password", [cast.PASSWORD.lower(), cast.PASSWORD[:-1], cast.PASSWORD + " ", " " + cast.PASSWORD]
)
def test_a_password_is_taken_to_the_letter(password: str) -> None:
    user, client = cast.make_user(), client_of()
    assert sign_in(client, user.username, password).status_code == 422
    assert not inside(client)


def test_a_refused_sign_in_keeps_the_name_and_not_the_password() -> None:
    user = cast.make_user()
    text = text_of(sign_in(client_of(), user.username, "wrong-password-1"))
    assert f'value="{user.username}"' in text
    assert "wrong-password-1" not in text


# --- Locks --------------------------------------------------------------------------------------


def test_nine_wrong_passwords_do_not_lock() -> None:
    user, client = cast.make_user(), client_of()
    for _ in range(9):
        sign_in(client, user.username, "wrong-password-1")
    sign_in(client, user.username)
    assert inside(client)


def test_a_lock_holds_for_one_account_only() -> None:
    user, other, client = cast.make_user(), cast.make_user(), client_of()
    for _ in range(10):
        sign_in(client, user.username, "wrong-password-1")
    sign_in(client, other.username)
    assert client.session["_auth_user_id"] == str(other.pk)


def test_a_locked_person_gets_in_by_sms() -> None:
    user, client = cast.make_user(), client_of()
    for _ in range(10):
        sign_in(client, user.username, "wrong-password-1")
    by_sms(client, user)
    assert inside(client)


# --- Where one lands ----------------------------------------------------------------------------


@pytest.mark.parametrize("target", OUTSIDE)
def test_no_address_outside_is_a_next_page(target: str) -> None:
    user, client = cast.make_user(), client_of()
    assert sign_in(client, user.username, next=target).url == reverse("start")


@pytest.mark.parametrize("target", OUTSIDE)
def test_no_address_outside_is_a_next_page_after_an_sms(target: str) -> None:
    answer = by_sms(client_of(), cast.make_user(), f"?next={target}")
    assert answer.url == reverse("start")


@pytest.mark.parametrize("target", ["/account/", "/services/?q=1", "/ent/cert/#main"])
def test_a_page_of_ours_is_returned_to(target: str) -> None:
    user, client = cast.make_user(), client_of()
    assert sign_in(client, user.username, next=target).url == target


@pytest.mark.parametrize("name", ["security", "ent-home", "ent-cert", "ent-cert-history", "ent-cert-check"])
def test_a_stranger_is_sent_to_sign_in_and_comes_back(name: str) -> None:
    client = client_of()
    answer = client.get(reverse(name))
    assert answer.url == f"{reverse('account_login')}?next={reverse(name)}"


@pytest.mark.parametrize("kind", ["enterprise", "entrepreneur"])
def test_people_of_organizations_start_on_their_page(kind: str) -> None:
    client = client_of(cast.owner_of(cast.make_organization(kind)))
    assert client.get(reverse("start")).url == reverse("ent-home")


@pytest.mark.parametrize("kind", ["bureau", "province", "agency"])
def test_people_of_offices_start_at_the_desk(kind: str) -> None:
    client = client_of(cast.make_officer(cast.COUNTY, "view_cases", kind=kind))
    assert client.get(reverse("start")).url == reverse("desk-inbox")


def test_operators_start_in_the_admin() -> None:
    assert client_of(cast.make_user(is_staff=True)).get(reverse("start")).url == reverse("admin:index")


def test_nobody_can_be_started_by_a_post() -> None:
    assert client_of(cast.make_user()).post(reverse("start")).status_code == 405


# --- Leaving ------------------------------------------------------------------------------------


def test_signing_out_is_a_post_and_closes_the_pages() -> None:
    client = client_of(cast.owner_of(cast.make_organization()))
    client.get(reverse("account_logout"))
    assert inside(client)
    client.post(reverse("account_logout"))
    assert not inside(client)
    assert client.get(reverse("ent-home")).status_code == 302


def test_signing_out_here_leaves_another_browser_signed_in() -> None:
    user = cast.make_user()
    here, there = client_of(user), client_of(user)
    here.post(reverse("account_logout"))
    assert inside(there)


def test_a_person_shut_out_meanwhile_is_a_stranger_on_the_next_page() -> None:
    user = cast.owner_of(cast.make_organization())
    client = client_of(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(reverse("ent-home")).url.startswith(reverse("account_login"))


# --- The demo's list ----------------------------------------------------------------------------


def test_rows_of_the_demo_replace_those_before(settings: Any, tmp_path: Any) -> None:
    settings.DEMO_ACCOUNTS_FILE, settings.DEMO_MODE = tmp_path / "new" / "demo.json", True
    first = demo_accounts.DemoAccount("企业", "demo-a", "云溪智造科技有限公司", "申领")
    second = demo_accounts.DemoAccount("科技局", "demo-b", "沈审核")
    demo_accounts.register([first])
    demo_accounts.register([second, first])
    assert demo_accounts.rows() == [second, first]


def test_without_its_file_the_demo_lists_nobody(settings: Any, tmp_path: Any) -> None:
    settings.DEMO_ACCOUNTS_FILE, settings.DEMO_MODE = tmp_path / "none.json", True
    assert demo_accounts.rows() == []
