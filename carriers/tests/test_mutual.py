"""Lists of mutual recognition: sheets with row errors, imports by who may, the public page, who may be booked."""

import io
from collections.abc import Iterable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from stdnum.cn import uscc

from accounts.models import Organization, User
from carriers import rules, services
from carriers.models import MutualEntry, MutualImport, MutualList
from carriers.mutual import entries, places
from carriers.mutual_sheet import HEADS, Sheet, read_sheet
from carriers.tests.factories import make_carrier, make_recognition, make_service
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.lib.spreadsheets import xlsx
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of, post

pytestmark = [pytest.mark.django_db, pytest.mark.feature("TJ-4")]

HOME, ABROAD = "120104", "130102"
PLACES = ("北京市", "河北", "120000")


def line(number: int, **changes: str) -> list[str]:
    """One row of a sheet."""
    values = {
        "place": PLACES[number % 3],
        "laboratory": f"材料检测开放实验室{number}",
        "legal_entity": f"示例研究院{number}",
        "credit_code": "",
        "contact_name": "李某",
        "contact_phone": "010-0000 0000",
        "services": "金属材料成分分析" if number % 2 else "发动机台架试验",
    }
    return list({**values, **changes}.values())


def sheet_file(rows: Iterable[list[str]]) -> io.BytesIO:
    file = io.BytesIO(xlsx(list(HEADS.values()), rows))
    file.name = "名单.xlsx"
    return file


def sheet(*rows: list[str]) -> Sheet:
    return read_sheet(sheet_file(rows), "名单.xlsx")


@pytest.fixture
def keeper(db: None) -> User:
    """Provincial staff who keep the lists of their region."""
    office = cast.make_office("province", "120000", rights=("manage_lists", "view_cases"), name="市科技局名单组")
    person = cast.make_officer("120000", office=office)
    person.is_staff = True
    person.save()
    return person


@pytest.fixture
def listing(db: None) -> MutualList:
    made = MutualList.objects.create(name="开放实验室互认名单", region=cast.make_region("120000"))
    made.members.set([cast.make_region(code) for code in ("110000", "120000", "130000")])
    return made


def firm(name: str, region: str) -> Organization:
    """The legal entity of a carrier."""
    node = cast.make_region(region)
    return cast.make_organization("carrier", name=name, region=node, bureau=node)


# --- The sheet ------------------------------------------------------------------------------


def test_a_file_of_753_rows_is_read_whole() -> None:
    found = sheet(*(line(n) for n in range(753)))
    assert (len(found.rows), found.problems) == (753, ())
    assert {row.place.code for row in found.rows} == {"110000", "130000", "120000"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"place": ""}, "缺少所在地"),
        ({"place": "京北"}, "不是省、市、县的名称或代码"),
        ({"laboratory": ""}, "缺少开放实验室"),
        ({"legal_entity": ""}, "缺少法人单位"),
        ({"laboratory": "长" * 101}, "开放实验室最多 100 字，现有 101 字"),
        ({"credit_code": "91120000MAD000001X"}, "统一社会信用代码"),
        ({"credit_code": "1"}, "统一社会信用代码共 18 位"),
    ],
)
def test_each_wrong_row_is_named_with_its_number(changes: dict[str, str], words: str) -> None:
    found = sheet(line(1), line(2, **changes), line(3))
    assert len(found.rows) == 2
    (problem,) = found.problems
    assert problem.startswith("第 3 行：")
    assert words in problem


def test_blank_rows_of_the_sheet_are_counted() -> None:
    found = sheet(line(1), [], [], line(2, place=""))
    assert len(found.rows) == 1
    assert found.problems == ("第 5 行：缺少所在地",)


def test_a_laboratory_twice_is_wrong_the_second_time() -> None:
    found = sheet(line(1), line(2), line(1))
    assert found.problems == ("第 4 行：“材料检测开放实验室1”在表格里重复出现",)


def test_a_table_without_its_columns_says_which() -> None:
    with pytest.raises(ValueError, match="所在地、法人单位"):
        read_sheet(io.BytesIO("开放实验室\n甲".encode()), "a.csv")


# --- The import -----------------------------------------------------------------------------


def test_rows_are_added_updated_and_with_a_replacement_taken_out(listing: MutualList, keeper: User) -> None:
    services.import_mutual(listing, sheet(line(1), line(2), line(3)), mode="add", by=keeper, source="一.xlsx")
    done = services.import_mutual(
        listing, sheet(line(2), line(3, services="振动试验"), line(4)), mode="add", by=keeper, source="二.xlsx"
    )
    assert (done.added, done.changed, done.removed) == (1, 1, 0)
    assert listing.entries.count() == 4
    assert listing.entries.get(laboratory__endswith="3").services == "振动试验"
    last = services.import_mutual(listing, sheet(line(4), line(5)), mode="replace", by=keeper, source="三.xlsx")
    assert (last.added, last.changed, last.removed) == (1, 0, 3)
    assert sorted(listing.entries.values_list("laboratory", flat=True)) == [f"材料检测开放实验室{n}" for n in (4, 5)]
    assert [(row.source, row.by) for row in MutualImport.objects.order_by("pk")] == [
        (f"{n}.xlsx", keeper) for n in "一二三"
    ]
    assert AuditRow.objects.filter(verb="mutual.imported").count() == 3


def test_one_wrong_row_keeps_all_out(listing: MutualList, keeper: User) -> None:
    with pytest.raises(Refused, match="有 1 行需要修改"):
        services.import_mutual(listing, sheet(line(1), line(2, place="")), mode="add", by=keeper, source="一.xlsx")
    assert (MutualEntry.objects.count(), MutualImport.objects.count()) == (0, 0)


def test_an_empty_sheet_replaces_nothing(listing: MutualList, keeper: User) -> None:
    services.import_mutual(listing, sheet(line(1)), mode="add", by=keeper, source="一.xlsx")
    with pytest.raises(Refused, match="没有实验室"):
        services.import_mutual(listing, Sheet((), ()), mode="replace", by=keeper, source="空.xlsx")
    assert listing.entries.count() == 1


def test_who_keeps_no_lists_there_brings_nothing_in(listing: MutualList) -> None:
    elsewhere = cast.make_officer("330000", "manage_lists", "view_cases")
    with pytest.raises(NotAllowed, match="互认名单由"):
        services.import_mutual(listing, sheet(line(1)), mode="add", by=elsewhere, source="一.xlsx")
    assert not MutualEntry.objects.exists()


# --- The admin ------------------------------------------------------------------------------


def upload(client: Client, listing: MutualList, rows: Iterable[list[str]], **data: Any) -> Any:
    address = reverse("admin:carriers_mutuallist_import", args=[listing.pk])
    return post(client, address, file=sheet_file(rows), mode="add", **data)


def test_a_sheet_is_tried_before_it_is_brought_in(listing: MutualList, keeper: User) -> None:
    client = client_of(keeper)
    assert client.get(reverse("admin:carriers_mutuallist_import", args=[listing.pk])).status_code == 200
    tried = upload(client, listing, [line(1), line(2, place="某地")], check="1").content.decode()
    assert "可导入 1 行，需修改 1 行" in tried
    assert "第 3 行：所在地“某地”" in tried
    assert not MutualEntry.objects.exists()
    refused = upload(client, listing, [line(1), line(2, place="某地")])
    assert refused.status_code == 422
    assert not MutualEntry.objects.exists()
    assert upload(client, listing, [line(n) for n in range(753)]).status_code == 302
    assert (listing.entries.count(), MutualImport.objects.get().added) == (753, 753)


def test_what_is_no_table_is_an_error_of_the_box(listing: MutualList, keeper: User) -> None:
    file = io.BytesIO(b"PK\x03\x04 broken")
    file.name = "坏.xlsx"
    address = reverse("admin:carriers_mutuallist_import", args=[listing.pk])
    answer = post(client_of(keeper), address, file=file, mode="add")
    assert answer.status_code == 422
    assert "表格打不开" in answer.content.decode()


def test_the_pages_of_a_list_are_for_its_keepers(listing: MutualList, keeper: User) -> None:
    stranger = cast.make_officer("330000", "manage_lists")
    stranger.is_staff = True
    stranger.save()
    address = reverse("admin:carriers_mutuallist_import", args=[listing.pk])
    assert client_of(stranger).get(address).status_code == 404
    names = ("mutuallist", "mutualentry", "mutualimport")
    assert [client_of(keeper).get(reverse(f"admin:carriers_{n}_changelist")).status_code for n in names] == [200] * 3
    page = client_of(keeper).get(reverse("admin:carriers_mutuallist_change", args=[listing.pk])).content.decode()
    assert "导入名单" in page


# --- The public page ------------------------------------------------------------------------


@pytest.fixture
def filled(listing: MutualList, keeper: User) -> MutualList:
    services.import_mutual(listing, sheet(*(line(n) for n in range(31))), mode="add", by=keeper, source="一.xlsx")
    return listing


def test_the_count_is_that_of_the_data(filled: MutualList, client: Client) -> None:
    page = client.get(reverse("mutual-list")).content.decode()
    assert "名单共 31 家" in page
    assert [(name, n) for _code, name, n in places()] == [("北京市", 11), ("天津市", 10), ("河北省", 10)]


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"place": "130000"}, 10),
        ({"institution": "示例研究院7"}, 1),
        ({"institution": "材料检测开放实验室"}, 31),
        ({"service": "台架"}, 16),
        ({"place": "110000", "service": "成分"}, 5),
        ({"service": "100%"}, 0),
    ],
)
def test_it_is_searched_by_place_institution_and_service(
    filled: MutualList, client: Client, asked: dict[str, str], count: int
) -> None:
    assert entries(**asked).count() == count
    page = client.get(reverse("mutual-list"), asked).content.decode()
    assert f"共检索到 {count} 家" in page
    assert ("没有符合条件的结果" in page) is (count == 0)


def test_an_unknown_place_is_answered_with_the_whole_list(filled: MutualList, client: Client) -> None:
    answer = client.get(reverse("mutual-list"), {"place": "999999"})
    assert "名单共 31 家" in answer.content.decode()


def test_an_entry_leads_to_its_carrier_where_there_is_one(filled: MutualList, client: Client) -> None:
    carrier = make_carrier(firm("示例研究院1", ABROAD), shown=True)
    page = client.get(reverse("mutual-list"), {"institution": "示例研究院1"}).content.decode()
    assert reverse("carrier-page", args=[carrier.number]) in page
    assert "还没有在平台开通" in page


def test_before_a_list_is_published_the_page_says_so(client: Client) -> None:
    assert "名单还没有公布" in client.get(reverse("mutual-list")).content.decode()


# --- Who may be booked ----------------------------------------------------------------------


def test_scenario_16_a_carrier_of_another_province_counts_when_it_is_on_the_list(
    filled: MutualList, keeper: User
) -> None:
    region = cast.make_region(HOME)
    listed = make_service(make_carrier(firm("示例研究院4", ABROAD)))
    other = make_service(make_carrier(firm("名单外研究院", ABROAD)))
    assert rules.bookable(listed, region, mutual=True) == (True, "")
    allowed, reason = rules.bookable(other, region, mutual=True)
    assert (allowed, "不在互认名单上" in reason) == (False, True)
    assert rules.bookable(listed, region)[0] is False
    assert rules.bookable(listed, cast.make_region("330108"), mutual=True)[0] is False
    services.import_mutual(filled, sheet(line(5)), mode="replace", by=keeper, source="二.xlsx")
    assert rules.bookable(listed, region, mutual=True)[0] is False


def test_a_code_on_the_list_is_what_counts_and_not_a_name(listing: MutualList, keeper: User) -> None:
    body = "91130102MAD00000"
    code = f"{body}7" + uscc.calc_check_digit(f"{body}7")
    services.import_mutual(listing, sheet(line(4, credit_code=code)), mode="add", by=keeper, source="一.xlsx")
    namesake = make_carrier(firm("示例研究院4", ABROAD))
    region = cast.make_region(HOME)
    assert rules.bookable(namesake, region, mutual=True)[0] is False
    namesake.organization.credit_code = code
    assert rules.bookable(namesake, region, mutual=True)[0] is True


def test_a_recognized_carrier_needs_no_list_and_a_suspended_one_is_not_saved_by_it(filled: MutualList) -> None:
    region = cast.make_region(HOME)
    home = make_carrier(firm("示例研究院2", HOME))
    recognition = make_recognition(home, region)
    assert rules.bookable(home, region, mutual=True) == (True, "")
    recognition.suspend()
    recognition.save()
    assert rules.bookable(home, region, mutual=True)[0] is False
