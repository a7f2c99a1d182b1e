"""Registering: one owner, one organization, one region, once per code and phone."""

import threading

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection

from accounts.models import Consent, Membership, Organization, User
from accounts.services import Taken, register
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast


def sign_up(**changed):
    values = {
        "kind": "enterprise",
        "region": cast.make_region(),
        "name": "新芽材料有限公司",
        "credit_code": cast.credit_code(),
        "person_name": "赵甲",
        "phone": cast.phone(),
        "email": "",
        "password": cast.PASSWORD,
        "consents": {"terms": "4", "privacy": "3"},
    }
    return register(**{**values, **changed})


@pytest.mark.feature("ZO-1", "YRD-1")
@pytest.mark.django_db
def test_enterprise_gets_owner_region_and_bureau():
    region = cast.make_region("330106")
    owner = sign_up(region=region)
    organization = owner.memberships.get(role=Membership.Role.OWNER).organization
    assert (organization.kind, organization.name) == ("enterprise", "新芽材料有限公司")
    assert organization.region == organization.bureau == region
    assert organization.verified_at is None
    assert owner.check_password(cast.PASSWORD)
    assert owner.phone_verified
    assert AuditRow.objects.filter(verb="organization.registered", actor_id=owner.pk).exists()


@pytest.mark.feature("ZO-1")
@pytest.mark.django_db
def test_entrepreneur_needs_no_credit_code():
    owner = sign_up(kind="entrepreneur", credit_code=None, name="赵甲")
    organization = owner.memberships.get().organization
    assert organization.kind == "entrepreneur"
    assert organization.credit_code is None


@pytest.mark.feature("JS-1")
@pytest.mark.django_db
def test_consents_keep_their_version_and_time():
    owner = sign_up()
    kept = {(row.document, row.version) for row in owner.consents.all()}
    assert kept == {("terms", "4"), ("privacy", "3")}
    assert all(row.at is not None for row in owner.consents.all())


@pytest.mark.django_db
def test_hashed_password_is_taken_as_it_is():
    owner = sign_up(password=make_password(cast.PASSWORD))
    assert owner.check_password(cast.PASSWORD)


@pytest.mark.feature("JS-1")
@pytest.mark.django_db
def test_second_registration_of_a_code_leaves_nothing():
    first = sign_up()
    code = first.memberships.get().organization.credit_code
    before = User.objects.count(), Organization.objects.count(), Consent.objects.count()
    with pytest.raises(Taken) as refused:
        sign_up(credit_code=code)
    assert "找回资料" in refused.value.message
    assert first.phone.removeprefix("+86") not in refused.value.message
    assert (User.objects.count(), Organization.objects.count(), Consent.objects.count()) == before


@pytest.mark.django_db
def test_second_registration_of_a_phone_leaves_nothing():
    first = sign_up()
    with pytest.raises(Taken, match="手机号已注册"):
        sign_up(phone=first.phone)
    assert Organization.objects.count() == 1


@pytest.mark.django_db
def test_second_registration_of_a_user_name_says_so():
    sign_up(username="新芽")
    with pytest.raises(Taken, match="用户名已被使用"):
        sign_up(username="新芽")


@pytest.mark.feature("JS-1")
@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_the_same_code_make_one_organization():
    region, code = cast.make_region(), cast.credit_code()
    barrier, outcomes = threading.Barrier(4), []

    def run() -> None:
        barrier.wait()
        try:
            sign_up(region=region, credit_code=code)
            outcomes.append("made")
        except Taken:
            outcomes.append("taken")
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", "taken", "taken", "taken"]
    assert Organization.objects.filter(credit_code=code).count() == 1
    assert User.objects.count() == 1
