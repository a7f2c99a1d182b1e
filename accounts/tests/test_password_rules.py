"""Rules for passwords and user names: rows of regions, the nearest ancestor decides, wherever a password is set."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from hypothesis import given, strategies as st

from accounts import rules
from accounts.models import RegistrationRules, User
from accounts.passwords import check_password_rules
from accounts.tests.conftest import code_in, last_sms
from innovation_voucher.casework.models import Region
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of, text_of

pytestmark = pytest.mark.feature("JS-1")

STRICT = {"password_min": 10, "password_max": 15, "password_starts_with_letter": True, "password_specials": "-@#"}
LONG = "correct-horse-9-battery-staple"


def rules_at(code: str, **values: Any) -> RegistrationRules:
    return RegistrationRules.objects.create(region=cast.make_region(code), **values)


def told(password: str, found: RegistrationRules, **person: str) -> list[str]:
    try:
        check_password_rules(password, rules=found, user=User(**person))
    except ValidationError as error:
        return error.messages
    return []


# --- Which row ------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "lowest"),
    [
        ((), 12),
        (("330000",), 21),
        (("330000", "330100"), 22),
        (("330000", "330100", "330108"), 23),
        (("330000", "330108"), 23),
        (("330106", "320000"), 12),
    ],
)
def test_the_nearest_row_above_decides(rows: tuple[str, ...], lowest: int) -> None:
    for code in rows:
        level = {"330000": 21, "330100": 22, "330108": 23}.get(code, 40)
        rules_at(code, password_min=level, password_max=64)
    assert rules.registration_rules(cast.make_region()).password_min == lowest


@pytest.mark.django_db
def test_one_query_finds_the_row(django_assert_num_queries: Any) -> None:
    county = cast.make_region()
    rules_at("330000")
    with django_assert_num_queries(1):
        rules.registration_rules(county)


# --- What a row says --------------------------------------------------------------------------------


@pytest.mark.parametrize(("length", "good"), [(9, False), (10, True), (15, True), (16, False)])
def test_length_is_counted_at_both_ends(length: int, good: bool) -> None:
    problems = rules.password_problems(RegistrationRules(password_min=10, password_max=15), "文" * length)
    assert (problems == []) is good
    assert good or problems == [f"密码需 10 至 15 位，这里有 {length} 位"]


@pytest.mark.parametrize(
    ("password", "good"), [("a12345", True), ("Z12345", True), ("1abcde", False), ("-abcde", False), ("文abcde", False)]
)
def test_a_letter_at_the_start_is_a_latin_one(password: str, good: bool) -> None:
    found = RegistrationRules(password_min=1, password_starts_with_letter=True)
    assert (rules.password_problems(found, password) == []) is good


@pytest.mark.parametrize(
    ("password", "good"), [("a1-", True), ("a1@", True), ("a1!", False), ("a-@", False), ("12-", False), ("文1-", True)]
)
def test_all_three_kinds_are_wanted_where_specials_are_named(password: str, good: bool) -> None:
    found = RegistrationRules(password_min=1, password_specials="-@")
    assert (rules.password_problems(found, password) == []) is good


@given(st.text(max_size=30))
def test_a_password_passes_exactly_when_nothing_is_told(password: str) -> None:
    found = RegistrationRules(**STRICT)
    kinds = (
        10 <= len(password) <= 15,
        password[:1].isascii() and password[:1].isalpha(),
        any(c.isalpha() for c in password) and any(c.isdigit() for c in password) and bool(set(password) & set("-@#")),
    )
    assert len(rules.password_problems(found, password)) == kinds.count(False)


def test_every_sentence_comes_at_once() -> None:
    found = told("12345678", RegistrationRules(**STRICT))
    assert len(found) >= 4
    assert all(not words.endswith("。") for words in found)


@pytest.mark.parametrize("known", ["username", "name", "email", "phone"])
def test_a_password_like_the_person_is_refused(known: str) -> None:
    assert told("yunxi-keji-2026", RegistrationRules(), **{known: "yunxi-keji-2026"})
    assert told("yunxi-keji-2026", RegistrationRules(), **{known: "something else"}) == []


@pytest.mark.parametrize(
    "name", ["abc", "a" * 21, "云 溪智造", "云溪_智造", "a@b.cn", "1234", "٣٤٥٦", "云溪\x00智造", "<b>云溪</b>"]
)
def test_user_names_that_will_not_do(name: str) -> None:
    assert rules.username_problem(RegistrationRules(), name)


@pytest.mark.parametrize(
    ("low", "high", "hint"), [(12, 64, "12 至 64 位，可以粘贴"), (10, 15, "10 至 15 位，可以粘贴")]
)
def test_the_hint_says_the_length(low: int, high: int, hint: str) -> None:
    assert rules.password_hint(RegistrationRules(password_min=low, password_max=high)) == hint


# --- Where a password is set --------------------------------------------------------------------------


def sign_up(client: Client, region: Region, password: str) -> Any:
    facts = {"credit_code": cast.credit_code(), "name": "新芽材料有限公司", "person_name": "赵甲", "terms": "on"}
    facts |= {"phone": "19900012345", "password": password, "privacy": "on"}
    return client.post(f"{reverse('register-form')}?kind=enterprise&region={region.code}", facts)


@pytest.mark.django_db
def test_sign_up_takes_the_rules_of_the_chosen_region() -> None:
    county, other = cast.make_region(), cast.make_region("320505")
    rules_at("330000", **STRICT)
    refused = sign_up(client_of(), county, LONG)
    assert refused.status_code == 422
    assert f"密码需 10 至 15 位，这里有 {len(LONG)} 位" in text_of(refused)
    assert LONG not in text_of(refused)
    assert sign_up(client_of(), other, LONG).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(("password", "good"), [("Axq-klm972", True), (LONG, False)])
def test_a_forgotten_password_is_set_by_the_rules_of_the_person_s_region(password: str, good: bool) -> None:
    rules_at("330100", **STRICT)
    owner, client = cast.owner_of(cast.make_organization()), client_of()
    client.post(reverse("account_reset_password"), {"send": "1", "phone": (owner.phone or "")[3:]})
    proved = client.post(reverse("account_reset_password"), {"code": code_in(last_sms(owner.phone or ""))})
    page = client.get(proved.headers["Location"], follow=True)
    assert "10 至 15 位" in text_of(page)
    client.post(page.redirect_chain[-1][0], {"password1": password, "password2": password})
    owner.refresh_from_db()
    assert owner.check_password(password) is good
    assert owner.check_password(cast.PASSWORD) is not good


@pytest.mark.django_db
def test_a_changed_password_is_asked_for_the_old_one_first() -> None:
    owner = cast.owner_of(cast.make_organization())
    client = client_of(owner)
    typed = {"oldpassword": "not-the-old-one", "password1": LONG, "password2": LONG}
    assert "当前密码不对，核对后再试" in text_of(client.post(reverse("account_change_password"), typed))
    owner.refresh_from_db()
    assert owner.check_password(cast.PASSWORD)


@pytest.mark.django_db
def test_an_officer_without_an_organization_has_the_defaults() -> None:
    rules_at("330000", **STRICT)
    officer = cast.make_officer()
    assert "12 至 64 位" in text_of(client_of(officer).get(reverse("account_change_password")))
