"""Pages of quota and vouchers as the enterprise uses them."""

import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Organization, User
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import Attachment
from innovation_voucher.lib import pdf, qr
from innovation_voucher.tests import cast
from vouchers.models import Claim, Programme, QuotaAccount, Voucher
from vouchers.services import scan_url, void_voucher

from . import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def post(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(name, args=args), {"_token": new_token(), **data})


@pytest.mark.feature("ZJ-5")
def test_from_the_meter_to_the_money(client: Client, enterprise: Organization, programme: Programme) -> None:
    assert "200,000.00" in text(client.get(reverse("ent-quota")))
    page = client.get(reverse("ent-claim-new"))
    assert "提交后即时到账，无需审核" in text(page)
    assert enterprise.bureau.full_name in text(page)
    response = post(client, "ent-claim-new", amount="20,000", agree="on")
    claim = Claim.objects.get()
    assert response.url == reverse("ent-claim-done", args=[claim.number])
    assert "20,000.00 元" in text(client.get(response.url))
    assert claim.number in text(client.get(reverse("ent-quota")))
    assert "申领额度，即时到账" in text(client.get(reverse("ent-claim", args=[claim.number])))


@pytest.mark.feature("ZJ-5")
def test_too_much_is_told_with_the_largest_amount_and_a_button(client: Client, programme: Programme) -> None:
    response = post(client, "ent-claim-new", amount="200001", agree="on")
    assert response.status_code == 422
    assert "申领金额最多 200,000 元（年度上限 200,000，已申领 0）" in text(response)
    assert 'name="instead" value="200000.00"' in response.content.decode()
    assert "改为 200,000.00 元" in text(response)
    assert not Claim.objects.exists()
    response = post(client, "ent-claim-new", amount="200001", agree="on", instead="200000.00")
    assert response.status_code == 302
    assert QuotaAccount.objects.get().available == 200_000


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"amount": "", "agree": "on"}, "填写申领金额，单位为元"),
        ({"amount": "100"}, "提交前需勾选承诺"),
        ({"amount": "abc", "agree": "on"}, "申领金额"),
        ({"amount": "0", "agree": "on"}, "申领金额要大于 0 元"),
        ({"amount": "1", "agree": "on", "instead": "x"}, "申领金额"),
    ],
)
def test_a_claim_that_is_not_filled_in_is_a_422(
    client: Client, programme: Programme, data: dict[str, str], words: str
) -> None:
    response = post(client, "ent-claim-new", **data)
    assert response.status_code == 422
    assert words in text(response)
    assert not Claim.objects.exists()


def test_a_claim_posted_twice_counts_once(client: Client, programme: Programme) -> None:
    data = {"_token": new_token(), "amount": "100", "agree": "on"}
    urls = {client.post(reverse("ent-claim-new"), data).url for _n in range(2)}
    assert len(urls) == 1
    assert QuotaAccount.objects.get().granted == 100


def test_who_cannot_claim_reads_why(client: Client, owner: User, enterprise: Organization) -> None:
    assert "现在没有可申领的创新券" in text(client.get(reverse("ent-claim-new")))
    programme = factories.make_programme()
    programme.participating.add(cast.make_region(cast.OTHER_COUNTY))
    page = client.get(f"{reverse('ent-claim-new')}?programme={programme.pk}")
    assert "没有参加" in text(page)
    programme.participating.clear()
    Organization.objects.update(verified_at=None)
    assert "先完成实名认证" in text(client.get(reverse("ent-claim-new")))
    assert post(client, "ent-claim-new", amount="1", agree="on").status_code == 200
    assert not Claim.objects.exists()


@pytest.mark.parametrize("query", ["?programme=x", "?programme=999999"])
def test_a_programme_that_does_not_exist_is_a_404(client: Client, query: str) -> None:
    assert client.get(reverse("ent-claim-new") + query).status_code == 404


@pytest.mark.feature("X-4")
def test_the_ledger_explains_every_figure(client: Client, enterprise: Organization, programme: Programme) -> None:
    kept = factories.make_voucher(enterprise, programme, contract=8_000, quota=20_000)
    gone = factories.make_voucher(enterprise, programme, kept.carrier, contract=2_000)
    void_voucher(gone, by=None, reason="填错")
    account = QuotaAccount.objects.get()
    url = reverse("ent-ledger", args=[account.number])
    whole = text(client.get(url))
    assert "20,000.00 已申领" in whole
    assert "8,000.00 占用中" in whole
    assert "12,000.00 可用额度" in whole
    assert whole.index("额度退回") < whole.index("申领到账")
    held = text(client.get(f"{url}?bucket=held"))
    assert "占用中 8,000.00 元" in held
    assert "申领到账" not in held
    granted = text(client.get(f"{url}?bucket=granted"))
    assert "申领到账" in granted
    assert "使用创新券 " not in granted.split("相关流水")[1].split("查看全部流水")[0]
    assert client.get(f"{url}?bucket=nonsense").status_code == 404


@pytest.mark.feature("ZJ-10")
def test_the_wall_shows_cards_by_state(client: Client, enterprise: Organization, programme: Programme) -> None:
    issued = factories.make_voucher(enterprise, programme, contract=100)
    confirmed = factories.make_voucher(enterprise, programme, issued.carrier, contract=100, state="confirmed")
    gone = factories.make_voucher(enterprise, programme, issued.carrier, contract=100)
    void_voucher(gone, by=None, reason="填错")
    page = client.get(reverse("ent-vouchers")).content.decode()
    assert page.count("<article") == 3
    assert f'value="{issued.code}"' in page
    assert f'value="{confirmed.code}"' not in page
    assert reverse("ent-voucher-qr", args=[gone.code]) not in page
    over = client.get(reverse("ent-vouchers") + "?view=over").content.decode()
    assert over.count("<article") == 1
    assert client.get(reverse("ent-vouchers") + "?view=x").status_code == 404


def asked(client: Client, url: str) -> int:
    """How many queries the page takes beyond those that know the reader (session, user, roles)."""
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    tables = ("django_session", "accounts_user", "casework_office", "accounts_membership", "casework_message")
    reader = [q for q in seen.captured_queries if any(f'FROM "{table}"' in q["sql"] for table in tables)]
    return len(seen) - len(reader)


@pytest.mark.parametrize(("name", "most"), [("ent-vouchers", 8), ("ent-quota", 15)])
def test_a_list_asks_the_same_for_one_row_and_for_thirty(
    client: Client, enterprise: Organization, programme: Programme, name: str, most: int
) -> None:
    first = factories.make_voucher(enterprise, programme, contract=100)
    url = reverse(name)
    client.get(url)

    one = asked(client, url)
    assert one <= most
    for _n in range(29):
        factories.claim(enterprise, programme, 10)
        factories.make_voucher(enterprise, programme, first.carrier, contract=100)
    assert asked(client, url) == one


@pytest.mark.feature("ZJ-10")
def test_a_voucher_has_its_card_pdf_and_qr(client: Client, enterprise: Organization, programme: Programme) -> None:
    voucher = factories.make_voucher(enterprise, programme)
    page = text(client.get(reverse("ent-voucher", args=[voucher.code])))
    assert "¥14,000.00" in page
    assert "10,000 ＋ 8,000 × 50% ＝ 14,000 元" in page
    picture = client.get(reverse("ent-voucher-qr", args=[voucher.code]))
    assert qr.decode(picture.content) == scan_url(voucher)
    assert len(scan_url(voucher).rpartition("/")[2]) == 22


def test_a_detail_takes_at_most_twelve_queries(client: Client, enterprise: Organization, programme: Programme) -> None:
    voucher = factories.make_voucher(enterprise, programme)
    for name, key in [
        ("ent-voucher", voucher.code),
        ("ent-claim", Claim.objects.get().number),
        ("ent-ledger", QuotaAccount.objects.get().number),
    ]:
        assert asked(client, reverse(name, args=[key])) <= 12, name


@pytest.mark.feature("ZJ-10")
@pytest.mark.slow
def test_the_print_is_made_once_and_its_code_can_be_scanned(
    client: Client, enterprise: Organization, programme: Programme
) -> None:
    voucher = factories.make_voucher(enterprise, programme)
    url = reverse("ent-voucher-pdf", args=[voucher.code])
    first, second = client.get(url).content, client.get(url).content
    assert first == second
    assert Attachment.objects.count() == 1
    assert pdf.page_count(first) == 1
    assert qr.decode(pdf.page_images(first, dpi=150)[0]) == scan_url(voucher)


@pytest.mark.feature("ZO-12")
def test_a_reprint_changes_the_signature(client: Client, enterprise: Organization, programme: Programme) -> None:
    voucher = factories.make_voucher(enterprise, programme)
    before = scan_url(voucher)
    assert post(client, "ent-voucher-reprint", voucher.code).status_code == 302
    voucher.refresh_from_db()
    assert voucher.print_version == 2
    assert scan_url(voucher) != before


@pytest.mark.feature("ZJ-9")
def test_one_voucher_is_taken_back(client: Client, enterprise: Organization, programme: Programme) -> None:
    voucher = factories.make_voucher(enterprise, programme)
    page = client.get(reverse("ent-voucher-void"), {"code": voucher.code})
    assert "额度 14,000.00 元退回可用额度" in text(page)
    response = post(client, "ent-voucher-void", code=voucher.code, reason="")
    assert response.status_code == 422
    assert "写明作废的原因" in text(response)
    response = post(client, "ent-voucher-void", code=voucher.code, reason="金额填错")
    assert "已作废 1 张" in text(client.get(response.url))
    assert QuotaAccount.objects.get().held == 0
    assert client.get(reverse("ent-voucher-pdf", args=[voucher.code])).status_code == 404
    assert "金额填错" in text(client.get(reverse("ent-voucher", args=[voucher.code])))


@pytest.mark.feature("ZJ-9")
def test_of_several_each_says_what_became_of_it(client: Client, enterprise: Organization, programme: Programme) -> None:
    one = factories.make_voucher(enterprise, programme, contract=100)
    other = factories.make_voucher(enterprise, programme, one.carrier, contract=100, state="confirmed")
    response = post(client, "ent-voucher-void", code=[one.code, other.code], reason="填错")
    result = text(client.get(response.url))
    assert "已作废 1 张，1 张没有作废" in result
    assert "机构已确认，不能自行作废" in result


def test_a_confirmed_one_alone_is_refused_on_the_page(
    client: Client, enterprise: Organization, programme: Programme
) -> None:
    voucher = factories.make_voucher(enterprise, programme, state="confirmed")
    response = post(client, "ent-voucher-void", code=voucher.code, reason="填错")
    assert response.status_code == 422
    assert "联系科技局终止" in text(response)
    voucher.refresh_from_db()
    assert voucher.status == "confirmed"


def test_nothing_ticked_goes_back_to_the_wall(client: Client, programme: Programme) -> None:
    assert client.get(reverse("ent-voucher-void")).url == reverse("ent-vouchers")
    assert client.get(reverse("ent-voucher-voided")).status_code == 404


def test_last_years_voucher_warns_before_it_is_voided(
    client: Client, enterprise: Organization, programme: Programme
) -> None:
    voucher = factories.make_voucher(enterprise, programme)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE vouchers_voucher SET valid_until = '2020-12-31'")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    page = text(client.get(reverse("ent-voucher-void"), {"code": voucher.code}))
    assert "额度 0.00 元退回可用额度" in page
    assert "不会退回本年度" in page


def test_strangers_find_nothing(client: Client, programme: Programme) -> None:
    theirs = factories.make_voucher(programme=programme)
    claim = Claim.objects.get()
    account = QuotaAccount.objects.get()
    for name, arg in [
        ("ent-voucher", theirs.code),
        ("ent-voucher-pdf", theirs.code),
        ("ent-voucher-qr", theirs.code),
        ("ent-claim", claim.number),
        ("ent-claim-done", claim.number),
        ("ent-ledger", account.number),
    ]:
        assert client.get(reverse(name, args=[arg])).status_code == 404, name
    assert client.get(reverse("ent-voucher-void"), {"code": theirs.code}).status_code == 404
    assert post(client, "ent-voucher-void", code=theirs.code, reason="x").status_code == 404
    assert post(client, "ent-voucher-reprint", theirs.code).status_code == 404
    theirs.refresh_from_db()
    assert (theirs.status, theirs.print_version) == ("issued", 1)


@pytest.mark.parametrize("role", ["finance", "viewer"])
def test_readers_see_and_do_not_act(client: Client, enterprise: Organization, programme: Programme, role: str) -> None:
    voucher = factories.make_voucher(enterprise, programme)
    client.force_login(cast.make_member(enterprise, role=role))
    assert 'name="code"' not in client.get(reverse("ent-vouchers")).content.decode()
    assert client.get(reverse("ent-voucher", args=[voucher.code])).status_code == 200
    assert post(client, "ent-voucher-void", code=voucher.code, reason="x").status_code == 403
    assert post(client, "ent-voucher-reprint", voucher.code).status_code == 403
    assert post(client, "ent-claim-new", amount="1", agree="on").status_code == 403
    assert Voucher.objects.get().status == "issued"


def test_the_first_page_shows_quota_and_what_waits(
    client: Client, enterprise: Organization, programme: Programme
) -> None:
    voucher = factories.make_voucher(enterprise, programme)
    page = text(client.get(reverse("ent-home")))
    assert "可用额度 6,000.00 元" in page
    assert "等待办理的创新券" in page
    assert voucher.service_title in page


def test_who_is_not_signed_in_is_sent_to_sign_in(client: Client, programme: Programme) -> None:
    client.logout()
    assert "login" in client.get(reverse("ent-quota")).url


def test_earlier_years_stay_as_a_table(client: Client, enterprise: Organization, programme: Programme) -> None:
    account = factories.claim(enterprise, programme, 100)
    factories.end_year(account)
    page = text(client.get(reverse("ent-quota")))
    assert "往年额度" in page
    assert account.number in page
    assert Decimal(100) == QuotaAccount.objects.get().available
