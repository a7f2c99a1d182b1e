"""Claiming on the page: each refusal with its sentence, nothing typed is lost, one button to the largest amount."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from innovation_voucher.casework import calendar
from innovation_voucher.tests import cast
from vouchers.models import BudgetPool, Claim, FieldRow, Programme, ProgrammeVersion, QuotaAccount
from vouchers.services.publishing import close_programme, open_programme, publish

from . import factories
from .pages import client_of, post, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-5")]

THREE_CAPS = {"cap_claim": Decimal(20_000), "cap_holding": Decimal(50_000), "cap_year": Decimal(100_000)}


@pytest.fixture
def client(owner: User) -> Client:
    return client_of(owner)


def claim_page(client: Client, programme: Programme) -> Any:
    return client.get(reverse("ent-claim-new"), {"programme": programme.pk})


def nothing_claimed() -> bool:
    return not (Claim.objects.exists() or QuotaAccount.objects.exists())


def close(programme: Programme) -> None:
    close_programme(programme, by=None)


def not_yet(programme: Programme) -> None:
    Programme.objects.filter(pk=programme.pk).update(opens_on=calendar.today() + timedelta(days=1))


def over(programme: Programme) -> None:
    Programme.objects.filter(pk=programme.pk).update(closes_on=calendar.today() - timedelta(days=1))


def unknown_holder(_programme: Programme) -> None:
    Organization.objects.update(verified_at=None)


def elsewhere(programme: Programme) -> None:
    programme.participating.add(cast.make_region(cast.OTHER_COUNTY))


STANDING = [
    (close, "现在不受理申领"),
    (not_yet, "的申领时间为"),
    (over, "的申领时间为"),
    (unknown_holder, "先完成实名认证，通过后即可申领额度"),
    (elsewhere, "没有参加"),
]


@pytest.mark.parametrize(("change", "words"), STANDING)
def test_whoever_cannot_claim_reads_why_and_finds_no_form(
    client: Client, programme: Programme, change: Any, words: str
) -> None:
    change(programme)
    page = claim_page(client, programme)
    assert page.status_code == 200
    assert words in text(page)
    assert 'name="amount"' not in page.content.decode()
    assert post(client, "ent-claim-new", query=f"?programme={programme.pk}", amount="1", agree="on").status_code == 200
    assert nothing_claimed()


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"claim_mode": "per_order"}, "这项创新券按订单申请，不用先申领额度"),
        ({"claim_channel": "external"}, "在其他平台申领"),
        ({"claim_channel": "link"}, "本平台不受理申领表"),
        ({"eligible_classes": ["talent"]}, "不面向您单位的类型"),
    ],
)
def test_the_schemes_own_rules_are_said_on_the_page(client: Client, rules: dict[str, Any], words: str) -> None:
    programme = factories.make_programme(**rules)
    page = claim_page(client, programme)
    assert words in text(page)
    assert 'name="amount"' not in page.content.decode()


LIMITS = [
    (THREE_CAPS, [], "20000.01", "20000.00", "单次最多申领 20,000"),
    (THREE_CAPS, [20_000, 20_000], "20000", "10000.00", "最多持有 50,000，现持有 40,000"),
    ({"cap_year": Decimal(100)}, [60], "41", "40.00", "年度上限 100，已申领 60"),
    ({"cap_year": Decimal("0.02")}, [], "0.03", "0.02", "年度上限 0.02"),
]


@pytest.mark.parametrize(("rules", "before", "typed", "largest", "words"), LIMITS)
def test_a_limit_is_named_and_its_button_claims_the_largest_amount(
    client: Client, enterprise: Organization, rules: Any, before: list[int], typed: str, largest: str, words: str
) -> None:
    programme = factories.make_programme(**rules)
    for amount in before:
        factories.claim(enterprise, programme, amount)
    response = post(client, "ent-claim-new", amount=typed, agree="on")
    assert response.status_code == 422
    assert words in text(response)
    offered = re.findall(r'name="instead" value="([0-9.]+)"', response.content.decode())
    assert [Decimal(amount) for amount in offered] == [Decimal(largest)]
    assert Claim.objects.count() == len(before)
    assert post(client, "ent-claim-new", amount=typed, agree="on", instead=largest).status_code == 302
    assert Claim.objects.latest("pk").granted == Decimal(largest)


def test_enter_in_the_box_claims_what_is_typed_not_the_largest_amount(client: Client, programme: Programme) -> None:
    """A browser presses the first submit button of the form: it must be the plain one."""
    page = post(client, "ent-claim-new", amount="200001", agree="on").content.decode()
    form = page.split('name="amount"')[0].rpartition("<form")[2] + page.split('name="amount"')[1].split("</form>")[0]
    first, second = re.findall(r"<button[^>]*type=\"submit\"[^>]*>", form)
    assert 'name="instead"' not in first
    assert 'name="instead"' in second


def test_where_nothing_is_left_no_button_offers_zero(
    client: Client, enterprise: Organization, programme: Programme
) -> None:
    factories.claim(enterprise, programme, 200_000)
    response = post(client, "ent-claim-new", amount="1", agree="on")
    assert response.status_code == 422
    assert "现在不能再申领（年度上限 200,000，已申领 200,000）" in text(response)
    assert 'name="instead"' not in response.content.decode()


@pytest.mark.feature("X-3")
def test_the_budget_of_the_region_is_named_with_what_is_left(
    client: Client, enterprise: Organization, programme: Programme
) -> None:
    BudgetPool.objects.create(programme=programme, region=enterprise.region, total=Decimal(300), budget=Decimal(300))
    response = post(client, "ent-claim-new", amount="301", agree="on")
    assert "申领金额最多 300 元（本地区预算剩余 300）" in text(response)
    assert BudgetPool.objects.get().budget == 300
    assert post(client, "ent-claim-new", amount="301", agree="on", instead="300.00").status_code == 302
    response = post(client, "ent-claim-new", amount="1", agree="on")
    assert "现在不能再申领（本地区预算剩余 0）" in text(response)
    assert Claim.objects.count() == 1


@pytest.fixture
def asking() -> Programme:
    """A programme whose claim asks for a revenue, a month and a purpose."""
    programme = factories.make_programme(revenue_max=Decimal(1_000))
    draft = ProgrammeVersion.objects.create(
        programme=programme,
        number=2,
        effective_from=calendar.today(),
        **{**factories.INSTANT, "revenue_max": Decimal(1_000)},
    )
    for position, (key, kind, label) in enumerate(
        [("revenue", "yuan", "上年度营业收入"), ("since", "month", "证书年月"), ("purpose", "long_text", "用途")]
    ):
        FieldRow.objects.create(version=draft, stage="claim", key=key, label=label, type=kind, position=position)
    publish(draft, by=None)
    programme.refresh_from_db()
    return programme


GOOD = {"amount": "500", "agree": "on", "revenue": "1,000", "since": "2026年8月", "purpose": "样机试验"}


def test_answers_are_asked_by_the_rows_and_kept_with_the_claim(client: Client, asking: Programme) -> None:
    page = text(claim_page(client, asking))
    assert [label in page for label in ("上年度营业收入", "证书年月", "用途")] == [True, True, True]
    assert post(client, "ent-claim-new", **GOOD).status_code == 302
    assert Claim.objects.get().answers == {"revenue": "1000.00", "since": "2026-08", "purpose": "样机试验"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"revenue": "1000.01"}, "上年度营业收入不超过 1,000 元的单位才能申领"),
        ({"revenue": ""}, "填写上年度营业收入"),
        ({"since": "去年"}, "年月写成 2026-08"),
        ({"purpose": ""}, "填写用途"),
        ({"purpose": "字" * 1001}, "用途"),
        ({"amount": "1,5"}, "申领金额填写数字，如 18,000.00"),
        ({"amount": "-5"}, "金额不能小于 0"),
    ],
)
def test_nothing_typed_is_lost_when_one_answer_does_not_fit(
    client: Client, asking: Programme, change: dict[str, str], words: str
) -> None:
    typed = {**GOOD, **change}
    response = post(client, "ent-claim-new", **typed)
    assert response.status_code == 422
    assert words in text(response)
    html = response.content.decode()
    assert all(f'value="{typed[key]}"' in html for key in ("amount", "revenue", "since") if typed[key])
    assert typed["purpose"] in html
    assert re.search(r'name="agree"[^>]*checked', html)
    assert "错误：" in re.findall(r"<title>(.*?)</title>", html, re.DOTALL)[0]
    assert nothing_claimed()


def test_the_promise_is_not_ticked_for_anyone(client: Client, programme: Programme) -> None:
    html = claim_page(client, programme).content.decode()
    assert not re.search(r'name="agree"[^>]*checked', html)


@pytest.mark.parametrize("query", ["99999999999999999999999999", "-1", "1e3", "０", "1 or 1"])
def test_an_address_with_another_number_is_a_404(client: Client, programme: Programme, query: str) -> None:
    assert client.get(reverse("ent-claim-new"), {"programme": query}).status_code == 404


def test_a_draft_programme_takes_no_claims(client: Client, programme: Programme) -> None:
    draft = Programme.objects.create(
        family="draft",
        year=programme.year,
        name="草稿方案",
        region=programme.region,
        opens_on=programme.opens_on,
        closes_on=programme.closes_on,
    )
    factories.add_version(draft, **factories.INSTANT)
    assert "草稿方案现在不受理申领" in text(claim_page(client, draft))
    open_programme(draft, by=None)
    assert 'name="amount"' in claim_page(client, draft).content.decode()


def test_the_hint_says_every_limit_that_is_set(client: Client) -> None:
    programme = factories.make_programme(**THREE_CAPS)
    page = text(claim_page(client, programme))
    assert "单次最多 20,000 元，最多持有 50,000 元，现在还可申领 20,000 元；按需申领" in page
