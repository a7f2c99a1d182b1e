"""Rows of two versions beside each other, without a database: what of a row is told, and in which words."""

from collections.abc import Mapping
from typing import Any

import pytest

from vouchers import changes as page
from vouchers.changes import Change, changes
from vouchers.models import ClassRow, EvidenceRow, FieldRow, ProgrammeVersion, TermRow
from vouchers.parameter_words import NOTHING

Rows = Mapping[type, list[Any]]


class Versions:
    """Two versions whose rows are held in memory."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.old, self.new = ProgrammeVersion(number=1), ProgrammeVersion(number=2)
        self.rows: dict[int, Rows] = {}
        monkeypatch.setattr(page, "_rows", self._found)

    def _found(self, model: type, version: ProgrammeVersion) -> dict[tuple[str, ...], Any]:
        rows = self.rows.get(version.number, {}).get(model, [])
        return {tuple(str(getattr(row, key, "")) for key in ("stage", "key", "act")): row for row in rows}

    def told(self, old: list[Any], new: list[Any]) -> list[Change]:
        for number, rows in ((1, old), (2, new)):
            self.rows[number] = {kind: [row for row in rows if type(row) is kind] for kind in set(map(type, rows))}
        return changes(self.old, self.new)


@pytest.fixture
def versions(monkeypatch: pytest.MonkeyPatch) -> Versions:
    return Versions(monkeypatch)


def field(**more: Any) -> FieldRow:
    return FieldRow(**{"stage": "claim", "key": "phone", "label": "电话", "type": "text", **more})


def term(**more: Any) -> TermRow:
    return TermRow(**{"act": "correction", "days": 5, "unit": "wd", "on_expiry": "lapse", **more})


def evidence(**more: Any) -> EvidenceRow:
    values = {"stage": "use", "key": "contract", "label": "合同", "formats": ["pdf"], "max_bytes": 1024}
    return EvidenceRow(**{**values, **more})


def qualified(**more: Any) -> ClassRow:
    return ClassRow(**{"key": "listed", "label": "名单企业", "proof": "list", **more})


EVERY = [field, term, evidence, qualified]


@pytest.mark.parametrize("build", EVERY)
def test_a_row_that_stays_is_not_told(versions: Versions, build: Any) -> None:
    assert versions.told([build()], [build()]) == []


@pytest.mark.parametrize("build", EVERY)
def test_another_place_on_the_page_is_no_other_rule(versions: Versions, build: Any) -> None:
    assert versions.told([build(position=1)], [build(position=7)]) == []


@pytest.mark.parametrize("build", EVERY)
def test_a_row_that_comes_is_told_whole_and_one_that_goes_too(versions: Versions, build: Any) -> None:
    [came] = versions.told([], [build()])
    [went] = versions.told([build()], [])
    assert (came.before, went.after) == (NOTHING, NOTHING)
    assert came.after == went.before != NOTHING
    assert (came.group, came.label) == (went.group, went.label)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (term(days=5), term(days=7), ("期限", "correction", "5", "7")),
        (field(required=True), field(required=False), ("表单项", "申领 电话", "是", "否")),
        (field(max_length=None), field(max_length=11), ("表单项", "申领 电话", NOTHING, "11")),
        (field(help=""), field(help="手机或座机"), ("表单项", "申领 电话", NOTHING, "手机或座机")),
        (evidence(formats=["pdf"]), evidence(formats=["pdf", "jpg"]), ("证明材料", "使用 合同", "pdf", "pdf、jpg")),
        (evidence(strict=False), evidence(strict=True), ("证明材料", "使用 合同", "否", "是")),
        (evidence(classes=[]), evidence(classes=["any"]), ("证明材料", "使用 合同", NOTHING, "any")),
        (qualified(months=None), qualified(months=36), ("资格", "名单企业", NOTHING, "36")),
    ],
)
def test_only_the_column_that_differs_is_told_on_both_sides(
    versions: Versions, old: Any, new: Any, told: tuple[str, str, str, str]
) -> None:
    [change] = versions.told([old], [new])
    group, label, before, after = told
    assert change.label == label
    assert group in change.group
    assert change.before == NOTHING if before == NOTHING else change.before.endswith(f"：{before}")
    assert change.after == NOTHING if after == NOTHING else change.after.endswith(f"：{after}")
    assert "；" not in change.before + change.after


def test_two_columns_of_one_row_are_one_line(versions: Versions) -> None:
    [change] = versions.told([term()], [term(days=9, unit="d")])
    assert len(change.before.split("；")) == len(change.after.split("；")) == 2


def test_a_row_with_another_name_is_called_by_its_new_one(versions: Versions) -> None:
    [change] = versions.told([field(label="电话")], [field(label="联系电话")])
    assert change.label == "申领 联系电话"
    assert (change.before.split("：")[1], change.after.split("：")[1]) == ("电话", "联系电话")


def test_the_same_key_at_another_stage_is_another_row(versions: Versions) -> None:
    found = versions.told([field(stage="claim")], [field(stage="use")])
    assert sorted(change.label for change in found) == ["使用 电话", "申领 电话"]
    assert {change.before == NOTHING for change in found} == {True, False}


def test_kinds_of_rows_stand_in_the_order_of_the_pages(versions: Versions) -> None:
    found = versions.told([], [evidence(), term(), field(), qualified()])
    kinds = [str(kind._meta.verbose_name) for kind in (ClassRow, FieldRow, TermRow, EvidenceRow)]
    assert [change.group for change in found] == kinds


def test_rows_of_a_kind_stand_in_the_order_of_their_keys(versions: Versions) -> None:
    found = versions.told([term(act="b")], [term(act="c"), term(act="a")])
    assert [change.label for change in found] == ["a", "b", "c"]


# --- What regions may change -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "old", "new", "before", "after"),
    [
        ("overridable", ["cap_year"], ["redeemer", "cap_year"], "年度上限", "年度上限、兑付方"),
        ("overridable", ["cap_year"], [], "年度上限", NOTHING),
        ("assumed", [], ["evidence.contract"], NOTHING, "evidence.contract"),
        ("bounds", {"cap_year": ["0", "5"]}, {"cap_year": ["0", "6"]}, "年度上限 0 至 5", "年度上限 0 至 6"),
        (
            "bounds",
            {},
            {"valid_days": ["30", "90"], "cap_year": ["0", "5"]},
            NOTHING,
            "年度上限 0 至 5；有效天数 30 至 90",
        ),
        ("bounds", {"gone": ["1", "2"]}, {}, "gone 1 至 2", NOTHING),
    ],
)
def test_what_regions_may_change_is_told_by_name(
    versions: Versions, name: str, old: Any, new: Any, before: str, after: str
) -> None:
    setattr(versions.old, name, old)
    setattr(versions.new, name, new)
    [change] = versions.told([], [])
    assert (change.group, change.before, change.after) == ("地区调整与暂定值", before, after)


def test_the_order_in_which_names_were_ticked_is_no_change(versions: Versions) -> None:
    versions.old.overridable, versions.new.overridable = ["cap_year", "redeemer"], ["redeemer", "cap_year"]
    assert versions.told([], []) == []


def test_parameters_come_first_then_what_regions_may_then_rows(versions: Versions) -> None:
    versions.new.redeemer, versions.new.assumed = "carrier", ["redeemer"]
    groups = [change.group for change in versions.told([], [term()])]
    assert groups == ["兑付与拨付", "地区调整与暂定值", str(TermRow._meta.verbose_name)]
