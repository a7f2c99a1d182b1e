"""A file of results: a check leaves no trace but its findings, an import takes what is right, once."""

from io import BytesIO

import pytest

from accounts.models import Organization, User
from innovation_voucher.casework import invariants
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Message
from innovation_voucher.tests import cast
from vouchers.external_rows import NUMBER
from vouchers.models import Claim, ExternalImport, Programme, QuotaAccount
from vouchers.services import check_file, import_file

from . import factories, reviewed
from .external import bring, importer, make_elsewhere, row, sheet

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-2")]


@pytest.fixture
def scheme() -> Programme:
    return make_elsewhere()


@pytest.fixture
def officer() -> User:
    return importer()


def check(scheme: Programme, officer: User, data: BytesIO, name: str = "结果.xlsx") -> ExternalImport:
    return check_file(scheme, cast.make_region(), data=data, name=name, by=officer)


def test_a_check_grants_nothing_and_tells_nobody(scheme: Programme, officer: User, enterprise: Organization) -> None:
    run = check(scheme, officer, sheet(row(enterprise, "SH-1")))
    assert [one["state"] for one in run.outcome] == ["new"]
    assert (run.checked_by, run.imported_at, run.name) == (officer, None, "结果.xlsx")
    assert not Claim.objects.exists()
    assert not QuotaAccount.objects.exists()
    assert not Message.objects.exists()
    assert not AuditRow.objects.filter(verb__startswith="claim.").exists()
    assert AuditRow.objects.filter(verb="external.checked").get().after == {"new": 1, "known": 0, "wrong": 0}


def test_an_import_takes_the_checked_rows(scheme: Programme, officer: User, enterprise: Organization) -> None:
    other = cast.make_organization()
    run = check(scheme, officer, sheet(row(enterprise, "SH-1"), row(other, "SH-2", "30000")))
    second = importer()
    run = import_file(run, by=second)
    assert (run.imported_by, run.count("new")) == (second, 2)
    assert run.imported_at is not None
    assert sorted(QuotaAccount.objects.values_list("available", flat=True)) == [20_000, 30_000]
    assert [one["claim"] for one in run.outcome] == list(Claim.objects.order_by("pk").values_list("number", flat=True))
    assert invariants.broken() == {}


def test_a_wrong_row_stops_no_other_and_says_why(scheme: Programme, officer: User, enterprise: Organization) -> None:
    rows = (
        row(enterprise, "SH-1"),
        row(enterprise, "SH-2", "abc"),
        {**row(enterprise, "SH-3"), "credit_code": cast.credit_code(9)},
        row(enterprise, "SH-4", "30000.01"),
        row(enterprise, "SH-5", "30000"),
    )
    run = check(scheme, officer, sheet(*rows))
    assert [one["state"] for one in run.outcome] == ["new", "wrong", "wrong", "wrong", "new"]
    words = [one["words"] for one in run.outcome]
    assert "核定金额" in words[1]
    assert "没有统一社会信用代码" in words[2]
    # The cap counts what the rows before would have granted.
    assert "年度上限 50,000，已申领 20,000" in words[3]
    assert [one["state"] for one in import_file(run, by=officer).outcome] == [one["state"] for one in run.outcome]
    assert QuotaAccount.objects.get().available == 50_000


def test_a_kept_row_knows_where_it_stood_in_the_sheet(
    scheme: Programme, officer: User, enterprise: Organization
) -> None:
    run = check(scheme, officer, sheet(row(enterprise, "SH-1"), {}, row(enterprise, "SH-2", "abc")))
    assert [one[NUMBER] for one in run.rows] == [2, 4]
    assert [one["state"] for one in run.outcome] == ["new", "wrong"]


def test_one_number_twice_in_a_file_counts_once(scheme: Programme, officer: User, enterprise: Organization) -> None:
    run = check(scheme, officer, sheet(row(enterprise, "SH-1"), row(enterprise, "SH-1")))
    assert [one["state"] for one in run.outcome] == ["new", "known"]
    import_file(run, by=officer)
    assert QuotaAccount.objects.get().available == 20_000


def test_what_came_by_another_way_before_is_known(scheme: Programme, officer: User, enterprise: Organization) -> None:
    claim, _new = bring(scheme, enterprise, external_number="SH-1")
    run = import_file(check(scheme, officer, sheet(row(enterprise, "SH-1"))), by=officer)
    assert run.outcome == [{"state": "known", "words": "", "claim": claim.number}]
    assert QuotaAccount.objects.get().available == 20_000


def test_what_changed_between_check_and_import_is_seen(
    scheme: Programme, officer: User, enterprise: Organization
) -> None:
    run = check(scheme, officer, sheet(row(enterprise, "SH-1", "50000")))
    bring(scheme, enterprise, external_number="SH-0")
    run = import_file(run, by=officer)
    assert run.outcome[0]["state"] == "wrong"
    assert QuotaAccount.objects.get().available == 20_000


def test_a_file_is_imported_once(scheme: Programme, officer: User, enterprise: Organization) -> None:
    run = import_file(check(scheme, officer, sheet(row(enterprise, "SH-1"))), by=officer)
    before = reviewed.money()
    with pytest.raises(Refused, match="已经导入过"):
        import_file(run, by=officer)
    assert reviewed.money() == before


def test_a_text_file_will_do(scheme: Programme, officer: User, enterprise: Organization) -> None:
    said = row(enterprise, "SH-1")
    heads = "申领编号,统一社会信用代码,核定金额,核定日期"
    line = f"SH-1,{said['credit_code']},20000,{said['approved_on']}"
    run = check(scheme, officer, BytesIO(f"{heads}\n{line}\n".encode()), "结果.csv")
    assert [one["state"] for one in run.outcome] == ["new"]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"PK\x03\x04 no workbook", "a.xlsx", "表格打不开"),
        ("申领编号,核定金额\n1,2\n".encode(), "a.csv", "要有这些列：统一社会信用代码、核定日期"),
        (b"", "a.csv", "表格是空的"),
        ("申领编号,统一社会信用代码,核定金额,核定日期\n".encode() + b"1,2,3,4\n" * 501, "a.csv", "最多 500 行"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    scheme: Programme, officer: User, content: bytes, name: str, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        check(scheme, officer, BytesIO(content), name)
    assert not ExternalImport.objects.exists()


def test_where_claims_are_made_here_no_file_is_taken(officer: User, enterprise: Organization) -> None:
    with pytest.raises(Refused, match="由本平台受理申领"):
        check(factories.make_programme(kind="here"), officer, sheet(row(enterprise, "SH-1")))
    assert not ExternalImport.objects.exists()


def test_people_of_another_county_neither_check_nor_import(
    scheme: Programme, officer: User, enterprise: Organization
) -> None:
    stranger = importer(cast.OTHER_COUNTY)
    with pytest.raises(NotAllowed):
        check(scheme, stranger, sheet(row(enterprise, "SH-1")))
    run = check(scheme, officer, sheet(row(enterprise, "SH-1")))
    with pytest.raises(NotAllowed):
        import_file(run, by=stranger)
    assert not Claim.objects.exists()
