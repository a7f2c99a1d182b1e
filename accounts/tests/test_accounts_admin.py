"""Admin pages of people, organizations and the registry: what each shows, what a save leaves behind."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import factor_admin
from accounts.models import EnterpriseRecord, RegistrationRules, User
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import HOSTILE, client_of, text_of

pytestmark = pytest.mark.django_db


def staff(*rights: str, region: str = cast.COUNTY, kind: str = "bureau") -> Client:
    officer = cast.make_officer(region, *rights, kind=kind)
    User.objects.filter(pk=officer.pk).update(is_staff=True)
    return client_of(officer)


@pytest.fixture
def operator() -> Client:
    return client_of(cast.make_user(is_staff=True, is_superuser=True))


def path(model: str, page: str = "changelist", *args: Any) -> str:
    return reverse(f"admin:accounts_{model}_{page}", args=args)


def test_the_operator_opens_an_account_without_a_password(operator: Client) -> None:
    values = {"username": "wang-shen", "name": "王审核员", "phone": "+8619900054301", "is_active": "on"}
    assert operator.post(path("user", "add"), values).status_code == 302
    made = User.objects.get(username="wang-shen")
    assert not made.has_usable_password()
    assert AuditRow.objects.get(verb="user.saved", subject_id=made.pk).after["name"] == "王审核员"


def test_closing_an_account_keeps_its_password_and_shuts_it_out(operator: Client) -> None:
    person = cast.make_user()
    values = {"username": person.username, "name": person.name, "phone": person.phone}
    assert operator.post(path("user", "change", person.pk), values).status_code == 302
    person.refresh_from_db()
    assert not person.is_active
    assert person.check_password(cast.PASSWORD)
    client = client_of()
    client.post(reverse("account_login"), {"login": person.username, "password": cast.PASSWORD})
    assert "_auth_user_id" not in client.session


def test_lists_of_people_mask_their_phones(operator: Client) -> None:
    person = cast.make_user(phone="+8619912345678")
    cast.make_user(phone=None)
    page = text_of(operator.get(path("user"), {"q": person.username}))
    assert "199****5678" in page
    assert "19912345678" not in page


def test_flags_of_rights_are_not_on_the_page(operator: Client) -> None:
    person = cast.make_user()
    values = {"username": person.username, "name": "改名", "is_active": "on", "is_superuser": "on", "groups": ["1"]}
    operator.post(path("user", "change", person.pk), values)
    person.refresh_from_db()
    assert (person.name, person.is_superuser, person.groups.count()) == ("改名", False, 0)


@pytest.mark.parametrize("rights", [(), ("review_verification",), ("set_rules",), ("view_cases",)])
def test_offices_open_no_accounts(rights: tuple[str, ...]) -> None:
    client = staff(*rights)
    assert client.get(path("user")).status_code == 403
    assert client.post(path("user", "add"), {"username": "x-y-z-1"}).status_code == 403
    assert not User.objects.filter(username="x-y-z-1").exists()


def test_facts_of_organizations_are_typed_nowhere(operator: Client) -> None:
    organization = cast.make_organization()
    assert operator.get(path("organization", "add")).status_code == 403
    assert operator.post(path("organization", "change", organization.pk), {"name": "改名"}).status_code == 403
    organization.refresh_from_db()
    assert organization.name != "改名"


@pytest.mark.parametrize(
    ("region", "kind", "status"), [("330000", "province", 200), (cast.COUNTY, "bureau", 403), ("330100", "bureau", 403)]
)
def test_the_registry_is_read_by_a_province_that_keeps_lists(region: str, kind: str, status: int) -> None:
    record = EnterpriseRecord.objects.create(
        credit_code=cast.credit_code(), name=HOSTILE["markup"], source="登记库", imported_at=timezone.now()
    )
    response = staff("manage_lists", region=region, kind=kind).get(path("enterpriserecord"))
    assert response.status_code == status
    assert "<script>alert(1)" not in text_of(response)
    assert str(record) == HOSTILE["markup"]


def test_rules_of_a_region_are_changed_and_removed_by_their_own_office() -> None:
    row = RegistrationRules.objects.create(region=cast.make_region(), password_min=10)
    foreign = staff("set_rules", region=cast.OTHER_COUNTY)
    assert foreign.get(path("registrationrules", "change", row.pk)).status_code == 302
    assert foreign.post(path("registrationrules", "delete", row.pk), {"post": "yes"}).status_code == 302
    assert RegistrationRules.objects.filter(pk=row.pk).exists()
    own = staff("set_rules")
    values = {"region": row.region_id, "username_min": 4, "username_max": 20, "password_min": 8, "password_max": 64}
    assert own.post(path("registrationrules", "change", row.pk), values).status_code == 302
    row.refresh_from_db()
    assert row.password_min == 8
    assert AuditRow.objects.filter(verb="registration_rules.saved").exists()
    own.post(path("registrationrules", "delete", row.pk), {"post": "yes"})
    assert not RegistrationRules.objects.exists()


@pytest.mark.parametrize(("low", "high"), [("username_min", "username_max"), ("password_min", "password_max")])
def test_limits_that_cannot_be_met_are_told(low: str, high: str) -> None:
    values = {"username_min": 4, "username_max": 20, "password_min": 8, "password_max": 64}
    sent = {"region": cast.make_region().pk, **values, low: 30, high: 29}
    page = text_of(staff("set_rules").post(path("registrationrules", "add"), sent))
    assert "最长不能小于最短" in page
    assert not RegistrationRules.objects.exists()


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_of_organizations_takes_the_same_queries_for_any_length(
    rows: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(rows):
        cast.make_organization()
    client = staff("view_cases")
    client.get(path("organization"))
    with django_assert_max_num_queries(10):
        assert client.get(path("organization")).status_code == 200


def lost_phone() -> User:
    """Somebody who signs in with a second step."""
    person = cast.make_user()
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "KEY-OF-THE-APP"})
    return person


def test_the_operator_sees_who_uses_a_second_step_and_no_key(operator: Client) -> None:
    person = lost_phone()
    row = person.authenticator_set.get()
    for address in ("changelist", "change"):
        page = operator.get(reverse(f"admin:mfa_authenticator_{address}", args=[row.pk][: address == "change"]))
        assert person.name in text_of(page)
        assert "KEY-OF-THE-APP" not in page.content.decode()
    values = {"type": "recovery_codes", "data": '{"secret": "MINE"}'}
    operator.post(reverse("admin:mfa_authenticator_change", args=[row.pk]), values)
    row.refresh_from_db()
    assert (row.type, row.data) == ("totp", {"secret": "KEY-OF-THE-APP"})


@pytest.mark.parametrize(
    ("kind", "words"), [("totp", "动态口令（身份验证器）"), ("recovery_codes", "备用恢复码"), ("webauthn", "通行密钥")]
)
def test_the_kinds_of_second_steps_are_named_in_chinese(operator: Client, kind: str, words: str) -> None:
    row = Authenticator.objects.create(user=cast.make_user(), type=kind, data={"name": "我的钥匙"})
    listed = text_of(operator.get(reverse("admin:mfa_authenticator_changelist")))
    alone = text_of(operator.get(reverse("admin:mfa_authenticator_change", args=[row.pk])))
    assert [words in page for page in (listed, alone)] == [True, True]
    assert [str(Authenticator.Type(kind).label) in page for page in (listed, alone)] == [False, False]
    assert set(factor_admin.TYPES) == set(Authenticator.Type)


@pytest.mark.parametrize("many", [False, True], ids=["one", "chosen rows"])
def test_a_second_step_is_taken_off_and_that_is_on_record(operator: Client, many: bool) -> None:
    person, other = lost_phone(), lost_phone()
    pk = person.authenticator_set.get().pk
    if many:
        values = {"action": "delete_selected", "_selected_action": [pk], "post": "yes"}
        assert operator.post(reverse("admin:mfa_authenticator_changelist"), values).status_code == 302
    else:
        assert operator.post(reverse("admin:mfa_authenticator_delete", args=[pk]), {"post": "yes"}).status_code == 302
    assert (person.authenticator_set.count(), other.authenticator_set.count()) == (0, 1)
    row = AuditRow.objects.get(verb="user.factor_removed")
    assert (row.subject_id, row.before) == (person.pk, {"type": "totp"})


@pytest.mark.parametrize("rights", [(), ("set_rules",), ("view_cases", "settle")])
def test_nobody_else_takes_a_second_step_off(rights: tuple[str, ...]) -> None:
    row = lost_phone().authenticator_set.get()
    client = staff(*rights, region="330000", kind="province")
    assert client.get(reverse("admin:mfa_authenticator_changelist")).status_code == 403
    assert client.post(reverse("admin:mfa_authenticator_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert Authenticator.objects.filter(pk=row.pk).exists()
