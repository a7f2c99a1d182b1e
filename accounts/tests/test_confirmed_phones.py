"""Whose phone counts as confirmed for an organization, and how another is proved."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts import codes
from accounts.models import ConfirmedPhone, Organization, PhoneCode, User
from accounts.services import ask_to_confirm, confirm_phone, is_confirmed
from accounts.tests.phones import STRANGE, code_for, confirm, let_pass, sent, wrong_for
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.messaging import TooOften
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast

pytestmark = pytest.mark.django_db

PHONE = f"+86{STRANGE}"


@pytest.fixture(scope="module")
def built(kept: Path) -> Organization:
    return cast.make_organization()


@pytest.fixture
def firm(db: None, built: Organization) -> Organization:
    return deepcopy(built)


@pytest.fixture
def by(firm: Organization) -> User:
    return cast.owner_of(firm)


def ask(firm: Organization, by: User, binding: str = "a-session") -> None:
    ask_to_confirm(firm, PHONE, by=by, binding=binding)


def prove(firm: Organization, by: User, code: str, binding: str = "a-session") -> None:
    confirm_phone(firm, PHONE, by=by, binding=binding, code=code)


# --- What counts ----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["owner", "handler", "finance", "viewer"])
def test_a_members_own_proved_number_is_confirmed(firm: Organization, role: str) -> None:
    person = cast.make_member(firm, role=role)
    assert is_confirmed(firm, person.phone or "")


@pytest.mark.parametrize("lacks", ["membership", "proof", "account"])
def test_a_number_that_is_no_members_any_more_or_never_proved_is_not(firm: Organization, lacks: str) -> None:
    person = cast.make_member(firm, user=cast.make_user(phone_verified=lacks != "proof", is_active=lacks != "account"))
    person.memberships.update(active=lacks != "membership")
    assert not is_confirmed(firm, person.phone or "")


def test_a_confirmed_number_counts_for_its_organization_alone(firm: Organization) -> None:
    assert not is_confirmed(firm, PHONE)
    confirm(firm)
    assert is_confirmed(firm, PHONE)
    assert not is_confirmed(cast.make_organization(), PHONE)


def test_a_number_is_kept_once_for_an_organization(firm: Organization) -> None:
    confirm(firm)
    with pytest.raises(IntegrityError), transaction.atomic():
        confirm(firm)
    confirm(cast.make_organization())
    assert ConfirmedPhone.objects.filter(phone=PHONE).count() == 2


# --- Asking ---------------------------------------------------------------------------------------


def test_one_code_is_sent_in_a_minute(firm: Organization, by: User) -> None:
    for _press in range(3):
        ask(firm, by)
    assert sent() == 1
    let_pass()
    first = code_for()
    ask(firm, by)
    assert sent() == 2
    with pytest.raises(codes.CodeRefused):
        prove(firm, by, first if first != code_for() else wrong_for())
    assert not is_confirmed(firm, PHONE)


def test_another_session_meets_the_limit_of_the_number(firm: Organization, by: User) -> None:
    ask(firm, by)
    with pytest.raises(TooOften, match="60 秒后可重新获取"):
        ask(firm, by, binding="another-session")
    assert sent() == 1


def test_a_code_on_which_no_try_is_left_is_not_waited_for(firm: Organization, by: User) -> None:
    ask(firm, by)
    PhoneCode.objects.update(tries=codes.MAX_TRIES)
    with pytest.raises(TooOften):
        ask(firm, by)
    let_pass()
    ask(firm, by)
    assert sent() == 2


def test_codes_of_two_phones_live_side_by_side(firm: Organization, by: User) -> None:
    ask(firm, by)
    ask_to_confirm(firm, "+8619912340001", by=by, binding="a-session")
    prove(firm, by, code_for())
    confirm_phone(firm, "+8619912340001", by=by, binding="a-session", code=code_for("19912340001"))
    assert firm.confirmed_phones.count() == 2


# --- Proving --------------------------------------------------------------------------------------


def test_the_right_code_confirms_and_the_record_masks_the_number(firm: Organization, by: User) -> None:
    ask(firm, by)
    prove(firm, by, code_for())
    row = firm.confirmed_phones.get()
    assert (row.phone, row.confirmed_by) == (PHONE, by)
    noted = AuditRow.objects.get(verb="organization.phone_confirmed")
    assert "199****0000" in str(noted.after)
    assert STRANGE not in f"{noted.after}{noted.before}{noted.reason}"


def test_two_who_prove_the_same_number_leave_one_row(firm: Organization, by: User) -> None:
    ask(firm, by)
    let_pass()
    first = code_for()
    ask(firm, by, binding="another-session")
    prove(firm, by, first)
    prove(firm, by, code_for(), binding="another-session")
    assert firm.confirmed_phones.count() == 1


def refused_by(problem: str, firm: Organization, by: User) -> dict[str, Any]:
    """What is handed to the verb that it refuses for the reason."""
    if problem == "wrong":
        return {"code": wrong_for()}
    if problem == "session":
        return {"code": code_for(), "binding": "another-session"}
    if problem == "late":
        let_pass(codes.LIFETIME)
    if problem == "spent":
        PhoneCode.objects.update(tries=codes.MAX_TRIES)
    return {"code": code_for()}


@pytest.mark.parametrize(("problem", "spent"), [("wrong", False), ("session", True), ("late", True), ("spent", True)])
def test_a_code_that_does_not_fit_confirms_nothing(firm: Organization, by: User, problem: str, spent: bool) -> None:
    ask(firm, by)
    with pytest.raises(codes.CodeRefused) as refused:
        prove(firm, by, **refused_by(problem, firm, by))
    assert isinstance(refused.value, codes.CodeSpent) is spent
    assert PhoneCode.objects.get().tries == {"wrong": 1, "spent": codes.MAX_TRIES}.get(problem, 0)
    assert not ConfirmedPhone.objects.exists()
    assert not AuditRow.objects.filter(verb="organization.phone_confirmed").exists()


def test_the_fifth_wrong_try_says_that_another_code_is_needed(firm: Organization, by: User) -> None:
    ask(firm, by)
    for left in (4, 3, 2, 1):
        with pytest.raises(codes.CodeRefused, match=f"还可以试 {left} 次"):
            prove(firm, by, wrong_for())
    with pytest.raises(codes.CodeSpent):
        prove(firm, by, wrong_for())
    with pytest.raises(codes.CodeSpent):
        prove(firm, by, code_for())
    assert not ConfirmedPhone.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "viewer"])
def test_who_may_not_act_sends_and_proves_nothing(firm: Organization, by: User, who: str) -> None:
    person = cast.make_user() if who == "stranger" else cast.make_member(firm, role="viewer")
    with pytest.raises(NotAllowed):
        ask(firm, person)
    assert sent() == 0
    ask(firm, by)
    with pytest.raises(NotAllowed):
        prove(firm, person, code_for())
    assert PhoneCode.objects.get().tries == 0
    assert not ConfirmedPhone.objects.exists()
