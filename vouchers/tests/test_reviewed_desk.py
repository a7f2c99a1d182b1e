"""The bureau's desk for claims: both informations side by side, a smaller grant, the revocation, who may not."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from innovation_voucher.casework.models import ReviewCase
from innovation_voucher.casework.reviews.rounds import Change, changes
from innovation_voucher.tests import cast
from vouchers.models import Programme, QuotaAccount
from vouchers.services import resubmit_claim
from vouchers.services.pools import set_pool

from .pages import client_of, post, text
from .reviewed import ask, drafted, in_state, make_reviewed, money, officer

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-4")]


@pytest.fixture
def scheme() -> Programme:
    return make_reviewed()


@pytest.fixture
def reviewer() -> User:
    return officer()


@pytest.fixture
def client(owner: User) -> Client:
    return client_of(owner)


def page(client: Client, name: str, *args: Any) -> Any:
    return client.get(reverse(name, args=args))


def test_the_case_shows_who_asks_and_what_is_asked_side_by_side(
    enterprise: Organization, scheme: Programme, reviewer: User
) -> None:
    set_pool(scheme, enterprise.region, Decimal(10_000), by=None)
    scheme.refresh_from_db()
    claim = ask(enterprise, scheme)
    desk = client_of(reviewer)
    assert claim.number in text(page(desk, "desk-queue", "claim"))
    shown = text(page(desk, "desk-case", "claim", claim.number))
    assert "认证信息" in shown
    assert "申请信息" in shown
    assert enterprise.credit_code in shown
    assert "样机可靠性试验" in shown
    assert "剩余 10,000.00 元，通过后排队等候" in shown


def test_the_desk_grants_less_with_a_reason(enterprise: Organization, scheme: Programme, reviewer: User) -> None:
    claim = ask(enterprise, scheme)
    desk = client_of(reviewer)
    task = ReviewCase.objects.get().tasks.get(status="open")
    words = {"task": task.pk, "decision": "approve", "amount": "30000"}
    response = post(desk, "desk-case", "claim", claim.number, **words)
    assert response.status_code == 422
    assert "写明核减金额的理由" in text(response)
    assert post(desk, "desk-case", "claim", claim.number, **words, reason="按费用核定").status_code == 302
    claim.refresh_from_db()
    assert (claim.status, claim.granted, QuotaAccount.objects.get().available) == ("approved", 30_000, 30_000)


def test_a_cap_that_bites_at_the_desk_is_a_sentence(enterprise: Organization, reviewer: User) -> None:
    scheme = make_reviewed(cap_year=Decimal(60_000))
    claim = ask(enterprise, scheme)
    QuotaAccount.objects.create(
        number="A1", organization=enterprise, programme=scheme, valid_until=f"{scheme.year}-12-31",
        redeem_until=f"{scheme.year + 1}-03-15", granted=20_000, available=20_000,
    )  # fmt: skip
    task = ReviewCase.objects.get().tasks.get(status="open")
    response = post(client_of(reviewer), "desk-case", "claim", claim.number, task=task.pk, decision="approve")
    assert response.status_code == 422
    assert "申领金额最多 40,000 元" in text(response)
    claim.refresh_from_db()
    assert claim.status == "submitted"


def test_another_countys_desk_finds_neither_case_nor_revocation(
    enterprise: Organization, scheme: Programme, reviewer: User
) -> None:
    claim = in_state("approved", enterprise, scheme, reviewer)
    stranger = client_of(officer(cast.OTHER_COUNTY))
    before = money()
    for name, args in [("desk-case", ("claim", claim.number)), ("desk-claim-revoke", (claim.number,))]:
        assert page(stranger, name, *args).status_code == 404
        assert post(stranger, name, *args, decision="approve", reason="收回").status_code == 404
    assert money() == before


def test_the_bureau_takes_back_what_is_unused(
    client: Client, enterprise: Organization, scheme: Programme, reviewer: User
) -> None:
    claim = in_state("approved", enterprise, scheme, reviewer)
    desk = client_of(reviewer)
    assert (
        reverse("desk-claim-revoke", args=[claim.number])
        in page(desk, "desk-case", "claim", claim.number).content.decode()
    )
    assert "收回 50,000.00 元" in text(page(desk, "desk-claim-revoke", claim.number))
    assert post(desk, "desk-claim-revoke", claim.number, reason="").status_code == 422
    assert QuotaAccount.objects.get().available == 50_000
    assert post(desk, "desk-claim-revoke", claim.number, reason="企业已迁出本地区").status_code == 302
    assert QuotaAccount.objects.get().available == 0
    shown = text(page(client, "ent-claim", claim.number))
    assert "已收回" in shown
    assert "原因：企业已迁出本地区" in shown
    assert page(desk, "desk-claim-revoke", claim.number).status_code == 409


def test_who_may_look_and_not_review_reads_who_can(enterprise: Organization, scheme: Programme, reviewer: User) -> None:
    claim = in_state("approved", enterprise, scheme, reviewer)
    looking = client_of(officer(cast.COUNTY, "view_cases"))
    before = money()
    response = page(looking, "desk-claim-revoke", claim.number)
    assert response.status_code == 403
    assert "收回额度由330108科技局" in text(response)
    assert post(looking, "desk-claim-revoke", claim.number, reason="收回").status_code == 403
    assert money() == before
    assert (
        reverse("desk-claim-revoke", args=[claim.number])
        not in page(looking, "desk-case", "claim", claim.number).content.decode()
    )


def test_a_draft_is_nobodys_business_at_the_desk(enterprise: Organization, scheme: Programme, reviewer: User) -> None:
    claim = drafted(enterprise, scheme)
    assert page(client_of(reviewer), "desk-claim-revoke", claim.number).status_code == 404


def test_the_desk_sees_what_a_mended_claim_changed(
    enterprise: Organization, scheme: Programme, reviewer: User, owner: User
) -> None:
    claim = in_state("returned", enterprise, scheme, reviewer)
    resubmit_claim(claim, by=owner, amount=Decimal(40_000))
    case = ReviewCase.objects.get()
    assert changes(case) == [Change("申领金额", "50,000.00", "40,000.00")]
    shown = text(page(client_of(reviewer), "desk-case", "claim", claim.number))
    assert "改动（第 2 次提交）" in shown
