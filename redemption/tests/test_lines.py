"""Lines of a redemption lowered one by one at the county's desk."""

from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from innovation_voucher.casework import invariants, reviews
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.lib.references import group_code
from redemption.models import Redemption, RedemptionLine
from redemption.tests import agency, factories
from redemption.tests.pages import client_for, post, text_of
from vouchers.models import QuotaAccount, Voucher
from vouchers.tests import factories as quota

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-13")]


@pytest.fixture(scope="module")
def built(kept: Path) -> Redemption:
    """Two vouchers of 12,000 and 3,000 yuan that wait for the county."""
    programme, carrier = agency.make_programme(), quota.make_carrier()
    first = agency.served(programme, carrier, contract=12_000)
    agency.served(programme, carrier, contract=3_000)
    return agency.checked(first)


@pytest.fixture
def redemption(built: Redemption) -> Redemption:
    return deepcopy(built)


def keys(redemption: Redemption) -> list[int]:
    return list(redemption.lines.order_by("id").values_list("pk", flat=True))


def give(redemption: Redemption, *amounts: int, reason: str = "按实际服务核定", why: str = "") -> None:
    pairs = zip(keys(redemption), amounts, strict=False)
    lines = {key: (Decimal(amount), why) for key, amount in pairs}
    agency.decide(redemption, by=factories.officer(), lines=lines, reason=reason)


def approved() -> list[tuple[Decimal | None, str]]:
    return list(RedemptionLine.objects.order_by("id").values_list("approved", "reason"))


def test_each_line_keeps_its_own_amount_and_reason(redemption: Redemption) -> None:
    give(redemption, 9_000, 3_000, why="超出计划的试验不计")
    assert approved() == [(Decimal(9_000), "超出计划的试验不计"), (Decimal(3_000), "按实际服务核定")]
    assert Redemption.objects.get().status == "payable"
    assert AuditRow.objects.filter(verb="redemption.lines_lowered").count() == 1
    assert sum(account.held for account in QuotaAccount.objects.all()) == Decimal(12_000)
    assert invariants.broken() == {}


def test_lines_that_are_not_lowered_leave_no_record(redemption: Redemption) -> None:
    give(redemption, 12_000, 3_000, reason="")
    assert approved() == [(Decimal(12_000), ""), (Decimal(3_000), "")]
    assert not AuditRow.objects.filter(verb="redemption.lines_lowered").exists()


def test_a_line_at_zero_ends_its_voucher(redemption: Redemption) -> None:
    give(redemption, 0, 3_000, why="没有成果")
    assert set(Voucher.objects.values_list("amount", "status")) == {
        (Decimal(12_000), "terminated"),
        (Decimal(3_000), "redeeming"),
    }
    assert Voucher.objects.get(status="terminated").end_reason == "没有成果"
    assert invariants.broken() == {}


@pytest.mark.parametrize(
    ("amounts", "reason", "words"),
    [
        ((12_001, 2_999), "x", "每项核定金额最多为申请金额 12,000.00 元"),
        ((12_000,), "x", "明细刚刚变了"),
        ((9_000, 3_000), "", "写明核减金额的理由"),
        ((0, 0), "x", "核定金额须大于 0 元"),
    ],
)
def test_what_cannot_be_given_changes_nothing(
    redemption: Redemption, amounts: tuple[int, ...], reason: str, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        give(redemption, *amounts, reason=reason)
    assert approved() == [(None, ""), (None, "")]
    assert Redemption.objects.get().status == "in_review"


def test_what_one_step_lowered_the_next_cannot_raise(redemption: Redemption) -> None:
    redemption.lines.filter(claimed=12_000).update(approved=10_000)
    with pytest.raises(Refused, match=r"最多为申请金额 10,000\.00 元"):
        give(redemption, 11_000, 3_000)


# --- The page -------------------------------------------------------------------------------------


def page(redemption: Redemption) -> tuple[Any, str, dict[str, Any]]:
    client = client_for(factories.officer())
    task = agency.case_of(redemption).tasks.get(status="open")
    url = reverse("desk-case", args=("redeem", redemption.number))
    boxes = {f"line_{line.pk}": str(line.claimed) for line in redemption.lines.all()}
    return client, url, {"task": task.pk, "decision": "approve", "reason": "", **boxes}


def test_the_county_lowers_a_line_on_the_page(redemption: Redemption) -> None:
    client, url, data = page(redemption)
    shown = text_of(client.get(url))
    assert "逐项核定金额" in shown
    codes = [group_code(line.voucher.code) for line in redemption.lines.all()]
    assert [f"材料齐全（{code}）" in shown for code in codes] == [True, True]
    first = keys(redemption)[0]
    response = post(client, url, **{**data, f"line_{first}": "9,000", "reason": "按实际服务核定"})
    assert response.status_code == 302
    assert [amount for amount, _why in approved()] == [Decimal(9_000), Decimal(3_000)]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("12,000.01", "最多 12,000.00 元"),
        ("", "填写这一项的核定金额"),
        ("9000", "写明核减金额的理由"),
        ("abc", "填写数字"),
    ],
)
def test_a_line_that_does_not_pass_says_why_and_keeps_what_was_typed(
    redemption: Redemption, typed: str, words: str
) -> None:
    client, url, data = page(redemption)
    response = post(client, url, **{**data, f"line_{keys(redemption)[0]}": typed})
    assert response.status_code == 422
    assert words in text_of(response)
    assert f'value="{typed}"' in response.content.decode() or not typed
    assert approved() == [(None, ""), (None, "")]


def test_a_return_needs_no_amounts(redemption: Redemption) -> None:
    client, url, data = page(redemption)
    first = keys(redemption)[0]
    data.update({f"line_{first}": "", "decision": "return", "words_1": "记录不符"})
    assert post(client, url, **data).status_code == 302
    assert Redemption.objects.get().status == "returned"


def test_a_single_voucher_is_lowered_as_a_whole() -> None:
    voucher = agency.served(agency.make_programme())
    redemption = agency.checked(voucher)
    client, url, data = page(redemption)
    assert "逐项核定金额" not in text_of(client.get(url))
    response = post(client, url, **{**data, "amount": "11000", "reason": "按实际服务核定"})
    assert response.status_code == 302
    assert approved() == [(Decimal(11_000), "按实际服务核定")]


def test_a_step_that_may_not_lower_has_no_boxes() -> None:
    programme, carrier = agency.make_programme(), quota.make_carrier()
    voucher = agency.served(programme, carrier)
    agency.served(programme, carrier)
    redemption = agency.submitted(voucher)
    client = client_for(agency.agent("孙核对"))
    url = reverse("desk-case", args=("redeem", redemption.number))
    assert "逐项核定金额" not in text_of(client.get(url))
    task = agency.case_of(redemption).tasks.get(status="open")
    assert reviews.live_case(redemption) == task.case
    assert post(client, url, task=task.pk, decision="approve", reason="").status_code == 302
    assert approved() == [(None, ""), (None, "")]
