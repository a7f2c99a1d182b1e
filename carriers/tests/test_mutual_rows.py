"""Sheets of a mutual list at their edges, what an import would change, and what the rows themselves forbid."""

import io
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from stdnum.cn import uscc

from accounts.models import User
from carriers import services
from carriers.models import MutualEntry, MutualImport, MutualList
from carriers.mutual import is_mutual
from carriers.mutual_sheet import HEADS, Row, Sheet, checked, read_sheet
from carriers.tests.factories import make_carrier
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Region
from innovation_voucher.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.feature("TJ-4")]

CITY = "120000"
BODY = "91130102MAD00000"
CODE = f"{BODY}7" + uscc.calc_check_digit(f"{BODY}7")


def cells(number: int = 1, **changes: str) -> dict[str, str]:
    """One row as the file says it, by the heads of its columns."""
    values = {"place": CITY, "laboratory": f"示例实验室{number}", "legal_entity": f"示例院{number}", **changes}
    return {HEADS[key]: value for key, value in values.items()}


def only(**changes: str) -> Row:
    (row,) = checked([cells(**changes)]).rows
    return row


def problem(**changes: str) -> str:
    found = checked([cells(**changes)])
    assert found.rows == ()
    return found.problems[0]


@pytest.fixture
def keeper(db: None) -> User:
    return cast.make_officer(CITY, "manage_lists", kind="province")


@pytest.fixture
def listing(db: None) -> MutualList:
    return make_list("甲名单")


def make_list(name: str, *members: str) -> MutualList:
    made = MutualList.objects.create(name=name, region=cast.make_region(CITY))
    made.members.set([cast.make_region(code) for code in members or (CITY,)])
    return made


def bring(listing: MutualList, by: Any, *rows: dict[str, str], mode: str = "add", source: str = "a.xlsx") -> Any:
    return services.import_mutual(listing, checked(rows), mode=mode, by=by, source=source)


# --- Places ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("120000", "120000"),
        ("天津市", "120000"),
        ("天津", "120000"),
        ("河北", "130000"),
        ("120104", "120104"),
        ("天津市南开区", "120104"),
    ],
)
def test_a_place_is_a_code_a_full_name_or_a_short_province(said: str, code: str) -> None:
    cast.make_region(code)
    assert only(place=said).place.code == code


@pytest.mark.parametrize("said", ["南开区", "南开", "天津市南开", "12", "天津 市"])
def test_a_name_that_could_be_elsewhere_is_no_place(said: str) -> None:
    assert f"所在地“{said}”不是省、市、县的名称或代码" in problem(place=said)


def test_a_zone_is_no_place_of_a_list() -> None:
    county = cast.make_region("120104")
    Region.objects.create(
        code="120104-z",
        name="示例高新区",
        full_name="天津市示例高新区",
        level=Region.Level.ZONE,
        parent=county,
        path=f"{county.path}120104-z/",
    )
    assert [bool(problem(place=said)) for said in ("120104-z", "天津市示例高新区")] == [True, True]


def test_the_places_of_a_long_sheet_are_asked_once() -> None:
    with CaptureQueriesContext(connection) as asked:
        found = checked(cells(n) for n in range(60))
    assert (len(found.rows), len(asked)) == (60, 1)


# --- Cells ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "most"),
    [
        ("laboratory", 100),
        ("legal_entity", 100),
        ("contact_name", 50),
        ("contact_phone", 50),
        ("services", 1000),
    ],
)
def test_each_column_takes_as_much_as_its_entry_and_no_more(key: str, most: int) -> None:
    assert getattr(only(**{key: "字" * most}), key) == "字" * most
    assert problem(**{key: "字" * (most + 1)}) == f"第 2 行：{HEADS[key]}最多 {most} 字，现有 {most + 1} 字"


def test_a_code_is_kept_in_its_plain_form() -> None:
    assert only(credit_code=CODE.lower()).credit_code == CODE


def test_what_is_not_asked_for_may_be_missing_with_its_column() -> None:
    row = only()
    assert (row.credit_code, row.contact_name, row.contact_phone, row.services) == ("", "", "", "")


def test_the_same_laboratory_of_two_legal_entities_is_two_laboratories() -> None:
    found = checked([cells(1), cells(1, legal_entity="另一家院")])
    assert (len(found.rows), found.problems) == (2, ())


def test_a_wrong_row_does_not_make_its_right_twin_a_repetition() -> None:
    found = checked([cells(1, place="某地"), cells(1)])
    assert [row.place.code for row in found.rows] == [CITY]
    assert len(found.problems) == 1
    assert found.problems[0].startswith("第 2 行：所在地")


def test_every_wrong_row_is_named_once_by_its_first_fault() -> None:
    found = checked([cells(1, place="", laboratory=""), cells(2), cells(3, credit_code="1", place="某地")])
    assert [text[:11] for text in found.problems] == ["第 2 行：缺少所在地", "第 4 行：所在地“某"]


def test_columns_come_in_any_order_and_others_are_left_alone() -> None:
    text = "备注,法人单位,所在地,开放实验室\n甲,示例院,天津,示例实验室\n"
    (row,) = read_sheet(io.BytesIO(text.encode("gb18030")), "名单.csv").rows
    assert (row.key, row.place.code) == (("示例实验室", "示例院"), CITY)


@pytest.mark.parametrize("text", ["", "所在地,开放实验室,法人单位\n"])
def test_a_file_without_a_row_is_not_taken(text: str) -> None:
    with pytest.raises(ValueError, match="列名"):
        read_sheet(io.BytesIO(text.encode()), "空.csv")


# --- What an import would change --------------------------------------------------------------


def test_what_would_change_is_told_and_nothing_is_written(listing: MutualList, keeper: User) -> None:
    bring(listing, keeper, cells(1), cells(2), cells(3))
    sheet = checked([cells(1), cells(2, place="河北"), cells(4)])
    added, replaced = (services.mutual_change(listing, sheet, mode=mode) for mode in ("add", "replace"))
    gone = MutualEntry.objects.get(laboratory="示例实验室3").pk
    for change, going in ((added, []), (replaced, [gone])):
        assert [row.laboratory for row in change.new] == ["示例实验室4"]
        assert [row.laboratory for row in change.other] == ["示例实验室2"]
        assert change.gone == going
    assert listing.entries.count() == 3
    assert MutualEntry.objects.get(laboratory="示例实验室2").place.code == CITY


@pytest.mark.parametrize("mode", ["add", "replace"])
def test_the_same_sheet_again_changes_nothing_and_is_noted(listing: MutualList, keeper: User, mode: str) -> None:
    bring(listing, keeper, cells(1), cells(2))
    before = set(listing.entries.values_list("pk", flat=True))
    done = bring(listing, keeper, cells(1), cells(2), mode=mode)
    assert (done.added, done.changed, done.removed) == (0, 0, 0)
    assert set(listing.entries.values_list("pk", flat=True)) == before


def test_a_cell_that_is_empty_now_empties_its_entry(listing: MutualList, keeper: User) -> None:
    bring(listing, keeper, cells(1, contact_name="李某", services="成分分析"))
    assert bring(listing, keeper, cells(1, contact_name="李某")).changed == 1
    assert MutualEntry.objects.values_list("contact_name", "services").get() == ("李某", "")


def test_a_replacement_leaves_other_lists_alone(listing: MutualList, keeper: User) -> None:
    other = make_list("乙名单")
    bring(other, keeper, cells(1), cells(2))
    bring(listing, keeper, cells(1), cells(3))
    bring(listing, keeper, cells(4), mode="replace")
    assert [list(each.entries.values_list("laboratory", flat=True)) for each in (listing, other)] == [
        ["示例实验室4"],
        ["示例实验室1", "示例实验室2"],
    ]


def test_a_long_name_of_a_file_is_cut_and_the_import_kept(listing: MutualList, keeper: User) -> None:
    done = bring(listing, keeper, cells(1), source="名" * 250)
    assert (done.source, str(done)) == ("名" * 200, "名" * 200)


@pytest.mark.parametrize("wrong", ["problem", "empty", "right"])
def test_a_refused_import_leaves_no_line_of_audit(listing: MutualList, keeper: User, wrong: str) -> None:
    sheet = {"problem": Sheet((), ("第 2 行：缺少所在地",)), "empty": Sheet((), ())}.get(wrong) or checked([cells(1)])
    by = cast.make_officer(CITY, "view_cases") if wrong == "right" else keeper
    with pytest.raises((NotAllowed, Refused)):
        services.import_mutual(listing, sheet, mode="replace", by=by, source="a.xlsx")
    assert not AuditRow.objects.filter(verb="mutual.imported").exists()
    assert not MutualImport.objects.exists()


# --- The rows -------------------------------------------------------------------------------


def test_a_laboratory_stands_once_on_a_list_and_on_as_many_lists_as_recognize_it(
    listing: MutualList, keeper: User
) -> None:
    bring(listing, keeper, cells(1))
    bring(make_list("乙名单"), keeper, cells(1))
    entry = listing.entries.get()
    entry.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save(force_insert=True)
    assert MutualEntry.objects.count() == 2


def test_a_list_that_files_were_brought_into_is_not_deleted(listing: MutualList, keeper: User) -> None:
    bring(listing, keeper, cells(1))
    with pytest.raises(ProtectedError):
        listing.delete()
    assert MutualEntry.objects.count() == 1


def test_entries_stand_by_place_and_imports_from_the_newest(listing: MutualList, keeper: User) -> None:
    bring(listing, keeper, cells(1, place="河北"), source="旧.xlsx")
    bring(listing, keeper, cells(2), cells(3), source="新.xlsx")
    assert [str(row) for row in MutualEntry.objects.all()] == [f"示例实验室{n}" for n in (2, 3, 1)]
    assert [str(row) for row in listing.imports.all()] == ["新.xlsx", "旧.xlsx"]


# --- Who recognizes -------------------------------------------------------------------------


def test_a_list_counts_in_its_members_and_below_and_nowhere_else(keeper: User) -> None:
    listing = make_list("丙名单", "120000", "130000")
    node = cast.make_region("330106")
    carrier = make_carrier(cast.make_organization("carrier", name="示例院1", region=node, bureau=node))
    bring(listing, keeper, cells(1))
    asked = {code: is_mutual(carrier, cast.make_region(code)) for code in ("120000", "120104", "130102", "330106")}
    assert asked == {"120000": True, "120104": True, "130102": True, "330106": False}
