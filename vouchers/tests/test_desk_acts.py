"""The bureau's acts on their pages: what is said before, who may, and what comes of it (scenario 10)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from innovation_voucher.casework import calendar
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import AuditRow, Message
from innovation_voucher.tests import cast
from vouchers import buttons, invariants, rules, services
from vouchers.models import LedgerEntry, QuotaAccount, Voucher

from . import factories
from .test_freezing import everything

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-9")]


@pytest.fixture
def officer(db: None) -> User:
    return cast.make_officer(cast.COUNTY, "terminate_voucher", "view_cases")


@pytest.fixture
def desk(officer: User) -> Client:
    client = Client()
    client.force_login(officer)
    return client


@pytest.fixture
def confirmed(db: None) -> Voucher:
    """A confirmed voucher of 14,000 yuan out of 20,000."""
    return factories.make_voucher(state="confirmed")


def url(voucher: Voucher, act: str = "terminate") -> str:
    return reverse(f"desk-voucher-{act}", args=[voucher.code])


def post(client: Client, address: str, **body: str) -> Any:
    return client.post(address, {"_token": new_token(), "reason": "服务未开展", **body})


def fresh(voucher: Voucher) -> Voucher:
    return Voucher.objects.get(pk=voucher.pk)


def account() -> QuotaAccount:
    return QuotaAccount.objects.get()


def all_is_whole() -> None:
    for name, check in invariants.CHECKS.items():
        assert list(check()) == [], name


# --- Scenario 10 ----------------------------------------------------------------------------------


def test_scenario_10_voided_before_it_is_confirmed_the_quota_is_back() -> None:
    """Scenario 10: void before the confirmation."""
    voucher = factories.make_voucher()
    services.void_voucher(voucher, by=cast.owner_of(voucher.organization), reason="金额填错")
    assert (fresh(voucher).status, account().available) == ("voided", 20_000)
    all_is_whole()


def test_scenario_10_afterwards_only_the_bureau_ends_it(confirmed: Voucher, desk: Client) -> None:
    """Scenario 10: after it the enterprise cannot, the bureau can."""
    owner = cast.owner_of(confirmed.organization)
    with pytest.raises(Refused, match="机构已确认，不能自行作废"):
        services.void_voucher(confirmed, by=owner, reason="金额填错")
    page = desk.get(url(confirmed)).content.decode()
    assert "额度 14,000.00 元退回企业的可用额度" in page
    assert post(desk, url(confirmed)).url == reverse("desk-voucher", args=[confirmed.code])
    assert (fresh(confirmed).status, account().available, account().held) == ("terminated", 20_000, 0)
    for person in (owner, cast.owner_of(confirmed.carrier.organization)):
        note = Message.objects.get(user=person, kind="voucher.terminated")
        assert note.body == "服务未开展"
    all_is_whole()


def test_scenario_10_last_years_quota_does_not_come_back(confirmed: Voucher, desk: Client) -> None:
    """Scenario 10: of last year's nothing comes back."""
    factories.end_year(account())
    page = desk.get(url(confirmed)).content.decode()
    for words in ("这是往年的创新券", "不会退回本年度，直接失效", "可能无法使用今年的额度", "可在兑付审核时核减"):
        assert words in page, words
    post(desk, url(confirmed))
    assert fresh(confirmed).status == "terminated"
    assert (account().held, account().lapsed, account().available) == (0, 14_000, 6_000)
    assert LedgerEntry.objects.get(kind="release").target == "lapsed"
    all_is_whole()


# --- Words and refusals -----------------------------------------------------------------------------


def test_without_a_reason_nothing_ends(confirmed: Voucher, desk: Client) -> None:
    before = everything()
    response = post(desk, url(confirmed), reason="  ")
    assert response.status_code == 422
    assert "写明原因" in response.content.decode()
    assert everything() == before


@pytest.mark.parametrize(
    ("state", "words"),
    [("issued", "机构还没有确认，由企业作废或由服务机构退回")],
)
def test_what_cannot_end_says_why_and_has_no_button(state: str, words: str, desk: Client) -> None:
    voucher = factories.make_voucher(state=state)
    page = desk.get(url(voucher)).content.decode()
    assert words in page
    assert "govuk-button--warning" not in page
    before = everything()
    assert post(desk, url(voucher)).status_code == 409
    assert everything() == before


def test_the_second_tab_is_told_that_somebody_was_first(confirmed: Voucher, desk: Client, officer: User) -> None:
    desk.get(url(confirmed))
    services.terminate_voucher(confirmed, by=officer, office=None, reason="另一位先办")
    late = post(desk, url(confirmed), reason="晚了一步")
    assert late.status_code == 409
    assert "已终止" in late.content.decode()
    assert fresh(confirmed).end_reason == "另一位先办"


def test_the_same_form_twice_ends_it_once(confirmed: Voucher, desk: Client) -> None:
    body = {"_token": new_token(), "reason": "服务未开展"}
    first, second = (desk.post(url(confirmed), body) for _n in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert AuditRow.objects.filter(verb="voucher.terminated").count() == 1


@pytest.mark.feature("X-3")
@pytest.mark.parametrize("act", ["terminate", "freeze", "lift"])
def test_other_counties_get_404_and_readers_403_with_who_can(confirmed: Voucher, officer: User, act: str) -> None:
    elsewhere = cast.make_officer(cast.OTHER_COUNTY, "terminate_voucher", "view_cases")
    reader = cast.make_officer(cast.COUNTY, office=cast.make_office("agency", rights=("view_cases",)))
    before = everything()
    for person, status in ((elsewhere, 404), (reader, 403), (cast.owner_of(confirmed.organization), 403)):
        client = Client()
        client.force_login(person)
        assert client.get(url(confirmed, act)).status_code == status
        assert post(client, url(confirmed, act)).status_code == status
    client = Client()
    client.force_login(reader)
    assert "终止和冻结由" in client.get(url(confirmed, act)).content.decode()
    assert everything() == before


# --- Freezing on its page -----------------------------------------------------------------------------


def test_freezing_and_lifting_by_the_page(confirmed: Voucher, desk: Client) -> None:
    until = calendar.today() + timedelta(days=30)
    page = desk.get(url(confirmed, "freeze")).content.decode()
    assert "扫码显示“此券已冻结”" in page
    assert post(desk, url(confirmed, "freeze"), until=str(until)).status_code == 302
    assert (fresh(confirmed).frozen_reason, fresh(confirmed).frozen_until) == ("服务未开展", until)
    assert post(desk, url(confirmed, "freeze")).status_code == 409
    assert "立即恢复使用" in desk.get(url(confirmed, "lift")).content.decode()
    assert post(desk, url(confirmed, "lift"), reason="已查清").status_code == 302
    assert not rules.is_frozen(fresh(confirmed))


@pytest.mark.parametrize("until", ["昨天", "2020-01-01", "2026-02-30"])
def test_a_day_that_cannot_be_is_refused_with_the_reason_kept(confirmed: Voucher, desk: Client, until: str) -> None:
    response = post(desk, url(confirmed, "freeze"), until=until, reason="举报核查")
    assert response.status_code == 422
    assert "举报核查" in response.content.decode()
    assert fresh(confirmed).frozen_reason == ""


def test_the_holder_reads_on_the_card_why_nothing_goes(confirmed: Voucher, officer: User) -> None:
    services.set_freeze(confirmed, by=officer, office=None, reason="举报核查", until=None)
    client = Client()
    client.force_login(cast.owner_of(confirmed.organization))
    page = client.get(reverse("ent-voucher", args=[confirmed.code])).content.decode()
    assert "这张券已冻结：举报核查" in page


def test_an_account_is_frozen_on_its_page(confirmed: Voucher, desk: Client) -> None:
    address = reverse("desk-account-freeze", args=[account().number])
    assert "不能申领，也不能用于新的创新券" in desk.get(address).content.decode()
    response = post(desk, address)
    assert response.url.startswith(reverse("desk-enterprises"))
    assert account().frozen_reason == "服务未开展"
    assert post(desk, reverse("desk-account-lift", args=[account().number])).status_code == 302
    assert account().frozen_reason == ""


@pytest.mark.feature("X-3")
def test_an_account_of_another_county_is_not_there(confirmed: Voucher) -> None:
    client = Client()
    client.force_login(cast.make_officer(cast.OTHER_COUNTY, "terminate_voucher"))
    for act in ("freeze", "lift"):
        assert client.get(reverse(f"desk-account-{act}", args=[account().number])).status_code == 404
    assert account().frozen_reason == ""


# --- Buttons --------------------------------------------------------------------------------------------


def test_buttons_say_what_can_be_done_and_why_not(confirmed: Voucher, officer: User) -> None:
    offered = buttons.voucher_buttons(officer, confirmed)
    assert [(str(b.label), b.reason) for b in offered] == [("终止此券", ""), ("冻结", "")]
    frozen = services.set_freeze(confirmed, by=officer, office=None, reason="核查", until=None)
    assert [str(b.label) for b in buttons.voucher_buttons(officer, frozen)] == ["终止此券", "解除冻结"]
    waiting = factories.make_voucher(confirmed.organization, confirmed.programme, confirmed.carrier, contract=100)
    first = buttons.voucher_buttons(officer, waiting)[0]
    assert first.reason == "机构还没有确认，由企业作废或由服务机构退回"


def test_without_the_right_every_button_names_who_has_it(confirmed: Voucher, officer: User) -> None:
    reader = cast.make_officer(cast.COUNTY, office=cast.make_office("agency", rights=("view_cases",)))
    reasons = {button.reason for button in buttons.voucher_buttons(reader, confirmed)}
    assert len(reasons) == 1
    assert "办理" in reasons.pop()
    (one,) = buttons.account_buttons(reader, account(), confirmed.region)
    assert one.reason != ""
