"""Who may act, and what names and passwords must look like."""

import pytest
from django.core.exceptions import ValidationError

from accounts import rules
from accounts.models import Membership, RegistrationRules, User
from accounts.passwords import check_password_rules
from innovation_voucher.tests import cast

PRESET = RegistrationRules(password_min=10, password_max=15, password_starts_with_letter=True, password_specials="-@")


@pytest.mark.feature("X-1")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "writes"), [("owner", True), ("handler", True), ("finance", False), ("viewer", False)]
)
def test_owner_and_handler_write(role, writes):
    organization = cast.make_organization()
    allowed, reason = rules.may_act(cast.make_member(organization, role=role), organization)
    assert allowed is writes
    assert bool(reason) is not writes


@pytest.mark.django_db
def test_reason_names_who_can():
    organization = cast.make_organization()
    viewer = cast.make_member(organization, role="viewer")
    assert "管理员" in rules.may_act(viewer, organization)[1]
    assert "财务" in rules.may_act(viewer, organization, roles=("finance",))[1]


@pytest.mark.django_db
def test_strangers_and_former_members_may_nothing():
    organization = cast.make_organization()
    former = cast.make_member(organization)
    Membership.objects.filter(user=former).update(active=False)
    for user in (former, cast.make_user()):
        assert not rules.may_act(user, organization)[0]
        assert not rules.may_see_organization(user, organization)


@pytest.mark.feature("JS-1")
@pytest.mark.django_db
def test_nearest_region_gives_the_rules():
    county = cast.make_region()
    assert rules.registration_rules(county).password_min == 12
    RegistrationRules.objects.create(region=county.parent.parent, password_min=14)
    assert rules.registration_rules(county).password_min == 14
    RegistrationRules.objects.create(region=county.parent, password_min=10)
    assert rules.registration_rules(county).password_min == 10
    assert rules.registration_rules(cast.make_region("320102")).password_min == 12


@pytest.mark.feature("JS-1")
@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("Ax9-klmq7", "10 至 15 位，这里有 9 位"),
        ("Ax9-klmq72345678", "10 至 15 位，这里有 16 位"),
        ("9xA-klmq72", "以字母开头"),
        ("Ax9klmq7234", "特殊字符"),
        ("Axy-klmqpw", "字母、数字和特殊字符"),
    ],
)
def test_each_rule_of_the_preset_is_named(password, words):
    assert any(words in problem for problem in rules.password_problems(PRESET, password))


@pytest.mark.feature("JS-1")
def test_password_of_the_preset_passes():
    assert rules.password_problems(PRESET, "Ax9-klmq72") == []
    check_password_rules("Ax9-klmq72", rules=PRESET, user=User(username="zhou"))


@pytest.mark.parametrize("password", ["password1", "1234567890", "zhoujia-2026"])
def test_common_numeric_and_similar_passwords_are_refused(password):
    with pytest.raises(ValidationError):
        check_password_rules(password, rules=RegistrationRules(password_min=8), user=User(username="zhoujia-2026"))


def test_hint_says_every_rule():
    hint = rules.password_hint(PRESET)
    assert all(words in hint for words in ("10 至 15 位", "以字母开头", "-@"))
    assert "字母" not in rules.password_hint(RegistrationRules())


@pytest.mark.feature("JS-1")
@pytest.mark.parametrize("name", ["云溪智造", "yun-xi", "云溪2026", "a" * 20])
def test_good_user_names(name):
    assert rules.username_problem(RegistrationRules(), name) == ""


@pytest.mark.feature("JS-1")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("云溪", "4 至 20"),
        ("a" * 21, "4 至 20"),
        ("12345678", "全是数字"),
        ("yun_xi", "只能有"),
        ("yun xi 1", "只能有"),
    ],
)
def test_bad_user_names(name, words):
    assert words in rules.username_problem(RegistrationRules(), name)
