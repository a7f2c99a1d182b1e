"""Lists in the admin: opened, tried, imported by who keeps them; looked at by others; flags found."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.listing import CODE, NAME, NUMBER
from accounts.models import ListEntry, ListImport, QualificationList, User
from accounts.services import import_list, open_list, qualify
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.lib.spreadsheets import xlsx
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of, text_of

from .test_lists import sheet

pytestmark = [pytest.mark.django_db, pytest.mark.feature("JS-6"), pytest.mark.feature("TJ-1")]

PROVINCE = "330000"


def staff(*rights: str, region: str = PROVINCE) -> User:
    office = cast.make_office("province", region, rights=rights, name=f"{region}的{'和'.join(rights)}处")
    person = cast.make_officer(region, office=office)
    User.objects.filter(pk=person.pk).update(is_staff=True)
    person.refresh_from_db()
    return person


@pytest.fixture
def keeper() -> User:
    return staff("manage_lists")


@pytest.fixture
def target(keeper: User) -> QualificationList:
    region = cast.make_region(PROVINCE)
    return open_list(region=region, class_key="listed_sme", year=2026, name="科小名单", by=keeper)


def book(*rows: tuple[str, str, str], heads: tuple[str, ...] = (CODE, NAME, NUMBER)) -> SimpleUploadedFile:
    return SimpleUploadedFile("名单.xlsx", xlsx(heads, rows))


def send(client: Client, target: QualificationList, file: Any, button: str = "save", mode: str = "add") -> Any:
    url = reverse("admin:accounts_qualificationlist_import", args=[target.pk])
    return client.post(url, {"_token": new_token(), "file": file, "mode": mode, button: "1"})


def test_a_list_is_opened_on_its_page(keeper: User) -> None:
    url = reverse("admin:accounts_qualificationlist_add")
    data = {"region": cast.make_region(PROVINCE).pk, "class_key": "certified_list", "year": 2026, "name": "认定名单"}
    assert client_of(keeper).post(url, data).status_code == 302
    assert QualificationList.objects.get().class_key == "certified_list"
    assert AuditRow.objects.filter(verb="list.saved").exists()


def test_trying_writes_nothing_and_names_the_wrong_rows(keeper: User, target: QualificationList) -> None:
    rows = [(cast.credit_code(), "甲公司", "1"), ("123", "乙公司", "2"), (cast.credit_code(), "", "3")]
    response = send(client_of(keeper), target, book(*rows), "check")
    page = text_of(response)
    assert response.status_code == 200
    assert "可导入 1 行，需修改 2 行；将新增 1 家，移出 0 家。还没有导入。" in page
    assert "第 3 行" in page
    assert "第 4 行：缺少单位名称" in page
    assert not ListImport.objects.exists()


def test_a_sheet_without_mistakes_is_imported(keeper: User, target: QualificationList) -> None:
    code = cast.credit_code()
    response = send(client_of(keeper), target, book((code, "甲公司", "2026-1")))
    assert response.status_code == 302
    entry = ListEntry.objects.get()
    assert (entry.credit_code, entry.number, entry.added.by, entry.added.source) == (
        code, "2026-1", keeper, "名单.xlsx",
    )  # fmt: skip
    page = text_of(client_of(keeper).get(response.url))
    assert "导入名单" in page


def test_one_wrong_row_brings_nothing_in(keeper: User, target: QualificationList) -> None:
    response = send(client_of(keeper), target, book((cast.credit_code(), "甲公司", ""), ("1", "乙公司", "")))
    assert response.status_code == 422
    assert "1 行需要修改" in text_of(response)
    assert not ListEntry.objects.exists()


@pytest.mark.parametrize("file", [SimpleUploadedFile("名单.xlsx", b"no sheet"), book(heads=(CODE, "名称"))])
def test_what_is_no_list_is_said_at_the_box(keeper: User, target: QualificationList, file: Any) -> None:
    response = send(client_of(keeper), target, file)
    assert response.status_code == 422
    assert response.context["form"].errors["file"]


def test_replacing_says_how_many_go(keeper: User, target: QualificationList) -> None:
    import_list(target, sheet(cast.credit_code(), cast.credit_code()), mode="add", by=keeper, source="一.xlsx")
    file = book((cast.credit_code(), "丙公司", ""))
    assert "将新增 1 家，移出 2 家" in text_of(send(client_of(keeper), target, file, "check", "replace"))


@pytest.mark.parametrize(
    ("rights", "region", "status"),
    [(("view_cases",), PROVINCE, 404), (("manage_lists",), "320000", 404), ((), PROVINCE, 404)],
)
def test_others_import_nothing(target: QualificationList, rights: tuple[str, ...], region: str, status: int) -> None:
    stranger = client_of(staff(*rights, region=region))
    assert send(stranger, target, book((cast.credit_code(), "甲公司", ""))).status_code == status
    assert not ListImport.objects.exists()


def test_region_class_and_year_of_a_list_stay(keeper: User, target: QualificationList) -> None:
    url = reverse("admin:accounts_qualificationlist_change", args=[target.pk])
    client_of(keeper).post(url, {"name": "新名", "class_key": "other", "year": 2030})
    target.refresh_from_db()
    assert (target.name, target.class_key, target.year) == ("新名", "listed_sme", 2026)


@pytest.mark.parametrize("model", ["listentry", "listimport", "qualification"])
def test_what_an_import_wrote_is_only_looked_at(keeper: User, target: QualificationList, model: str) -> None:
    organization = cast.make_organization()
    import_list(target, sheet(organization.credit_code), mode="add", by=keeper, source="一.xlsx")
    qualify(organization, class_key="listed_sme", year=2026, source="SL-1", by=None)
    client = client_of(keeper)
    assert client.get(reverse(f"admin:accounts_{model}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:accounts_{model}_add")).status_code == 403


def test_staff_find_who_was_taken_out_after_a_grant(keeper: User, target: QualificationList) -> None:
    flagged, fine = cast.make_organization(), cast.make_organization()
    for one in (flagged, fine):
        import_list(target, sheet(one.credit_code), mode="add", by=keeper, source="一.xlsx")
        qualify(one, class_key="listed_sme", year=2026, source="SL-1", by=None)
    import_list(target, sheet(fine.credit_code), mode="replace", by=keeper, source="二.xlsx")
    page = text_of(client_of(keeper).get(reverse("admin:accounts_qualification_changelist") + "?flagged_at__isempty=0"))
    assert flagged.name in page
    assert fine.name not in page
