"""The third party's pages under odd addresses, odd input, two tabs, and people who do not belong there."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from innovation_voucher.casework import calendar, invariants
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from innovation_voucher.tests.kept import begins
from redemption import services
from redemption.models import Redemption, RedemptionLine, SettlementBatch
from redemption.tests import agency, factories
from redemption.tests.pages import client_for, client_of, post, text_of
from vouchers.models import Programme, Voucher
from vouchers.tests import factories as quota

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-13")]

ROUND = "/settle/"
SCRIPT = "<script>alert(1)</script>{{ 7|add:7 }}"


@dataclass
class Stage:
    """A scheme, and what of its redemptions a test asks for."""

    programme: Programme
    opened: Redemption | None = None
    batch: SettlementBatch | None = None

    def open(self) -> None:
        """A draft over two vouchers of one carrier: 12,000 and 3,000 yuan."""
        carrier = quota.make_carrier()
        rows = [agency.served(self.programme, carrier, contract=amount) for amount in (12_000, 3_000)]
        self.opened = agency.opened(rows[0])

    def pay(self) -> None:
        """A batch at the bank, which has paid it."""
        agency.payable(agency.served(self.programme))
        settler = factories.settler()
        made = factories.exported(settler, factories.countersigner(), self.programme)
        factories.import_rows(made, settler, factories.paid_rows(made))
        self.batch = SettlementBatch.objects.get(pk=made.pk)


def scheme() -> Stage:
    return Stage(agency.make_programme())


def draft() -> Stage:
    stage = scheme()
    stage.open()
    return stage


def paid() -> Stage:
    stage = scheme()
    stage.pay()
    return stage


def draft_and_paid() -> Stage:
    stage = draft()
    stage.pay()
    return stage


@pytest.fixture
def stage(begun: Stage) -> Stage:
    return deepcopy(begun)


@pytest.fixture
def programme(stage: Stage) -> Programme:
    return stage.programme


@pytest.fixture
def browser(programme: Programme) -> Client:
    return client_for(agency.agent("钱发起"))


@pytest.fixture
def opened(stage: Stage) -> Redemption:
    assert stage.opened is not None
    return stage.opened


@pytest.fixture
def batch(stage: Stage) -> SettlementBatch:
    assert stage.batch is not None
    return stage.batch


def share_url(voucher: Voucher, query: str = "") -> str:
    return reverse("settle-share", args=[voucher.region.code, voucher.carrier.number]) + query


def url_of(name: str, redemption: Redemption, *more: str) -> str:
    return reverse(f"settle-{name}", args=[redemption.number, *more])


def books() -> tuple[Any, ...]:
    """All that a refused act must leave as it was."""
    return (
        list(Redemption.objects.order_by("pk").values_list("number", "status")),
        list(RedemptionLine.objects.order_by("pk").values_list("voucher", "claimed")),
        list(Voucher.objects.order_by("pk").values_list("code", "status", "held")),
        list(SettlementBatch.objects.order_by("pk").values_list("number", "status", "signed_at")),
        AuditRow.objects.count(),
    )


# --- Who ------------------------------------------------------------------------------------------


def addresses(redemption: Redemption, batch: SettlementBatch) -> list[str]:
    """Every address below /settle/."""
    voucher = redemption.lines.select_related("voucher__region", "voucher__carrier").order_by("pk")[0].voucher
    own = [url_of(name, redemption) for name in ("redemption", "submit", "withdraw")]
    return [
        ROUND,
        share_url(voucher),
        reverse("settle-redemptions"),
        *own,
        url_of("drop", redemption, voucher.code),
        reverse("settle-batches"),
        reverse("settle-batch", args=[batch.number]),
    ]


@begins(draft_and_paid)
@pytest.mark.parametrize("who", ["nobody", "carrier", "rival", "county", "province", "bureau with the right"])
def test_no_page_opens_nor_obeys_for_anybody_else(
    programme: Programme, opened: Redemption, batch: SettlementBatch, who: str
) -> None:
    right = cast.make_office("bureau", factories.PROVINCE, rights=("open_redemptions",), name="有权的科技局")
    people: dict[str, Any] = {
        "nobody": Client,
        "carrier": lambda: client_of(opened.payee),
        "rival": lambda: client_of(cast.rival()),
        "county": lambda: client_for(factories.officer()),
        "province": lambda: client_for(factories.settler("周他人")),
        "bureau with the right": lambda: client_for(cast.make_officer(factories.PROVINCE, office=right)),
    }
    client = people[who]()
    before = books()
    expected = {302} if who == "nobody" else {403}
    for url in addresses(opened, batch):
        found = {client.get(url).status_code, post(client, url, reason="x").status_code}
        assert found - {405} == expected, url
    assert books() == before


@begins(draft_and_paid)
def test_a_third_party_without_the_right_reads_who_works_here(opened: Redemption, batch: SettlementBatch) -> None:
    office = cast.make_office("third_party", factories.PROVINCE, rights=("view_cases",), name="另一家第三方")
    client = client_for(cast.make_officer(factories.PROVINCE, kind="third_party", office=office))
    before = books()
    for url in addresses(opened, batch):
        response = client.get(url)
        assert response.status_code in (403, 405), url
    assert "由受托的第三方服务机构办理" in text_of(client.get(ROUND))
    assert books() == before


# --- Addresses ------------------------------------------------------------------------------------


@begins(draft)
@pytest.mark.parametrize("query", ["?page=0", "?page=-1", "?page=9999", "?page=x", "?page=1e9", "?tab=%3C", "?tab=无"])
def test_an_odd_page_or_tab_is_the_nearest_one(browser: Client, opened: Redemption, query: str) -> None:
    for name in ("settle-redemptions", "settle-batches", "settle-round"):
        assert browser.get(reverse(name) + query).status_code == 200, name
    assert opened.number in text_of(browser.get(reverse("settle-redemptions") + query))


@begins(scheme)
@pytest.mark.parametrize("since", ["2026-02-30", "2026", "%3Cscript%3E", "99999-01-01", "１２"])
def test_a_day_that_is_none_is_said_and_stays_in_its_box(programme: Programme, browser: Client, since: str) -> None:
    response = browser.get(f"{ROUND}?programme={programme.pk}&since={since}")
    assert response.status_code == 422
    body = response.content.decode()
    assert "2026-11-18" in body
    assert "<script>" not in body


@begins(scheme)
@pytest.mark.parametrize("chosen", ["0", "-1", "x", "99999999999999999999"])
def test_a_programme_that_is_none_is_refused_and_opens_nothing(
    programme: Programme, browser: Client, chosen: str
) -> None:
    voucher = agency.served(programme)
    assert browser.get(f"{ROUND}?programme={chosen}").status_code == 422
    assert browser.get(share_url(voucher, f"?programme={chosen}")).status_code == 404
    assert post(browser, share_url(voucher, f"?programme={chosen}")).status_code == 404
    assert not Redemption.objects.exists()


@begins(scheme)
def test_a_share_of_places_that_are_none_is_not_there(programme: Programme, browser: Client) -> None:
    voucher = agency.served(programme)
    for region, carrier in (("000000", voucher.carrier.number), (voucher.region.code, "C000000"), ("%00", "%00")):
        url = f"/settle/{region}/{carrier}/"
        assert browser.get(url).status_code in (400, 404), url
        assert post(browser, url).status_code in (400, 404), url
    assert not Redemption.objects.exists()


@begins(draft)
def test_a_voucher_of_another_redemption_is_not_dropped_here(
    programme: Programme, browser: Client, opened: Redemption
) -> None:
    other = agency.served(programme)
    agency.opened(other)
    before = books()
    assert browser.get(url_of("drop", opened, other.code)).status_code == 404
    assert post(browser, url_of("drop", opened, other.code), reason="移出").status_code == 404
    assert books() == before


# --- The period -----------------------------------------------------------------------------------


@begins(scheme)
@pytest.mark.parametrize(
    ("since", "until", "included"),
    [(0, 0, 1), (-1, 0, 1), (0, 1, 1), (1, 2, 0), (-2, -1, 0), (None, 0, 1), (0, None, 1)],
)
def test_both_days_of_the_period_belong_to_it(
    programme: Programme, browser: Client, since: int | None, until: int | None, included: int
) -> None:
    voucher, today = agency.served(programme), calendar.today()
    days = {
        name: str(today + timedelta(days=shift))
        for name, shift in (("since", since), ("until", until))
        if shift is not None
    }
    query = "".join(f"&{name}={day}" for name, day in days.items())
    words = text_of(browser.get(share_url(voucher, f"?programme={programme.pk}{query}")))
    assert ("1 张券，合计" in words, "服务记录不在所选期间" in words) == (included == 1, included == 0)
    post(browser, share_url(voucher, f"?programme={programme.pk}{query}"))
    assert Redemption.objects.count() == included


@begins(scheme)
def test_a_period_that_ends_before_it_begins_is_asked_about(programme: Programme, browser: Client) -> None:
    agency.served(programme)
    response = browser.get(f"{ROUND}?programme={programme.pk}&since=2026-12-31&until=2026-01-01")
    assert response.status_code == 422
    assert "期间结束不能早于期间开始" in text_of(response)
    assert 'value="2026-12-31"' in response.content.decode()


@begins(scheme)
def test_the_last_service_record_decides(programme: Programme) -> None:
    voucher, today = agency.served(programme, recorded=False), calendar.today()
    agency.record(voucher.order, today - timedelta(days=60))
    agency.record(voucher.order, today)
    far = services.shares(programme, period=(date.min, today - timedelta(days=1)))
    assert [entry.reason for entry in far[0].excluded] == ["服务记录不在所选期间"]
    assert [len(share.included) for share in services.shares(programme, period=(today, date.max))] == [1]


# --- Twice ----------------------------------------------------------------------------------------


@begins(scheme)
def test_a_share_that_is_sent_twice_is_opened_once(programme: Programme, browser: Client) -> None:
    voucher, token = agency.served(programme), new_token()
    first, second = (browser.post(share_url(voucher), {"_token": token}) for _n in range(2))
    assert first.url == second.url
    assert Redemption.objects.count() == 1


@begins(scheme)
def test_two_people_of_the_third_party_open_one(programme: Programme, browser: Client) -> None:
    voucher = agency.served(programme)
    assert post(browser, share_url(voucher)).status_code == 302
    late = post(client_for(agency.agent("孙同事")), share_url(voucher))
    assert late.status_code in (404, 422)
    assert Redemption.objects.count() == 1


@begins(draft)
def test_a_second_tab_hands_in_once(browser: Client, opened: Redemption) -> None:
    assert post(browser, url_of("submit", opened)).status_code == 302
    before = books()
    assert post(browser, url_of("submit", opened)).status_code in (302, 403, 409)
    assert books() == before


@begins(scheme)
@pytest.mark.parametrize("name", ["withdraw", "drop"])
def test_what_was_decided_meanwhile_is_not_touched(programme: Programme, browser: Client, name: str) -> None:
    redemption = agency.payable(agency.served(programme))
    more = [redemption.lines.get().voucher.code] if name == "drop" else []
    before = books()
    assert post(browser, url_of(name, redemption, *more), reason="移出").status_code in (409, 422)
    assert books() == before


# --- Text and files -------------------------------------------------------------------------------


@begins(draft)
@pytest.mark.parametrize("reason", ["", "  ", "长" * 301, "\u0000"])
def test_a_reason_that_is_none_takes_nothing_out(browser: Client, opened: Redemption, reason: str) -> None:
    code = opened.lines.order_by("pk")[0].voucher.code
    before = books()
    assert post(browser, url_of("drop", opened, code), reason=reason).status_code == 422
    assert books() == before


@begins(draft)
def test_a_reason_is_text_for_all_who_read_it(browser: Client, opened: Redemption) -> None:
    code = opened.lines.order_by("pk")[0].voucher.code
    assert post(browser, url_of("drop", opened, code), reason=SCRIPT).status_code == 302
    body = browser.get(url_of("redemption", opened)).content.decode()
    assert "<script>alert(1)" not in body
    assert "{{ 7|add:7 }}" in body


@begins(scheme)
def test_a_carriers_name_is_text_in_the_round(programme: Programme, browser: Client) -> None:
    carrier = quota.make_carrier(name="<b>甲</b>检测")
    voucher = agency.served(programme, carrier)
    for url in (ROUND, share_url(voucher)):
        body = browser.get(url).content.decode()
        assert "<b>甲</b>" not in body
        assert "&lt;b&gt;甲&lt;/b&gt;检测" in body


@begins(paid)
@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00", b"%PDF-", b"<script>"])
def test_a_receipt_that_is_no_picture_or_document_is_not_kept(
    browser: Client, batch: SettlementBatch, content: bytes
) -> None:
    before = books()
    url = reverse("settle-receipt-new", args=[batch.number])
    file = SimpleUploadedFile("回单.pdf", content, "application/pdf")
    response = browser.post(url, {"_token": new_token(), "file": file})
    assert response.status_code == 422
    assert books() == before


# --- What happens in the middle -------------------------------------------------------------------


@begins(draft)
def test_frozen_between_opening_and_handing_in_the_draft_waits_and_then_goes(
    browser: Client, opened: Redemption
) -> None:
    first = opened.lines.order_by("pk")[0].voucher
    Voucher.objects.filter(pk=first.pk).update(frozen_reason="线索核查")
    response = browser.post(url_of("submit", opened), {"_token": new_token()}, follow=True)
    assert "已冻结：线索核查" in text_of(response)
    assert Redemption.objects.get().status == "draft"
    assert post(browser, url_of("drop", opened, first.code), reason="冻结").status_code == 302
    assert post(browser, url_of("submit", opened)).status_code == 302
    redemption = Redemption.objects.get()
    assert (redemption.status, redemption.lines.count()) == ("in_review", 1)
    assert Voucher.objects.get(pk=first.pk).status == "confirmed"
    assert invariants.broken() == {}


@begins(draft)
def test_a_voucher_that_was_dropped_is_in_the_next_opening(
    programme: Programme, browser: Client, opened: Redemption
) -> None:
    dropped = opened.lines.order_by("pk")[1].voucher
    post(browser, url_of("drop", opened, dropped.code), reason="记录不全")
    words = text_of(browser.get(share_url(dropped)))
    assert "1 张券，合计 3,000.00 元" in words
    post(browser, share_url(dropped))
    again = Redemption.objects.exclude(pk=opened.pk).get()
    assert [line.voucher for line in again.lines.all()] == [dropped]
    assert invariants.broken() == {}


@begins(scheme)
def test_a_carrier_without_an_account_is_named_and_goes_once_it_has_one(programme: Programme, browser: Client) -> None:
    voucher = agency.served(programme)
    carrier = voucher.carrier.organization
    account = carrier.bank_accounts.get(active=True)
    carrier.bank_accounts.update(active=False)
    words = text_of(browser.get(share_url(voucher)))
    assert "机构没有收款账户" in words
    assert post(browser, share_url(voucher)).status_code == 422
    carrier.bank_accounts.filter(pk=account.pk).update(active=True)
    assert post(browser, share_url(voucher)).status_code == 302
    assert Redemption.objects.get().payee == carrier


@begins(scheme)
def test_last_years_vouchers_are_opened_in_the_grace_and_not_after_it(programme: Programme, time_machine: Any) -> None:
    voucher = agency.served(programme)
    january = date(programme.year + 1, 1, 10)
    time_machine.move_to(january)
    assert [share.total for share in services.shares(programme)] == [12_000]
    redemption = agency.opened(voucher)
    services.withdraw_redemption(redemption, by=agency.agent())
    assert agency.opened(Voucher.objects.get(pk=voucher.pk)).status == "draft"
    services.withdraw_redemption(Redemption.objects.get(status="draft"), by=agency.agent())
    time_machine.move_to(voucher.redeem_until + timedelta(days=2))
    browser = client_for(agency.agent())
    assert "已过" in text_of(browser.get(share_url(voucher)))
    assert post(browser, share_url(voucher)).status_code == 422
    assert Voucher.objects.get().status == "confirmed"
