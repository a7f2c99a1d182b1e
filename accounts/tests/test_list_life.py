"""Lists over years, regions and imports: who is named where, and what is flagged below which bureau."""

from datetime import date

import pytest

from accounts.listing import CODE, NAME, checked
from accounts.models import ListImport, Organization, Qualification, QualificationList, User
from accounts.qualified import carried, flags_below, flags_of, listed_classes
from accounts.services import change_of, import_list, open_list, qualify
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.feature("JS-6")]

DAY = date(2026, 5, 6)
PROVINCE = "330000"


@pytest.fixture
def keeper() -> User:
    return cast.make_officer(PROVINCE, "manage_lists", kind="province")


def list_of(by: User, *, class_key: str = "listed_sme", year: int = 2026, region: str = PROVINCE) -> QualificationList:
    return open_list(region=cast.make_region(region), class_key=class_key, year=year, name="名单", by=by)


def bring(target: QualificationList, by: User, *who: Organization, mode: str = "add") -> ListImport:
    rows = checked([{CODE: one.credit_code or "", NAME: one.name} for one in who])
    return import_list(target, rows, mode=mode, by=by, source="名单.xlsx")


def test_classes_are_named_once_and_in_order_however_many_lists_name_them(keeper: User) -> None:
    firm = cast.make_organization()
    for class_key, region in (("z", PROVINCE), ("a", PROVINCE), ("a", cast.COUNTY), ("m", "330100")):
        bring(list_of(keeper, class_key=class_key, region=region), keeper, firm)
    assert listed_classes(firm, DAY) == ("a", "m", "z")


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 12, 31)])
def test_a_list_holds_from_the_first_to_the_last_day_of_its_year(keeper: User, day: date) -> None:
    firm = cast.make_organization()
    bring(list_of(keeper), keeper, firm)
    assert listed_classes(firm, day) == ("listed_sme",)
    assert listed_classes(firm, day.replace(year=2025)) == ()


def test_the_list_of_another_county_does_not_name_ours(keeper: User) -> None:
    firm = cast.make_organization()
    bring(list_of(keeper, region=cast.OTHER_COUNTY), keeper, firm)
    assert listed_classes(firm, DAY) == ()


def test_who_was_taken_out_is_named_no_longer_and_by_other_lists_still(keeper: User) -> None:
    firm, other = cast.make_organization(), cast.make_organization()
    for class_key in ("left", "kept"):
        bring(list_of(keeper, class_key=class_key), keeper, firm)
    bring(list_of(keeper, class_key="left"), keeper, other, mode="replace")
    assert listed_classes(firm, DAY) == ("kept",)


def test_the_same_sheet_again_changes_nothing(keeper: User) -> None:
    target, firm = list_of(keeper), cast.make_organization()
    bring(target, keeper, firm)
    again = bring(target, keeper, firm, mode="replace")
    assert (again.added, again.removed) == (0, 0)
    assert target.entries.get().removed is None


def test_a_change_that_is_looked_at_writes_nothing(keeper: User) -> None:
    target, firm, other = list_of(keeper), cast.make_organization(), cast.make_organization()
    bring(target, keeper, firm)
    noted = AuditRow.objects.count()
    rows = checked([{CODE: other.credit_code or "", NAME: "乙"}]).rows
    assert change_of(target, rows, mode="replace").gone == (firm.credit_code,)
    assert change_of(target, rows, mode="add").gone == ()
    assert (target.entries.count(), AuditRow.objects.count()) == (1, noted)


def test_a_refused_sheet_takes_nobody_out(keeper: User) -> None:
    target, firm = list_of(keeper), cast.make_organization()
    bring(target, keeper, firm)
    wrong = checked([{CODE: cast.credit_code(), NAME: "乙"}, {CODE: "123", NAME: "丙"}])
    with pytest.raises(Refused, match="没有导入任何一行"):
        import_list(target, wrong, mode="replace", by=keeper, source="名单.xlsx")
    assert [entry.credit_code for entry in target.entries.filter(removed=None)] == [firm.credit_code]
    assert ListImport.objects.count() == 1


def flagged(keeper: User, region: str = cast.COUNTY) -> Organization:
    """An organization that left the list after something was granted to it."""
    firm, target = cast.make_organization(region_code=region), list_of(keeper)
    bring(target, keeper, firm)
    qualify(firm, class_key="listed_sme", year=2026, source="SL-1", by=None)
    bring(target, keeper, cast.make_organization(), mode="replace")
    return firm


def test_a_bureau_sees_the_flags_below_it_only(keeper: User) -> None:
    here, there = flagged(keeper), flagged(keeper, cast.OTHER_COUNTY)
    ours, province = here.bureau.path, cast.make_region(PROVINCE).path
    assert [row.organization for row in flags_below([ours])] == [here]
    assert [row.organization for row in flags_below([province])] == [there, here]
    assert not flags_below([]).exists()


def test_another_class_or_year_is_not_flagged(keeper: User) -> None:
    firm, target = cast.make_organization(), list_of(keeper)
    bring(target, keeper, firm)
    for class_key, year in (("other", 2026), ("listed_sme", 2025)):
        qualify(firm, class_key=class_key, year=year, source="SL-1", by=None)
    bring(target, keeper, cast.make_organization(), mode="replace")
    assert not flags_of(firm).exists()
    assert Qualification.objects.filter(organization=firm).count() == 2


def test_what_was_granted_is_found_by_region_class_and_year(keeper: User) -> None:
    here, there = cast.make_organization(), cast.make_organization(region_code=cast.OTHER_COUNTY)
    for firm in (here, there):
        qualify(firm, class_key="listed_sme", year=2026, source="SL-1", by=None)
    county, province = cast.make_region(), cast.make_region(PROVINCE)
    assert {row.organization for row in carried(county, "listed_sme", 2026)} == {here}
    assert {row.organization for row in carried(province, "listed_sme", 2026)} == {here, there}
    assert not carried(province, "listed_sme", 2025).exists()
    assert not carried(province, "other", 2026).exists()
