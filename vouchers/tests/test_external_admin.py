"""外部申领结果 in the admin: a file is checked row by row, then imported by a button, once."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from innovation_voucher.tests import cast
from vouchers.models import Claim, ExternalImport, Programme, QuotaAccount

from . import factories
from .external import importer, make_elsewhere, row, sheet
from .pages import post, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-2")]

LIST, ADD = "admin:vouchers_externalimport_changelist", "admin:vouchers_externalimport_add"
RUN = "admin:vouchers_externalimport_change"


@pytest.fixture
def scheme() -> Programme:
    return make_elsewhere()


@pytest.fixture
def officer() -> User:
    return importer()


@pytest.fixture
def page(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


def give(page: Client, scheme: Programme, *rows: dict[str, Any], **changes: Any) -> Any:
    file = SimpleUploadedFile("结果.xlsx", sheet(*rows).read())
    return post(page, ADD, **{"programme": scheme.pk, "region": cast.make_region().pk, "file": file, **changes})


def test_a_file_is_checked_and_then_imported(page: Client, scheme: Programme, enterprise: Organization) -> None:
    wrong = {**row(enterprise, "SH-2"), "credit_code": cast.credit_code(9)}
    response = give(page, scheme, row(enterprise, "SH-1"), wrong)
    run = ExternalImport.objects.get()
    assert response.url == reverse(RUN, args=[run.pk])
    checked = text(page.get(response.url))
    assert "可导入 1 行，已导入过 0 行，需修改 1 行。还没有导入。" in checked
    assert "需修改：" in checked
    assert not Claim.objects.exists()
    post(page, RUN, run.pk)
    claim = Claim.objects.get()
    done = text(page.get(response.url))
    assert "到账 1 行，已导入过 0 行，没有导入 1 行。" in done
    assert claim.number in done
    assert "导入并到账" not in done
    assert QuotaAccount.objects.get().available == 20_000


def test_the_list_says_who_and_when(page: Client, scheme: Programme, officer: User, enterprise: Organization) -> None:
    give(page, scheme, row(enterprise, "SH-1"))
    listed = text(page.get(reverse(LIST)))
    assert "结果.xlsx" in listed
    assert officer.name in listed


def test_the_button_imports_once(page: Client, scheme: Programme, enterprise: Organization) -> None:
    give(page, scheme, row(enterprise, "SH-1"))
    run = ExternalImport.objects.get()
    post(page, RUN, run.pk)
    again = post(page, RUN, run.pk)
    assert again.status_code == 422
    assert "已经导入过" in text(again)
    assert Claim.objects.count() == 1


def test_a_file_without_a_right_row_has_no_button(page: Client, scheme: Programme, enterprise: Organization) -> None:
    give(page, scheme, row(enterprise, "SH-1", "0"))
    assert "导入并到账" not in text(page.get(reverse(RUN, args=[ExternalImport.objects.get().pk])))


@pytest.mark.parametrize("change", [{"file": ""}, {"programme": ""}, {"region": ""}])
def test_what_is_missing_is_asked_for(
    page: Client, scheme: Programme, enterprise: Organization, change: dict[str, str]
) -> None:
    assert give(page, scheme, row(enterprise, "SH-1"), **change).status_code == 422
    assert not ExternalImport.objects.exists()


def test_a_file_that_is_none_is_refused_with_a_sentence(page: Client, scheme: Programme) -> None:
    response = give(page, scheme, file=SimpleUploadedFile("结果.xlsx", b"no workbook"))
    assert response.status_code == 422
    assert "另存为 XLSX" in text(response)


def test_a_large_file_is_refused(page: Client, scheme: Programme) -> None:
    response = give(page, scheme, file=SimpleUploadedFile("结果.csv", b"x" * (2 * 1024 * 1024 + 1)))
    assert response.status_code == 422
    assert "超过 2 MB" in text(response)


def test_where_claims_are_made_here_nothing_is_taken(page: Client, enterprise: Organization) -> None:
    response = give(page, factories.make_programme(kind="here"), row(enterprise, "SH-1"))
    assert response.status_code == 422
    assert "由本平台受理申领" in text(response)


def test_another_county_sees_and_imports_nothing(page: Client, scheme: Programme, enterprise: Organization) -> None:
    give(page, scheme, row(enterprise, "SH-1"))
    run = ExternalImport.objects.get()
    other = Client()
    other.force_login(importer(cast.OTHER_COUNTY))
    assert "结果.xlsx" not in text(other.get(reverse(LIST)))
    assert other.get(reverse(RUN, args=[run.pk])).status_code == 404
    assert post(other, RUN, run.pk).status_code == 404
    assert give(other, scheme, row(enterprise, "SH-2")).status_code == 422
    assert not Claim.objects.exists()
    assert ExternalImport.objects.count() == 1


def test_staff_without_the_right_reach_nothing(scheme: Programme, enterprise: Organization) -> None:
    person = cast.make_officer("330000", "manage_programmes", kind="province")
    person.is_staff = True
    person.save()
    client = Client()
    client.force_login(person)
    assert client.get(reverse(ADD)).status_code == 403
    assert give(client, scheme, row(enterprise, "SH-1")).status_code == 403
    assert not ExternalImport.objects.exists()


def test_names_of_a_hostile_sheet_are_shown_as_text(page: Client, scheme: Programme, enterprise: Organization) -> None:
    give(page, scheme, row(enterprise, "<script>alert(1)</script>", name="=HYPERLINK(1)"))
    said = page.get(reverse(RUN, args=[ExternalImport.objects.get().pk])).content.decode()
    assert "<script>alert" not in said
