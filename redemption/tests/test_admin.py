"""Settlement in the admin: who sees it, and the way from a new batch to a reconciled one."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from innovation_voucher.casework import calendar
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.tests import cast
from redemption import services
from redemption.models import Redemption, SettlementBatch
from redemption.tests import factories
from vouchers.models import Programme

pytestmark = pytest.mark.django_db

BASE = "/admin/redemption/settlementbatch/"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def post(client: Client, url: str, **data: Any) -> Any:
    return client.post(url, {"_token": new_token(), **data})


def page_of(batch: SettlementBatch) -> str:
    return f"{BASE}{batch.pk}/change/"


def act(client: Client, batch: SettlementBatch, slug: str, **data: Any) -> Any:
    return post(client, f"{BASE}{batch.pk}/{slug}/", **{f"{slug}-{name}": value for name, value in data.items()})


@pytest.fixture
def programme() -> Programme:
    return factories.make_programme()


@pytest.fixture
def settler(programme: Programme) -> User:
    return factories.settler()


@pytest.fixture
def second(programme: Programme) -> User:
    return factories.countersigner()


def wizard(client: Client, scheme: Programme, **changes: Any) -> Any:
    today = calendar.today()
    values = {
        "programme": scheme.pk,
        "region": cast.make_region("330000").pk,
        "period_from": today.replace(month=1, day=1).isoformat(),
        "period_to": today.isoformat(),
    }
    return post(client, f"{BASE}add/", **{**values, **changes})


def test_from_a_new_batch_to_a_reconciled_one(programme: Programme, settler: User, second: User) -> None:
    redemption = factories.payable(programme=programme)
    waiting = factories.payable(programme=programme)
    waiting.payee.bank_accounts.update(active=False)
    preparing, signing = client_of(settler), client_of(second)

    assert wizard(preparing, programme).status_code == 302
    batch = SettlementBatch.objects.get()
    text = text_of(preparing.get(page_of(batch)))
    assert "② 核对明细：1 件，合计 14,000.00 元" in text
    assert f"{waiting.number} {waiting.payee.name} 14,000.00 收款账户缺失" in text
    assert "按地区合计" in text

    assert act(preparing, batch, "freeze", typed_total="14,000.00").url == page_of(batch)
    text = text_of(signing.get(page_of(batch)))
    assert "待复核" in text
    assert redemption.number in text
    assert act(signing, batch, "countersign", typed_total="14000").status_code == 302

    response = act(preparing, batch, "export-xlsx")
    download = preparing.get(response.url)
    assert download["Content-Disposition"].startswith("attachment")
    assert download["X-Content-Type-Options"] == "nosniff"
    assert b"".join(download.streaming_content)
    assert act(preparing, batch, "export-xlsx").url == response.url

    batch.refresh_from_db()
    answer = factories.answer(factories.paid_rows(batch)).getvalue()
    assert act(preparing, batch, "results", file=SimpleUploadedFile("结果.xlsx", answer)).status_code == 302
    text = text_of(preparing.get(page_of(batch)))
    assert "已登记：成功 1 笔，退回 0 笔，之前登记过 0 笔，没有采用 0 行" in text
    assert "系统合计: 14,000.00 元（1 笔）" in text
    assert "银行合计: 14,000.00 元（成功 14,000.00，退回 0.00）" in text
    assert "差额: 0.00，两边相符" in text

    assert act(preparing, batch, "reconcile").status_code == 302
    batch.refresh_from_db()
    assert (batch.status, Redemption.objects.get(pk=redemption.pk).status) == ("reconciled", "paid")
    assert "已核对" in text_of(preparing.get(BASE))


def test_the_list_has_number_period_region_count_sum_state_and_both_people(
    programme: Programme, settler: User, second: User
) -> None:
    factories.payable(programme=programme)
    batch = factories.frozen(settler, programme)
    services.countersign_batch(batch, by=second, typed_total=batch.total)
    text = text_of(client_of(settler).get(BASE))
    for words in (batch.number, "14,000.00", "已锁定", str(settler), str(second), str(programme)):
        assert words in text


def test_a_wrong_total_is_said_on_the_page_and_changes_nothing(programme: Programme, settler: User) -> None:
    factories.payable(programme=programme)
    batch = factories.draft(settler, programme)
    response = act(client_of(settler), batch, "freeze", typed_total="13999")
    assert response.status_code == 422
    assert "输入的合计是 13,999.00 元，系统合计是 14,000.00 元" in text_of(response)
    assert 'value="13999"' in response.content.decode()
    batch.refresh_from_db()
    assert (batch.status, batch.payments.count()) == ("draft", 0)


@pytest.mark.parametrize(
    ("slug", "data"), [("freeze", {"typed_total": ""}), ("freeze", {"typed_total": "很多"}), ("cancel", {"reason": ""})]
)
def test_what_is_missing_is_said(slug: str, data: dict[str, str], programme: Programme, settler: User) -> None:
    batch = factories.draft(settler, programme)
    response = act(client_of(settler), batch, slug, **data)
    assert response.status_code == 422
    assert "errorlist" in response.content.decode()
    assert SettlementBatch.objects.get().status == "draft"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"period_from": "2026-05-01", "period_to": "2026-04-01"}, "期间结束不能早于期间开始"),
        ({"period_from": "五月"}, "格式填写"),
        ({"programme": ""}, "选择方案"),
        ({"region": "0"}, "选择地区"),
    ],
)
def test_a_new_batch_with_a_mistake_is_not_made(
    changes: dict[str, str], words: str, programme: Programme, settler: User
) -> None:
    response = wizard(client_of(settler), programme, **changes)
    assert response.status_code == 422
    assert words in text_of(response)
    assert not SettlementBatch.objects.exists()


def test_a_region_without_the_right_cannot_be_chosen(programme: Programme, settler: User) -> None:
    other = cast.make_region("320000")
    assert wizard(client_of(settler), programme, region=other.pk).status_code == 422
    assert not SettlementBatch.objects.exists()


def test_the_same_form_twice_draws_up_one_batch(programme: Programme, settler: User) -> None:
    client = client_of(settler)
    today = calendar.today().isoformat()
    data = {
        "_token": new_token(),
        "programme": programme.pk,
        "region": cast.make_region("330000").pk,
        "period_from": today,
        "period_to": today,
    }
    assert [client.post(f"{BASE}add/", data).status_code for _time in range(2)] == [302, 302]
    assert SettlementBatch.objects.count() == 1


def test_a_bank_file_with_strange_rows_is_shown_row_by_row(programme: Programme, settler: User, second: User) -> None:
    factories.payable(programme=programme)
    batch = factories.exported(settler, second, programme)
    rows = [*factories.paid_rows(batch), ["<script>alert(1)</script>", 1, "成功", "", ""]]
    client = client_of(settler)
    act(client, batch, "results", file=SimpleUploadedFile("结果.xlsx", factories.answer(rows).getvalue()))
    response = client.get(page_of(batch))
    assert "流水号“&lt;script&gt;alert(1)&lt;/script&gt;”不在本批次" in response.content.decode()
    assert "没有采用的行" in text_of(response)


def test_a_broken_or_huge_result_file_is_refused(programme: Programme, settler: User, second: User) -> None:
    factories.payable(programme=programme)
    batch = factories.exported(settler, second, programme)
    client = client_of(settler)
    for content in (b"PK\x03\x04", b"x" * (5 * 1024 * 1024 + 1)):
        response = act(client, batch, "results", file=SimpleUploadedFile("结果.xlsx", content))
        assert response.status_code == 422
    assert batch.payments.get().status == "sent"


# --- By role ------------------------------------------------------------------------------------


def _staff(user: User) -> User:
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    return user


ROLES: dict[str, Any] = {
    "settler": lambda: factories.settler("另一制单"),
    "countersigner": lambda: factories.countersigner("另一复核"),
    "another province": lambda: factories.settler(region_code="320000"),
    "county officer": lambda: _staff(factories.officer()),
    "superuser": lambda: User.objects.create_superuser(username="root", password=cast.PASSWORD),
}


@pytest.mark.parametrize(
    ("who", "listed", "page"),
    [
        ("settler", 200, 200),
        ("countersigner", 200, 200),
        ("another province", 200, 404),
        ("county officer", 403, 404),
        ("superuser", 403, 404),
    ],
)
def test_the_admin_by_role(who: str, listed: int, page: int, programme: Programme, settler: User) -> None:
    factories.payable(programme=programme)
    batch = factories.frozen(settler, programme)
    client = client_of(ROLES[who]())
    response = client.get(BASE)
    assert response.status_code == listed
    assert (batch.number in response.content.decode()) == (page == 200)
    assert client.get(page_of(batch)).status_code == page
    assert act(client, batch, "cancel", reason="不该成功").status_code in ((302,) if who == "settler" else (403, 404))
    batch.refresh_from_db()
    assert batch.status == ("cancelled" if who == "settler" else "frozen")


@pytest.mark.parametrize("who", ["countersigner", "county officer", "superuser"])
def test_only_who_settles_opens_the_wizard(who: str, programme: Programme) -> None:
    client = client_of(ROLES[who]())
    assert client.get(f"{BASE}add/").status_code == 403
    assert wizard(client, programme).status_code == 403
    assert not SettlementBatch.objects.exists()


def test_the_preparer_reads_why_another_must_countersign(programme: Programme) -> None:
    both = factories.settler()
    cast.make_office("province", "330000", rights=("countersign",), name="复核处").group.user_set.add(both)
    factories.payable(programme=programme)
    batch = factories.frozen(both, programme)
    client = client_of(both)
    assert "制单人不能复核自己的批次，请由另一人复核" in text_of(client.get(page_of(batch)))
    assert act(client, batch, "countersign", typed_total="14000").status_code == 403
    batch.refresh_from_db()
    assert batch.status == "frozen"


def test_who_is_not_staff_is_sent_to_sign_in(programme: Programme, settler: User) -> None:
    batch = factories.draft(settler, programme)
    member = client_of(cast.owner_of(cast.enterprise()))
    for url in (BASE, page_of(batch), f"{BASE}add/"):
        assert member.get(url).status_code in (302, 403, 404)


def test_a_bank_file_is_opened_by_those_who_settle_only(programme: Programme, settler: User, second: User) -> None:
    factories.payable(programme=programme)
    batch = factories.exported(settler, second, programme)
    url = reverse("file", args=[services.export_batch(batch, by=settler).token])
    download = client_of(second).get(url)
    assert download.status_code == 200
    assert b"".join(download.streaming_content)
    for stranger in (factories.officer(), cast.owner_of(cast.rival()), factories.settler(region_code="320000")):
        assert client_of(stranger).get(url).status_code == 404


def test_reading_changes_nothing_and_acts_are_posts(programme: Programme, settler: User) -> None:
    factories.payable(programme=programme)
    batch = factories.frozen(settler, programme)
    client = client_of(settler)
    for slug in ("freeze", "countersign", "export-xlsx", "export-csv", "results", "reconcile", "cancel"):
        assert client.get(f"{BASE}{batch.pk}/{slug}/").status_code == 302
    assert client.get(f"{BASE}{batch.pk}/delete/").status_code in (302, 403)
    assert post(client, f"{BASE}{batch.pk}/delete/", post="yes").status_code == 403
    batch.refresh_from_db()
    assert (batch.status, batch.total) == ("frozen", Decimal(14_000))


def test_a_batch_that_is_not_there_is_not_found(programme: Programme, settler: User) -> None:
    client = client_of(settler)
    for url in (f"{BASE}999999/change/", f"{BASE}x/change/", f"{BASE}999999/freeze/"):
        assert client.get(url, follow=False).status_code == 404
