"""What changed between two versions, and what draft rules would pay."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from innovation_voucher.tests import cast
from vouchers.changes import Change, before, changes, group_of
from vouchers.models import EvidenceRow, FieldRow, Override, Programme, ProgrammeVersion, TermRow
from vouchers.trials import DECIDED, tried

from . import factories

pytestmark = pytest.mark.django_db


def version(programme: Programme, number: int = 2, **values: Any) -> ProgrammeVersion:
    return ProgrammeVersion.objects.create(
        programme=programme, number=number, effective_from=date(programme.year, 6, 1), **{**factories.INSTANT, **values}
    )


@pytest.fixture
def first(programme: Programme) -> ProgrammeVersion:
    return programme.versions.get()


def lines(old: ProgrammeVersion, new: ProgrammeVersion) -> dict[str, tuple[str, str]]:
    return {f"{change.group} {change.label}": (change.before, change.after) for change in changes(old, new)}


def test_the_same_rules_have_no_changes(first: ProgrammeVersion) -> None:
    assert changes(first, version(first.programme)) == []


def test_every_parameter_that_differs_is_told_in_words(first: ProgrammeVersion) -> None:
    new = version(
        first.programme, redeemer="enterprise", cap_year=Decimal(5), subsidy_tiers=[["0", "0.3"]], cap_claim=Decimal(3)
    )
    assert lines(first, new) == {
        "申领与额度 年度上限": ("200,000 元", "5 元"),
        "申领与额度 单次申领上限": ("—", "3 元"),
        "补贴计算 补贴比例": ("0 元起 100%；10,000 元起 50%", "0 元起 30%"),
        "兑付与拨付 兑付方": ("企业选择", "企业"),
    }


def test_what_regions_may_change_is_told_too(first: ProgrammeVersion) -> None:
    new = version(
        first.programme,
        overridable=["redeemer", "cap_year"],
        bounds={"cap_year": ["0", "500000"]},
        assumed=["cap_year", "terms.rating"],
    )
    assert lines(first, new) == {
        "地区调整与暂定值 可由县级调整的参数": ("—", "年度上限、兑付方"),
        "地区调整与暂定值 调整范围": ("—", "年度上限 0 至 500000"),
        "地区调整与暂定值 暂定值（无文件依据）": ("—", "年度上限、terms.rating"),
    }


def test_rows_that_came_went_or_changed(first: ProgrammeVersion) -> None:
    old, new = version(first.programme), version(first.programme, 3)
    for each, days in ((old, 5), (new, 7)):
        TermRow.objects.create(version=each, act="correction", days=days, unit="wd", on_expiry="lapse")
        factories.add_field(each, "contact", "text", "联系人")
    factories.add_field(old, "fax", "text", "传真")
    EvidenceRow.objects.create(
        version=new, stage="use", key="contract", label="合同", formats=["pdf", "jpg"], max_bytes=9
    )
    found = lines(old, new)
    assert found["期限 correction"] == ("期限：5", "期限：7")
    assert found["表单项 申领 传真"][1] == "—"
    assert "名称：传真" in found["表单项 申领 传真"][0]
    assert found["证明材料 使用 合同"][0] == "—"
    assert "格式：pdf、jpg" in found["证明材料 使用 合同"][1]
    assert len(found) == 3


def test_a_choice_of_a_field_is_told_by_its_words(first: ProgrammeVersion) -> None:
    old, new = version(first.programme), version(first.programme, 3)
    for each, choices in ((old, [["a", "甲"]]), (new, [["a", "甲"], ["b", "乙"]])):
        FieldRow.objects.create(version=each, stage="claim", key="type", label="类型", type="choice", choices=choices)
    assert changes(old, new) == [Change("表单项", "申领 类型", "选项：甲", "选项：甲、乙")]


def test_the_version_before_is_this_programmes_own_else_last_years(first: ProgrammeVersion) -> None:
    second = version(first.programme)
    assert before(second) == first
    assert before(first) is None
    nothing_published = Programme.objects.create(
        family="test",
        year=first.programme.year + 1,
        name="明年",
        region=first.programme.region,
        opens_on=date(2027, 1, 1),
        closes_on=date(2027, 12, 31),
    )
    assert before(version(nothing_published, 1)) == first


def test_every_parameter_has_its_group() -> None:
    groups = {group_of(name) for name in ProgrammeVersion.parameter_names()}
    assert groups == {"申领与额度", "补贴计算", "预约与使用", "兑付与拨付"}


# --- 试算 ----------------------------------------------------------------------------------------


def test_a_trial_says_amount_formula_and_what_decided(first: ProgrammeVersion) -> None:
    found = tried(first, amount=Decimal(18_000), region=cast.make_region())
    assert found.subsidy.amount == Decimal("14000.00")
    assert found.subsidy.words == "10,000 ＋ 8,000 × 50% ＝ 14,000 元"
    assert found.decided_by == "补贴比例，没有碰到上限"
    assert found.claim.claimable == 200_000


@pytest.mark.parametrize(
    ("values", "remaining", "amount", "decided"),
    [
        ({"cap_voucher": Decimal(5_000)}, None, "5000.00", "单券上限"),
        ({"cap_year": Decimal(6_000)}, None, "6000.00", "年度上限"),
        ({"min_contract": Decimal(20_000)}, None, "0.00", "合同最低金额"),
        ({}, Decimal(400), "400.00", "可用额度"),
        ({"subsidy_tiers": None}, None, "18000.00", "由审核人核定，这里是最多的数"),
    ],
)
def test_the_limit_that_decided_is_named(
    programme: Programme, values: dict[str, Any], remaining: Decimal | None, amount: str, decided: str
) -> None:
    draft = version(programme, **values)
    found = tried(draft, amount=Decimal(18_000), region=cast.make_region(), remaining=remaining)
    assert (str(found.subsidy.amount), found.decided_by) == (amount, decided)


def test_local_rules_count_drafts_too_and_only_in_their_region(programme: Programme) -> None:
    draft = version(programme)
    Override.objects.create(
        programme=programme, region=cast.make_region(), effective_from=date(2030, 1, 1), cap_voucher=Decimal(100)
    )
    here, there = (cast.make_region(code) for code in (cast.COUNTY, cast.OTHER_COUNTY))
    assert tried(draft, amount=Decimal(1_000), region=here).subsidy.amount == 100
    assert tried(draft, amount=Decimal(1_000), region=there).subsidy.amount == 1_000


def test_a_class_has_its_own_rules_and_may_be_shut_out(programme: Programme) -> None:
    draft = version(programme, eligible_classes=["talent"])
    Override.objects.create(
        programme=programme, class_key="talent", effective_from=date(2030, 1, 1), cap_voucher=Decimal(50)
    )
    region = cast.make_region()
    assert tried(draft, amount=Decimal(1_000), region=region, class_key="talent").subsidy.amount == 50
    assert tried(draft, amount=Decimal(1_000), region=region, class_key="talent").problem == ""
    assert "不面向您单位的类型" in tried(draft, amount=Decimal(1_000), region=region, class_key="any").problem


def test_a_trial_writes_nothing(programme: Programme) -> None:
    draft = version(programme)
    tried(draft, amount=Decimal(1_000), region=cast.make_region())
    draft.refresh_from_db()
    assert draft.published_at is None
    assert set(DECIDED) == {"tiers", "reviewer", "min_contract", "cap_voucher", "cap_year", "remaining"}
