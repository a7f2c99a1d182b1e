"""规则设置 on its pages: list, draft, the second person, what is refused."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from innovation_voucher.casework import calendar
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.tests import cast
from vouchers.models import Override, Programme

from . import factories
from .pages import client_of, post, text

pytestmark = pytest.mark.django_db

DAY = calendar.today() + timedelta(days=40)


@pytest.fixture
def programme(db: None) -> Programme:
    return factories.make_programme(
        overridable=["cap_year", "redeemer", "subsidy_tiers", "stamped_form"], bounds={"cap_year": ["1000", "500000"]}
    )


@pytest.fixture
def officers(db: None) -> tuple[User, User]:
    return cast.make_officer(cast.COUNTY, "set_rules"), cast.make_officer(cast.COUNTY, "set_rules")


@pytest.fixture
def first(officers: tuple[User, User]) -> Client:
    return client_of(officers[0])


@pytest.fixture
def second(officers: tuple[User, User]) -> Client:
    return client_of(officers[1])


def prepare(client: Client, programme: Programme, **changes: Any) -> Any:
    values = {"effective_from": DAY.isoformat(), "cap_year": "50,000"}
    return post(client, "desk-rule-new", programme.pk, **{**values, **changes})


@pytest.mark.feature("ZJ-11")
def test_one_prepares_another_confirms_and_the_list_shows_it(
    first: Client, second: Client, programme: Programme
) -> None:
    assert "200,000 元 同方案" in text(first.get(reverse("desk-rules")))
    response = prepare(first, programme, redeemer="enterprise", subsidy_tiers="0 50%", stamped_form="no")
    made = Override.objects.get()
    assert response.url == reverse("desk-rule", args=[made.pk])
    assert (made.cap_year, made.redeemer, made.stamped_form) == (Decimal(50_000), "enterprise", False)
    assert made.subsidy_tiers == [["0", "0.5"]]
    said = text(first.get(response.url))
    assert "拟定人不能确认自己拟定的规则" in said
    assert "年度上限 — 50,000 元" in said
    assert "有一份草案等待确认" in text(second.get(reverse("desk-rules")))
    assert "确认后从生效日期起执行" in text(second.get(reverse("desk-rule-confirm", args=[made.pk])))
    done = post(second, "desk-rule-confirm", made.pk)
    assert done.url == reverse("desk-rules")
    shown = text(second.get(done.url))
    assert "已确认，从生效日期起执行" in shown
    assert "未到生效日期" in shown
    made.refresh_from_db()
    assert made.published_by is not None


def test_the_form_offers_only_what_may_be_changed_with_its_bounds(first: Client, programme: Programme) -> None:
    response = first.get(reverse("desk-rule-new", args=[programme.pk]))
    names = list(response.context["form"].fields)
    assert names == ["effective_from", "stamped_form", "cap_year", "subsidy_tiers", "redeemer"]
    said = text(response)
    assert "方案规定：200,000 元；可在 1,000 元 至 500,000 元 之间" in said
    assert "按方案规定（企业选择）" in said


def test_the_form_begins_with_what_we_have_now(first: Client, programme: Programme) -> None:
    factories.add_override(programme, cast.make_region(), cap_year=Decimal(40_000), redeemer="carrier")
    form = first.get(reverse("desk-rule-new", args=[programme.pk])).context["form"]
    assert (form["cap_year"].value(), form["redeemer"].value()) == (Decimal(40_000), "carrier")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"effective_from": ""}, "填写生效日期"),
        ({"effective_from": calendar.today().isoformat()}, "生效日期须晚于今天"),
        ({"effective_from": "明年"}, "生效日期按 2026-11-18 的格式填写"),
        ({"cap_year": "500,001"}, "“年度上限”须在 1,000 元 至 500,000 元 之间"),
        ({"cap_year": "五万"}, "年度上限填写数字"),
        ({"subsidy_tiers": "5 50%"}, "从 0 元起，起点逐段增大"),
        ({"redeemer": "nobody"}, "从列出的选项中选择兑付方"),
    ],
)
def test_what_cannot_be_set_is_said_and_nothing_typed_is_lost(
    first: Client, programme: Programme, changes: dict[str, str], words: str
) -> None:
    response = prepare(first, programme, **changes)
    assert response.status_code == 422
    assert words in text(response)
    assert text(response).startswith(" 错误：")
    typed = {"cap_year": "50,000", **changes}
    assert all(value in response.content.decode() for value in typed.values() if value != "nobody")
    assert not Override.objects.exists()


def test_a_second_draft_is_refused_on_the_page(first: Client, second: Client, programme: Programme) -> None:
    prepare(first, programme)
    response = prepare(second, programme, cap_year="60,000")
    assert (response.status_code, "第 1 版还在等待确认" in text(response)) == (422, True)
    assert "60,000" in response.content.decode()


def test_the_same_form_twice_prepares_once(first: Client, programme: Programme) -> None:
    data = {"_token": new_token(), "effective_from": DAY.isoformat(), "cap_year": "7000"}
    where = reverse("desk-rule-new", args=[programme.pk])
    assert first.post(where, data).url == first.post(where, data).url
    assert Override.objects.count() == 1


def test_who_prepared_it_is_stopped_and_a_reading_changes_nothing(
    first: Client, second: Client, programme: Programme
) -> None:
    prepare(first, programme)
    made = Override.objects.get()
    response = post(first, "desk-rule-confirm", made.pk)
    assert (response.status_code, "拟定人不能确认" in text(response)) == (409, True)
    assert "现在不能办理" in text(first.get(reverse("desk-rule-confirm", args=[made.pk])))
    second.get(reverse("desk-rule-confirm", args=[made.pk]))
    made.refresh_from_db()
    assert made.published_at is None


def test_a_draft_is_withdrawn_by_either(first: Client, second: Client, programme: Programme) -> None:
    prepare(first, programme)
    made = Override.objects.get()
    assert "撤回后这份草案不再保留" in text(second.get(reverse("desk-rule-withdraw", args=[made.pk])))
    assert post(second, "desk-rule-withdraw", made.pk).status_code == 302
    assert not Override.objects.exists()
    assert first.get(reverse("desk-rule", args=[made.pk])).status_code == 404


def test_published_rules_are_only_read(first: Client, second: Client, programme: Programme) -> None:
    prepare(first, programme)
    made = Override.objects.get()
    post(second, "desk-rule-confirm", made.pk)
    page = first.get(reverse("desk-rule", args=[made.pk])).content.decode()
    assert reverse("desk-rule-confirm", args=[made.pk]) not in page
    assert "拟定本地规则" in page
    assert post(second, "desk-rule-withdraw", made.pk).status_code == 409
    assert Override.objects.count() == 1


# --- Who ------------------------------------------------------------------------------------------


def outsider(region: str, right: str) -> Client:
    office = cast.make_office("bureau", region, rights=(right,), name=f"{region}{right}")
    return client_of(cast.make_officer(region, office=office))


def test_who_only_reviews_reads_and_is_told_who_can(first: Client, programme: Programme) -> None:
    prepare(first, programme)
    made, reader = Override.objects.get(), outsider(cast.COUNTY, "review_claim")
    assert "有“设置规则”权限的人员设置" in text(reader.get(reverse("desk-rule", args=[made.pk])))
    assert reader.get(reverse("desk-rules")).status_code == 200
    for name, pk in [("desk-rule-new", programme.pk), ("desk-rule-confirm", made.pk), ("desk-rule-withdraw", made.pk)]:
        assert reader.get(reverse(name, args=[pk])).status_code == 403
        refusal = post(reader, name, pk, effective_from=DAY.isoformat(), cap_year="9000")
        assert refusal.status_code == 403
        assert "有“设置规则”权限的人员设置" in text(refusal)
    assert Override.objects.get().published_at is None


def test_other_regions_know_nothing_of_it(first: Client, programme: Programme) -> None:
    prepare(first, programme)
    made, foreigner = Override.objects.get(), outsider(cast.OTHER_COUNTY, "set_rules")
    for name in ("desk-rule", "desk-rule-confirm", "desk-rule-withdraw"):
        assert foreigner.get(reverse(name, args=[made.pk])).status_code == 404
    assert "有一份草案等待确认" not in text(foreigner.get(reverse("desk-rules")))
    far = outsider("320106", "set_rules")
    assert "本地区现在没有受理中的方案" in text(far.get(reverse("desk-rules")))
    assert far.get(reverse("desk-rule-new", args=[programme.pk])).status_code == 404


def test_rules_of_a_class_are_not_a_regions(programme: Programme, first: Client) -> None:
    of_class = factories.add_override(programme, class_key="talent", cap_year=Decimal(5))
    assert first.get(reverse("desk-rule", args=[of_class.pk])).status_code == 404
    assert "已公布" not in text(first.get(reverse("desk-rules")))


def test_strangers_sign_in_and_enterprises_are_turned_away(programme: Programme) -> None:
    assert client_of(None).get(reverse("desk-rules")).status_code == 302
    owner = cast.owner_of(cast.enterprise())
    assert client_of(owner).get(reverse("desk-rules")).status_code == 403
