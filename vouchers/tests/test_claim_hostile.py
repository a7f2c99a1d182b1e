"""What people and machines may type into a reviewed claim: odd numbers, odd text, two tabs, the same form twice."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import AuditRow, ReviewCase
from innovation_voucher.tests import cast
from vouchers.models import BudgetPool, Claim, LedgerEntry, Programme, QuotaAccount
from vouchers.services.pools import set_pool

from .pages import client_of, post, text
from .reviewed import ask, decide, drafted, in_state, make_reviewed, money, officer

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-3")]

PURPOSE = "样机可靠性试验"
SCRIPT = '<script>alert(1)</script>"&\'{{ 7|add:7 }}{% now "Y" %}'


@pytest.fixture(scope="module")
def built(kept: Path) -> tuple[Programme, Organization]:
    return make_reviewed(cap_year=None), cast.enterprise()


@pytest.fixture
def enterprise(world: tuple[Programme, Organization]) -> Organization:
    return world[1]


@pytest.fixture
def reviewer() -> User:
    return officer()


@pytest.fixture
def client(owner: User) -> Client:
    return client_of(owner)


def write(client: Client, **data: Any) -> Any:
    return post(client, "ent-claim-new", **{"amount": "50000", "purpose": PURPOSE, **data})


def check(client: Client, claim: Claim, **data: Any) -> Any:
    return post(client, "ent-claim-check", claim.number, **data)


# --- Numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [("50,000", 50_000), ("５００００", 50_000), (" 50000.00 ", 50_000), ("50，000", 50_000), ("0.01", "0.01")],
)
def test_an_amount_is_understood_as_people_write_it(client: Client, scheme: Programme, typed: str, yuan: Any) -> None:
    assert write(client, amount=typed).status_code == 302
    assert str(Claim.objects.get().asked) == f"{float(yuan):.2f}"


@pytest.mark.parametrize(
    "typed", ["1e4", "1E9", "NaN", "Infinity", "-5", "0", "0.001", "五万", "0x10", "1_000", "--5", "9" * 40, "\u0000"]
)
def test_an_amount_that_is_none_is_said_and_kept(client: Client, scheme: Programme, typed: str) -> None:
    response = write(client, amount=typed)
    assert response.status_code == 422
    assert PURPOSE in response.content.decode()
    assert not Claim.objects.exists()


def test_more_than_a_column_holds_is_refused_in_words(client: Client, scheme: Programme) -> None:
    response = write(client, amount="99999999999999")
    assert response.status_code == 422
    assert "govuk-error-summary" in response.content.decode()
    assert not Claim.objects.exists()


# --- Text -----------------------------------------------------------------------------------------


def test_markup_is_text_on_every_page_that_shows_it(client: Client, scheme: Programme, reviewer: User) -> None:
    claim = Claim.objects.get(number=write(client, purpose=SCRIPT).url.split("/")[-3])
    pages = [client.get(reverse(name, args=[claim.number])) for name in ("ent-claim-check", "ent-claim-edit")]
    check(client, claim, agree="on")
    desk = client_of(reviewer)
    pages += [
        client.get(reverse("ent-claim", args=[claim.number])),
        desk.get(reverse("desk-case", args=["claim", claim.number])),
    ]
    for page in pages:
        assert page.status_code == 200
        body = page.content.decode()
        assert "<script>alert(1)" not in body
        assert "&lt;script&gt;alert(1)" in body
        assert "{{ 7|add:7 }}" in body, "what was typed is no template"


@pytest.mark.parametrize("purpose", ["", "   ", "\u3000", "字" * 20_000, "有\u0000零"])
def test_text_that_does_not_fit_is_said(client: Client, scheme: Programme, purpose: str) -> None:
    response = write(client, purpose=purpose)
    assert response.status_code == 422
    assert 'value="50000"' in response.content.decode()
    assert not Claim.objects.exists()


def test_fields_that_nobody_asked_for_are_not_kept(client: Client, scheme: Programme) -> None:
    write(client, granted="1", status="approved", organization="1", snapshot="2", pool="3", revenue="0")
    claim = Claim.objects.get()
    assert (claim.status, claim.granted, claim.pool, set(claim.answers)) == ("draft", None, None, {"purpose"})


@pytest.mark.parametrize("number", ["SL-0000-000000", "x" * 300, "%00", "..", "1%27%20OR%201=1"])
def test_a_number_that_is_none_is_not_there(client: Client, scheme: Programme, number: str) -> None:
    for name in ("ent-claim", "ent-claim-check", "ent-claim-edit", "ent-claim-withdraw"):
        url = reverse(name, args=["N"]).replace("/N/", f"/{number}/")
        assert client.get(url).status_code in (404, 400), url


# --- Twice ----------------------------------------------------------------------------------------


def test_the_same_draft_sent_twice_is_one_draft(client: Client, scheme: Programme) -> None:
    data = {"_token": new_token(), "amount": "50000", "purpose": PURPOSE}
    first, second = (client.post(reverse("ent-claim-new"), data) for _n in range(2))
    assert first.url == second.url
    assert Claim.objects.count() == AuditRow.objects.filter(verb="claim.drafted").count() == 1


def test_two_tabs_write_one_claim(client: Client, scheme: Programme) -> None:
    assert write(client).status_code == 302
    claim = Claim.objects.get()
    response = write(client, amount="20000")
    assert claim.number in text(response), "the second tab is led to the claim on its way"
    assert [row.asked for row in Claim.objects.all()] == [50_000]


def test_two_tabs_hand_in_once(client: Client, scheme: Programme, enterprise: Organization) -> None:
    claim = drafted(enterprise, scheme)
    assert check(client, claim, agree="on").status_code == 302
    before = money()
    assert check(client, claim, agree="on").status_code == 409
    assert money() == before
    assert ReviewCase.objects.count() == 1


def test_a_tab_that_was_opened_before_it_was_handed_in_changes_nothing(
    client: Client, scheme: Programme, enterprise: Organization
) -> None:
    claim = drafted(enterprise, scheme)
    assert client.get(reverse("ent-claim-edit", args=[claim.number])).status_code == 200
    check(client, claim, agree="on")
    before = money()
    response = post(client, "ent-claim-edit", claim.number, amount="1", purpose="改了")
    assert response.status_code == 409
    assert money() == before


def test_a_form_without_its_token_moves_nothing(client: Client, scheme: Programme, enterprise: Organization) -> None:
    claim, before = drafted(enterprise, scheme), money()
    response = client.post(reverse("ent-claim-check", args=[claim.number]), {"agree": "on"})
    assert response.status_code == 422
    assert money() == before


@pytest.mark.parametrize("name", ["ent-claim-withdraw", "ent-claim-check"])
def test_a_claim_that_was_granted_meanwhile_is_neither_withdrawn_nor_sent_again(
    client: Client, scheme: Programme, enterprise: Organization, reviewer: User, name: str
) -> None:
    claim = in_state("approved", enterprise, scheme, reviewer)
    before = money()
    assert post(client, name, claim.number, agree="on").status_code == 409
    assert money() == before


# --- The desk -------------------------------------------------------------------------------------


def revoke(desk: Client, claim: Claim, **data: Any) -> Any:
    return post(desk, "desk-claim-revoke", claim.number, **data)


@pytest.mark.feature("ZO-4")
@pytest.mark.parametrize("reason", ["", "  ", "长" * 301, "零\u0000"])
def test_a_reason_that_is_none_takes_nothing_back(
    enterprise: Organization, scheme: Programme, reviewer: User, reason: str
) -> None:
    claim = in_state("approved", enterprise, scheme, reviewer)
    before = money()
    assert revoke(client_of(reviewer), claim, reason=reason).status_code == 422
    assert money() == before


@pytest.mark.feature("ZO-4")
def test_the_reason_of_a_revocation_is_text_for_its_reader(
    client: Client, enterprise: Organization, scheme: Programme, reviewer: User
) -> None:
    claim = in_state("approved", enterprise, scheme, reviewer)
    assert revoke(client_of(reviewer), claim, reason=SCRIPT).status_code == 302
    body = client.get(reverse("ent-claim", args=[claim.number])).content.decode()
    assert "<script>alert(1)" not in body
    assert "&lt;script&gt;alert(1)" in body


@pytest.mark.feature("ZO-4")
def test_a_revocation_sent_twice_takes_back_once(enterprise: Organization, scheme: Programme, reviewer: User) -> None:
    claim = in_state("approved", enterprise, scheme, reviewer)
    desk, data = client_of(reviewer), {"_token": new_token(), "reason": "企业已迁出"}
    url = reverse("desk-claim-revoke", args=[claim.number])
    first, second = (desk.post(url, data) for _n in range(2))
    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert LedgerEntry.objects.filter(kind="revoke").count() == 1
    assert QuotaAccount.objects.get().available == 0
    assert revoke(desk, claim, reason="再来一次").status_code == 409
    assert LedgerEntry.objects.filter(kind="revoke").count() == 1


@pytest.mark.feature("ZO-4")
@pytest.mark.parametrize("state", ["submitted", "returned", "waitlisted", "rejected"])
def test_what_granted_nothing_has_no_page_to_take_it_back(
    enterprise: Organization, scheme: Programme, reviewer: User, state: str
) -> None:
    claim = in_state(state, enterprise, scheme, reviewer)
    before = money()
    desk = client_of(reviewer)
    assert desk.get(reverse("desk-claim-revoke", args=[claim.number])).status_code == 409
    assert revoke(desk, claim, reason="收回").status_code == 409
    assert money() == before


@pytest.mark.feature("ZO-4")
def test_two_officers_decide_once(enterprise: Organization, scheme: Programme, reviewer: User) -> None:
    claim = ask(enterprise, scheme)
    task = ReviewCase.objects.get().tasks.get(status="open")
    decide(claim, reviewer, "approve")
    before = money()
    late = post(
        client_of(officer()), "desk-case", "claim", claim.number, task=task.pk, decision="reject", reason="晚了"
    )
    assert late.status_code in (302, 409, 422)
    assert money() == before
    assert Claim.objects.get().status == "approved"


@pytest.mark.feature("ZO-4")
@pytest.mark.parametrize("amount", ["1e3", "-1", "0", "50000.01", "NaN", "五", "9" * 30])
def test_a_grant_that_is_no_amount_decides_nothing(
    enterprise: Organization, scheme: Programme, reviewer: User, amount: str
) -> None:
    claim = ask(enterprise, scheme)
    task = ReviewCase.objects.get().tasks.get(status="open")
    before = money()
    words = {"task": task.pk, "decision": "approve", "reason": "核减", "amount": amount}
    assert post(client_of(reviewer), "desk-case", "claim", claim.number, **words).status_code == 422
    assert money() == before


@pytest.mark.feature("X-3")
def test_who_waits_sees_the_place_and_what_was_agreed(
    client: Client, enterprise: Organization, scheme: Programme, reviewer: User
) -> None:
    claim = in_state("waitlisted", enterprise, scheme, reviewer)
    words = text(client.get(reverse("ent-claim", args=[claim.number])))
    assert "排队中" in words
    assert "第 1 位" in words
    assert "50,000.00 元" in words
    set_pool(scheme, enterprise.region, BudgetPool.objects.get().total + 49_999, by=None)
    assert Claim.objects.get().status == "waitlisted"
