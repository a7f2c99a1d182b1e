"""Local rules: only what the programme allows, within bounds, from a later day, by two people."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from innovation_voucher.casework import calendar
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Message, Region
from innovation_voucher.tests import cast
from vouchers.local_rules import before_it, compared, rules_in
from vouchers.models import Override, Programme
from vouchers.resolve import resolve
from vouchers.services.overriding import confirm_override, latest_of, prepare_override, withdraw_override

from . import factories

pytestmark = pytest.mark.django_db

OVERRIDABLE = ["cap_year", "cap_claim", "redeemer", "valid_days", "subsidy_tiers"]
BOUNDS = {"cap_year": ["1000", "500000"], "valid_days": ["30", "180"]}


@pytest.fixture
def programme(db: None) -> Programme:
    return factories.make_programme(overridable=OVERRIDABLE, bounds=BOUNDS)


@pytest.fixture
def county(db: None) -> Region:
    return cast.make_region()


@pytest.fixture
def preparer(db: None) -> User:
    return cast.make_officer(cast.COUNTY, "set_rules", name="拟定人")


@pytest.fixture
def second(db: None) -> User:
    return cast.make_officer(cast.COUNTY, "set_rules", name="确认人")


def tomorrow() -> date:
    return calendar.today() + timedelta(days=1)


def prepared(programme: Programme, by: User, day: date | None = None, **parameters: Any) -> Override:
    said = parameters or {"cap_year": Decimal(50_000)}
    region = cast.make_region()
    return prepare_override(programme, region, by=by, effective_from=day or tomorrow(), parameters=said)


def refused(act: Callable[[], object], words: str) -> None:
    """The verb says no in these words, and the rows of overrides stay as they were."""
    before = list(Override.objects.order_by("pk").values())
    with pytest.raises(Refused, match=words):
        act()
    assert list(Override.objects.order_by("pk").values()) == before


@pytest.mark.feature("ZJ-11")
def test_what_one_prepares_and_another_confirms_holds_from_its_day_on(
    programme: Programme, county: Region, preparer: User, second: User
) -> None:
    draft = prepared(programme, preparer, redeemer="enterprise")
    assert (draft.prepared_by, draft.published_at, draft.number) == (preparer, None, 1)
    assert resolve(programme, county, class_key="", day=tomorrow()).redeemer == "choice"
    confirm_override(draft, by=second)
    draft.refresh_from_db()
    assert draft.published_by == second
    days = {day: resolve(programme, county, class_key="", day=day).redeemer for day in (calendar.today(), tomorrow())}
    assert days == {calendar.today(): "choice", tomorrow(): "enterprise"}
    verbs = AuditRow.objects.filter(verb__startswith="override.").order_by("pk").values_list("verb", "actor_id")
    assert list(verbs) == [("override.prepared", preparer.pk), ("override.confirmed", second.pk)]


def test_the_second_person_is_asked_and_the_first_is_told(programme: Programme, preparer: User, second: User) -> None:
    draft = prepared(programme, preparer)
    asked = Message.objects.get(kind="rules")
    assert (asked.user, asked.title) == (second, "有一份本地规则等待您确认")
    assert str(draft.pk) in asked.link
    confirm_override(draft, by=second)
    assert Message.objects.get(user=preparer).title == "您拟定的本地规则已确认"


def test_nobody_confirms_their_own(programme: Programme, preparer: User) -> None:
    draft = prepared(programme, preparer)
    refused(lambda: confirm_override(draft, by=preparer), "拟定人不能确认自己拟定的规则")


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"min_contract": Decimal(5)}, "方案不允许地区调整“合同最低金额”"),
        ({"cap_year": Decimal("999.99")}, "“年度上限”须在 1,000 元 至 500,000 元 之间"),
        ({"cap_year": Decimal("500000.01")}, "“年度上限”须在 1,000 元 至 500,000 元 之间"),
        ({"valid_days": 29}, "“有效天数”须在 30 至 180 之间"),
        ({"cap_claim": Decimal(5), "offline_use": "no"}, "方案不允许地区调整“线下使用”"),
    ],
)
def test_only_what_the_programme_allows_within_its_bounds(
    programme: Programme, preparer: User, parameters: dict[str, Any], words: str
) -> None:
    refused(lambda: prepared(programme, preparer, **parameters), words)


@pytest.mark.parametrize("cap", ["1000", "500000"])
def test_the_bounds_themselves_are_allowed(programme: Programme, preparer: User, cap: str) -> None:
    assert prepared(programme, preparer, cap_year=Decimal(cap)).cap_year == Decimal(cap)


@pytest.mark.parametrize("days", [0, -1, -400])
def test_local_rules_begin_on_a_later_day(programme: Programme, preparer: User, days: int) -> None:
    day = calendar.today() + timedelta(days=days)
    refused(lambda: prepared(programme, preparer, day), "生效日期须晚于今天")


def test_a_draft_whose_day_has_come_is_not_confirmed_any_more(
    programme: Programme, preparer: User, second: User
) -> None:
    draft = prepared(programme, preparer)
    Override.objects.filter(pk=draft.pk).update(effective_from=calendar.today())
    refused(lambda: confirm_override(draft, by=second), "生效日期须晚于今天")


def test_bounds_are_asked_again_when_it_is_confirmed(programme: Programme, preparer: User, second: User) -> None:
    draft = prepared(programme, preparer)
    factories.add_version(programme, **{**factories.INSTANT, "overridable": ["redeemer"]})
    refused(lambda: confirm_override(draft, by=second), "方案不允许地区调整“年度上限”")


def test_the_same_as_now_is_no_change(programme: Programme, preparer: User, second: User) -> None:
    confirm_override(prepared(programme, preparer), by=second)
    refused(lambda: prepared(programme, preparer), "没有改动")
    assert prepared(programme, preparer, cap_year=Decimal(60_000)).number == 2


def test_a_first_version_that_sets_nothing_is_no_change(programme: Programme, county: Region, preparer: User) -> None:
    refused(
        lambda: prepare_override(programme, county, by=preparer, effective_from=tomorrow(), parameters={}), "没有改动"
    )


def test_a_later_version_takes_all_of_it_back(
    programme: Programme, county: Region, preparer: User, second: User
) -> None:
    confirm_override(prepared(programme, preparer), by=second)
    back = prepare_override(programme, county, by=second, effective_from=tomorrow(), parameters={})
    confirm_override(back, by=preparer)
    assert resolve(programme, county, class_key="", day=tomorrow()).cap_year == 200_000


def test_one_draft_at_a_time_and_a_withdrawn_one_makes_room(programme: Programme, preparer: User, second: User) -> None:
    draft = prepared(programme, preparer)
    refused(lambda: prepared(programme, second, cap_year=Decimal(7_000)), "第 1 版还在等待确认")
    withdraw_override(draft, by=preparer)
    assert not Override.objects.exists()
    assert AuditRow.objects.get(verb="override.withdrawn").before["cap_year"] == "50000.00"
    refused(lambda: withdraw_override(draft, by=preparer), "已经撤回")
    refused(lambda: confirm_override(draft, by=second), "已经撤回")
    assert prepared(programme, second).number == 1


def test_what_is_published_is_neither_confirmed_again_nor_withdrawn(
    programme: Programme, preparer: User, second: User
) -> None:
    draft = prepared(programme, preparer)
    confirm_override(draft, by=second)
    refused(lambda: confirm_override(draft, by=second), "已经公布")
    refused(lambda: withdraw_override(draft, by=preparer), "已公布的规则不能撤回")


OUTSIDERS = [
    (cast.COUNTY, "review_claim", "bureau"),
    (cast.OTHER_COUNTY, "set_rules", "bureau"),
    ("320000", "set_rules", "province"),
]


@pytest.mark.parametrize(("region", "right", "kind"), OUTSIDERS)
def test_without_the_right_there_nothing_is_set(
    programme: Programme, preparer: User, region: str, right: str, kind: str
) -> None:
    draft = prepared(programme, preparer)
    office = cast.make_office(kind, region, rights=(right,), name=f"{region}{right}")
    outsider = cast.make_officer(region, office=office)
    for act in (
        lambda: prepared(programme, outsider, cap_year=Decimal(9_000)),
        lambda: confirm_override(draft, by=outsider),
        lambda: withdraw_override(draft, by=outsider),
    ):
        with pytest.raises(NotAllowed, match="有“设置规则”权限的人员设置"):
            act()
    draft.refresh_from_db()
    assert (draft.published_at, draft.cap_year) == (None, Decimal("50000.00"))


# --- What the page says ---------------------------------------------------------------------------


def line_of(region: Region, label: str) -> tuple[str, str]:
    [rules] = rules_in(region)
    return next((line.given, line.ours) for line in rules.lines if line.label == label)


def test_the_programmes_value_and_ours_since_when(programme: Programme, county: Region) -> None:
    assert line_of(county, "年度上限") == ("200,000 元", "")
    factories.add_override(programme, county, cap_year=Decimal(50_000))
    assert line_of(county, "年度上限") == ("200,000 元", "50,000 元")
    [rules] = rules_in(county)
    assert rules.ours is not None
    assert rules.ours.effective_from == date(programme.year, 1, 1)


def test_what_a_wider_region_sets_is_given_to_us(programme: Programme, county: Region) -> None:
    city = cast.make_region(cast.COUNTY[:4] + "00")
    factories.add_override(programme, city, cap_year=Decimal(90_000))
    factories.add_override(programme, cast.make_region("330000"), cap_year=Decimal(80_000), redeemer="carrier")
    assert line_of(county, "年度上限") == ("90,000 元", "")
    assert line_of(county, "兑付方") == ("服务机构", "")
    assert line_of(city, "年度上限") == ("80,000 元", "90,000 元")


def test_versions_and_what_became_of_them(programme: Programme, county: Region, preparer: User, second: User) -> None:
    for cap in (40_000, 50_000):
        factories.add_override(programme, county, cap_year=Decimal(cap))
    confirm_override(prepared(programme, preparer, cap_year=Decimal(60_000)), by=second)
    draft = prepared(programme, preparer, cap_year=Decimal(70_000))
    [rules] = rules_in(county)
    assert rules.draft == draft
    states = [(row.number, state) for row, state in rules.history]
    assert states == [(4, "待确认"), (3, "未到生效日期"), (2, "执行中"), (1, "已被后来的版本替代")]
    assert line_of(county, "年度上限") == ("200,000 元", "50,000 元")
    latest = latest_of(programme, county)
    assert latest is not None
    assert latest.cap_year == 60_000


def test_only_programmes_that_run_here_are_listed(programme: Programme, county: Region) -> None:
    assert [rules.programme for rules in rules_in(county)] == [programme]
    assert rules_in(cast.make_region("320000")) == []
    programme.participating.set([cast.make_region(cast.OTHER_COUNTY)])
    assert rules_in(county) == []
    programme.participating.clear()
    Programme.objects.filter(pk=programme.pk).update(closes_on=calendar.today() - timedelta(days=1))
    assert rules_in(county) == []


def test_what_no_region_may_change_stands_apart(programme: Programme, county: Region) -> None:
    [rules] = rules_in(county)
    fixed = {line.label: line.given for line in rules.fixed}
    assert fixed["申领方式"] == "即时到账"
    assert "年度上限" not in fixed
    assert "合同最低金额" not in fixed


def test_a_version_beside_the_one_before(programme: Programme, county: Region, preparer: User, second: User) -> None:
    confirm_override(prepared(programme, preparer, cap_year=Decimal(40_000), cap_claim=Decimal(10_000)), by=second)
    draft = prepared(programme, preparer, cap_year=Decimal(60_000))
    lines = {line.label: (line.given, line.ours) for line in compared(draft, before_it(draft))}
    assert lines == {"年度上限": ("40,000 元", "60,000 元"), "单次申领上限": ("10,000 元", "—")}
