"""Rules in the admin: what nothing could be computed from is refused before anybody can publish it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.forms import modelform_factory
from django.test import Client
from django.urls import reverse

from accounts.models import User
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from vouchers.admin.forms import field_of
from vouchers.forms import ParametersForm
from vouchers.models import BudgetPool, EvidenceRow, FieldRow, Override, Programme, ProgrammeVersion, TermRow
from vouchers.services.pools import set_pool
from vouchers.services.publishing import close_programme, publish

from . import factories
from .pages import client_of, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(db: None) -> User:
    user = cast.make_officer("330000", "manage_programmes", kind="province")
    User.objects.filter(pk=user.pk).update(is_staff=True)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def page(manager: User) -> Client:
    return client_of(manager)


@pytest.fixture
def draft(programme: Programme) -> ProgrammeVersion:
    return ProgrammeVersion.objects.create(
        programme=programme, number=2, effective_from=date(programme.year, 6, 1), **factories.INSTANT
    )


WRONG = [
    ("redeem_grace", "02-30", "按 月-日 填写，如 03-15"),
    ("window_from", "March", "按 月-日 填写，如 03-15"),
    ("window_to", "13-01", "按 月-日 填写，如 03-15"),
    ("subsidy_tiers", "5 100%", "从 0 元起，起点逐段增大，比例在 0 与 1 之间"),
    ("subsidy_tiers", "half", "按“起点金额 比例”填写，如 10000 50%"),
    ("subsidy_tiers", "0 150%", "从 0 元起，起点逐段增大，比例在 0 与 1 之间"),
    ("cost_share", "谁 100%", "按“出资方 比例”填写，如 县（市、区） 100%"),
    ("claim_chain", "nowhere", "选择一个有效的选项"),
    ("cap_year", "1e5", "输入一个数字"),
    ("order_number", "CXQ{what}", "编号格式里有不认识的部分"),
    ("account_number", "{yyyy}{what}", "编号格式里有不认识的部分"),
]


def form_with(name: str, value: str) -> Any:
    form = modelform_factory(ProgrammeVersion, form=ParametersForm, fields=[name], formfield_callback=field_of)
    return form({name: value})


@pytest.mark.parametrize(("name", "value", "words"), WRONG)
def test_a_value_that_would_break_later_is_refused_with_what_to_write(name: str, value: str, words: str) -> None:
    form = form_with(name, value)
    assert not form.is_valid()
    assert list(form.errors) == [name]
    assert words in form.errors[name][0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("redeem_grace", "03-15"),
        ("redeem_grace", ""),
        ("window_to", "12-31"),
        ("subsidy_tiers", "0 100%\n10,000 50%"),
        ("subsidy_tiers", ""),
        ("eligible_classes", "any，individual"),
        ("order_number", "CSJ-{yyyymmddHHMM}-{seq6}"),
        ("account_number", "{yyyy}{kind}{random}"),
    ],
)
def test_what_can_be_computed_from_is_taken(name: str, value: str) -> None:
    assert form_with(name, value).is_valid()


def test_the_page_of_a_draft_refuses_it_too(page: Client, draft: ProgrammeVersion) -> None:
    url = reverse("admin:vouchers_programmeversion_change", args=[draft.pk])
    rows = {
        f"{kind}s-{count}_FORMS": "0"
        for kind in ("classrow", "fieldrow", "termrow", "evidencerow")
        for count in ("TOTAL", "INITIAL")
        for kind in ("classrow", "fieldrow", "termrow", "evidencerow")
        for count in ("TOTAL", "INITIAL")
    }
    data = {"programme": draft.programme_id, "number": 2, "effective_from": draft.effective_from.isoformat()}
    response = page.post(url, {**rows, **data, "redeem_grace": "31-12"})
    assert "按 月-日 填写" in text(response)
    draft.refresh_from_db()
    assert draft.redeem_grace == "03-15"


ROLES = [
    ("330000", "review_claim", "province"),
    ("330000", "view_cases", "province"),
    ("330000", "set_rules", "province"),
    (cast.COUNTY, "terminate_voucher", "bureau"),
    ("320000", "manage_programmes", "province"),
]


@pytest.mark.parametrize(("region", "right", "kind"), ROLES)
def test_another_right_or_region_publishes_nothing(draft: ProgrammeVersion, region: str, right: str, kind: str) -> None:
    user = cast.make_officer(region, right, kind=kind)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    client = client_of(User.objects.get(pk=user.pk))
    for model, action in [("programmeversion", "publish_rules"), ("programme", "close_rows")]:
        url = reverse(f"admin:vouchers_{model}_changelist")
        client.post(url, {"action": action, "_selected_action": [draft.pk, draft.programme_id]})
    draft.refresh_from_db()
    assert draft.published_at is None
    assert Programme.objects.get().status == "open"


def test_who_is_no_staff_is_sent_to_sign_in(programme: Programme) -> None:
    user = cast.make_officer("330000", "manage_programmes", kind="province")
    response = client_of(user).get(reverse("admin:vouchers_programme_changelist"))
    assert response.status_code == 302


@pytest.mark.parametrize("model", ["programme", "programmeversion", "override", "budgetpool", "quotaaccount"])
def test_nothing_can_be_deleted(page: Client, programme: Programme, model: str) -> None:
    enterprise = cast.enterprise()
    factories.claim(enterprise, programme, 10)
    factories.add_override(programme, enterprise.region, cap_claim=Decimal(1))
    set_pool(programme, enterprise.region, Decimal(100), by=None)
    row = {"override": Override, "budgetpool": BudgetPool, "programmeversion": ProgrammeVersion}.get(model, Programme)
    pk = row.objects.get().pk
    assert page.post(reverse(f"admin:vouchers_{model}_delete", args=[pk]), {"post": "yes"}).status_code in (302, 403)
    assert row.objects.filter(pk=pk).exists()


def test_a_published_version_shows_its_rows_without_boxes(page: Client, draft: ProgrammeVersion) -> None:
    TermRow.objects.create(version=draft, act="order_answer", days=2, unit="wd", on_expiry="lapse")
    url = reverse("admin:vouchers_programmeversion_change", args=[draft.pk])
    assert b'name="termrows-0-days"' in page.get(url).content
    publish(draft, by=None)
    content = page.get(url).content
    assert b"order_answer" in content
    assert b'name="termrows-0-days"' not in content


def _with_lists(draft: ProgrammeVersion) -> None:
    """Lists of every sort, in the version, its fields and its evidence."""
    draft.eligible_classes = ["any", "individual"]
    draft.subsidy_tiers = [["0", "1"], ["10000", "0.5"]]
    draft.cost_share = [["county", "1"]]
    draft.invoice_fields = ["number", "amount"]
    draft.overridable, draft.assumed = ["cap_year", "subsidy_tiers"], ["cost_share"]
    draft.bounds = {"cap_year": ["0", "200000"]}
    draft.save()
    said = {"version": draft, "stage": "use", "key": "category", "label": "类别", "type": "choice"}
    FieldRow.objects.create(**said, choices=[["test", "检验检测"], ["design", "研发设计"]], classes=["individual"])
    EvidenceRow.objects.create(
        version=draft,
        stage="use",
        key="contract",
        label="合同",
        minimum=1,
        formats=["jpg", "pdf"],
        max_bytes=5 * 1024**2,
    )


READ = (
    *("各类企业、创业者", "0 元起 100%；10,000 元起 50%", "县（市、区） 100%", "发票号码、金额"),
    *("年度上限、补贴比例", "年度上限 0 200000", "test 检验检测", "design 研发设计", "jpg, pdf", "5MB"),
)


def test_lists_of_a_published_version_are_read_in_words(page: Client, draft: ProgrammeVersion) -> None:
    _with_lists(draft)
    publish(draft, by=None)
    said = text(page.get(reverse("admin:vouchers_programmeversion_change", args=[draft.pk])))
    assert [words for words in READ if words not in said] == []
    raw = ('["', "['", "{&quot;", '{"', "[&#x27;", "[&quot;", "5242880", "[]", "{}")
    assert [mark for mark in raw if mark in said] == []


def test_lists_of_a_published_override_are_read_in_words(page: Client, programme: Programme) -> None:
    row = factories.add_override(programme, cast.enterprise().region, subsidy_tiers=[["0", "0.35"]])
    said = text(page.get(reverse("admin:vouchers_override_change", args=[row.pk])))
    assert "0 元起 35%" in said
    assert "0.35" not in said


def test_a_draft_is_still_written_in_boxes(page: Client, draft: ProgrammeVersion) -> None:
    _with_lists(draft)
    content = page.get(reverse("admin:vouchers_programmeversion_change", args=[draft.pk])).content.decode()
    names = ("subsidy_tiers", "bounds", "overridable", "fieldrows-0-choices", "evidencerows-0-max_bytes")
    assert [name for name in names if f'name="{name}"' not in content] == []


def test_of_several_each_says_what_became_of_it(page: Client, draft: ProgrammeVersion) -> None:
    published = ProgrammeVersion.objects.exclude(pk=draft.pk).get()
    url = reverse("admin:vouchers_programmeversion_changelist")
    response = page.post(url, {"action": "publish_rules", "_selected_action": [draft.pk, published.pk]}, follow=True)
    said = text(response)
    assert "已办理" in said
    assert "这一版规则已经公布，需要调整时新建一版" in said
    assert AuditRow.objects.filter(verb="programme.rules_published").count() == 2


def test_who_published_is_kept(page: Client, manager: User, draft: ProgrammeVersion) -> None:
    page.post(
        reverse("admin:vouchers_programmeversion_changelist"),
        {"action": "publish_rules", "_selected_action": [draft.pk]},
    )
    draft.refresh_from_db()
    assert draft.published_by == manager
    assert AuditRow.objects.filter(verb="programme.rules_published", actor_id=manager.pk).count() == 1


@pytest.mark.parametrize("total", ["-1", "-0.01"])
def test_a_budget_is_not_below_zero(programme: Programme, total: str) -> None:
    with pytest.raises(Refused, match="预算不能低于这个数"):
        set_pool(programme, cast.make_region(), Decimal(total), by=None)
    assert not BudgetPool.objects.exists()


def test_a_closed_programme_is_not_closed_again(programme: Programme) -> None:
    close_programme(programme, by=None)
    with pytest.raises(Refused, match="没有在受理，不用结束"):
        close_programme(programme, by=None)
    assert AuditRow.objects.filter(verb="programme.closed").count() == 1
