"""Standard reasons to tick, and the letter before it is sent: nothing decided, nothing typed lost."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from innovation_voucher.casework import calendar, reviews, subjects
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import AuditRow, OneTimeToken, ReturnItem, ReturnReason, ReviewCase, ReviewTask
from innovation_voucher.casework.templatetags.portal import cn_day, day_before
from innovation_voucher.tests import cast

from .trial import RIGHT, make_chain, open_case, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subject"), pytest.mark.feature("X-2")]

NUMBER = "SB-2026-000001"
URL = f"/desk/trial/{NUMBER}/"


@pytest.fixture
def case() -> ReviewCase:
    make_chain({"name": "初审", "may_lower": True, "return_days": 7})
    return open_case(number=NUMBER, amount=Decimal("20000.00"))


@pytest.fixture
def officer() -> User:
    return cast.make_officer(cast.COUNTY, RIGHT)


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


@pytest.fixture
def reasons() -> list[ReturnReason]:
    """Of all queues, of this one for a field and for a field it does not have, of another, and out of use."""
    ReturnReason.objects.all().delete()
    rows = [
        ReturnReason(words="材料不清晰"),
        ReturnReason(key="trial", target="name", words="名称与证书不一致"),
        ReturnReason(key="trial", target="elsewhere", words="写明地址"),
        ReturnReason(key="claim", words="只用于申领"),
        ReturnReason(key="trial", words="不再使用", active=False),
    ]
    return ReturnReason.objects.bulk_create(rows)


def form(case: ReviewCase, **given: Any) -> dict[str, Any]:
    task = case.tasks.order_by("-id").first()
    return {"_token": new_token(), "task": task.pk, "decision": "return", "amount": "20000", "reason": "", **given}


def traces(case: ReviewCase) -> Any:
    tasks = list(ReviewTask.objects.filter(case=case).values())
    counts = ReturnItem.objects.count(), AuditRow.objects.count(), OneTimeToken.objects.count()
    return tasks, ReviewCase.objects.filter(pk=case.pk).values().get(), said(case.subject), counts


def asked(case: ReviewCase) -> list[tuple[str, str]]:
    return list(ReturnItem.objects.filter(case=case).values_list("target", "words"))


# --- Standard reasons --------------------------------------------------------------------------


def test_the_form_offers_the_reasons_of_its_queue_and_of_all(
    desk: Client, case: ReviewCase, reasons: list[ReturnReason]
) -> None:
    page = desk.get(URL).content.decode()
    for words in ("常见补正理由", "材料不清晰", "名称与证书不一致", "写明地址"):
        assert words in page
    assert "只用于申领" not in page
    assert "不再使用" not in page


def test_without_reasons_there_is_nothing_to_tick(desk: Client, case: ReviewCase) -> None:
    ReturnReason.objects.all().delete()
    assert "常见补正理由" not in desk.get(URL).content.decode()


def test_ticked_reasons_and_own_words_make_one_return(
    desk: Client, case: ReviewCase, reasons: list[ReturnReason]
) -> None:
    ticked = [row.pk for row in reasons[:3]]
    response = desk.post(URL, form(case, reasons=ticked, target_1="hotline", words_1="补充电话"))
    assert response.status_code == 302
    assert asked(case) == [
        ("", "材料不清晰"),
        ("name", "名称与证书不一致"),
        ("", "写明地址"),
        ("hotline", "补充电话"),
    ]


def test_a_tick_alone_is_enough_to_return(desk: Client, case: ReviewCase, reasons: list[ReturnReason]) -> None:
    assert desk.post(URL, form(case, reasons=[reasons[1].pk])).status_code == 302
    assert asked(case) == [("name", "名称与证书不一致")]
    assert set(reviews.returned_items(case.subject)) == {"name"}


@pytest.mark.parametrize("which", [3, 4])
def test_a_reason_that_was_not_offered_is_refused(
    desk: Client, case: ReviewCase, reasons: list[ReturnReason], which: int
) -> None:
    before = traces(case)
    assert desk.post(URL, form(case, reasons=[reasons[which].pk], words_1="补")).status_code == 422
    assert desk.post(URL, form(case, reasons=["x' OR 1"], words_1="补")).status_code == 422
    assert traces(case) == before


def test_a_tick_beside_an_agreement_is_asked_about(desk: Client, case: ReviewCase, reasons: list[ReturnReason]) -> None:
    before = traces(case)
    response = desk.post(URL, form(case, decision="approve", reasons=[reasons[0].pk]))
    assert response.status_code == 422
    assert "改选“退回补正”" in response.content.decode()
    assert traces(case) == before


def test_the_portal_starts_with_reasons_for_each_queue_and_for_all() -> None:
    keys = set(ReturnReason.objects.filter(active=True).values_list("key", flat=True))
    known = {subject.key for subject in subjects.all_subjects()}
    assert "" in keys
    assert {"verification", "carrier", "claim", "use", "redeem"} <= keys
    assert keys - {""} <= known


# --- The letter before it is sent ----------------------------------------------------------------


def preview(case: ReviewCase, **given: Any) -> dict[str, Any]:
    return form(case, preview="1", **given)


def test_the_letter_is_shown_before_it_is_sent(desk: Client, case: ReviewCase, reasons: list[ReturnReason]) -> None:
    before = traces(case)
    posted = preview(case, reasons=[reasons[1].pk], words_1="补一份合同", reason="请尽快")
    response = desk.post(f"{URL}?view=free", posted)
    page = response.content.decode()
    assert response.status_code == 200
    due = calendar.add_working_days(calendar.today(), 7)
    for words in ("预览，还没有发出", "共 2 项内容需要补正", "说明：请尽快", "还有其他需补正的内容吗", day_before(due)):
        assert words in page
    assert cn_day(timezone.now()) in page
    assert page.index("共 2 项") < page.index("审核结论")
    assert traces(case) == before


def test_nothing_typed_is_lost_by_a_look_at_the_letter(
    desk: Client, case: ReviewCase, reasons: list[ReturnReason]
) -> None:
    posted = preview(case, reasons=[reasons[1].pk], target_1="hotline", words_1="补电话", words_5="其他", reason="意见")
    page = desk.post(URL, posted)
    shown = page.context["form"]
    assert shown["reasons"].value() == [str(reasons[1].pk)]
    assert (shown["target_1"].value(), shown["words_1"].value()) == ("hotline", "补电话")
    assert (shown["words_5"].value(), shown["reason"].value()) == ("其他", "意见")
    assert "错误：" not in page.content.decode()


def test_after_the_look_the_same_form_is_sent(desk: Client, case: ReviewCase) -> None:
    posted = preview(case, words_1="补一份合同")
    desk.post(URL, posted)
    del posted["preview"]
    assert desk.post(URL, posted).status_code == 302
    assert asked(case) == [("", "补一份合同")]


def test_a_letter_can_be_seen_before_a_decision_is_ticked(desk: Client, case: ReviewCase) -> None:
    for decision in ("", "approve"):
        response = desk.post(URL, preview(case, decision=decision, words_1="补一份合同"))
        assert response.status_code == 200
        assert response.context["form"]["decision"].value() == "return"


def test_an_empty_letter_is_no_letter(desk: Client, case: ReviewCase) -> None:
    before = traces(case)
    response = desk.post(URL, preview(case, reason="只有意见"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "写明需要补正的内容" in page
    assert "只有意见" in page
    assert "预览，还没有发出" not in page
    assert traces(case) == before


def test_a_step_that_returns_to_the_step_before_promises_no_day(desk: Client, case: ReviewCase) -> None:
    case.chain.steps.update(return_to="previous")
    page = desk.post(URL, preview(case, words_1="补一份合同")).content.decode()
    assert "补一份合同" in page
    assert "期限为" not in page


def test_who_may_not_decide_previews_nothing(client: Client, case: ReviewCase) -> None:
    cast.make_office("bureau", rights=(RIGHT,))
    client.force_login(cast.make_officer("330000", "view_cases", kind="province"))
    before = traces(case)
    assert client.post(URL, preview(case, words_1="补")).status_code == 403
    assert traces(case) == before


def test_hostile_words_stay_words_in_the_letter(desk: Client, case: ReviewCase) -> None:
    page = desk.post(URL, preview(case, words_1="<script>alert(1)</script>")).content.decode()
    assert "<script>alert" not in page
