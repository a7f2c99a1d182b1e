"""Pages of rules at their edges: addresses nobody has, numbers no column holds, whose name is said."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from innovation_voucher.casework import calendar
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from vouchers.admin.page_forms import CloneForm, NewVersionForm, TrialForm
from vouchers.models import ClassRow, Override, Programme, ProgrammeVersion, TermRow
from vouchers.programme_rules import may_manage, may_set, problems_within
from vouchers.services.drafting import clone_programme, draft_version, lock_draft
from vouchers.services.overriding import confirm_override, prepare_override, withdraw_override
from vouchers.services.publishing import publish

from . import factories
from .pages import client_of, post, text

pytestmark = pytest.mark.django_db

DAY = calendar.today() + timedelta(days=40)


@pytest.fixture
def programme(db: None) -> Programme:
    return factories.make_programme(overridable=["cap_year", "valid_days", "redeem_grace"])


@pytest.fixture
def manager(db: None) -> User:
    user = cast.make_officer("330000", "manage_programmes", kind="province")
    User.objects.filter(pk=user.pk).update(is_staff=True)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def page(manager: User) -> Client:
    return client_of(manager)


@pytest.fixture
def setter(db: None) -> User:
    return cast.make_officer(cast.COUNTY, "set_rules")


def prepared(programme: Programme, by: User, **parameters: Any) -> Override:
    return prepare_override(programme, cast.make_region(), by=by, effective_from=DAY, parameters=parameters)


# --- Addresses -------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["²", "٣", "-1", "1e3", "", "9" * 40, "1 OR 1=1"])
def test_a_copy_of_nothing_begins_with_an_empty_form(page: Client, programme: Programme, asked: str) -> None:
    response = page.get(reverse("admin:vouchers_programme_clone"), {"source": asked})
    assert response.status_code == 200
    assert not response.context["form"].initial


@pytest.mark.parametrize("asked", ["²", "x", "9" * 40])
def test_a_file_of_results_that_nobody_has_is_not_found(asked: str) -> None:
    officer = cast.make_officer("330000", "review_claim", kind="province")
    User.objects.filter(pk=officer.pk).update(is_staff=True)
    where = reverse("admin:vouchers_externalimport_changelist")
    assert client_of(User.objects.get(pk=officer.pk)).get(f"{where}{asked}/change/").status_code == 404


# --- What a bureau types ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"valid_days": "32768"}, "32767"),
        ({"valid_days": "99999999999"}, "32767"),
        ({"valid_days": "-1"}, "有效天数"),
        ({"redeem_grace": "02-29"}, "按 月-日 填写"),
        ({"cap_year": "999999999999999"}, "年度上限"),
        ({"effective_from": "2026-02-30"}, "生效日期"),
        ({"effective_from": calendar.today().isoformat()}, "生效日期须晚于今天"),
    ],
)
def test_what_no_column_holds_is_said_in_its_box_and_kept(
    setter: User, programme: Programme, changes: dict[str, str], words: str
) -> None:
    response = post(
        client_of(setter),
        "desk-rule-new",
        programme.pk,
        **{"effective_from": DAY.isoformat(), "cap_year": "5"} | changes,
    )
    assert response.status_code == 422
    [name] = changes
    assert list(response.context["form"].errors) == [name]
    assert words in text(response)
    assert f'value="{changes[name]}"' in response.content.decode()
    assert not Override.objects.exists()


def test_the_most_that_a_column_holds_is_taken(setter: User, programme: Programme) -> None:
    response = post(
        client_of(setter), "desk-rule-new", programme.pk, effective_from=DAY.isoformat(), valid_days="32767"
    )
    assert response.status_code == 302
    assert Override.objects.get().valid_days == 32_767


# --- Who is named ----------------------------------------------------------------------------------


def test_a_refusal_names_the_offices_that_set_the_rules(setter: User) -> None:
    county, nobodys = cast.make_region(cast.COUNTY), cast.make_region(cast.OTHER_COUNTY)
    office = cast.make_office("bureau", cast.COUNTY, rights=("set_rules",), name="青石县科技局")
    cast.make_officer(cast.COUNTY, office=office)
    beside = cast.make_office("bureau", cast.COUNTY, rights=("view_cases",), name="青石县财政局")
    reader = cast.make_officer(cast.COUNTY, office=beside)
    assert may_set(setter, county) == (True, "")
    allowed, reason = may_set(reader, county)
    assert not allowed
    assert "青石县科技局" in reason
    assert county.full_name in reason
    assert "当地科技主管部门" in may_set(reader, nobodys)[1]


def test_who_manages_the_province_manages_its_counties_and_no_other_province(manager: User) -> None:
    assert may_manage(manager, cast.make_region(cast.COUNTY))[0]
    refused = may_manage(manager, cast.make_region("320000"))
    assert not refused[0]
    assert "有“管理方案”权限的人员设置" in refused[1]
    assert not may_manage(None, cast.make_region("330000"))[0]


# --- Problems, all at once -------------------------------------------------------------------------


def test_every_parameter_that_does_not_fit_is_named_at_once(setter: User) -> None:
    programme = factories.make_programme(
        overridable=["cap_year", "valid_days"], bounds={"cap_year": ["1000", "5000"], "valid_days": ["30", "90"]}
    )
    draft = Override(
        programme=programme, effective_from=DAY, cap_year=Decimal(1), valid_days=91, redeemer="carrier", number=1
    )
    assert dict(problems_within(draft)) == {
        "cap_year": "“年度上限”须在 1,000 元 至 5,000 元 之间",
        "valid_days": "“有效天数”须在 30 至 90 之间",
        "redeemer": "方案不允许地区调整“兑付方”",
    }
    with pytest.raises(Refused) as refused:
        prepared(programme, setter, cap_year=Decimal(1), redeemer="carrier")
    assert str(refused.value.message).count("；") == 1
    assert not Override.objects.exists()


def test_without_published_rules_there_is_nothing_to_adjust(programme: Programme) -> None:
    fresh = Programme.objects.create(
        family="fresh",
        year=programme.year,
        name="还没有规则",
        region=programme.region,
        opens_on=programme.opens_on,
        closes_on=programme.closes_on,
    )
    [(name, words)] = problems_within(Override(programme=fresh, effective_from=DAY, cap_year=Decimal(1)))
    assert (name, words) == ("", "还没有规则还没有公布规则，公布后才能调整")


def test_what_was_withdrawn_is_neither_confirmed_nor_withdrawn_again(programme: Programme, setter: User) -> None:
    draft = prepared(programme, setter, cap_year=Decimal(5))
    kept = Override.objects.get(pk=draft.pk)
    withdraw_override(draft, by=setter)
    other = cast.make_officer(cast.COUNTY, "set_rules")
    for act in (confirm_override, withdraw_override):
        with pytest.raises(Refused, match="这份草案已经撤回"):
            act(kept, by=other)
    assert AuditRow.objects.filter(verb__startswith="override.").count() == 2
    assert AuditRow.objects.get(verb="override.withdrawn").before == {"cap_year": "5.00"}


# --- Forms of the province -------------------------------------------------------------------------


def test_a_copy_is_offered_of_published_programmes_into_ones_own_regions(manager: User, programme: Programme) -> None:
    made = clone_programme(
        programme, by=manager, family="test", year=programme.year + 1, kind="", name="草稿", region=programme.region
    )
    cast.make_region("320000")
    form: Any = CloneForm(user=manager, source=programme)
    assert [*form.fields["source"].queryset] == [programme]
    assert made not in form.fields["source"].queryset
    assert all(region.code.startswith("33") for region in form.fields["region"].queryset)
    assert form.initial["year"] == programme.year + 1


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"year": "1999"}, "year"),
        ({"year": "2201"}, "year"),
        ({"family": "科技券"}, "family"),
        ({"kind": "a b"}, "kind"),
        ({"name": "x" * 101}, "name"),
        ({"source": "0"}, "source"),
    ],
)
def test_a_copy_that_could_not_be_stored_is_refused_in_its_box(
    manager: User, programme: Programme, changes: dict[str, str], wrong: str
) -> None:
    values = {"source": programme.pk, "year": "2030", "name": "明年", "region": programme.region_id, "family": "test"}
    assert CloneForm(values, user=manager).is_valid()
    form = CloneForm({**values, **changes}, user=manager)
    assert list(form.errors) == [wrong]


def test_a_copy_keeps_a_last_day_in_the_year_after(manager: User, programme: Programme) -> None:
    late = programme.closes_on.replace(year=programme.year + 1, month=3, day=31)
    Programme.objects.filter(pk=programme.pk).update(closes_on=late)
    programme.refresh_from_db()
    made = clone_programme(
        programme, by=manager, family="test", year=programme.year + 1, kind="", name="明年", region=programme.region
    )
    assert (made.closes_on, made.opens_on.year) == (late.replace(year=programme.year + 2), programme.year + 1)


@pytest.mark.parametrize(("days", "fits"), [(-1, False), (0, True), (1, True)])
def test_a_next_version_begins_today_at_the_earliest(days: int, fits: bool) -> None:
    day = calendar.today() + timedelta(days=days)
    form = NewVersionForm({"effective_from": day.isoformat()})
    assert form.is_valid() is fits
    assert fits or form.errors["effective_from"] == ["生效日期不能早于今天"]


def test_a_trial_offers_the_classes_by_name_and_the_regions_that_take_part(programme: Programme) -> None:
    version = ProgrammeVersion.objects.create(
        programme=programme, number=2, effective_from=DAY, eligible_classes=["any", "listed"]
    )
    ClassRow.objects.create(version=version, key="listed", label="名单企业", proof="list")
    Override.objects.create(programme=programme, class_key="talent", effective_from=DAY, number=1)
    county = cast.make_region(cast.COUNTY)
    cast.make_region("320000")
    form: Any = TrialForm(None, version=version)
    assert form.fields["class_key"].choices == [
        ("", "不分资格"),
        ("any", "any"),
        ("listed", "名单企业"),
        ("talent", "talent"),
    ]
    assert {region.code[:2] for region in form.fields["region"].queryset} == {"33"}
    programme.participating.set([county])
    narrowed: Any = TrialForm(None, version=ProgrammeVersion.objects.get(pk=version.pk))
    assert [*narrowed.fields["region"].queryset] == [county]


# --- Drafts ----------------------------------------------------------------------------------------


def test_local_rules_that_were_confirmed_meanwhile_are_not_edited(programme: Programme, setter: User) -> None:
    draft = prepared(programme, setter, cap_year=Decimal(5))
    lock_draft(draft)
    confirm_override(Override.objects.get(pk=draft.pk), by=cast.make_officer(cast.COUNTY, "set_rules"))
    with pytest.raises(Refused, match="这一版规则已经公布，需要调整时新建一版"):
        lock_draft(draft)


@pytest.mark.parametrize("right", ["set_rules", "view_cases"])
def test_another_right_of_the_province_drafts_nothing(programme: Programme, right: str) -> None:
    officer = cast.make_officer("330000", right, kind="province")
    with pytest.raises(NotAllowed):
        draft_version(programme, by=officer, effective_from=DAY)
    with pytest.raises(NotAllowed):
        clone_programme(
            programme, by=officer, family="test", year=2040, kind="", name="不会有", region=programme.region
        )
    assert (Programme.objects.count(), ProgrammeVersion.objects.count()) == (1, 1)
    assert not AuditRow.objects.filter(verb__in=["programme.cloned", "programme.version_drafted"]).exists()


def test_rows_of_a_draft_are_its_own(programme: Programme, manager: User) -> None:
    first = ProgrammeVersion.objects.create(
        programme=programme, number=2, effective_from=calendar.today(), **factories.INSTANT
    )
    TermRow.objects.create(version=first, act="correction", days=5, unit="wd", on_expiry="lapse")
    publish(first, by=None)
    draft = draft_version(programme, by=manager, effective_from=DAY)
    TermRow.objects.filter(version=draft).update(days=9)
    assert [*TermRow.objects.order_by("version__number").values_list("version__number", "days")] == [(2, 5), (3, 9)]
