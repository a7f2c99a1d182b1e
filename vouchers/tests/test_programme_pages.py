"""Setting up a programme in the admin: copy, edit, compare, try, publish, all on pages."""

import re
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from innovation_voucher.casework import calendar
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from vouchers.models import Programme, ProgrammeVersion, TermRow
from vouchers.services.drafting import draft_version

from . import factories
from .pages import client_of, text

pytestmark = pytest.mark.django_db


def staff(region: str = "330000", right: str = "manage_programmes") -> User:
    office = cast.make_office("province", region, rights=(right,), name=f"{region} {right}")
    user = cast.make_officer(region, office=office)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    return User.objects.get(pk=user.pk)


@pytest.fixture(scope="module")
def built(kept: Path) -> Programme:
    return factories.make_programme()


@pytest.fixture
def programme(built: Programme) -> Programme:
    return deepcopy(built)


@pytest.fixture
def page(db: None) -> Client:
    return client_of(staff())


@pytest.fixture
def draft(programme: Programme) -> ProgrammeVersion:
    TermRow.objects.create(
        version=(made := draft_version(programme, by=staff(), effective_from=calendar.today() + timedelta(days=9))),
        act="correction",
        days=10,
        unit="wd",
        on_expiry="lapse",
    )
    return made


def url(name: str, *args: Any) -> str:
    return reverse(f"admin:vouchers_{name}", args=args)


def post(client: Client, where: str, **data: Any) -> Any:
    return client.post(where, {"_token": new_token(), **data})


def boxes(client: Client, where: str) -> dict[str, Any]:
    """What a browser would send back from the form of a page."""
    shown = client.get(where).context
    form, formsets = shown["adminform"].form, shown["inline_admin_formsets"]
    fields = [*form, *(f for inline in formsets for one in [inline.formset.management_form] for f in one)]
    fields += [f for inline in formsets for one in inline.formset.forms for f in one]
    return {field.html_name: field.value() for field in fields if field.value() is not None}


# --- A copy ---------------------------------------------------------------------------------------


def copy_of(programme: Programme, **changes: Any) -> dict[str, Any]:
    values = {
        "source": programme.pk,
        "year": programme.year + 1,
        "name": "明年的创新券",
        "region": programme.region_id,
        "family": programme.family,
        "kind": "",
    }
    return {**values, **changes}


def test_the_page_of_a_programme_leads_to_its_copy_for_next_year(page: Client, programme: Programme) -> None:
    assert (
        f"{url('programme_clone')}?source={programme.pk}"
        in page.get(url("programme_change", programme.pk)).content.decode()
    )
    form = page.get(url("programme_clone"), {"source": programme.pk}).context["form"]
    assert form["year"].value() == programme.year + 1
    assert form["family"].value() == programme.family
    assert url("programme_clone") in page.get(url("programme_changelist")).content.decode()


def test_a_copy_leads_to_its_draft(page: Client, programme: Programme) -> None:
    response = post(page, url("programme_clone"), **copy_of(programme))
    made = Programme.objects.exclude(pk=programme.pk).get()
    assert response.url == url("programmeversion_change", made.versions.get().pk)
    assert "已复制为草稿" in text(page.get(response.url))
    assert (made.name, made.status) == ("明年的创新券", "draft")


def test_the_same_form_twice_copies_once(page: Client, programme: Programme) -> None:
    data = {"_token": new_token(), **copy_of(programme)}
    first, second = (page.post(url("programme_clone"), data) for _turn in range(2))
    assert first.url == second.url
    assert Programme.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"family": "bad family"}, "只写字母、数字、连字符和下划线"),
        ({"year": "next"}, "年度填写整数"),
        ({"name": ""}, "填写名称"),
        ({"region": "0"}, "从列出的选项中选择主管地区"),
        ({"source": "99999"}, "从列出的选项中选择复制哪个方案"),
    ],
)
def test_what_cannot_be_copied_so_is_said_and_nothing_typed_is_lost(
    page: Client, programme: Programme, changes: dict[str, Any], words: str
) -> None:
    response = post(page, url("programme_clone"), **copy_of(programme, **changes))
    assert response.status_code == 422
    assert words in text(response)
    if "name" not in changes:
        assert "明年的创新券" in response.content.decode()
    assert Programme.objects.count() == 1


def test_a_year_that_is_taken_is_refused_on_the_page(page: Client, programme: Programme) -> None:
    response = post(page, url("programme_clone"), **copy_of(programme, year=programme.year))
    assert response.status_code == 422
    assert "已有同一系列、年度和券种的方案" in text(response)


def test_another_province_copies_published_rules_into_its_own(programme: Programme) -> None:
    other = client_of(staff("510000"))
    elsewhere = cast.make_region("510000")
    assert post(other, url("programme_clone"), **copy_of(programme)).status_code == 422
    response = post(other, url("programme_clone"), **copy_of(programme, region=elsewhere.pk, family="other"))
    assert response.status_code == 302
    assert Programme.objects.get(family="other").region.code == "510000"


PAGES = [
    ("programme_clone", "none"),
    ("programme_version", "programme"),
    ("programmeversion_changes", "version"),
    ("programmeversion_trial", "version"),
    ("programmeversion_publish", "version"),
]


def address(name: str, about: str, draft: ProgrammeVersion) -> str:
    return url(name, *{"none": [], "programme": [draft.programme_id], "version": [draft.pk]}[about])


@pytest.mark.parametrize(("name", "about"), PAGES)
def test_no_page_is_for_people_without_the_right(draft: ProgrammeVersion, name: str, about: str) -> None:
    for method in ("get", "post"):
        stranger, foreigner = client_of(staff(right="review_claim")), client_of(staff("320000"))
        assert getattr(stranger, method)(address(name, about, draft), {"_token": new_token()}).status_code == 403
        expected = {200, 422} if about == "none" else {404}
        token = {"_token": new_token()} if method == "post" else {}
        assert getattr(foreigner, method)(address(name, about, draft), token).status_code in expected
    draft.refresh_from_db()
    assert draft.published_at is None
    assert Programme.objects.count() == 1


@pytest.mark.parametrize(("name", "about"), PAGES)
def test_every_page_opens_for_the_people_of_the_province(
    page: Client, draft: ProgrammeVersion, name: str, about: str
) -> None:
    response = page.get(address(name, about, draft))
    assert response.status_code == 200
    assert " style=" not in response.content.decode()
    assert response.content.decode().count("<h1") == 1


# --- The next version and its form ------------------------------------------------------------------


def test_a_new_version_begins_on_a_page(page: Client, programme: Programme) -> None:
    day = calendar.today() + timedelta(days=30)
    late = post(page, url("programme_version", programme.pk), effective_from="2020-01-01")
    assert (late.status_code, "生效日期不能早于今天" in text(late)) == (422, True)
    response = post(page, url("programme_version", programme.pk), effective_from=day.isoformat())
    made = programme.versions.get(number=2)
    assert (response.url, made.effective_from) == (url("programmeversion_change", made.pk), day)
    again = post(page, url("programme_version", programme.pk), effective_from=day.isoformat())
    assert "第 2 版还是草稿" in text(again)


def test_the_form_explains_every_parameter_in_plain_words(page: Client, draft: ProgrammeVersion) -> None:
    said = text(page.get(url("programmeversion_change", draft.pk)))
    for words in ("申领与额度", "补贴计算", "预约与使用", "兑付与拨付", "地区调整与暂定值"):
        assert words in said
    assert "每行写起点金额和比例" in said
    assert "一个单位一年最多申领多少元" in said
    assert "与上一版的变化" in said


def test_a_draft_is_saved_as_it_was_shown(page: Client, draft: ProgrammeVersion) -> None:
    where = url("programmeversion_change", draft.pk)
    before = ProgrammeVersion.objects.filter(pk=draft.pk).values().get()
    assert page.post(where, boxes(page, where)).status_code == 302
    assert ProgrammeVersion.objects.filter(pk=draft.pk).values().get() == before
    assert TermRow.objects.get(version=draft).days == 10


@pytest.mark.feature("ZJ-11")
def test_parameters_and_rows_are_changed_without_codes(page: Client, draft: ProgrammeVersion) -> None:
    where = url("programmeversion_change", draft.pk)
    changed = {
        "redeemer": "enterprise",
        "subsidy_tiers": "0 80%\n5,000 40%",
        "eligible_classes": "any",
        "stamped_form": "yes",
        "overridable": ["cap_year", "redeemer"],
        "bounds": "年度上限 0 300000",
        "assumed": ["cap_year", "terms.correction"],
        "termrows-0-days": "7",
    }
    response = page.post(where, {**boxes(page, where), **changed})
    assert response.status_code == 302
    draft.refresh_from_db()
    assert (draft.redeemer, draft.stamped_form, draft.eligible_classes) == ("enterprise", True, ["any"])
    assert draft.subsidy_tiers == [["0", "0.8"], ["5000", "0.4"]]
    assert (draft.overridable, draft.bounds) == (["cap_year", "redeemer"], {"cap_year": ["0", "300000"]})
    assert draft.assumed == ["cap_year", "terms.correction"]
    assert TermRow.objects.get(version=draft).days == 7
    assert "年度上限（暂定）" in text(page.get(where))
    assert AuditRow.objects.get(verb="programme.rules_saved").after["redeemer"] == "enterprise"


def test_what_cannot_be_read_stays_in_its_box(page: Client, draft: ProgrammeVersion) -> None:
    where = url("programmeversion_change", draft.pk)
    response = page.post(where, {**boxes(page, where), "subsidy_tiers": "一半", "cap_year": "7"})
    assert "按“起点金额 比例”填写" in text(response)
    assert "一半" in response.content.decode()
    draft.refresh_from_db()
    assert draft.cap_year == 200_000


# --- Changes, 试算, 公布 ----------------------------------------------------------------------------


def test_the_page_of_changes_has_old_and_new(page: Client, draft: ProgrammeVersion) -> None:
    ProgrammeVersion.objects.filter(pk=draft.pk).update(redeemer="enterprise")
    said = text(page.get(url("programmeversion_changes", draft.pk)))
    assert "有 2 处不同" in said
    assert re.search("兑付与拨付 兑付方 企业选择 企业 ", said)
    assert re.search("期限 correction — 事项：correction；期限：10", said)
    first = draft.programme.versions.get(number=1)
    assert "没有可以比较的上一版" in text(page.get(url("programmeversion_changes", first.pk)))


@pytest.mark.feature("X-3")
def test_a_trial_answers_in_words(page: Client, draft: ProgrammeVersion) -> None:
    where = url("programmeversion_trial", draft.pk)
    said = text(page.get(where, {"amount": "18000", "region": cast.make_region().pk}))
    for words in ("14,000.00", "10,000 ＋ 8,000 × 50% ＝ 14,000 元", "补贴比例，没有碰到上限", "200,000.00"):
        assert words in said
    less = page.get(where, {"amount": "18000", "region": cast.make_region().pk, "remaining": "400"})
    assert "可用额度 400 元，按 400 元计" in text(less)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"amount": "", "region": cast.COUNTY}, "填写合同金额"),
        ({"amount": "much", "region": cast.COUNTY}, "合同金额（元）填写数字"),
        ({"amount": "5", "region": "0"}, "从列出的选项中选择企业所在地区"),
    ],
)
def test_a_trial_that_cannot_be_computed_says_why(
    page: Client, draft: ProgrammeVersion, data: dict[str, str], words: str
) -> None:
    response = page.get(url("programmeversion_trial", draft.pk), data)
    assert (response.status_code, words in text(response)) == (422, True)
    assert "计算过程" not in text(response)


def test_publishing_shows_what_changes_and_closes_the_draft(page: Client, draft: ProgrammeVersion) -> None:
    ProgrammeVersion.objects.filter(pk=draft.pk).update(redeemer="enterprise")
    where = url("programmeversion_publish", draft.pk)
    assert f"从 {draft.effective_from} 起执行" in text(page.get(where))
    assert post(page, where).url == url("programme_change", draft.programme_id)
    draft.refresh_from_db()
    assert draft.published_at is not None
    assert "已经公布，不能再修改" in text(page.get(where))
    assert page.post(url("programmeversion_change", draft.pk), {"cap_year": "1"}).status_code == 403
    again = post(page, where)
    assert (again.status_code, AuditRow.objects.filter(verb="programme.rules_published").count()) == (422, 2)


def test_what_is_missing_is_said_before_it_can_be_published(page: Client, draft: ProgrammeVersion) -> None:
    ProgrammeVersion.objects.filter(pk=draft.pk).update(revenue_max=5, claim_mode="reviewed")
    where = url("programmeversion_publish", draft.pk)
    page_before = page.get(where)
    assert "须有键为 revenue 的必填金额项" in text(page_before)
    assert "须填写申领审核流程" in text(page_before)
    assert b'type="submit" value="' + "公布规则".encode() not in page_before.content
    assert post(page, where).status_code == 422
    draft.refresh_from_db()
    assert draft.published_at is None


def test_who_wrote_an_override_in_the_admin_does_not_publish_it(page: Client, programme: Programme) -> None:
    values = {"programme": programme.pk, "region": cast.make_region().pk, "number": 1, "cap_year": "5"}
    response = page.post(url("override_add"), {**values, "effective_from": date(programme.year, 6, 1).isoformat()})
    assert response.status_code == 302
    made = programme.overrides.get()
    assert made.cap_year == Decimal(5)
    assert made.prepared_by is not None
    action = {"action": "publish_rules", "_selected_action": [made.pk]}
    assert "拟定人不能确认" in text(page.post(url("override_changelist"), action, follow=True))
    made.refresh_from_db()
    assert made.published_at is None
    client_of(staff()).post(url("override_changelist"), action)
    made.refresh_from_db()
    assert made.published_at is not None


def test_a_copied_programme_is_published_and_opened_through_pages(page: Client, programme: Programme) -> None:
    factories.add_override(programme, cast.make_region(), cap_claim=Decimal(9))
    post(page, url("programme_clone"), **copy_of(programme))
    made = Programme.objects.exclude(pk=programme.pk).get()
    assert made.overrides.get().published_at is None
    post(page, url("programmeversion_publish", made.versions.get().pk))
    page.post(url("programme_changelist"), {"action": "open_rows", "_selected_action": [made.pk]})
    made.refresh_from_db()
    assert made.status == "open"
