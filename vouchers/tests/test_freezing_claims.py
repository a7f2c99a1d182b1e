"""A frozen account stops every step of a reviewed claim, changes nothing, and lets it go on afterwards."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from innovation_voucher.casework import calendar
from innovation_voucher.casework.errors import Refused
from innovation_voucher.tests import cast
from vouchers import rules
from vouchers.models import Claim, Programme, QuotaAccount
from vouchers.services import (
    draft_claim,
    hand_in_claim,
    lift_freeze,
    resubmit_claim,
    set_freeze,
    standing,
    withdraw_claim,
)

from .reviewed import PURPOSE, ask, decide, drafted, in_state, make_reviewed, money, officer

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-3", "ZJ-9")]

WHY = "收到举报，正在核查"


@pytest.fixture(scope="module")
def built(kept: Path) -> tuple[Programme, Organization, User]:
    """A reviewed scheme in which the enterprise has an account already."""
    programme, enterprise = make_reviewed(), cast.enterprise()
    reviewer = officer(cast.COUNTY, "review_claim", "view_cases", "terminate_voucher")
    assert decide(ask(enterprise, programme, 1_000), reviewer, "approve").status == "approved"
    return programme, enterprise, reviewer


@pytest.fixture
def enterprise(world: tuple[Programme, Organization, User]) -> Organization:
    return world[1]


@pytest.fixture
def reviewer(world: tuple[Programme, Organization, User]) -> User:
    return world[2]


def freeze(by: User, days: int | None = None) -> QuotaAccount:
    until = None if days is None else calendar.today() + timedelta(days=days)
    return set_freeze(QuotaAccount.objects.get(), by=by, office=None, reason=WHY, until=until)


def owner_of(claim: Claim) -> User:
    return cast.owner_of(claim.organization)


#: A step of a claim: the state before it, who does it, and where the claim stands afterwards.
Step = Callable[[Claim, User], Any]
STEPS: dict[str, tuple[str, Step, str]] = {
    "hand in": ("draft", lambda claim, _by: hand_in_claim(claim, by=owner_of(claim)), "submitted"),
    "resubmit": ("returned", lambda claim, _by: resubmit_claim(claim, by=owner_of(claim)), "submitted"),
    "approve": ("submitted", lambda claim, by: decide(claim, by, "approve"), "approved"),
    "lower": (
        "submitted",
        lambda claim, by: decide(claim, by, "approve", amount=Decimal(10), reason="核减"),
        "approved",
    ),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_freeze_stops_the_step_and_its_lifting_lets_it_go_on(
    scheme: Programme, enterprise: Organization, reviewer: User, name: str
) -> None:
    state, step, after = STEPS[name]
    claim = in_state(state, enterprise, scheme, reviewer)
    account = freeze(reviewer)
    before = money()
    with pytest.raises(Refused, match=f"额度已冻结：{WHY}"), transaction.atomic():
        step(claim, reviewer)
    assert money() == before
    lift_freeze(account, by=reviewer, office=None)
    step(claim, reviewer)
    claim.refresh_from_db()
    assert claim.status == after


def test_a_new_claim_is_not_even_begun(scheme: Programme, enterprise: Organization, reviewer: User) -> None:
    account = freeze(reviewer)
    before = money()
    owner = cast.owner_of(enterprise)
    with pytest.raises(Refused, match="额度已冻结"), transaction.atomic():
        draft_claim(enterprise, scheme, amount=Decimal(100), by=owner, answers=PURPOSE)
    with pytest.raises(Refused, match="额度已冻结"), transaction.atomic():
        ask(enterprise, scheme, 100)
    assert money() == before
    lift_freeze(account, by=reviewer, office=None)
    assert drafted(enterprise, scheme, 100).status == "draft"


def test_what_takes_nothing_is_still_possible(scheme: Programme, enterprise: Organization, reviewer: User) -> None:
    claim = in_state("submitted", enterprise, scheme, reviewer)
    freeze(reviewer)
    assert withdraw_claim(claim, by=cast.owner_of(enterprise)).status == "withdrawn"


@pytest.mark.parametrize("decision", ["return", "reject"])
def test_the_bureau_may_still_say_no(
    scheme: Programme, enterprise: Organization, reviewer: User, decision: str
) -> None:
    claim = in_state("submitted", enterprise, scheme, reviewer)
    freeze(reviewer)
    words = {"items": [("amount", "核对金额")]} if decision == "return" else {"reason": "正在核查"}
    assert decide(claim, reviewer, decision, **words).status == f"{decision}ed"


def test_the_page_says_so_before_anything_is_filled_in(
    scheme: Programme, enterprise: Organization, reviewer: User
) -> None:
    assert standing(enterprise, scheme).refusal == ""
    freeze(reviewer)
    assert standing(enterprise, scheme).refusal == f"额度已冻结：{WHY}。请联系科技主管部门"
    client = Client()
    client.force_login(cast.owner_of(enterprise))
    assert f"额度已冻结：{WHY}" in client.get(reverse("ent-quota")).content.decode()


def test_a_freeze_with_a_last_day_lets_claims_go_on_the_day_after(
    scheme: Programme, enterprise: Organization, reviewer: User, time_machine: Any
) -> None:
    freeze(reviewer, days=0)
    with pytest.raises(Refused, match="额度已冻结"), transaction.atomic():
        ask(enterprise, scheme, 100)
    time_machine.move_to(calendar.now() + timedelta(days=1))
    assert ask(enterprise, scheme, 100).status == "submitted"


def test_the_freeze_of_one_organization_stops_nobody_else(scheme: Programme, reviewer: User) -> None:
    freeze(reviewer)
    assert ask(cast.rival(), scheme, 100).status == "submitted"


def test_a_freeze_of_another_programme_or_of_quota_that_is_over_stops_nothing(
    scheme: Programme, enterprise: Organization, reviewer: User
) -> None:
    account, day = freeze(reviewer), calendar.today()
    assert not rules.is_unfrozen([account], scheme, day)[0]
    assert rules.is_unfrozen([], scheme, day)[0]
    other = Programme(pk=scheme.pk + 1)
    assert rules.is_unfrozen([account], other, day)[0]
    assert rules.is_unfrozen([account], scheme, account.valid_until + timedelta(days=1))[0]
