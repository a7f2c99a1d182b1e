"""Lists of qualified organizations: read, checked, imported as a whole, and what a removal leaves behind."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest

from accounts.listing import CODE, NAME, NUMBER, Sheet, checked, read_sheet
from accounts.models import ListEntry, ListImport, Organization, Qualification, QualificationList, User
from accounts.qualified import flags_of, listed_classes
from accounts.services import change_of, import_list, open_list, qualify
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Message
from innovation_voucher.lib.spreadsheets import xlsx
from innovation_voucher.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.feature("JS-6")]

DAY = date(2026, 5, 6)
PROVINCE = "330000"


@pytest.fixture
def keeper() -> User:
    return cast.make_officer(PROVINCE, "manage_lists", kind="province")


@pytest.fixture
def target(keeper: User) -> QualificationList:
    region = cast.make_region(PROVINCE)
    return open_list(region=region, class_key="listed_sme", year=2026, name="科小名单", by=keeper)


def sheet(*codes: str | None) -> Sheet:
    return checked([{CODE: code or "", NAME: f"单位{n}", NUMBER: f"2026{n:04d}"} for n, code in enumerate(codes)])


def bring(target: QualificationList, by: User, *codes: str | None, mode: str = "add") -> ListImport:
    return import_list(target, sheet(*codes), mode=mode, by=by, source="名单.xlsx")


def live(target: QualificationList) -> set[str]:
    return set(target.entries.filter(removed=None).values_list("credit_code", flat=True))


# --- Reading ----------------------------------------------------------------------------------


def test_a_workbook_is_read_row_by_row() -> None:
    code = cast.credit_code()
    found = read_sheet(BytesIO(xlsx([CODE, NAME, NUMBER], [[code, "澄光公司", "2026-1"]])), "名单.xlsx")
    assert [(row.credit_code, row.name, row.number) for row in found.rows] == [(code, "澄光公司", "2026-1")]
    assert found.problems == ()


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({CODE: "", NAME: "甲"}, "第 2 行"),
        ({CODE: "91330108MA0000000X", NAME: "甲"}, "第 2 行"),
        ({CODE: cast.credit_code(1), NAME: ""}, "第 2 行：缺少单位名称"),
        ({CODE: cast.credit_code(1), NAME: "长" * 101}, "单位名称最多 100 字"),
        ({CODE: cast.credit_code(1), NAME: "甲", NUMBER: "1" * 41}, "入库编号最多 40 字"),
    ],
)
def test_a_wrong_row_is_named_with_its_number(cells: dict[str, str], words: str) -> None:
    found = checked([cells])
    assert found.rows == ()
    assert words in found.problems[0]


def test_a_code_that_stands_there_twice_is_wrong_the_second_time() -> None:
    found = sheet(cast.credit_code(1), cast.credit_code(2), cast.credit_code(1))
    assert len(found.rows) == 2
    assert found.problems == (f"第 4 行：统一社会信用代码 {cast.credit_code(1)} 重复出现",)


def test_blank_rows_of_the_sheet_are_counted() -> None:
    lines = [["", ""], [cast.credit_code(1), "甲"], ["", ""], [cast.credit_code(2), ""]]
    found = read_sheet(BytesIO(xlsx([CODE, NAME], lines)), "名单.xlsx")
    assert [row.name for row in found.rows] == ["甲"]
    assert found.problems == ("第 5 行：缺少单位名称",)


@pytest.mark.parametrize("heads", [[CODE, "名称"], [NAME, NUMBER], ["甲", "乙"]])
def test_a_sheet_without_the_columns_says_which_are_missing(heads: list[str]) -> None:
    with pytest.raises(ValueError, match="表格里要有这些列"):
        read_sheet(BytesIO(xlsx(heads, [["1", "2"]])), "名单.xlsx")


def test_a_sheet_with_heads_only_is_said_to_lack_rows() -> None:
    with pytest.raises(ValueError, match="表格里要有这些列"):
        read_sheet(BytesIO(xlsx([CODE, NAME], [])), "名单.xlsx")


# --- Importing --------------------------------------------------------------------------------


def test_adding_keeps_who_is_there(target: QualificationList, keeper: User) -> None:
    one, two = cast.credit_code(), cast.credit_code()
    first = bring(target, keeper, one)
    second = bring(target, keeper, one, two)
    assert live(target) == {one, two}
    assert (first.added, second.added, second.removed) == (1, 1, 0)
    assert (second.by, second.source, second.mode) == (keeper, "名单.xlsx", "add")


def test_replacing_takes_out_who_is_not_in_the_sheet(target: QualificationList, keeper: User) -> None:
    one, two, three = (cast.credit_code() for _ in range(3))
    bring(target, keeper, one, two)
    change = change_of(target, sheet(two, three).rows, mode="replace")
    assert (change.new, change.back, change.gone) == ((three,), (), (one,))
    done = bring(target, keeper, two, three, mode="replace")
    assert live(target) == {two, three}
    assert (done.added, done.removed) == (1, 1)
    assert ListEntry.objects.get(credit_code=one).removed == done


def test_who_was_taken_out_comes_back(target: QualificationList, keeper: User) -> None:
    one, two = cast.credit_code(), cast.credit_code()
    bring(target, keeper, one)
    bring(target, keeper, two, mode="replace")
    again = bring(target, keeper, one)
    assert live(target) == {one, two}
    assert ListEntry.objects.get(credit_code=one).added == again
    assert ListEntry.objects.filter(list=target).count() == 2


def test_a_new_name_of_the_same_code_replaces_the_old(target: QualificationList, keeper: User) -> None:
    code = cast.credit_code()
    bring(target, keeper, code)
    renamed = checked([{CODE: code, NAME: "新名公司"}])
    import_list(target, renamed, mode="add", by=keeper, source="改名.xlsx")
    assert target.entries.get().name == "新名公司"


def test_one_wrong_row_keeps_the_whole_sheet_out(target: QualificationList, keeper: User) -> None:
    with pytest.raises(Refused, match="1 行需要修改"):
        bring(target, keeper, cast.credit_code(), "123")
    assert not ListEntry.objects.exists()
    assert not ListImport.objects.exists()


def test_an_empty_sheet_replaces_nothing(target: QualificationList, keeper: User) -> None:
    code = cast.credit_code()
    bring(target, keeper, code)
    with pytest.raises(Refused, match="没有单位"):
        import_list(target, Sheet((), ()), mode="replace", by=keeper, source="空.xlsx")
    assert live(target) == {code}


def test_only_who_keeps_lists_there_imports(target: QualificationList) -> None:
    for stranger in (cast.make_officer(cast.COUNTY, "manage_lists"), cast.make_officer(PROVINCE, "view_cases")):
        with pytest.raises(NotAllowed, match="名单由"):
            bring(target, stranger, cast.credit_code())
    assert not ListImport.objects.exists()


def test_only_who_keeps_lists_there_opens_one() -> None:
    region = cast.make_region(PROVINCE)
    with pytest.raises(NotAllowed):
        open_list(
            region=region, class_key="x", year=2026, name="名单", by=cast.make_officer(cast.COUNTY, "manage_lists")
        )
    assert not QualificationList.objects.exists()


def test_a_list_is_opened_once_and_every_act_is_recorded(target: QualificationList, keeper: User) -> None:
    again = open_list(region=target.region, class_key="listed_sme", year=2026, name="另名", by=keeper)
    assert again == target
    bring(target, keeper, cast.credit_code())
    assert AuditRow.objects.filter(verb="list.opened").count() == 1
    assert AuditRow.objects.get(verb="list.imported").after["added"] == 1


def test_a_long_list_is_imported_in_a_few_statements(
    target: QualificationList, keeper: User, django_assert_max_num_queries: Any
) -> None:
    codes = [cast.credit_code(number) for number in range(5000, 5753)]
    with django_assert_max_num_queries(25):
        done = bring(target, keeper, *codes)
    assert (done.added, len(live(target))) == (753, 753)


# --- Who is listed ----------------------------------------------------------------------------


def test_an_organization_is_of_the_classes_whose_lists_of_the_year_name_it(
    target: QualificationList, keeper: User
) -> None:
    listed, other = cast.make_organization(), cast.make_organization()
    bring(target, keeper, listed.credit_code)
    assert listed_classes(listed, DAY) == ("listed_sme",)
    assert listed_classes(listed, date(2027, 1, 1)) == ()
    assert listed_classes(other, DAY) == ()


def test_a_list_counts_in_its_own_region_only(keeper: User) -> None:
    elsewhere = cast.make_officer("320000", "manage_lists", kind="province")
    region = cast.make_region("320000")
    foreign = open_list(region=region, class_key="listed_sme", year=2026, name="他省名单", by=elsewhere)
    organization = cast.make_organization()
    bring(foreign, elsewhere, organization.credit_code)
    assert listed_classes(organization, DAY) == ()


def test_a_person_without_a_code_is_on_no_list(target: QualificationList) -> None:
    assert listed_classes(Organization(credit_code=None), DAY) == ()


# --- Taken out after a grant ------------------------------------------------------------------


@pytest.fixture
def granted(target: QualificationList, keeper: User) -> Organization:
    """An organization of the list that was granted something as one of it."""
    organization = cast.make_organization()
    bring(target, keeper, organization.credit_code)
    qualify(organization, class_key="listed_sme", year=2026, source="SL-2026-000001", by=None)
    return organization


def test_what_was_granted_is_noted_once(granted: Organization) -> None:
    again = qualify(granted, class_key="listed_sme", year=2026, source="SL-2026-000002", by=None)
    assert again.source == "SL-2026-000001"
    assert AuditRow.objects.filter(verb="qualification.noted").count() == 1


def test_a_removal_flags_the_grant_and_tells_the_bureau(
    target: QualificationList, keeper: User, granted: Organization
) -> None:
    officer = cast.make_officer(cast.COUNTY, "review_claim")
    bring(target, keeper, cast.credit_code(), mode="replace")
    assert [row.flag_reason for row in flags_of(granted)] == ["已从“科小名单 2026”移出"]
    told = Message.objects.get(user=officer)
    assert "1 家" in told.title
    assert granted.name in told.body
    assert AuditRow.objects.get(verb="qualification.flagged").subject_id == granted.pk


def test_who_comes_back_is_flagged_no_more(target: QualificationList, keeper: User, granted: Organization) -> None:
    bring(target, keeper, cast.credit_code(), mode="replace")
    bring(target, keeper, granted.credit_code)
    assert not flags_of(granted).exists()
    assert Qualification.objects.filter(organization=granted).count() == 1


def test_a_removal_without_a_grant_flags_nobody(target: QualificationList, keeper: User) -> None:
    organization = cast.make_organization()
    bring(target, keeper, organization.credit_code)
    bring(target, keeper, cast.credit_code(), mode="replace")
    assert not Qualification.objects.exists()
    assert not Message.objects.exists()


def test_who_stands_in_another_list_of_the_class_is_not_flagged(
    target: QualificationList, keeper: User, granted: Organization
) -> None:
    county = cast.make_region()
    own = open_list(region=county, class_key="listed_sme", year=2026, name="本区名单", by=keeper)
    bring(own, keeper, granted.credit_code)
    bring(target, keeper, cast.credit_code(), mode="replace")
    assert not flags_of(granted).exists()
